"""What is told of recoveries from other faults, of who is named, of Events, and of metrics."""

from typing import Any

import pytest

from labgrader.checks.finding import Finding, cause, failed, passed
from labgrader.checks.identity import Identity, is_named
from labgrader.checks.metrics import seen
from labgrader.evidence.timeline import PodsSeen, Sample, Timeline
from tests.support.corpus import shared_objects
from tests.unit.checks.faulted import DISTURBED, DOWN, heals, judged, record
from tests.unit.checks.namespaces import Namespace
from tests.unit.checks.objects import Body
from tests.unit.checks.test_emitted import JOB, emitted, regarding, told
from tests.unit.checks.test_metrics import autoscaler

WEB: dict[str, Any] = {"kind": "Deployment", "name": "web", "namespace": "kim"}
AGAIN = (3_000, "container-restarted", "p-web-1")
UP = PodsSeen(4_000, ("p-web-1", "p-web-2"), (), 2)
DONE = cause("ProcessEnded", count=1, container="web", how="kill -TERM 1")
NUMBERS: dict[str, Any] = WEB | {"took": "3.0", "within": "30", "lowest": "1", "wanted": "2"}
CLIENTS: dict[str, Any] = {"url": "http://web:80/", "min": "95", "sent": "201"}
WATCHED = {"service": "web", "port": 80, "min": "95"}


def recovered(lost: range = range(0), **more: Any) -> Finding:
    samples = tuple(Sample(at, 0, 0 if at in lost else 200) for at in range(0, 12_000, 50))
    plain = record(DISTURBED, AGAIN, seen=(DOWN, UP))
    timeline = Timeline(plain.actions, plain.pods, samples=samples, ended_ms=12_000)
    known = shared_objects()
    service = (known["web-service"], known["web-slice"])
    return judged(heals("KillProcess", **more), timeline, *service).finding


def test_a_recovery_is_told_with_what_was_done() -> None:
    assert recovered() == passed("Recovered", **NUMBERS).because(DONE)
    quiet = CLIENTS | {"lost": "0", "gap": "0.0"}
    told = passed("RecoveredAvailable", **NUMBERS, **quiet).because(DONE)
    assert recovered(availability=WATCHED) == told


def test_clients_that_noticed_are_told_with_what_was_done() -> None:
    noticed = CLIENTS | {"lost": "30", "gap": "1.5", "first": "0.5", "last": "2.0"}
    finding = recovered(range(1_500, 3_000), availability=WATCHED)
    expected = failed("RecoveredButUnavailable", **NUMBERS, **noticed, watched="10.0")
    assert finding.because() == expected
    assert finding.causes[0] == DONE


def test_part_of_the_points_is_told_with_what_was_done() -> None:
    times = [{"at": "1s", "percent": 100}, {"at": "5s", "percent": 0}]
    slow = recovered(curve={"of": "recoveryTime", "points": times})
    expected = failed("RecoveredSlowly", credit=50_000, **NUMBERS)
    assert slow == expected.because(DONE, cause("TimeBar", bar="1"))
    gaps = [{"at": "0s", "percent": 100}, {"at": "3s", "percent": 0}]
    any_share = WATCHED | {"min": "0"}
    partly = recovered(
        range(1_500, 3_000),
        availability=any_share,
        curve={"of": "longestGap", "points": gaps},
    )
    assert (partly.reason, partly.credit) == ("RecoveredPartly", 50_000)
    assert partly.causes[:2] == (DONE, cause("GapBar", gap="1.5", bar="0"))


@pytest.mark.parametrize(
    ("bound", "named"),
    [
        ({"kind": "Group", "name": "staff"}, True),
        ({"kind": "Group", "name": "others"}, False),
        ({"kind": "Team", "name": "staff"}, False),
        ({"kind": "User", "name": "kim"}, True),
        ({"kind": "User", "name": "staff"}, False),
        ({"kind": "Group", "name": "kim"}, False),
    ],
)
def test_a_binding_names_a_person_or_a_group(bound: Body, *, named: bool) -> None:
    assert is_named(Identity("kim", ("staff", "system:authenticated")), bound, "kim") is named


def test_a_group_has_no_user_of_its_own() -> None:
    assert not is_named(Identity("", ("staff",)), {"kind": "User", "name": ""}, "kim")


@pytest.mark.parametrize(
    ("used", "percent"), [("99m", 99), ("100m", 100), ("100001u", 101), ("1", 1_000)]
)
def test_only_above_its_target_it_is_more_than_all_of_it(used: str, percent: int) -> None:
    hpa = autoscaler({"type": "AverageValue", "averageValue": "100m"}, {"averageValue": used})
    assert seen(hpa)[0].percent == percent


REPORT: dict[str, Any] = {"kind": "Job", "name": "report"}


def found(*events: Body, **asked: Any) -> Finding:
    return Namespace([JOB, *events]).judge(**emitted(**asked)).finding


def missing(expected: str, times: int = 0, least: int = 1) -> Finding:
    numbers = {"expected": expected, "min": least, "times": times}
    return failed("EventsMissing", **REPORT, namespace="kim", **numbers)  # type: ignore[arg-type]


def test_events_that_fit_are_counted() -> None:
    there = passed("EventsThere", **REPORT, what="Completed", times=1)
    assert found(told()) == there
    for more in ({"count": 3}, {"series": {"count": 3}}, {"deprecatedCount": 3}):
        assert dict(found(told(**more)).params)["times"] == "3"
    for odd in ({"count": 0}, {"count": -2}, {"count": "x"}):
        assert dict(found(told(**odd)).params)["times"] == "1"
    several = found(told(count=2), told(), count={"min": 4})
    assert several == missing("Completed", 3, 4)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, "Completed"),
        ({"type": "Warning"}, "Warning Completed"),
        ({"note": "x+"}, "Completed /x+/"),
        ({"by": "me", "type": "Normal", "note": "x"}, "Normal Completed /x/ (me)"),
    ],
)
def test_what_was_expected_is_told(asked: Body, expected: str) -> None:
    assert found(**asked).because() == missing(expected)


@pytest.mark.parametrize(
    ("fields", "by"),
    [
        ({}, "job-controller"),
        ({"reportingComponent": "a"}, "a, job-controller"),
        ({"reportingController": "a", "source": None}, "a"),
        ({"deprecatedSource": {"component": "a"}, "source": {"component": "b"}}, "b, a"),
        ({"source": None}, "-"),
    ],
)
def test_an_event_that_does_not_fit_is_told_with_who_wrote_it(fields: Body, by: str) -> None:
    unfit = cause("EventUnfit", seen=f"Normal Completed Job completed ({by})")
    assert found(told(**fields), type="Warning").causes == (unfit,)
    for name in by.split(", "):
        if name != "-":
            assert found(told(**fields), by=name).reason == "EventsThere"


def test_other_reasons_are_told() -> None:
    for count, more in ((1, ""), (8, ""), (9, ", …")):
        names = [f"R{n}" for n in range(count)]
        others = found(*(told(reason=name) for name in names))
        assert others.causes == (cause("EventsSeen", seen=", ".join(names[:8]) + more),)
    assert found().causes == (cause("EventsSeen", seen="-"),)
    assert found(regarding(), type="Warning").causes[0].reason == "EventUnfit"
