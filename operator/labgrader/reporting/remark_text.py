"""Remarks as lines for the terminal and as JSON for programs.

Called by ``cli.lint``. ``path:line:column: severity: message [rule]`` is the form that editors
and CI systems jump from. Pure.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from labgrader.reporting.remarks import Remark, Severity


def lines(remarks: Iterable[Remark]) -> Iterable[str]:
    """Two lines for each remark: what is wrong, and how to mend it."""
    for remark in remarks:
        place, rule = remark.place, remark.rule
        where = f"{place.path}:{place.line}:{place.column}"
        yield f"{where}: {rule.severity}: {remark.message} [{rule.id}]"
        yield f"    {remark.mend}"


def summary(remarks: Sequence[Remark], exercises: int) -> str:
    """One line at the end."""
    errors = sum(remark.rule.severity is Severity.ERROR for remark in remarks)
    looked = _counted(exercises, "exercise")
    if not remarks:
        return f"{looked}: nothing to remark."
    warnings = len(remarks) - errors
    return f"{looked}: {_counted(errors, 'error')}, {_counted(warnings, 'warning')}."


def documents(remarks: Iterable[Remark]) -> list[dict[str, Any]]:
    """One JSON object for each remark."""
    return [
        {
            "path": remark.place.path,
            "line": remark.place.line,
            "column": remark.place.column,
            "severity": remark.rule.severity.value,
            "rule": remark.rule.id,
            "message": remark.message,
            "mend": remark.mend,
        }
        for remark in remarks
    ]


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
