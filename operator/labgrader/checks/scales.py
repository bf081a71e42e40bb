"""``scales``: an autoscaler adds replicas by itself under real load, and takes them back after it.

Called through ``checks.registry``. Pure: the load is sent by ``cluster.experiments``; what its
record measures is computed in ``checks.autoscaling``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from labgrader.api.base import format_share
from labgrader.api.kinds import Scales
from labgrader.checks import clients, measures
from labgrader.checks.autoscaling import (
    ALREADY_SCALED,
    LOAD_ENDED,
    LOAD_STARTED,
    REQUESTS_ANSWERED,
    REQUESTS_FAILED,
    Lost,
    adds,
    base,
    count,
    direction_changes,
    lost,
    reached,
    returned,
    sees,
    starved_load,
    target_of,
)
from labgrader.checks.copies import on_copy_if_asked
from labgrader.checks.diagnosis.autoscaler import (
    about_it,
    paced,
    requested,
    silent,
    underused,
    unfit,
    unhurried,
    unread,
    unready,
)
from labgrader.checks.diagnosis.behind import behind
from labgrader.checks.diagnosis.policies import policy_causes
from labgrader.checks.diagnosis.presence import find
from labgrader.checks.diagnosis.workload import workload_causes
from labgrader.checks.finding import Finding, Outcome, failed, passed, unknown
from labgrader.checks.problem import Problem
from labgrader.checks.recovery import bar, seconds
from labgrader.checks.scope import Scope
from labgrader.checks.shortage import WAITING, figures, shortage
from labgrader.evidence.answers import Json
from labgrader.evidence.experiments import LoadAutoscaler
from labgrader.evidence.snapshot import CouldNotLook, Snapshot
from labgrader.evidence.timeline import AutoscalerSeen, Timeline

Numbers = dict[str, Any]


def problems(params: Scales) -> tuple[Problem, ...]:
    """What makes the params unusable."""
    found = tuple(measures.problems("scales", params.curve, "scaleUpTime", "errorShare"))
    if params.down is not None and params.max_direction_changes == 0:
        what = "going down after the load is a direction change: maxDirectionChanges must be 1"
        return (*found, Problem("Invalid", f"{what} or more where down is asked for"))
    return found


@on_copy_if_asked
def judge(params: Scales, scope: Scope, snapshot: Snapshot) -> Finding:
    """Below before; load; the autoscaler itself wants enough replicas, and they are Ready."""
    autoscaler = scope.named("HorizontalPodAutoscaler", params.autoscaler)
    load = params.load
    seen = behind(
        scope, snapshot, load.service, load.port, autoscaler, scope.all("HorizontalPodAutoscaler")
    )
    hpa = find(snapshot, autoscaler)
    if isinstance(hpa, Finding):
        return hpa
    target = _target(hpa, snapshot)
    if target is None:
        return failed("AutoscalerTargetMissing", **about_it(params, hpa))
    hindrance = unfit(params, hpa, target, scope, snapshot)
    if hindrance is not None:
        return hindrance
    if isinstance(seen, Finding):
        return seen
    timeline = snapshot.timeline(
        LoadAutoscaler(
            namespace=scope.namespace,
            autoscaler=params.autoscaler,
            uid=hpa["metadata"]["uid"],
            target=clients.target(scope.namespace, load),
            concurrency=load.concurrency,
            replicas=params.up.to,
            within_ms=params.up.within,
            hold_ms=params.up.hold or 0,
            down_within_ms=params.down.within if params.down else 0,
        )
    )
    run = _Run(params, hpa, target, timeline, scope, snapshot)
    return run.excused(run.judged())


def _target(hpa: Json, snapshot: Snapshot) -> Json | None:
    """What the autoscaler scales, if there is such a thing.

    A kind that the cluster does not have is a typing error of the learner's, like a wrong name.
    """
    request = target_of(hpa)
    try:
        return None if request is None else snapshot.object(request)
    except CouldNotLook as error:
        if error.trouble.reason != "KindNotServed":
            raise
        return None


@dataclass(frozen=True, slots=True)
class _Run:
    """One experiment, with all that its judgement needs."""

    params: Scales
    hpa: Json
    target: Json
    timeline: Timeline
    scope: Scope
    snapshot: Snapshot

    def excused(self, finding: Finding) -> Finding:
        """The finding, unless it is the cluster that was short of CPU, and not the workload."""
        slow = finding.reason in {
            "NotScaledUp",
            "LoadLost",
            "ScaledSlowly",
            "ScaledPartly",
            "LoadNotServed",
        }
        if finding.reason == "ScaledButNotReady":
            slow = {cause.reason for cause in finding.causes} <= WAITING
        if not slow:
            return finding
        pods = requested(self.target) * self.params.up.to
        started_ms = self.timeline.when(LOAD_STARTED)
        short = None if started_ms is None else shortage(self.timeline, started_ms, pods)
        about = about_it(self.params, self.hpa)
        if short is not None:
            return unknown("ClusterShort", transient=True, **about, **figures(short))
        if starved_load(self.timeline):
            return unknown("LoadBehind", transient=True, **about, url=clients.url(self.params.load))
        return finding

    def judged(self) -> Finding:
        """Up, as the load calls for it."""
        params, timeline, about = self.params, self.timeline, about_it(self.params, self.hpa)
        started_ms = timeline.when(LOAD_STARTED)
        if timeline.when(ALREADY_SCALED) is not None:  # by an earlier load, perhaps our own
            return unknown("AlreadyScaled", transient=True, **about)
        if started_ms is None:
            said = _said(timeline.autoscaler)
            return failed("AutoscalerReadsNothing", **about, said=said).because(
                *silent(self.hpa, timeline)
            )
        end_ms = started_ms + params.up.within
        during = [seen for seen in timeline.autoscaler if started_ms <= seen.at_ms <= end_ms]
        before = [seen for seen in timeline.autoscaler if seen.at_ms < started_ms]
        answered, failing = (count(timeline, one) for one in (REQUESTS_ANSWERED, REQUESTS_FAILED))
        about |= {"sent": f"{answered + failing:,}", "url": clients.url(params.load)}
        if failing and not answered:  # whatever scaled it, it was no load that it serves
            return failed("LoadNotServed", **about).because(
                *policy_causes(self.scope, self.snapshot, self.target)
            )
        at_ms = reached(during, params.up.to)
        until = [seen for seen in during if at_ms is None or seen.at_ms <= at_ms]
        if any(seen.minimum >= params.up.to for seen in until):
            return failed("MinimumRaised", **about, minimum=max(seen.minimum for seen in until))
        if len({seen.rules for seen in (*before[-1:], *until)}) > 1:
            return failed("AutoscalerChanged", **about)
        if at_ms is None:
            # What held when the load began, and never changed, is not seen again.
            return self._not_reached((*before[-1:], *during), about)
        return self._scaled(about, started_ms, at_ms)

    def _not_reached(self, seen: Sequence[AutoscalerSeen], about: Numbers) -> Finding:
        """Requests were answered, but the autoscaler did not come so far."""
        to, wanted = self.params.up.to, max(moment.wanted for moment in seen)
        about = about | {"wanted": wanted, "ready": max(moment.ready for moment in seen)}
        if any(adds(moment, to) for moment in seen[1:]):
            return failed("ScaledButNotReady", **about).because(
                *workload_causes(self.scope, self.snapshot, self.target)
            )
        if wanted >= to:
            return failed("ScaledByHand", **about)
        if not sees(seen[-1]):  # the load began while it read: it may starve what measures
            return unknown("MetricsLost", transient=True, **about, said=_said(seen))
        return failed("NotScaledUp", **about).because(
            *underused(self.hpa, seen),
            *paced(self.hpa, "scaleUp", self.params.up.within, to - 1),
        )

    def _scaled(self, about: Numbers, started_ms: int, at_ms: int) -> Finding:
        """It scaled up; whether everything else is as it should be, too."""
        params, timeline = self.params, self.timeline
        about = about | {"took": seconds(at_ms - started_ms)}
        whole = [seen for seen in timeline.autoscaler if seen.at_ms >= started_ms]
        before = [seen for seen in timeline.autoscaler if seen.at_ms < started_ms]
        most = max(max(seen.current, seen.wanted) for seen in whole)  # a rollout adds pods, too
        if most > self.hpa["spec"]["maxReplicas"]:
            maximum = self.hpa["spec"]["maxReplicas"]
            return failed("MaximumExceeded", **about, most=most, maximum=maximum)
        if params.down is not None:
            down = self._down(about, [*before, *whole], at_ms)
            if down.outcome is not Outcome.PASSED:
                return down
            about = dict(down.params)
        whole = [*before[-1:], *whole]
        turns = direction_changes(whole)
        if params.max_direction_changes is not None and turns > params.max_direction_changes:
            path = " → ".join(str(seen) for seen in _path(whole))
            allowed = params.max_direction_changes
            return failed("ScaledToAndFro", **about, turns=turns, allowed=allowed, path=path)
        losses = lost(timeline)
        if params.max_error_share is not None and not losses.sent:  # no share of it
            return unknown("LoadBehind", transient=True, **about)
        if params.max_error_share is not None and losses.exceeds(params.max_error_share):
            share = format_share(params.max_error_share)
            return failed("LoadLost", **about, **_told(losses), share=share).because(
                *unready(self.target)
            )
        return self._earned(about, at_ms - started_ms, losses)

    def _earned(self, about: Numbers, took_ms: int, losses: Lost) -> Finding:
        """All is as it should be; how many of the points that is worth."""
        curve = self.params.curve
        if curve is not None and curve.of == "errorShare" and not losses.sent:  # no share of it
            return unknown("LoadBehind", transient=True, **about)
        earned = measures.earned(curve, {"scaleUpTime": took_ms, "errorShare": losses.share})
        if earned.all:
            return passed("ScaledUp" if self.params.down is None else "ScaledUpAndDown", **about)
        if curve is not None and curve.of == "scaleUpTime":
            return failed("ScaledSlowly", credit=earned.credit, **about).because(*earned.why)
        return failed("ScaledPartly", credit=earned.credit, **about, **_told(losses)).because(
            *earned.why, *unready(self.target)
        )

    def _down(self, about: Numbers, seen: Sequence[AutoscalerSeen], up_ms: int) -> Finding:
        """After the load it takes back, by itself, what it had added."""
        within = self.params.down.within if self.params.down else 0
        ended_ms = self.timeline.when(LOAD_ENDED)
        if ended_ms is None:
            return unknown("ProbeLost", transient=True, detail="the load's end is not on record")
        started_ms = self.timeline.when(LOAD_STARTED) or 0
        replicas = base([one for one in seen if one.at_ms < started_ms][-1:] or seen[:1])
        about = about | {"down": bar(within), "base": replicas}
        after = [one for one in seen if up_ms <= one.at_ms <= ended_ms + within]
        if len({one.rules for one in seen}) > 1:
            return failed("AutoscalerChanged", **about)
        at_ms = returned(after, replicas, ended_ms)
        if at_ms is not None:
            return passed("ScaledUpAndDown", **about, back=seconds(at_ms - ended_ms))
        last = after[-1]
        if last.wanted <= replicas and last.ready <= replicas:
            return failed("ScaledDownByHand", **about)
        return failed("NotScaledDown", **about, wanted=last.wanted, ready=last.ready).because(
            *unread(last),
            *unhurried(self.hpa, "scaleDown", within),
            *paced(self.hpa, "scaleDown", within, self.params.up.to - replicas),
        )


def _told(losses: Lost) -> Numbers:
    """What is told of the requests that failed."""
    return {
        "lost": f"{losses.failed:,}",
        "first": seconds(losses.from_ms),
        "last": seconds(losses.until_ms),
        "error": losses.error,
    }


def _path(seen: Sequence[AutoscalerSeen]) -> list[int]:
    """The wanted replicas, each value once until it changes."""
    wanted = [moment.wanted for moment in seen]
    return [now for index, now in enumerate(wanted) if index == 0 or wanted[index - 1] != now]


def _said(seen: Sequence[AutoscalerSeen]) -> str:
    """Why the autoscaler does not act, in its own last word."""
    return next((moment.inactive for moment in reversed(seen) if moment.inactive), "-")
