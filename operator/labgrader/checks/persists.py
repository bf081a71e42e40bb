"""``persists``: what was written into a workload's pods can be read from their successors.

Called through ``checks.registry``. Pure: ``cluster.experiments.keep_data`` writes a value into
every pod that nobody can know before, deletes pods or drains their node, and reads. A pod that
answers with the value has it from a volume, or from another pod that did not go: so with
``delete: All`` all go.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from labgrader.api.kinds import Persists
from labgrader.checks import faults, storage, stores
from labgrader.checks.copies import on_copy_if_asked
from labgrader.checks.diagnosis.presence import about, find
from labgrader.checks.diagnosis.workload import workload_causes
from labgrader.checks.disturbed import named, not_whole, scaled_meanwhile
from labgrader.checks.finding import Cause, Finding, error, failed, passed
from labgrader.checks.keeping import DRAIN, NOT_WHOLE, TOO_MANY, back_after_ms, gone, went_at
from labgrader.checks.problem import Problem
from labgrader.checks.recovery import bar, seconds
from labgrader.checks.scope import Scope
from labgrader.checks.shortage import excused
from labgrader.evidence.answers import Json
from labgrader.evidence.experiments import Commands, KeepData
from labgrader.evidence.keeping import Kept, Member
from labgrader.evidence.requests import GetObject
from labgrader.evidence.snapshot import Snapshot

_KINDS = ("StatefulSet", "Deployment")

Numbers = dict[str, Any]


def problems(params: Persists) -> tuple[Problem, ...]:
    """What makes the params unusable."""
    return tuple(Problem("Invalid", text) for text in _problems(params))


def takes_nodes(params: Persists) -> bool:
    """Whether the pods go because their node is drained."""
    return params.delete == DRAIN


@on_copy_if_asked
def judge(params: Persists, scope: Scope, snapshot: Snapshot) -> Finding:
    """Written, deleted, back in time, and read again; for a StatefulSet also by whom."""
    if not _can_keep(params):
        return error("NothingKeepsIt", kind=params.object.kind)
    request = scope.get(params.object)
    workload = find(snapshot, request)
    if isinstance(workload, Finding):
        return workload
    by = stores.commands(params.store, workload)
    nowhere = None if by is None else faults.no_container(workload, by.container)
    if nowhere is not None:
        return nowhere
    kept = snapshot.kept(_experiment(params, request, workload, by))
    numbers = about(workload) | {
        "within": bar(params.within),
        "deleted": len(gone(kept.timeline.actions)),
    }
    before = _not_begun(params, by, workload, kept, scope, snapshot, numbers)
    if before is not None:
        return before
    stayed = faults.kept_by_budgets(params.within, workload, kept.timeline, scope, snapshot)
    if stayed is not None:
        return stayed
    found = _afterwards(params, workload, kept, scope, snapshot, numbers)
    return found.because(*_done(params, kept), *found.causes)


def _problems(params: Persists) -> Iterator[str]:
    if not _can_keep(params):
        yield f"persists knows StatefulSet and Deployment, not {params.object.kind}"
    yield from stores.problems(params.store)
    if (params.identity or params.ordered) and params.object.kind != "StatefulSet":
        yield "identity and ordered belong to a StatefulSet"
    if takes_nodes(params) and params.ordered:
        yield "ordered is seen where all pods are deleted, not with DrainNode"
    if takes_nodes(params) and params.isolation == "Clone":
        yield f"{DRAIN} is felt on the whole node; a copy keeps nobody from it"


def _experiment(
    params: Persists, request: GetObject, workload: Json, by: Commands | None
) -> KeepData:
    store = params.store
    return KeepData(
        **named(request, workload),
        within_ms=params.within,
        port=store.port or 0,
        method=store.method if by is None else "",
        path=store.path or "",
        every=params.delete == "All",
        commands=by,
        drains=takes_nodes(params),
    )


def _not_begun(
    params: Persists,
    by: Commands | None,
    workload: Json,
    kept: Kept,
    scope: Scope,
    snapshot: Snapshot,
    numbers: Numbers,
) -> Finding | None:
    """Why nothing was deleted."""
    if kept.timeline.when(TOO_MANY) is not None or len(kept.before) > params.most:
        return failed("TooManyToWrite", **numbers, most=params.most)
    if not kept.before or kept.timeline.when(NOT_WHOLE) is not None:
        return not_whole(workload, kept.timeline, scope, snapshot)
    return stores.not_stored(params.store, by, kept, numbers)


def _afterwards(
    params: Persists,
    workload: Json,
    kept: Kept,
    scope: Scope,
    snapshot: Snapshot,
    numbers: Numbers,
) -> Finding:
    """What came of it once pods had gone."""
    took_ms = back_after_ms(kept)
    if took_ms is None or took_ms > params.within:
        return _not_back(workload, kept, scope, snapshot, numbers)
    numbers = numbers | {"took": seconds(took_ms), "pods": len(kept.after)}
    if takes_nodes(params):
        returned = _returned(kept)
        if returned is not None:
            return failed("BackOnDrainedNode", **numbers, pod=returned.name, node=returned.node)
    return _read(params, stores.commands(params.store, workload), workload, kept, numbers)


def _not_back(
    workload: Json, kept: Kept, scope: Scope, snapshot: Snapshot, numbers: Numbers
) -> Finding:
    timeline = kept.timeline
    scaled = scaled_meanwhile(workload, timeline, went_at(timeline) or 0, len(kept.before))
    impossible = scaled or storage.no_other(workload, timeline)
    if impossible is not None:
        return impossible
    last = timeline.pods[-1] if timeline.pods else None
    ready = 0 if last is None else len(set(last.ready) - gone(timeline.actions))
    late = failed("NotBackInTime", **numbers, ready=ready, wanted=len(kept.before)).because(
        *storage.unplaced(timeline, scope), *workload_causes(scope, snapshot, workload)
    )
    pods = len(kept.before)
    return excused(late, workload, timeline, went_at(timeline) or 0, pods=pods)


def _returned(kept: Kept) -> Member | None:
    """A new pod on the node that was drained."""
    drained = faults.node(kept.timeline)
    new = (member for member in kept.after if member.uid not in _uids(kept.before))
    return next((member for member in new if member.node == drained), None)


def _done(params: Persists, kept: Kept) -> tuple[Cause, ...]:
    """What was done, where the finding does not tell it by itself."""
    if not takes_nodes(params):
        return ()
    return (faults.drained(len(gone(kept.timeline.actions)), kept.timeline),)


def _read(
    params: Persists, by: Commands | None, workload: Json, kept: Kept, numbers: Numbers
) -> Finding:
    lost = [one for one in kept.read if not one.held]
    if lost or not kept.read:
        names = sorted({stores.name(kept.after, one.pod) for one in lost})
        shown = ", ".join(names) or "-"
        return failed(
            "DataLost", **numbers, lost=len(lost), read=len(kept.read), names=shown
        ).because(*stores.ended(by, kept, lost), *storage.volatile(workload))
    if params.identity:
        changed = _identity(workload, kept, numbers)
        if changed is not None:
            return changed
    if params.ordered:
        early = _too_early(kept)
        if early is not None:
            first, second = early
            return failed("NotInOrder", **numbers, first=first.name, second=second.name).because(
                *storage.parallel(workload)
            )
    return passed("DataKept", **numbers)


def _identity(workload: Json, kept: Kept, numbers: Numbers) -> Finding | None:
    """Every pod has its old name and its old claims, which no other pod has."""
    were = {member.name: member for member in kept.before}
    holders: dict[str, str] = {}
    for member in kept.after:
        if not member.claims:
            return failed("NoClaimOfItsOwn", **numbers, pod=member.name).because(
                *storage.no_templates(workload)
            )
        for name, uid in member.claims:
            if uid in holders:
                both: Numbers = {"pod": member.name, "other": holders[uid]}
                return failed("ClaimShared", **numbers, **both, claim=name).because(
                    *storage.no_templates(workload)
                )
            holders[uid] = member.name
    for member in kept.after:
        was = were.get(member.name)
        if was is None or was.claims != member.claims:
            return failed("IdentityChanged", **numbers, pod=member.name)
    return None


def _too_early(kept: Kept) -> tuple[Member, Member] | None:
    """Two neighbours of which the second came before the first was Ready."""
    new = sorted((m for m in kept.after if m.uid not in _uids(kept.before)), key=_ordinal)
    for first, second in pairwise(new):
        if first.ready_ms < 0 or second.seen_ms < first.ready_ms:
            return first, second
    return None


def _uids(members: tuple[Member, ...]) -> frozenset[str]:
    return frozenset(member.uid for member in members)


def _ordinal(member: Member) -> tuple[int, str]:
    tail = member.name.rpartition("-")[2]
    return (int(tail) if tail.isdecimal() and tail.isascii() else -1), member.name


def _can_keep(params: Persists) -> bool:
    return params.object.kind in _KINDS and params.object.api_version in {None, "apps/v1"}
