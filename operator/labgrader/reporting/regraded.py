"""Evidence that was judged again, for the terminal: before, now, and what changed.

Called by ``cli.regrade``. Pure but for the console that it is given.
"""

from rich.console import Console
from rich.table import Table
from rich.text import Text

from labgrader.api.status import Result
from labgrader.evidence.bundle import Bundle, Judged
from labgrader.grading.compare import changes
from labgrader.grading.recording import verdict
from labgrader.grading.report import Report
from labgrader.reporting.messages import message, text
from labgrader.reporting.points import capped, group_status
from labgrader.reporting.table import STYLES

_SETTLED = (Result.PASSED.value, Result.FAILED.value)


def print_regraded(report: Report, bundle: Bundle, lang: str, console: Console) -> None:
    """Print every check as it was and as it is, the scores, and what the evidence is worth."""
    then = {judged.name: judged for judged in bundle.verdict.checks}
    now = {judged.name: judged for judged in verdict(report).checks}
    told = {
        check.name: message(check.finding, lang, (check.earned, check.points))
        for check in report.checks
    }
    table = Table(box=None, pad_edge=False, show_header=True, header_style="bold")
    for heading in ("TableCheck", "TableBefore", "TableNow"):
        table.add_column(text(heading, {}, lang), no_wrap=True)
    table.add_column(text("TableMessage", {}, lang), overflow="fold")
    for name in dict.fromkeys((*now, *then)):
        style = "bold" if then.get(name) != now.get(name) else ""
        table.add_row(
            Text(name, style=style),
            _cell(then.get(name)),
            _cell(now.get(name)),
            Text(told.get(name, "")),
        )
    for group in report.groups:
        came_to = group_status(group, lang)
        earned = f"{came_to.get('earned', '?')}/{group.points}"
        name = text("TableGroup", {"group": group.name}, lang)
        table.add_row(name, "", earned, Text(came_to["message"]))
    console.print(table)
    console.print()
    for line in lines(report, bundle, lang):
        console.print(Text(line, style="bold"))


def lines(report: Report, bundle: Bundle, lang: str) -> tuple[str, ...]:
    """What is to be said below the table."""
    before, score = bundle.verdict, report.score
    said = [
        text(
            "RegradedScore",
            {
                "before": _points(before.result, before.low, before.high),
                "beforeMax": str(before.max),
                "now": _points(report.result.value, score.low, score.high),
                "max": str(score.max),
            },
            lang,
        ),
        _changed(len(changes(before, report)), lang),
    ]
    if before.exercise_hash == report.plan.hash:
        said.append(text("ExerciseUnchanged", {}, lang))
    if bundle.record.left_out:
        count = str(len(bundle.record.left_out))
        said.append(text("EvidenceLeftOut", {"count": count}, lang))
    if bundle.self_reported:
        said.append(text("SelfReported", {}, lang))
    if held := capped(report, lang):
        said.insert(1, held)
    return tuple(said)


def _changed(count: int, lang: str) -> str:
    if not count:
        return text("NothingChanged", {}, lang)
    return text("ChecksChanged", {"count": str(count)}, lang)


def _points(result: str, low: int, high: int) -> str:
    return str(low) if result in _SETTLED else f"{low}–{high}"


def _cell(judged: Judged | None) -> Text:
    if judged is None:
        return Text("–", style="dim")
    earned = "?" if judged.earned is None else judged.earned
    return Text(f"{judged.outcome} {earned}/{judged.points}", style=STYLES.get(judged.outcome, ""))
