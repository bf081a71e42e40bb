"""The adapter to the CEL library, cel-expr-python: compile an expression, and evaluate it.

Called by ``problems`` (compiles only) and by ``evaluate``. The only module that knows the
library, which is loaded when the first expression comes along. Must not be asked to evaluate
outside a worker process: the library is C++, and takes its process with it where it fails.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

from labgrader.checks.cel.syntax import Tree, read
from labgrader.checks.expect.quantity import parse_quantity

_KEPT = 256
_MISSING = re.compile(r'NOT_FOUND: Key not found in map : "?(?P<key>.*?)"?$', re.DOTALL)
_CODE = re.compile(r"^[A-Z_]+: ")
_RUN = re.compile(r" \[[A-Z_]+\]$")
_ITERATIONS = "Iteration budget exceeded"
_INT_BITS = 63


class BadExpression(Exception):
    """The expression does not compile; the text says where and why."""


class TooManyIterations(Exception):
    """The library's own budget of 10,000 iterations is spent."""


@dataclass(frozen=True, slots=True)
class NoValue:
    """Evaluating ended in an error; ``key`` is set where that is a missing key."""

    text: str
    key: str | None


@dataclass(frozen=True, slots=True)
class Compiled:
    """A compiled expression: its result's type as CEL names it, its tree, the library's own."""

    returns: str
    tree: Tree
    program: Any

    def value(self, variables: Mapping[str, Any]) -> bool | NoValue:
        """What it says of ``fitting`` values. Raises TooManyIterations."""
        try:
            said = self.program.eval(data=variables)
        except RuntimeError as error:
            if _ITERATIONS in str(error):
                raise TooManyIterations from error
            return NoValue(_RUN.sub("", _CODE.sub("", str(error))), None)
        if said.type().name() == "BOOL":
            return bool(said.value())
        text = str(said.value()) if said.type().name() == "ERROR" else repr(said)
        missing = _MISSING.match(text)
        return NoValue(_CODE.sub("", text), missing["key"] if missing else None)


@lru_cache(maxsize=_KEPT)
def compiled(expression: str) -> Compiled:
    """The expression, compiled. Raises BadExpression."""
    try:
        program = _environment().compile(expression)
    except RuntimeError as error:
        raise BadExpression(_complaint(str(error))) from error
    return Compiled(program.return_type().name(), read(program.serialize()), program)


def fitting(value: Any) -> Any:
    """JSON as CEL takes it: a whole number beyond 64 bits becomes a fractional one."""
    if isinstance(value, dict):
        return {key: fitting(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [fitting(inner) for inner in value]
    if isinstance(value, int) and not isinstance(value, bool) and value.bit_length() > _INT_BITS:
        return float(value)
    return value


@lru_cache(maxsize=1)
def _environment() -> Any:
    from cel_expr_python import cel  # noqa: PLC0415 (most exercises need no CEL)
    from cel_expr_python.ext import ext_optional  # noqa: PLC0415

    known = cel.Type
    given = {"string": known.STRING, "int": known.INT, "double": known.DOUBLE}
    made = {"quantity": (known.DOUBLE, _quantity), "milli": (known.INT, _milli)}
    functions = [
        cel.FunctionDecl(
            name,
            [
                cel.Overload(
                    f"{name}_{of}",
                    return_type=returns,
                    parameters=[kind],
                    is_member=False,
                    impl=impl,
                )
                for of, kind in given.items()
            ],
        )
        for name, (returns, impl) in made.items()
    ]
    return cel.NewEnv(
        variables={
            "object": known.DYN,
            "objects": known.Map(known.STRING, known.List(known.DYN)),
        },
        extensions=[ext_optional.ExtOptional()],
        functions=functions,
    )


def _quantity(value: Any) -> float:
    """Equal quantities give equal numbers, and greater ones never smaller: rounded once."""
    return float(_exact(value))


def _milli(value: Any) -> int:
    """Thousandths, so that sums are exact; never rounded."""
    thousandths = 1000 * _exact(value)
    whole = int(thousandths)
    if whole != thousandths or whole.bit_length() > _INT_BITS:
        raise ValueError(f"{value!r} has no whole thousandths of 64 bits")
    return whole


def _exact(value: Any) -> Fraction:
    number = parse_quantity(value)
    if number is None:
        raise ValueError(f"{value!r} is no quantity")
    return number


def _complaint(text: str) -> str:
    """The library's first complaint in one line, without the picture below it."""
    first = text.split("\n", 1)[0]
    first = re.sub(
        r"^([A-Z_]+: )?(ERROR: <input>:(?P<line>-?\d+):(?P<column>-?\d+): )?", _place, first
    )
    return _RUN.sub("", first).replace(" (in container '')", "")


def _place(found: re.Match[str]) -> str:
    if not found["line"] or found["line"].startswith("-"):
        return ""
    return f"line {found['line']}, column {found['column']}: "
