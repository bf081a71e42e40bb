"""A Report as a table for the terminal.

Called by ``cli``; the page of ``reporting.html`` has the same words. rich knows the width of Korean text. Pure but for the console that it
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
            points_told(known(check), check, lang),
            Text("\n".join(filter(None, (explained(check, lang), hint(check, lang))))),
        )
    for group in report.groups:
        told = group_status(group, lang)
        name = text("TableGroup", {"group": group.name}, lang)
        points = points_told(told.get("earned"), group, lang)
        table.add_row(name, "", points, Text(told["message"]))
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


def known(check: CheckReport) -> int | None:
    """What the check earned; None while that is open."""
    return check.earned if is_conclusive(check.finding) else None


def points_told(earned: int | None, of: CheckReport | GroupReport, lang: str) -> str:
    """Earned of possible; a plus sets extra credit apart."""
    points = f"{'?' if earned is None else earned}/{of.points}"
    return text("TableExtra", {"points": points}, lang) if of.extra else points


def explained(check: CheckReport, lang: str) -> str:
    """Why it came to that, and what the score has to do with it."""
    told = message(check.finding, lang, (check.earned, check.points))
    if check.cap is None or check.finding.outcome is Outcome.PASSED:
        return told
    return f"{told} {text('Required', {'cap': str(check.cap)}, lang)}"


def hint(check: CheckReport, lang: str) -> str:
    """The exercise's help with a check that did not pass; empty where there is none."""
    if check.hint is None or check.finding.outcome is Outcome.PASSED:
        return ""
    return text("Hint", {"hint": check.hint.render(lang)}, lang)
