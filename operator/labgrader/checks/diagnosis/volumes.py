"""Why a PersistentVolumeClaim stays Pending.

Called by ``checks.claims`` when it is about to fail. The words are those of the volume
controller's and the provisioners' events of the claim.
"""

import re
from collections.abc import Sequence

from labgrader.checks.diagnosis import pods as of_pods
from labgrader.checks.diagnosis import reading
from labgrader.checks.diagnosis.events import latest, one_line
from labgrader.checks.finding import Cause, cause
from labgrader.checks.scope import Scope
from labgrader.checks.tolerant import at, maps, text
from labgrader.evidence.answers import Json
from labgrader.evidence.snapshot import Snapshot

_NO_CLASS = re.compile(r'storageclass[a-z0-9.]* "(?P<name>[^"]*)" not found')
_NONE_SET = "no storage class is set"
_WAITS = ("WaitForFirstConsumer", "WaitForPodScheduled")


def pending_causes(scope: Scope, snapshot: Snapshot, claim: Json) -> tuple[Cause, ...]:
    """What keeps the claim from being bound."""
    snapshot.together(scope.all("Pod"), scope.all("Event"))
    events = reading.objects(snapshot, scope.all("Event"))
    pods = reading.objects(snapshot, scope.all("Pod"))
    name, namespace, uid = (claim["metadata"][key] for key in ("name", "namespace", "uid"))
    users = [p for p in pods if name in claims_of(p) and "deletionTimestamp" not in p["metadata"]]
    told = latest(events, uid, "ProvisioningFailed", "FailedBinding", *_WAITS)
    if told is not None and told["reason"] not in _WAITS:
        return (_trouble(claim, one_line(text(told.get("message")))),)
    if users:
        return of_pods.causes(snapshot, users, events) or _provisioner(events, claim)
    if told is not None:
        return (cause("ClaimWaitsForPod", claim=name, namespace=namespace),)
    return _provisioner(events, claim) or (
        cause("ClaimWithoutPods", claim=name, namespace=namespace),
    )


def claims_of(pod: Json) -> frozenset[str]:
    """The names of the claims that are volumes of the pod."""
    volumes = maps(at(pod, "spec", "volumes"))
    return frozenset(text(at(v, "persistentVolumeClaim", "claimName")) for v in volumes) - {""}


def _trouble(claim: Json, said: str) -> Cause:
    name, namespace = claim["metadata"]["name"], claim["metadata"]["namespace"]
    missing = _NO_CLASS.search(said)
    if missing is not None:
        return cause(
            "StorageClassAbsent", claim=name, namespace=namespace, storage_class=missing["name"]
        )
    if _NONE_SET in said:
        return cause("NoStorageClassSet", claim=name, namespace=namespace)
    return cause("ClaimNotProvisioned", claim=name, namespace=namespace, detail=said or "-")


def _provisioner(events: Sequence[Json], claim: Json) -> tuple[Cause, ...]:
    """What is told of a provisioner that is still at work."""
    told = latest(events, claim["metadata"]["uid"], "ExternalProvisioning", "Provisioning")
    if told is None:
        return ()
    return (
        cause(
            "ClaimBeingProvisioned",
            claim=claim["metadata"]["name"],
            namespace=claim["metadata"]["namespace"],
            detail=one_line(text(told.get("message"))) or "-",
        ),
    )
