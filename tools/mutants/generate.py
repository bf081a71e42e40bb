"""Make the mutants of modules. Runs in `.venv/mutants`, which has mutmut and nothing of ours.

Called by `modules.py` as a program: each argument is a source file and the file to write, with
`=` between. Left out are mutants that could tell nothing: of the three that mutmut makes of a
string the two that change upper and lower case only, and what stands on lines that
`[tool.mutmut]` in pyproject.toml names.
"""

import json
import re
import sys
from collections.abc import Sequence
from difflib import SequenceMatcher
from pathlib import Path

import libcst
from mutmut.mutation.file_mutation import (
    LineSpan,
    Mutation,
    combine_mutations_to_source,
    create_mutations,
)

_THEIRS = "from mutmut.mutation.trampoline import wrap_in_trampoline as _mutmut_mutated, MutantDict"
_OURS = "from tools.mutants.switch import switched as _mutmut_mutated, MutantDict"
_DECORATOR = re.compile(r"^( *)(@(?:property|lru_cache\(.*?\))\s*)$", re.MULTILINE)
_HIDDEN = re.compile(
    r"^(?P<comment> *# set aside: @.*\n)(?P<rest>(?: *@.*\n)* *(?:async )?def (?P<name>\w+))",
    re.MULTILINE,
)


def generate(filename: str, source: str) -> dict[str, object]:
    """Return the module with all its mutants in it, and what each of them changes."""
    module, mutations, classes, functions = create_mutations(filename, _set_aside(source))
    made = combine_mutations_to_source(
        module, [mutation for mutation in mutations if _tells(mutation)], classes, functions
    )
    lines = made.code.splitlines()
    mutants = []
    for name in made.mutant_names:
        mangled = name.partition("__mutmut_")[0]
        original = made.line_span_by_function_name[f"{mangled}__mutmut_orig"]
        was, becomes = _changed(
            _lines(lines, original), _lines(lines, made.line_span_by_function_name[name])
        )
        mutants.append(
            {"function": _function(mangled), "name": name, "was": was, "becomes": becomes}
        )
    if mutants and _THEIRS not in made.code:
        raise SystemExit(f"{filename}: mutmut generates other code than this program knows")
    return {"code": _put_back(made.code.replace(_THEIRS, _OURS)), "mutants": mutants}


def _set_aside(source: str) -> str:
    """Hide decorators for whose sake mutmut would leave a function alone."""
    return _DECORATOR.sub(r"\1# set aside: \2", source)


def _put_back(code: str) -> str:
    """Give them to the function that is called, and not to its copies."""

    def decorated(found: re.Match[str]) -> str:
        comment, rest, name = found["comment"], found["rest"], found["name"]
        return rest if "__mutmut_" in name else comment.replace("# set aside: ", "") + rest

    return _HIDDEN.sub(decorated, code)


def _tells(mutation: Mutation) -> bool:
    """Whether a mutant is no mere change of case."""
    if isinstance(mutation.original_node, libcst.SimpleString):
        return "XX" in getattr(mutation.mutated_node, "value", "")
    return True


def _function(mangled: str) -> str:
    """``x_name`` or ``xǁClassǁname`` as Python says it."""
    return ".".join(mangled.split("ǁ")[1:]) if "ǁ" in mangled else mangled.removeprefix("x_")


def _lines(lines: Sequence[str], span: LineSpan) -> list[str]:
    """Return the body of a generated function: its first line differs by its name anyway."""
    own = [line.strip() for line in lines[span.start - 1 : span.end]]
    return [
        line.split("(", 1)[1] if line.startswith(("def ", "async def ")) else line for line in own
    ]


def _changed(was: Sequence[str], becomes: Sequence[str]) -> tuple[str, str]:
    left: list[str] = []
    right: list[str] = []
    for tag, start, end, other_start, other_end in SequenceMatcher(
        a=was, b=becomes, autojunk=False
    ).get_opcodes():
        if tag != "equal":
            left += was[start:end]
            right += becomes[other_start:other_end]
    return " ".join(left), " ".join(right)


if __name__ == "__main__":
    for pair in sys.argv[1:]:
        path, _, target = pair.partition("=")
        made = generate(path, Path(path).read_text("utf-8"))
        partial = Path(target).with_suffix(".part")
        partial.write_text(json.dumps(made, ensure_ascii=False), "utf-8")
        partial.rename(target)
        sys.stderr.write(f"{path}: {len(made['mutants'])} mutants\n")  # type: ignore[arg-type]
