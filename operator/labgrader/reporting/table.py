"""A Report as a table for the terminal.

Called by ``cli``. rich knows the width of Korean text. Pure but for the console that it
is given.
"""

from collections.abc import Mapping
from types import MappingProxyType

from rich.console import Console
from rich.table import Table
from rich.text import Text

from labgrader.api.status import Result
from labgrader.checks.finding import Outcome
from labgrader.grading.look import is_conclusive
from labgrader.grading.report import CheckReport, GroupReport, Report
from labgrader.reporting.messages import message, text
from labgrader.reporting.points import capped, group_status

STYLES: Mapping[str, str] = MappingProxyType(
    {
        Outcome.PASSED: "green",
        Outcome.FAILED: "red",
        Outcome.ERROR: "magenta",
        Outcome.UNKNOWN: "yellow",
        Outcome.SKIPPED: "dim",
    }
)


def print_report(report: Report, lang: str, console: Console) -> None:
    """Print the checks with what they earned and why, and the score."""
    table = Table(box=None, pad_edge=False, show_header=True, header_style="bold")
    for heading in ("TableCheck", "TableOutcome"):
        table.add_column(text(heading, {}, lang), no_wrap=True)
    table.add_column(text("TablePoints", {}, lang), justify="right", no_wrap=True)
    table.add_column(text("TableMessage", {}, lang), overflow="fold")
    for check in report.checks:
        table.add_row(
            check.name,
            Text(check.finding.outcome.value, style=STYLES[check.finding.outcome]),
            _points(check.earned if is_conclusive(check.finding) else None, check, lang),
            Text(_told(check, lang)),
        )
    for group in report.groups:
        told = group_status(group, lang)
        name = text("TableGroup", {"group": group.name}, lang)
        table.add_row(name, "", _points(told.get("earned"), group, lang), Text(told["message"]))
    console.print(table)
    console.print()
    console.print(Text(score_line(report, lang), style="bold"))
    if held := capped(report, lang):
        console.print(Text(held))


def score_line(report: Report, lang: str) -> str:
    """The score in one sentence."""
    score = report.score
    params = {"score": str(score.low), "max": str(score.max), "high": str(score.high)}
    if report.result is Result.PASSED:
        return text("ScorePassed", params, lang)
    if report.result is Result.FAILED:
        return text("ScoreFailed", params, lang)
    return text("ScoreOpen", params, lang)


def _points(earned: int | None, of: CheckReport | GroupReport, lang: str) -> str:
    """Earned of possible; a plus sets extra credit apart."""
    points = f"{'?' if earned is None else earned}/{of.points}"
    return text("TableExtra", {"points": points}, lang) if of.extra else points


def _told(check: CheckReport, lang: str) -> str:
    told = message(check.finding, lang)
    if check.cap is not None and check.finding.outcome is not Outcome.PASSED:
        told = f"{told} {text('Required', {'cap': str(check.cap)}, lang)}"
    if check.hint is None or check.finding.outcome is Outcome.PASSED:
        return told
    return f"{told}\n{text('Hint', {'hint': check.hint.render(lang)}, lang)}"
