"""Scalars of an expectation: plain values, and texts that are operators.

Used by ``expect.tree`` and by ``checks.answers``. ``>=2 <=256Mi >0 <10`` compare quantities,
``!=x`` differs, ``~=^web-`` is an RE2 pattern that must be found, ``(present)`` and
``(absent)`` ask whether the field is there, and ``=text`` is the text itself, whatever it
begins with. Must not know where in an object it stands.
"""

import operator
from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import re2

from labgrader.checks.expect.quantity import parse_quantity

PRESENT = "(present)"
ABSENT = "(absent)"

_ORDER: MappingProxyType[str, Callable[[Fraction, Fraction], bool]] = MappingProxyType(
    {">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt}
)
_OPERATORS = (*_ORDER, "!=", "~=", "=")


def split(expected: str) -> tuple[str, str]:
    """The operator that a text begins with ("" where there is none), and the rest."""
    found = next((sign for sign in _OPERATORS if expected.startswith(sign)), "")
    rest = expected[len(found) :]
    return found, rest.strip() if found in _ORDER or found == "!=" else rest


def literal(text: str) -> str:
    """The expectation that is fulfilled by just this text."""
    return f"={text}" if text in {PRESENT, ABSENT} or split(text)[0] else text


def holds(expected: Any, seen: Any, *, quantity: bool = False) -> bool:
    """Whether a scalar that is there fulfils the expectation.

    ``quantity`` says that the field holds a quantity, so that ``0.5`` and ``500m`` are the
    same; elsewhere a number and a text differ, as they do for Kubernetes.
    """
    if not isinstance(expected, str):
        return _same(expected, seen, quantity=quantity)
    if expected == PRESENT:
        return True
    if expected == ABSENT:
        return False
    sign, rest = split(expected)
    match sign:
        case ">=" | "<=" | ">" | "<":
            bound, number = parse_quantity(rest), parse_quantity(seen)
            return bound is not None and number is not None and _ORDER[sign](number, bound)
        case "!=":
            return not _scalar(seen) or not _reads_as(rest, seen)
        case "~=":
            return _scalar(seen) and pattern(rest).search(_text(seen)) is not None
    return _same(rest, seen, quantity=quantity)


@lru_cache(maxsize=256)
def pattern(text: str) -> Any:
    """The compiled RE2 pattern. Raises ``re2.error``.

    Kept, because one pattern is tried on every item of a list.
    """
    options = re2.Options()
    options.log_errors = False
    return re2.compile(text, options)


def complaint(expected: str) -> tuple[str, str] | None:
    """What makes an operator unusable: a Reason of the exercise's conditions, and a text."""
    sign, rest = split(expected)
    if sign in _ORDER and parse_quantity(rest) is None:
        return "Invalid", (
            f"{expected!r} compares with no quantity such as 2, 250m or 64Mi; "
            f"for the text itself write {'=' + expected!r}"
        )
    if sign == "~=":
        try:
            pattern(rest)
        except re2.error as error:
            return "BadPattern", f"RE2 does not take the pattern {rest!r}: {_why(error)}"
    return None


def _same(expected: Any, seen: Any, *, quantity: bool) -> bool:
    if type(expected) is type(seen) and expected == seen:
        return True  # most are; exact fractions are a hundred times dearer
    if quantity:
        number = parse_quantity(expected)
        if number is not None:
            return number == parse_quantity(seen)
    if _numeric(expected) and _numeric(seen):
        return parse_quantity(expected) == parse_quantity(seen)
    return False


def _reads_as(text: str, seen: Any) -> bool:
    number = parse_quantity(text)
    return text == _text(seen) or (number is not None and number == parse_quantity(seen))


def _numeric(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _scalar(value: Any) -> bool:
    return isinstance(value, str | int | float)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _why(error: re2.error) -> str:
    said = error.args[0] if error.args else ""
    return said.decode(errors="replace") if isinstance(said, bytes) else str(said)
