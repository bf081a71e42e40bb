"""Why a claim stays Pending, with everything that its sentence needs."""

from typing import Any

import pytest

from labgrader.checks.diagnosis.volumes import claims_of, pending_causes
from labgrader.checks.finding import Cause, cause
from labgrader.checks.scope import Scope
from labgrader.evidence.answers import Answer, Items
from labgrader.evidence.requests import Request
from labgrader.evidence.snapshot import MissingEvidence, Snapshot
from tests.unit.checks.objects import Body, claim, event, pod, unready

SCOPE = Scope("kim")
LATER = "2026-03-02T09:30:00Z"
PENDING = claim(phase="Pending")
CLAIM: dict[str, Any] = {"claim": "data", "namespace": "kim"}


def pending(*events: Body, pods: tuple[Body, ...] = ()) -> tuple[Cause, ...]:
    answers: dict[Request, Answer] = {
        SCOPE.all("Pod"): Items(pods),
        SCOPE.all("Event"): Items(events),
    }
    return pending_causes(SCOPE, Snapshot(answers), PENDING)


@pytest.mark.parametrize("reason", ["ProvisioningFailed", "FailedBinding"])
@pytest.mark.parametrize(
    ("said", "told"),
    [
        (
            'storageclass.storage.k8s.io "fsat" not found',
            cause("StorageClassAbsent", **CLAIM, storage_class="fsat"),
        ),
        ("no storage class is set", cause("NoStorageClassSet", **CLAIM)),
        ("quota\nexceeded.", cause("ClaimNotProvisioned", **CLAIM, detail="quota exceeded")),
        ("", cause("ClaimNotProvisioned", **CLAIM, detail="-")),
    ],
)
def test_what_keeps_a_claim_from_its_volume(reason: str, said: str, told: Cause) -> None:
    assert pending(event(PENDING, reason, said)) == (told,)


def using(name: str = "web-1", **more: Any) -> Body:
    claimed = {"name": "d", "persistentVolumeClaim": {"claimName": "data"}}
    volumes = [{"name": "tmp", "emptyDir": {}}, claimed]
    return pod(name, volumes=volumes, **more)


def test_a_claim_waits_for_pods_or_with_them() -> None:
    without = (cause("ClaimWithoutPods", **CLAIM),)
    assert pending() == pending(pods=(pod(),)) == without
    going = using()
    going["metadata"]["deletionTimestamp"] = LATER
    assert pending(pods=(going,)) == without
    for reason in ("WaitForFirstConsumer", "WaitForPodScheduled"):
        waits = event(PENDING, reason, "waiting")
        assert pending(waits) == (cause("ClaimWaitsForPod", **CLAIM),)
        stuck = using(statuses=[unready()])
        assert pending(waits, pods=(stuck,)) == (
            cause("PodNotReadyYet", pod="web-1", namespace="kim"),
        )
        assert pending(waits, pods=(using(),)) == ()


@pytest.mark.parametrize("reason", ["ExternalProvisioning", "Provisioning"])
def test_a_provisioner_at_work_is_told(reason: str) -> None:
    for said, detail in (("is\non it.", "is on it"), ("", "-")):
        told = (cause("ClaimBeingProvisioned", **CLAIM, detail=detail),)
        assert pending(event(PENDING, reason, said)) == told
        assert pending(event(PENDING, reason, said), pods=(using(),)) == told


def test_a_claim_asks_for_events_and_pods_at_once() -> None:
    with pytest.raises(MissingEvidence) as missing:
        pending_causes(SCOPE, Snapshot(), PENDING)
    assert missing.value.requests == (SCOPE.all("Pod"), SCOPE.all("Event"))
    assert claims_of(using()) == {"data"}
    assert claims_of({"spec": {"volumes": [{"persistentVolumeClaim": {}}]}}) == frozenset()
