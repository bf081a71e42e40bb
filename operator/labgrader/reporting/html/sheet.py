"""One learner's part of the page: score, what every check came to, and what was measured.

Called by ``page``. Pure.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from labgrader.api.status import Outcome
from labgrader.evidence.bundle import Bundle, Judged
from labgrader.evidence.record import Record
from labgrader.evidence.timeline import Timeline
from labgrader.grading.report import CheckReport, Report
from labgrader.reporting import regraded
from labgrader.reporting.html.markup import Markup, element
from labgrader.reporting.messages import text
from labgrader.reporting.points import capped, group_status
from labgrader.reporting.table import explained, hint, known, points_told, score_line
from labgrader.reporting.timeline.lanes import moment, picture
from labgrader.reporting.timeline.of_checks import of_checks
from labgrader.reporting.timeline.svg import svg

_SIGNS: Mapping[str, str] = MappingProxyType(
    {
        Outcome.PASSED: "✓",
        Outcome.FAILED: "✗",
        Outcome.ERROR: "!",
        Outcome.UNKNOWN: "?",
        Outcome.SKIPPED: "–",
    }
)
"""What a colour shows, a sign shows too."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is told of one learner.

    ``evidence`` is what ``document.evidence`` says of it, None where it was not kept. ``before``
    is the evidence that was judged again, with the verdict from when it was new.
    """

    namespace: str
    learner: str
    report: Report
    record: Record
    evidence: Mapping[str, Any] | None = None
    before: Bundle | None = None


def section(sheet: Sheet, lang: str) -> Markup:
    """The part of one learner."""
    report = sheet.report
    if sheet.before is None:
        more = tuple(filter(None, [capped(report, lang)]))
    else:
        more = regraded.lines(report, sheet.before, lang)
    values = report.plan.exercise.values
    named = {"learner": sheet.learner, "namespace": sheet.namespace}
    return element(
        "section",
        element("h2", text("PageLearner", named, lang)),
        *([element("p", _values(values), class_="faint")] if values else []),
        element("p", score_line(report, lang), class_=f"score {report.result.value}"),
        *(element("p", one) for one in more),
        _table(sheet, lang),
        *(element("p", one, class_="faint") for one in _about_evidence(sheet, lang)),
    )


def _values(values: Mapping[str, int | str]) -> str:
    return ", ".join(f"{name} = {value}" for name, value in values.items())


def _table(sheet: Sheet, lang: str) -> Markup:
    names = ["TableCheck", "TableOutcome", "TablePoints", "TableMessage"]
    if sheet.before is not None:
        names.insert(1, "TableBefore")
    return element(
        "table",
        element("caption", text("PageChecks", {}, lang)),
        element(
            "thead",
            element("tr", *(element("th", text(name, {}, lang), scope="col") for name in names)),
        ),
        element("tbody", *_rows(sheet, len(names), lang)),
    )


def _rows(sheet: Sheet, columns: int, lang: str) -> Iterator[Markup]:
    timelines = dict(of_checks(sheet.record))
    for check in sheet.report.checks:
        yield element("tr", *_cells(sheet, check, lang))
        if check.name in timelines:
            shown = _figure(check.name, timelines[check.name], lang)
            yield element("tr", element("td", shown, colspan=str(columns)), class_="picture")
    yield from _gone(sheet, columns)
    for group in sheet.report.groups:
        told = group_status(group, lang)
        named = text("TableGroup", {"group": group.name}, lang)
        yield element(
            "tr",
            element("th", named, scope="row"),
            *([element("td")] * (columns - 3)),
            element("td", points_told(told.get("earned"), group, lang), class_="number"),
            element("td", told["message"]),
        )


def _cells(sheet: Sheet, check: CheckReport, lang: str) -> Iterator[Markup]:
    finding = check.finding
    yield element("th", check.name, scope="row")
    if sheet.before is not None:
        then = {judged.name: judged for judged in sheet.before.verdict.checks}
        yield element("td", _then(then.get(check.name)), class_="before")
    outcome = finding.outcome.value
    yield element("td", f"{_SIGNS[outcome]} {outcome}", class_=f"outcome {outcome}")
    yield element("td", points_told(known(check), check, lang), class_="number")
    helped = hint(check, lang)
    yield element(
        "td",
        element("p", explained(check, lang)),
        *([element("p", helped, class_="hint")] if helped else []),
    )


def _gone(sheet: Sheet, columns: int) -> Iterator[Markup]:
    """Checks that the evidence was judged by once, and that the exercise has no longer."""
    now = {check.name for check in sheet.report.checks}
    for judged in sheet.before.verdict.checks if sheet.before is not None else ():
        if judged.name not in now:
            yield element(
                "tr",
                element("th", judged.name, scope="row"),
                element("td", _then(judged), class_="before"),
                element("td", "–", colspan=str(columns - 2)),
            )


def _then(judged: Judged | None) -> str:
    """What it came to before."""
    if judged is None:
        return "–"
    sign = _SIGNS.get(judged.outcome, "")
    return f"{sign} {'?' if judged.earned is None else judged.earned}/{judged.points}".lstrip()


def _figure(check: str, timeline: Timeline, lang: str) -> Markup:
    """The picture, and in words what was done when."""
    title, shown = text("PageTimeline", {"check": check}, lang), picture(timeline)
    legend = any(lane.samples for lane in shown.lanes)
    listed = [
        element(
            "li",
            element("b", mark.letter),
            f"{moment(mark.at_ms)} s {mark.what} {mark.subject}".rstrip(),
        )
        for mark in shown.marks
    ]
    return element(
        "figure",
        element("figcaption", title),
        Markup(svg(timeline, lang, title)),
        *([element("p", text("PictureLegend", {}, lang), class_="faint")] if legend else []),
        *([element("ol", *listed, class_="actions")] if listed else []),
    )


def _about_evidence(sheet: Sheet, lang: str) -> Iterator[str]:
    """What the evidence is worth, and which it is."""
    if sheet.evidence:
        yield text(
            "PageEvidence",
            {
                "digest": sheet.evidence["digest"],
                "started": sheet.evidence["startedAt"],
                "ended": sheet.evidence["endedAt"],
            },
            lang,
        )
        if sheet.before is None and sheet.evidence["selfReported"]:
            yield text("SelfReported", {}, lang)
