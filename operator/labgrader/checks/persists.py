"""``persists``: what was written into a workload's pods can be read from their successors.

Called through ``checks.registry``. Pure: ``cluster.experiments.keep_data`` writes a value into
every pod that nobody can know before, deletes pods, and reads. A pod that answers with the value
has it from a volume, or from another pod that did not go: so with ``delete: All`` all go.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from labgrader.api.kinds import Persists
from labgrader.checks.clients import told
from labgrader.checks.copies import on_copy_if_asked
from labgrader.checks.diagnosis.presence import about, find
from labgrader.checks.diagnosis.workload import workload_causes
from labgrader.checks.disturbed import named, not_whole, scaled_meanwhile
from labgrader.checks.finding import Cause, Finding, cause, error, failed, passed
from labgrader.checks.keeping import NOT_WHOLE, POD_DELETED, TOO_MANY, back_after_ms, deleted
from labgrader.checks.problem import Problem
from labgrader.checks.recovery import bar, seconds
from labgrader.checks.scope import Scope
from labgrader.checks.tolerant import at, maps
from labgrader.evidence.answers import Json
from labgrader.evidence.experiments import KeepData
from labgrader.evidence.keeping import Exchange, Kept, Member
from labgrader.evidence.snapshot import Snapshot

_KINDS = ("StatefulSet", "Deployment")
_KEY = "{key}"
_STORED = range(200, 300)

Numbers = dict[str, Any]


def problems(params: Persists) -> tuple[Problem, ...]:
    """What makes the params unusable."""
    found = []
    if not _can_keep(params):
        text = f"persists knows StatefulSet and Deployment, not {params.object.kind}"
        found.append(Problem("Invalid", text))
    if _KEY not in params.store.path:
        found.append(Problem("Invalid", "store.path: write {key} where the key belongs"))
    if (params.identity or params.ordered) and params.object.kind != "StatefulSet":
        found.append(Problem("Invalid", "identity and ordered belong to a StatefulSet"))
    return tuple(found)


@on_copy_if_asked
def judge(params: Persists, scope: Scope, snapshot: Snapshot) -> Finding:
    """Written, deleted, back in time, and read again; for a StatefulSet also by whom."""
    if not _can_keep(params):
        return error("NothingKeepsIt", kind=params.object.kind)
    request = scope.get(params.object)
    workload = find(snapshot, request)
    if isinstance(workload, Finding):
        return workload
    kept = snapshot.kept(
        KeepData(
            **named(request, workload),
            within_ms=params.within,
            port=params.store.port,
            method=params.store.method,
            path=params.store.path,
            every=params.delete == "All",
        )
    )
    numbers = about(workload) | {"within": bar(params.within), "deleted": len(deleted(kept))}
    before = _not_begun(params, workload, kept, scope, snapshot, numbers)
    if before is not None:
        return before
    took_ms = back_after_ms(kept)
    if took_ms is None or took_ms > params.within:
        since_ms = kept.timeline.when(POD_DELETED) or 0
        scaled = scaled_meanwhile(workload, kept.timeline, since_ms, len(kept.before))
        if scaled is not None:
            return scaled
        last = kept.timeline.pods[-1] if kept.timeline.pods else None
        ready = 0 if last is None else len(set(last.ready) - set(deleted(kept)))
        return failed("NotBackInTime", **numbers, ready=ready, wanted=len(kept.before)).because(
            *workload_causes(scope, snapshot, workload)
        )
    numbers |= {"took": seconds(took_ms), "pods": len(kept.after)}
    return _read(params, workload, kept, numbers)


def _not_begun(
    params: Persists,
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
    for one in kept.written:
        if one.status not in _STORED:
            return failed("NotWritten", **numbers, **_place(params, kept.before, one))
    for one in kept.read_first:
        if not one.held:
            return failed("NotReadBack", **numbers, **_place(params, kept.before, one))
    return None


def _read(params: Persists, workload: Json, kept: Kept, numbers: Numbers) -> Finding:
    lost = [one for one in kept.read if not one.held]
    if lost or not kept.read:
        names = sorted({_name(kept.after, one.pod) for one in lost})
        shown = ", ".join(names) or "-"
        return failed(
            "DataLost", **numbers, lost=len(lost), read=len(kept.read), names=shown
        ).because(*_volatile(workload))
    if params.identity:
        changed = _identity(workload, kept, numbers)
        if changed is not None:
            return changed
    if params.ordered:
        early = _too_early(kept)
        if early is not None:
            first, second = early
            return failed("NotInOrder", **numbers, first=first.name, second=second.name).because(
                *_parallel(workload)
            )
    return passed("DataKept", **numbers)


def _identity(workload: Json, kept: Kept, numbers: Numbers) -> Finding | None:
    """Every pod has its old name and its old claims, which no other pod has."""
    were = {member.name: member for member in kept.before}
    holders: dict[str, str] = {}
    for member in kept.after:
        if not member.claims:
            return failed("NoClaimOfItsOwn", **numbers, pod=member.name).because(
                *_no_templates(workload)
            )
        for name, uid in member.claims:
            if uid in holders:
                both: Numbers = {"pod": member.name, "other": holders[uid]}
                return failed("ClaimShared", **numbers, **both, claim=name).because(
                    *_no_templates(workload)
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


def _volatile(workload: Json) -> Iterator[Cause]:
    """Where the template keeps what is written, as far as it shows why that is lost."""
    spec = at(workload, "spec", "template", "spec")
    volumes = maps(at(spec, "volumes"))
    templates = maps(at(workload, "spec", "volumeClaimTemplates"))
    claimed = [v for v in volumes if at(v, "persistentVolumeClaim") is not None]
    mounted = {
        str(mount.get("name"))
        for container in maps(at(spec, "containers"))
        for mount in maps(container.get("volumeMounts"))
    }
    for volume in volumes:
        if at(volume, "emptyDir") is not None and str(volume.get("name")) in mounted:
            yield cause("OnEmptyDir", **about(workload), volume=str(volume.get("name")))
    kept = [*claimed, *templates]
    if not kept:
        yield cause("NoClaimAtAll", **about(workload))
        return
    names = [str(one.get("name") or at(one, "metadata", "name")) for one in kept]
    if not mounted.intersection(names):
        yield cause("ClaimUnmounted", **about(workload), volume=names[0])
    elif not any(at(volume, "emptyDir") is not None for volume in volumes):
        yield cause("WrittenElsewhere", **about(workload), volume=names[0])


def _no_templates(workload: Json) -> Iterator[Cause]:
    if not maps(at(workload, "spec", "volumeClaimTemplates")):
        yield cause("NoClaimTemplates", **about(workload))


def _parallel(workload: Json) -> Iterator[Cause]:
    if at(workload, "spec", "podManagementPolicy") == "Parallel":
        yield cause("ParallelPods", **about(workload))


def _place(params: Persists, members: tuple[Member, ...], one: Exchange) -> Numbers:
    path = params.store.path.replace(_KEY, one.key)
    return {
        "pod": _name(members, one.pod),
        "path": f"{params.store.method} :{params.store.port}{path}",
        "seen": told(one),
    }


def _name(members: tuple[Member, ...], uid: str) -> str:
    return next((member.name for member in members if member.uid == uid), uid)


def _uids(members: tuple[Member, ...]) -> frozenset[str]:
    return frozenset(member.uid for member in members)


def _ordinal(member: Member) -> tuple[int, str]:
    tail = member.name.rpartition("-")[2]
    return (int(tail) if tail.isdecimal() and tail.isascii() else -1), member.name


def _can_keep(params: Persists) -> bool:
    return params.object.kind in _KINDS and params.object.api_version in {None, "apps/v1"}
