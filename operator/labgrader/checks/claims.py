"""``claims``: a PersistentVolumeClaim is bound to a volume, and a workload's pods use it.

Called through ``checks.registry``. Pure. Bound is what the claim's status says, which learners
cannot write. Used is what the workload's template mounts and a pod of it that ran has,
followed by uids. Why a claim stays Pending is told by events of the claim: a StorageClass need
not be read, which not every grader may.
"""

from collections.abc import Iterator

from labgrader.api.kinds import Claims
from labgrader.checks.diagnosis.ownership import chain
from labgrader.checks.diagnosis.presence import find, is_being_deleted
from labgrader.checks.diagnosis.volumes import claims_of, pending_causes
from labgrader.checks.diagnosis.workload import workload_causes
from labgrader.checks.expect.places import shown
from labgrader.checks.expect.quantity import parse_quantity
from labgrader.checks.finding import Finding, cause, error, failed, passed
from labgrader.checks.hygiene.mounts import claim_templates, volumes_of
from labgrader.checks.hygiene.template import (
    RUNS_PODS,
    containers_of,
    pod_spec,
    pods_behind,
    runs_pods,
)
from labgrader.checks.problem import Problem
from labgrader.checks.scope import Scope
from labgrader.checks.tolerant import at, maps, text, texts
from labgrader.evidence.answers import Json
from labgrader.evidence.requests import GetObject
from labgrader.evidence.snapshot import Snapshot

_CLAIM = "PersistentVolumeClaim"
_RAN = frozenset({"Running", "Succeeded"})
_MOST_NAMES = 10


def problems(params: Claims) -> tuple[Problem, ...]:
    """What makes the params unusable."""
    ref = params.used_by
    if ref is not None and not runs_pods(ref):
        seen = f"{ref.api_version} {ref.kind}" if ref.api_version else ref.kind
        return (Problem("Invalid", f"claims knows {', '.join(RUNS_PODS)}, not {seen}"),)
    return ()


def judge(params: Claims, scope: Scope, snapshot: Snapshot) -> Finding:
    """The claim is bound, is what it should be, and is used."""
    one = scope.named(_CLAIM, params.claim)
    if params.used_by is None:
        claim = find(snapshot, one)
        if isinstance(claim, Finding):
            return claim
        finding = _wrong(params, claim, scope, snapshot)
        if finding is not None:
            return finding
        return passed("ClaimBound", claim=params.claim, capacity=shown(_capacity(claim)))
    if not runs_pods(params.used_by):
        return error("NotAWorkload", kind=params.used_by.kind)
    user = scope.get(params.used_by)
    claims = scope.all(_CLAIM) if user.kind == "StatefulSet" else one
    snapshot.together(user, claims, *chain(scope, user.kind))
    workload = find(snapshot, user)
    if isinstance(workload, Finding):
        return workload
    return _mounted(params, user, workload) or _used(params, user, workload, scope, snapshot)


def _mounted(params: Claims, user: GetObject, workload: Json) -> Finding | None:
    """Failed where no container of the template mounts the claim."""
    kind, name, namespace, claim = user.kind, user.name, user.namespace, params.claim
    spec = pod_spec(workload)
    volumes = volumes_of(workload, spec)
    of_claims = {
        volume: {source.name for source in sources if source.kind == _CLAIM}
        for volume, sources in volumes.items()
    }
    here = [volume for volume, claims in of_claims.items() if claim in claims]
    if not here:
        others = sorted(set().union(*of_claims.values()))
        return failed(
            "ClaimNotInTemplate",
            kind=kind,
            name=name,
            namespace=namespace,
            claim=claim,
            seen=shown(", ".join(others[:_MOST_NAMES])) if others else "-",
        )
    for container in containers_of(spec):
        for field in ("volumeMounts", "volumeDevices"):
            if any(mount.get("name") in here for mount in maps(container.spec.get(field))):
                return None
    return failed(
        "ClaimNotMounted",
        kind=kind,
        name=name,
        namespace=namespace,
        claim=claim,
        volume=shown(here[0]),
    )


def _used(
    params: Claims, user: GetObject, workload: Json, scope: Scope, snapshot: Snapshot
) -> Finding:
    """Every claim is bound and belongs to a pod that ran."""
    kind, name, namespace = user.kind, user.name, user.namespace
    ran = [p for p in pods_behind(scope, snapshot, workload) if at(p, "status", "phase") in _RAN]
    used = frozenset[str]().union(*(claims_of(pod) for pod in ran))
    listed = snapshot.objects(scope.all(_CLAIM)) if kind == "StatefulSet" else ()
    by_name = {claim["metadata"]["name"]: claim for claim in listed if not is_being_deleted(claim)}
    capacity = ""
    for wanted in _names(params, user, workload):
        claim = by_name.get(wanted) or find(snapshot, scope.named(_CLAIM, wanted))
        if isinstance(claim, Finding):
            return claim
        finding = _wrong(params, claim, scope, snapshot)
        if finding is not None:
            return finding
        if wanted not in used:
            return failed(
                "ClaimNotUsed", kind=kind, name=name, namespace=namespace, claim=wanted
            ).because(*workload_causes(scope, snapshot, workload))
        capacity = shown(_capacity(claim))
    if not capacity:
        return failed("NoReplicas", kind=kind, name=name, namespace=namespace)
    return passed("ClaimUsed", kind=kind, name=name, claim=params.claim, capacity=capacity)


def _names(params: Claims, user: GetObject, workload: Json) -> Iterator[str]:
    """The claims to look at: of a volumeClaimTemplate, one for each replica."""
    templates = {text(at(claim, "metadata", "name")) for claim in claim_templates(workload)}
    if params.claim not in templates:
        yield params.claim
        return
    replicas, start = at(workload, "spec", "replicas"), at(workload, "spec", "ordinals", "start")
    begin = start if isinstance(start, int) else 0
    for ordinal in range(begin, begin + (replicas if isinstance(replicas, int) else 1)):
        yield f"{params.claim}-{user.name}-{ordinal}"


def _wrong(params: Claims, claim: Json, scope: Scope, snapshot: Snapshot) -> Finding | None:
    """Failed where the claim is not bound or not as it should be."""
    name, namespace = claim["metadata"]["name"], claim["metadata"]["namespace"]
    phase = at(claim, "status", "phase")
    if phase == "Lost":
        return failed("ClaimLost", claim=name, namespace=namespace)
    if phase != "Bound":
        return failed(
            "ClaimNotBound", claim=name, namespace=namespace, seen=shown(phase or "-")
        ).because(*pending_causes(scope, snapshot, claim))
    seen = at(claim, "spec", "storageClassName")
    if params.storage_class is not None and seen != params.storage_class:
        return failed(
            "ClaimClassDiffers",
            claim=name,
            namespace=namespace,
            expected=params.storage_class,
            seen=shown(seen or "-"),
        )
    modes = texts(at(claim, "spec", "accessModes"))
    lacking = [mode for mode in params.access_modes if mode not in modes]
    if lacking:
        return failed(
            "ClaimModeAbsent",
            claim=name,
            namespace=namespace,
            expected=", ".join(lacking),
            seen=", ".join(modes) or "-",
        )
    return None if params.size is None else _too_small(params.size.min, claim)


def _too_small(least: str, claim: Json) -> Finding | None:
    name, namespace = claim["metadata"]["name"], claim["metadata"]["namespace"]
    wanted, has = parse_quantity(least), parse_quantity(_capacity(claim))
    if wanted is None or (has is not None and has >= wanted):
        return None
    finding = failed(
        "ClaimTooSmall",
        claim=name,
        namespace=namespace,
        min=least,
        seen=shown(_capacity(claim) or "-"),
    )
    asked = at(claim, "spec", "resources", "requests", "storage")
    number = parse_quantity(asked)
    if number is not None and number >= wanted:
        return finding.because(
            cause("ClaimNotResized", claim=name, namespace=namespace, asked=shown(asked))
        )
    return finding


def _capacity(claim: Json) -> str:
    """What the volume really has."""
    return text(at(claim, "status", "capacity", "storage"))
