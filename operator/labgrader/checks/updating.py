"""What the judges of updates have in common: what is asked for, and what keeps it from being seen.

Called by ``updates_without_downtime``, ``survives_bad_update`` and ``rolls_back``. Pure.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from labgrader.api.base import ObjectRef, format_share
from labgrader.api.kinds import (
    Availability,
    ImageTo,
    RollsBack,
    SurvivesBadUpdate,
    UpdatesWithoutDowntime,
    UpdateTo,
)
from labgrader.checks.certain import behind_time, certain, in_doubt
from labgrader.checks.clients import target, told, url
from labgrader.checks.diagnosis.behind import behind
from labgrader.checks.diagnosis.noticed import Noticed
from labgrader.checks.diagnosis.policies import policy_causes
from labgrader.checks.diagnosis.presence import find
from labgrader.checks.diagnosis.revisions import containers_in, image_in
from labgrader.checks.diagnosis.shape import words
from labgrader.checks.diagnosis.surge import SURGE, replacement
from labgrader.checks.diagnosis.updates import all_missing, bounds, versions
from labgrader.checks.diagnosis.workload import workload_causes
from labgrader.checks.disturbed import named
from labgrader.checks.finding import Cause, Finding, failed, unknown
from labgrader.checks.problem import Problem
from labgrader.checks.recovery import NOT_WHOLE, Served, seconds, served
from labgrader.checks.rollout import TEMPLATE_CHANGED, Rollout, rollout
from labgrader.checks.scope import Scope
from labgrader.checks.shortage import excused
from labgrader.evidence.answers import Json
from labgrader.evidence.experiments import Update
from labgrader.evidence.requests import GetObject
from labgrader.evidence.snapshot import Snapshot
from labgrader.evidence.timeline import Timeline

Numbers = dict[str, Any]
Updating = UpdatesWithoutDowntime | SurvivesBadUpdate | RollsBack


@dataclass(frozen=True, slots=True)
class Seen:
    """An update that was made: the Deployment as it was, and what was seen."""

    workload: Json
    timeline: Timeline
    rollout: Rollout
    about: Numbers
    service: str

    def clients(self, availability: Availability, until_ms: int) -> Served | Finding:
        """What clients saw from the update on, or the Unknown finding."""
        seen = served(self.timeline.samples, self.rollout.at_ms, until_ms)
        return seen if seen.sent else behind_time(url(availability))

    def certain(self, availability: Availability, judge: "Callable[[Seen], Finding]") -> Finding:
        """What ``judge`` finds, if doubtful requests cannot change it."""
        return certain(
            self.timeline,
            url(availability),
            self.rollout.at_ms,
            lambda timeline: judge(replace(self, timeline=timeline)),
        )

    def numbers(self, availability: Availability, seen: Served, until_ms: int) -> Numbers:
        """What is told of them and of the pods."""
        return self.about | {
            "url": url(availability),
            "min": format_share(availability.min),
            "sent": f"{seen.sent:,}",
            "lost": f"{seen.failed:,}",
            "first": seconds(seen.first_ms),
            "last": seconds(seen.last_ms),
            "gap": seconds(seen.longest_gap_ms),
            "lowest": self.rollout.lowest(until_ms),
            "most": self.rollout.most(until_ms),
            "wanted": self.rollout.before.wanted,
        }

    def causes(self, until_ms: int) -> Iterator[Cause]:
        """Why requests failed until then."""
        before = self.rollout.before
        noticed = Noticed(
            self.workload,
            self.timeline,
            self.rollout.at_ms,
            until_ms,
            frozenset((*before.ready, *before.others)),
            self.rollout.ending,
        )
        yield from noticed.unserved(self.service)
        missing = tuple(all_missing(self.workload, self.rollout, until_ms))
        yield from missing or (*noticed.unprobed(), *noticed.unhooked())
        yield from self.noted(until_ms)

    def excused(self, finding: Finding, availability: Availability) -> Finding:
        """The finding, unless the cluster was short of CPU meanwhile."""
        wanted = self.rollout.before.wanted
        return excused(
            finding,
            self.workload,
            self.timeline,
            self.rollout.at_ms,
            pods=wanted + replacement(self.workload).pods(SURGE),
            url=url(availability),
        )

    def noted(self, until_ms: int) -> Iterator[Cause]:
        """What is worth knowing also where nothing failed: versions served, promises not kept."""
        yield from versions(self.timeline, self.rollout, self.service, until_ms)
        yield from bounds(self.workload, self.rollout, until_ms)

    def scaled(self) -> Finding | None:
        """The Unknown finding where somebody wanted fewer pods meanwhile."""
        before = self.rollout.before
        fewest = min(one.wanted for one in self.timeline.pods if one.at_ms >= before.at_ms)
        if fewest >= before.wanted:
            return None
        told = self.about | {"before": before.wanted, "after": fewest}
        return unknown("ScaledDuring", transient=True, **told)


def problems(ref: ObjectRef) -> Iterator[Problem]:
    """What makes the params unusable."""
    if ref.kind != "Deployment" or ref.api_version not in {None, "apps/v1"}:
        yield Problem("Invalid", f"updates are made to a Deployment, not to a {ref.kind}")


def seen_update(
    params: Updating, scope: Scope, snapshot: Snapshot, *, within: int, then: str = ""
) -> Seen | Finding:
    """The update, or the finding why there was none."""
    request, to, availability = scope.get(params.object), params.to, params.availability
    reachable = behind(scope, snapshot, availability.service, availability.port, request)
    workload = find(snapshot, request)
    if isinstance(workload, Finding):
        return workload
    about = {
        "kind": workload["kind"],
        "name": workload["metadata"]["name"],
        "namespace": request.namespace,
    }
    wrong = reachable if isinstance(reachable, Finding) else _cannot_update(workload, to, about)
    if wrong is not None:
        return wrong
    timeline = snapshot.timeline(_request(params, request, workload, within, then))
    found = rollout(timeline)
    if found is None:
        return _not_made(workload, about, availability, timeline, scope, snapshot)
    if timeline.when(TEMPLATE_CHANGED) is not None:
        return unknown("ChangedDuring", transient=True, **about)
    return Seen(workload, timeline, found, about, availability.service)


def _request(
    params: Updating, request: GetObject, workload: Json, within: int, then: str
) -> Update:
    to = params.to
    return Update(
        **named(request, workload),
        within_ms=within,
        clients=target(request.namespace, params.availability),
        container=to.container or "",
        image=to.image or "",
        annotation=(to.annotation or "") if isinstance(to, UpdateTo) else "",
        then=then,
    )


def _cannot_update(workload: Json, to: UpdateTo | ImageTo, about: Numbers) -> Finding | None:
    """Why the update would show nothing."""
    spec = workload["spec"]
    if spec.get("paused") is True:
        return failed("UpdatePaused", **about)
    if to.image is None or to.container is None:
        return None
    names = [words(one.get("name")) for one in spec["template"]["spec"]["containers"]]
    if to.container not in names:
        shown = ", ".join(words(one.get("name")) for one in containers_in(spec["template"]))
        return failed("ContainerNotThere", **about, container=to.container, seen=shown or "-")
    if image_in(spec["template"], to.container) == to.image:
        return failed("AlreadyUpdated", **about, container=to.container, image=to.image)
    return None


def _not_made(
    workload: Json,
    about: Numbers,
    availability: Availability,
    timeline: Timeline,
    scope: Scope,
    snapshot: Snapshot,
) -> Finding:
    """The experiment ended before it changed anything: what it saw was enough."""
    if timeline.when(NOT_WHOLE) is not None and timeline.pods:
        last = timeline.pods[-1]
        return failed(
            "NotWholeBeforeUpdate", **about, ready=len(last.ready), wanted=last.wanted
        ).because(*workload_causes(scope, snapshot, workload))
    refused = [sample for sample in timeline.heard if not sample.succeeded]
    served_late = any(sample.succeeded for sample in timeline.heard)
    if served_late or not refused or in_doubt(timeline):  # answers came, but too late to us
        return behind_time(url(availability))
    seen = served(timeline.heard, 0, timeline.ended_ms)
    return failed(
        "UnavailableBeforeUpdate",
        **about,
        url=url(availability),
        sent=f"{seen.sent:,}",
        lost=f"{seen.failed:,}",
        seen=told(refused[-1]),
    ).because(*policy_causes(scope, snapshot, workload))
