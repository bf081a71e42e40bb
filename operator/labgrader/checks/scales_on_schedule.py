"""``scalesOnSchedule``: a CronJob raises a workload's replicas before load comes, each time.

Called through ``checks.registry``. Pure: the time of the grading is evidence, and the CronJob's
Job is run by ``cluster.experiments``, which puts back what it changed.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from labgrader.api.kinds import ScalesOnSchedule
from labgrader.checks.autoscaling import target_of
from labgrader.checks.capacity import Asked, There, there
from labgrader.checks.cron import Schedule, Unreadable, read
from labgrader.checks.diagnosis.presence import find, is_being_deleted
from labgrader.checks.diagnosis.refusals import refusal
from labgrader.checks.diagnosis.workload import workload_causes
from labgrader.checks.disturbed import named
from labgrader.checks.finding import Cause, Finding, cause, error, failed, passed, unknown
from labgrader.checks.heals import wanted_replicas
from labgrader.checks.moments import moment
from labgrader.checks.peaks import WEEKDAYS, Fit, Peaks, fit, zone_named
from labgrader.checks.problem import Problem
from labgrader.checks.recovery import bar, seconds
from labgrader.checks.scope import Scope
from labgrader.checks.shortage import excused
from labgrader.checks.tolerant import at, text
from labgrader.evidence.answers import Json
from labgrader.evidence.experiments import RunCronJob
from labgrader.evidence.requests import ReadTime
from labgrader.evidence.snapshot import Snapshot
from labgrader.evidence.timeline import PodsSeen, Timeline

_MATTERS_OF_SPEED = frozenset({"RaisedButNotReady", "ScheduledJobNotFinished"})
Numbers = dict[str, Any]

JOB_CREATED = "job-created"
JOB_SUCCEEDED = "job-succeeded"
JOB_FAILED = "job-failed"
"""The action whose subject is the last line that the failed Job printed."""
JOB_REFUSED = "job-refused"
"""The action whose subject says why no pod of the Job was made."""
JOB_WAITS = "job-waits"
"""The action whose subject says what the Job's pod waits for."""
CAPACITY_DOWN = "capacity-taken-down"
"""The action whose subject is to how many replicas capacity was taken down before the Job."""
CAPACITY_STAYS = "capacity-stays"
"""The action that says that it did not come down, so that no Job was run."""
DOWN_WITHIN_MS = 90_000
"""So long may capacity take to come down; that is not counted."""
_UTC = "UTC"
_DAY_MS = 24 * 3_600_000
_SCALABLE = frozenset({"Deployment", "StatefulSet"})


def problems(params: ScalesOnSchedule) -> tuple[Problem, ...]:
    """What makes the params unusable."""
    wrong = []
    if not _can_scale(params):
        kind = params.object.kind
        wrong.append(f"scalesOnSchedule knows Deployment and StatefulSet, not {kind}")
    if zone_named(params.time_zone) is None:
        wrong.append(f"there is no time zone {params.time_zone}")
    if params.before > _DAY_MS:
        wrong.append("before is longer than a day")
    return tuple(Problem("Invalid", what) for what in wrong)


def judge(params: ScalesOnSchedule, scope: Scope, snapshot: Snapshot) -> Finding:
    """Each firing is before a peak, each peak has one, and the Job raises the replicas."""
    zone = zone_named(params.time_zone)
    if zone is None or not _can_scale(params):
        return error("ScheduleNotJudgeable", kind=params.object.kind, zone=params.time_zone)
    cron_job, workload = scope.named("CronJob", params.cron_job), scope.get(params.object)
    autoscalers = scope.all("HorizontalPodAutoscaler")
    snapshot.together(cron_job, workload, autoscalers, ReadTime())
    cron = find(snapshot, cron_job)
    target = find(snapshot, workload)
    if isinstance(cron, Finding):
        return cron
    planned = _planned(params, zone, cron, moment(snapshot.time(ReadTime())))
    if isinstance(planned, Finding):
        return planned
    if isinstance(target, Finding):
        return target
    replicas = wanted_replicas(target)
    scalers = [
        hpa
        for hpa in snapshot.objects(autoscalers)
        if target_of(hpa) == workload and not is_being_deleted(hpa)
    ]
    about = planned | _named(target) | {"to": params.to, "within": bar(params.within)}
    before = there(target, replicas, scalers, cron, params.to)
    if before is not None and before.asked is not Asked.RAISED:
        return _asked_for(before, about)
    timeline = snapshot.timeline(
        RunCronJob(
            **named(workload, target),
            cron_job=params.cron_job,
            cron_uid=cron["metadata"]["uid"],
            replicas=replicas,
            minimums=_minimums(scalers),
            to=params.to,
            within_ms=params.within,
            down_to=-1 if before is None else before.quiet,
        )
    )
    finding = _ran(params, about, target, timeline, scope, snapshot)
    if finding.reason in _MATTERS_OF_SPEED:
        begun_ms = timeline.when(JOB_CREATED) or 0
        finding = excused(finding, target, timeline, begun_ms, pods=params.to)
    if before is None:
        return finding
    down = cause("CapacityTakenDown", most=before.most, quiet=before.quiet)
    return finding.because(down, *finding.causes)


def raised(seen: Sequence[PodsSeen], replicas: int) -> int | None:
    """When so many replicas were wanted and Ready; ``seen`` begins with the Job."""
    return next(
        (one.at_ms for one in seen if one.wanted >= replicas and len(one.ready) >= replicas), None
    )


def _minimums(scalers: Iterable[Json]) -> tuple[tuple[str, int], ...]:
    found = ((text(hpa["metadata"]["name"]), hpa["spec"].get("minReplicas", 1)) for hpa in scalers)
    return tuple(sorted(found))


def _asked_for(before: There, about: Numbers) -> Finding:
    """It is the learner who asks for the capacity, or may be: the Job could show nothing."""
    number = before.by
    is_minimum = number.key == "minReplicas"
    why = cause(
        "AsksForCapacity",
        kind="HorizontalPodAutoscaler" if is_minimum else about["kind"],
        name=number.body["metadata"]["name"],
        field=f"spec.{number.key}",
        number=number.value,
        writer=number.writer,
    )
    if before.asked is Asked.ALWAYS:
        return failed("CapacityThereAlready", **about, replicas=before.most).because(why)
    causes = (why,) if number.writer else ()
    return unknown("CapacityUnclear", **about, replicas=before.most).because(*causes)


@dataclass(frozen=True, slots=True)
class _Cron:
    """A CronJob's schedule, as it is written and as it is meant."""

    written: str
    schedule: Schedule
    zone_name: str
    zone: ZoneInfo
    since: datetime

    @classmethod
    def of(cls, body: Json) -> "_Cron | Finding":
        spec, about = body["spec"], {"cron": body["metadata"]["name"], **_place(body)}
        written, zone_name = text(spec.get("schedule")), text(spec.get("timeZone"))
        zone = zone_named(zone_name or _UTC)
        if spec.get("suspend") is True:
            return failed("ScheduleSuspended", **about)
        if zone is None:
            return failed("TimeZoneUnknown", **about, zone=zone_name)
        try:
            schedule = read(written)
        except Unreadable:
            return failed("ScheduleUnreadable", **about, schedule=written or "-")
        last = text(at(body, "status", "lastScheduleTime"))
        since = last or body["metadata"]["creationTimestamp"]
        return cls(written, schedule, zone_name, zone, moment(since))


def _planned(
    params: ScalesOnSchedule, zone: ZoneInfo, body: Json, now: datetime
) -> Numbers | Finding:
    """What is to be told of the schedule, or what is wrong with it."""
    cron = _Cron.of(body)
    if isinstance(cron, Finding):
        return cron
    hour, minute = map(int, params.peak.split(":"))
    days = frozenset(params.days or WEEKDAYS)
    peaks = Peaks(zone, hour, minute, timedelta(milliseconds=params.before), days)
    found = fit(cron.schedule, cron.zone, peaks, now, cron.since)
    about = {
        "cron": params.cron_job,
        **_place(body),
        "schedule": cron.written,
        "zone": cron.zone_name or _UTC,
        "peak": params.peak,
        "where": params.time_zone,
        "before": _minutes(params.before),
        "following": ", ".join(_told(one, zone) for one in found.following) or "-",
    }
    if not found.following:
        return failed("ScheduleNeverFires", **about)
    if found.unserved is not None:
        day = _told(found.unserved.peak, zone)
        return failed("PeakUnserved", **about, day=day).because(
            *_why_unserved(found, cron, peaks, now)
        )
    if found.elsewhere is not None:
        return failed("FiresElsewhere", **about, fires=_told(found.elsewhere, zone))
    return about


def _why_unserved(found: Fit, cron: _Cron, peaks: Peaks, now: datetime) -> Iterator[Cause]:
    """It would fit if its zone were that of the peak; else the firing that is nearest."""
    if cron.zone.key != peaks.zone.key and (
        fit(cron.schedule, peaks.zone, peaks, now, cron.since).fits
    ):
        reason = "TimeZoneOther" if cron.zone_name else "TimeZoneNotSet"
        if reason == "TimeZoneOther":
            yield cause("TimeZoneOther", zone=cron.zone_name, where=peaks.zone.key)
        else:
            yield cause("TimeZoneNotSet", where=peaks.zone.key)
        return
    if found.unserved is None or found.nearest is None:
        return
    fires, peak = _told(found.nearest, peaks.zone), _told(found.unserved.peak, peaks.zone)
    if found.nearest >= found.unserved.peak:
        yield cause("FiresTooLate", fires=fires, day=peak)
    else:
        yield cause("FiresTooEarly", fires=fires, day=peak)


def _ran(
    params: ScalesOnSchedule,
    about: Numbers,
    target: Json,
    timeline: Timeline,
    scope: Scope,
    snapshot: Snapshot,
) -> Finding:
    """What the Job did when it was run."""
    if timeline.when(CAPACITY_STAYS) is not None:
        last = timeline.pods[-1]
        numbers = {"ready": len(last.ready), "wanted": last.wanted, "waited": bar(DOWN_WITHIN_MS)}
        return unknown("CapacityStays", transient=True, **about, **numbers)
    begun_ms = timeline.when(JOB_CREATED) or 0
    after = [seen for seen in timeline.pods if begun_ms <= seen.at_ms <= begun_ms + params.within]
    at_ms = raised(after, params.to)
    if at_ms is not None:
        return passed("RaisedOnSchedule", **about, took=seconds(at_ms - begun_ms))
    for what in (JOB_REFUSED, JOB_WAITS):
        said = _subject(timeline, what)
        if said is not None:
            why = refusal(said) if what == JOB_REFUSED else cause("JobPodWaits", why=said)
            return failed("ScheduledJobNotStarted", **about).because(why)
    said = _subject(timeline, JOB_FAILED)
    if said is not None:
        return failed("ScheduledJobFailed", **about, said=said or "-")
    wanted = max((seen.wanted for seen in after), default=0)
    if wanted >= params.to:
        ready = max(len(seen.ready) for seen in after)
        return failed("RaisedButNotReady", **about, wanted=wanted, ready=ready).because(
            *workload_causes(scope, snapshot, target)
        )
    if timeline.when(JOB_SUCCEEDED) is None:
        return failed("ScheduledJobNotFinished", **about)
    seen = [one for one in timeline.pods if one.at_ms <= begun_ms + params.within]
    replicas = seen[-1].wanted if seen else wanted_replicas(target)
    return failed("CapacityNotRaised", **about, replicas=replicas)


def _subject(timeline: Timeline, what: str) -> str | None:
    return next((action.subject for action in timeline.actions if action.what == what), None)


def _can_scale(params: ScalesOnSchedule) -> bool:
    ref = params.object
    return ref.kind in _SCALABLE and ref.api_version in {None, "apps/v1"}


def _named(workload: Json) -> Numbers:
    return {"kind": workload["kind"], "name": workload["metadata"]["name"]}


def _place(body: Json) -> Numbers:
    return {"namespace": body["metadata"]["namespace"]}


def _told(one: datetime, zone: ZoneInfo) -> str:
    return f"{one.astimezone(zone):%Y-%m-%d %H:%M}"


def _minutes(milliseconds: int) -> str:
    return f"{milliseconds / 60_000:g}"
