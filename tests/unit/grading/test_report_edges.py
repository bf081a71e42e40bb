"""What a report says of each check and group, and what is kept of it."""

from typing import Any

import pytest

from labgrader.api.status import Result
from labgrader.checks.finding import Finding, error, failed, passed, unknown
from labgrader.evidence.bundle import Bundle, Handed, Judged, Verdict
from labgrader.evidence.record import Record
from labgrader.grading.plan import plan
from labgrader.grading.recording import bundle, verdict
from labgrader.grading.report import CheckReport, GroupReport, Report, report
from labgrader.grading.score import Span
from tests.unit.grading.worlds import exercise, exists

GOOD, BAD, HALF = passed("ObjectThere"), failed("NotFound"), failed("FieldDiffers", credit=50_000)
OPEN, STUCK = unknown("ApiUnreachable", transient=True), unknown("Forbidden")


def made(checks: list[dict[str, Any]], findings: list[Finding], **spec: Any) -> Report:
    planned = plan(exercise(*checks, **spec))
    return report(planned, dict(zip((one["name"] for one in checks), findings, strict=True)))


def test_each_check_is_reported_with_all_that_is_shown_of_it() -> None:
    checks = [
        exists("a", hint={"en": "look"}, extra=True),
        exists("b", required=True),
        exists("c", group="best"),
        exists("d", group="best"),
    ]
    groups = [{"name": "best", "rule": "any", "extra": True}]
    found = made(checks, [HALF, BAD, GOOD, OPEN], groups=groups)
    first, second, third, fourth = found.checks
    assert first == CheckReport("a", 10, 5, HALF, first.hint, extra=True)
    assert first.hint is not None
    assert first.hint.render("en") == "look"
    assert second == CheckReport("b", 10, 0, BAD, None, cap=second.cap)
    assert second.cap is not None
    assert third == CheckReport("c", 10, 10, GOOD, None, "best", extra=True, moot=True)
    assert fourth == CheckReport("d", 10, 0, OPEN, None, "best", extra=True, moot=True)
    (group,) = found.groups
    assert group == GroupReport("best", 10, Span(10, 10), 1, 2, whole=False, extra=True)
    assert (found.passed, found.open, found.holding_up) == (1, (fourth,), ())


def test_a_group_that_is_open_holds_its_checks_up() -> None:
    checks = [exists("a", group="best"), exists("b", group="best"), exists("c")]
    groups = [{"name": "best", "rule": "any"}]
    found = made(checks, [BAD, OPEN, GOOD], groups=groups)
    assert [one.name for one in found.holding_up] == ["b"]
    assert [one.moot for one in found.checks] == [False, False, False]
    assert [one.extra for one in found.checks] == [False, False, False]


def test_a_required_check_is_never_moot() -> None:
    checks = [exists("a", group="best"), exists("b", group="best", required=True)]
    groups = [{"name": "best", "rule": "any"}]
    found = made(checks, [GOOD, OPEN], groups=groups)
    assert [one.moot for one in found.checks] == [True, False]


def test_a_group_with_points_of_its_own_is_whole() -> None:
    checks = [exists("a", points=0, group="all"), exists("b", points=0, group="all")]
    groups = [{"name": "all", "rule": "all", "points": 7}]
    (group,) = made(checks, [GOOD, BAD], groups=groups).groups
    assert (group.points, group.whole, group.extra) == (7, True, False)


@pytest.mark.parametrize(
    ("findings", "result"),
    [
        ([GOOD, GOOD], Result.PASSED),
        ([GOOD, BAD], Result.FAILED),
        ([GOOD, OPEN], Result.INCONCLUSIVE),
        ([STUCK, OPEN], Result.INCONCLUSIVE),
        ([GOOD, STUCK], Result.STALLED),
        ([GOOD, error("CheckBroken")], Result.STALLED),
    ],
)
def test_what_a_grading_came_to(findings: list[Finding], result: Result) -> None:
    assert made([exists("a"), exists("b")], findings, passPercent="60").result is result


def test_what_is_kept_of_a_report() -> None:
    found = made([exists("a"), exists("b"), exists("c")], [HALF, OPEN, GOOD])
    kept = verdict(found)
    assert kept == Verdict(
        found.plan.hash,
        "Inconclusive",
        15,
        25,
        30,
        (
            Judged("a", "Failed", "FieldDiffers", 10, 5, 50_000),
            Judged("b", "Unknown", "ApiUnreachable", 10, None, 0),
            Judged("c", "Passed", "ObjectThere", 10, 10, 100_000),
        ),
    )
    when: Any = {"namespace": "kim", "started": "s", "ended": "e"}
    plain = Bundle("lab", "kim", "s", "e", kept, Record())
    assert bundle(found, Record(), **when) == plain
    handed = Handed("course", "kim-1", "u", 2)
    whole = bundle(found, Record(), **when, learner="kim", self_reported=True, submission=handed)
    assert whole == Bundle(
        "lab",
        "kim",
        "s",
        "e",
        kept,
        Record(),
        course="course",
        learner="kim",
        self_reported=True,
        submission=handed,
    )
