"""Comments that silence one warning, with the reason for it.

    # labgrader-lint: ignore=not-in-task the number is the answer to the riddle

stands at the end of the line that is remarked on, or alone on the line above it. Errors cannot
be silenced: such an exercise grades wrongly.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from labgrader.authoring.rules import RULES
from labgrader.authoring.source import Source
from labgrader.reporting.remarks import Remark, Severity

_COMMENT = re.compile(r"(?:^|\s)#\s*labgrader-lint:\s*ignore=(?P<rule>[^\s#]*)[ \t]*(?P<reason>.*)")


@dataclass(frozen=True, slots=True)
class _Ignore:
    rule: str
    reason: str
    line: int
    column: int
    about: int
    """The line that it is about."""


def without_ignored(source: Source, remarks: Iterable[Remark]) -> Iterator[Remark]:
    """The remarks that stay, and what is wrong with the comments."""
    ignores = list(_ignores(source.text))
    silent: set[_Ignore] = set()
    for remark in remarks:
        found = next((one for one in ignores if _silences(one, remark)), None)
        if found is None:
            yield remark
        else:
            silent.add(found)
    for one in ignores:
        yield from _complaints(source, one, used=one in silent)


def _silences(one: _Ignore, remark: Remark) -> bool:
    return (
        remark.rule.id == one.rule
        and remark.rule.severity is Severity.WARNING
        and one.about == remark.place.line
    )


def _complaints(source: Source, one: _Ignore, *, used: bool) -> Iterator[Remark]:
    if not one.reason:
        told = f"nothing says why {one.rule or 'a rule'} is ignored here"
        yield source.remark("ignore-without-reason", one.line, one.column, told)
    if used:
        return
    told = f"this silences nothing: line {one.about} breaks no rule {one.rule}"
    rule = RULES.get(one.rule)
    if rule is None:
        told = f"there is no rule {one.rule or 'without a name'}"
    elif rule.severity is Severity.ERROR:
        told = f"{one.rule} is an error, and errors cannot be silenced"
    yield source.remark("useless-ignore", one.line, one.column, told)


def _ignores(text: str) -> Iterator[_Ignore]:
    if "labgrader-lint" not in text:
        return
    lines = text.split("\n")
    for number, line in enumerate(lines, 1):
        found = _COMMENT.search(line)
        if found:
            about = number if line[: found.start()].strip() else _next_line(lines, number)
            column = line.index("#", found.start()) + 1
            yield _Ignore(found["rule"], found["reason"].strip(), number, column, about)


def _next_line(lines: list[str], number: int) -> int:
    """The next line that is neither empty nor a comment."""
    for later, line in enumerate(lines[number:], number + 1):
        if line.strip() and not line.strip().startswith("#"):
            return later
    return number
