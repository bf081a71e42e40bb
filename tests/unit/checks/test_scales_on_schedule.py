"""`scalesOnSchedule`: firings beside peaks, on any day, in any zone; and what the Job then did."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labgrader.api.kinds import ScalesOnSchedule
from labgrader.checks.cron import read
from labgrader.checks.finding import Outcome
from labgrader.checks.peaks import WEEKDAYS, Fit, Peaks, fit, zone_named
from labgrader.checks.scales_on_schedule import problems
from labgrader.evidence.answers import Answer
from labgrader.evidence.experiments import RunCronJob
from labgrader.evidence.requests import Request
from labgrader.evidence.timeline import Action, PodsSeen, Timeline
from tests.unit.checks.namespaces import Judged, Namespace
from tests.unit.checks.objects import Body, deployment, meta

SEOUL, NEW_YORK = ZoneInfo("Asia/Seoul"), ZoneInfo("America/New_York")
WORKDAYS = frozenset(WEEKDAYS[:5])
NINE = Peaks(SEOUL, 9, 0, timedelta(minutes=30), WORKDAYS)
MONDAY = datetime(2026, 11, 30, 12, tzinfo=SEOUL).astimezone(UTC)
PARAMS: dict[str, Any] = {
    "cronJob": "rush",
    "object": {"kind": "Deployment", "name": "web"},
    "peak": "09:00",
    "timeZone": "Asia/Seoul",
    "before": "30m",
    "days": ["Mon", "Tue", "Wed", "Thu", "Fri"],
    "to": 4,
    "within": "60s",
}


def laid(text: str, zone: ZoneInfo = SEOUL, peaks: Peaks = NINE, now: datetime = MONDAY) -> Fit:
    return fit(read(text), zone, peaks, now, now - timedelta(days=1))


@given(st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1)))  # noqa: DTZ001 (a zone is added)
def test_the_verdict_is_the_same_at_any_moment(naive: datetime) -> None:
    now = naive.replace(tzinfo=UTC)
    assert laid("45 8 * * 1-5", now=now).fits
    assert laid("45 23 * * 0-4", ZoneInfo("UTC"), now=now).fits
    for wrong in ("45 8 * * 1-4", "45 8 * * *", "0 9 * * 1-5", "29 8 * * 1-5", "45 8 1-28 * *"):
        assert not laid(wrong, now=now).fits, wrong


@given(st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1)))  # noqa: DTZ001 (a zone is added)
def test_clocks_that_change_are_followed(naive: datetime) -> None:
    """A schedule in UTC fits a peak in New York for half of the year; one in its zone, always."""
    now = naive.replace(tzinfo=UTC)
    peaks = Peaks(NEW_YORK, 9, 0, timedelta(minutes=30), frozenset(WEEKDAYS))
    assert laid("40 8 * * *", NEW_YORK, peaks, now).fits
    summer = laid("40 12 * * *", ZoneInfo("UTC"), peaks, datetime(2026, 7, 1, tzinfo=UTC))
    winter = laid("40 12 * * *", ZoneInfo("UTC"), peaks, datetime(2026, 12, 1, tzinfo=UTC))
    assert (summer.fits, winter.fits) == (True, False)


def test_a_change_of_clocks_within_the_week_is_seen() -> None:
    peaks = Peaks(NEW_YORK, 9, 0, timedelta(minutes=30), frozenset(WEEKDAYS))
    before_it = datetime(2026, 10, 29, 18, tzinfo=UTC)  # clocks go back on November 1
    found = laid("40 12 * * *", ZoneInfo("UTC"), peaks, before_it)
    assert found.unserved is not None
    assert found.unserved.peak == datetime(2026, 11, 1, 14, tzinfo=UTC)


def test_a_window_that_is_open_now_asks_for_nothing_more() -> None:
    """Its firing may be over already; one that is still to come is in time."""
    now = datetime(2026, 11, 30, 8, 50, tzinfo=SEOUL).astimezone(UTC)
    assert laid("45 8 * * 1-5", now=now).fits
    assert laid("55 8 * * 1-5", now=now).fits


def test_weekly_peaks_are_followed_for_three_weeks() -> None:
    peaks = Peaks(SEOUL, 9, 0, timedelta(minutes=30), frozenset({"Mon"}))
    assert laid("45 8 * * 1", peaks=peaks).fits
    first_weeks = laid("45 8 1-14 12 1", peaks=peaks)  # either the day or Monday: too often
    assert first_weeks.elsewhere is not None


@pytest.mark.parametrize(
    "name", ["", "Nowhere/City", "America", "../../etc/passwd", "x" * 5_000, "\0"]
)
def test_what_is_no_zone_is_none(name: str) -> None:
    assert zone_named(name) is None


def rush(**spec: Any) -> Body:
    template: Body = {"spec": {"template": {"spec": {"containers": []}}}}
    body = {"schedule": "45 8 * * 1-5", "timeZone": "Asia/Seoul", "jobTemplate": template, **spec}
    return {"apiVersion": "batch/v1", "kind": "CronJob", "metadata": meta("rush"), "spec": body}


def hpa(name: str = "web", minimum: int | None = 2, target: str = "web") -> Body:
    ref = {"apiVersion": "apps/v1", "kind": "Deployment", "name": target}
    spec: Body = {"scaleTargetRef": ref, "maxReplicas": 6}
    if minimum is not None:
        spec["minReplicas"] = minimum
    kind = "HorizontalPodAutoscaler"
    return {"apiVersion": "autoscaling/v2", "kind": kind, "metadata": meta(name), "spec": spec}


class Tried(Namespace):
    """A namespace in which the CronJob was run."""

    timeline = Timeline(actions=())
    ran: RunCronJob | None = None

    def _answer(self, request: Request) -> Answer:
        if isinstance(request, RunCronJob):
            self.ran = request
            return self.timeline
        return super()._answer(request)


RAISED = Timeline(
    actions=(Action(1_000, "job-created"), Action(9_000, "job-succeeded")),
    pods=(PodsSeen(0, ("a", "b"), (), 2), PodsSeen(8_300, ("a", "b", "c", "d"), (), 4)),
)


def tried(*objects: Body, timeline: Timeline = RAISED) -> tuple[Judged, Tried]:
    namespace = Tried(list(objects))
    namespace.timeline = timeline
    return namespace.judge(scalesOnSchedule=PARAMS), namespace


def test_the_next_firings_and_the_time_it_took_are_told() -> None:
    found, _ = tried(rush(), deployment())
    assert found.finding.outcome is Outcome.PASSED
    assert found.says("en") == (
        "The CronJob rush fires before each peak at 09:00 (Asia/Seoul), next at 2026-11-30 08:45,"
        " 2026-12-01 08:45, 2026-12-02 08:45. Its Job, run now, brought Deployment web to 4 Ready"
        " replicas in 7.3 s (allowed: 60 s); this was undone."
    )
    assert "7.3초 만에 디플로이먼트 web의 준비된 레플리카가 4개가 되었고" in found.says("ko")


def test_everything_is_asked_for_at_once() -> None:
    found, _ = tried(rush(), deployment())
    assert len(found.rounds) == 2


def test_what_is_put_back_is_in_the_request() -> None:
    _, namespace = tried(rush(), deployment(), hpa(), hpa("late", None), hpa("other", 5, "api"))
    assert namespace.ran is not None
    assert namespace.ran.replicas == 2
    assert namespace.ran.minimums == (("late", 1), ("web", 2))


@pytest.mark.parametrize(
    ("spec", "why", "said"),
    [
        ({"timeZone": None}, "TimeZoneNotSet", "With Asia/Seoul it would fit"),
        ({"timeZone": "Asia/Tokyo", "schedule": "0 9 * * 1-5"}, "FiresTooLate", "2026-11-30 09:00"),
        ({"timeZone": "Europe/Berlin"}, "TimeZoneOther", "counts in Europe/Berlin"),
        ({"schedule": "0 8 * * 1-5"}, "FiresTooEarly", "2026-11-30 08:00, is too long before"),
        ({"schedule": "5 9 * * 1-5"}, "FiresTooLate", "2026-11-30 09:05, is not before the peak"),
    ],
)
def test_why_a_peak_is_without_a_firing(spec: Body, why: str, said: str) -> None:
    found, namespace = tried(rush(**spec), deployment())
    assert (found.finding.reason, found.causes) == ("PeakUnserved", (why,))
    assert said in found.says("en")
    assert "피크" in found.says("ko")
    assert namespace.ran is None, "a schedule that is wrong needs no run"


def test_the_last_line_of_a_failed_job_is_told() -> None:
    failing = Timeline(
        actions=(Action(1_000, "job-created"), Action(9_000, "job-failed", "Error: forbidden")),
        pods=RAISED.pods[:1],
    )
    found, _ = tried(rush(), deployment(), timeline=failing)
    assert found.finding.reason == "ScheduledJobFailed"
    assert "Its last line: Error: forbidden" in found.says("en")
    assert "마지막 출력: Error: forbidden" in found.says("ko")


def test_capacity_of_before_the_job_does_not_count() -> None:
    early = Timeline(
        actions=(Action(5_000, "job-created"), Action(9_000, "job-succeeded")),
        pods=(PodsSeen(1_000, ("a", "b", "c", "d"), (), 4), PodsSeen(2_000, ("a", "b"), (), 2)),
    )
    found, _ = tried(rush(), deployment(), timeline=early)
    assert found.finding.reason == "CapacityNotRaised"
    assert found.params["replicas"] == "2"


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"object": {"kind": "DaemonSet", "name": "web"}}, "knows Deployment and StatefulSet"),
        ({"timeZone": "Asia/Soul"}, "no time zone Asia/Soul"),
        ({"before": "25h"}, "longer than a day"),
    ],
)
def test_params_that_cannot_be_judged_are_problems(change: dict[str, Any], text: str) -> None:
    (problem,) = problems(ScalesOnSchedule.model_validate(PARAMS | change))
    assert text in problem.text
    assert problems(ScalesOnSchedule.model_validate(PARAMS)) == ()
