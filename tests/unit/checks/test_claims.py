"""`claims` judges what was asked for and is bound, and says of a pending claim why."""

import pytest

from labgrader.checks.finding import Outcome
from tests.unit.checks.claimants import USING, WAITS, judge, running, web
from tests.unit.checks.namespaces import FORBIDDEN, Namespace
from tests.unit.checks.objects import (
    Body,
    claim,
    event,
    pod,
)


def test_a_bound_claim_passes_on_one_request() -> None:
    judged = judge(claim())
    assert judged.finding.outcome is Outcome.PASSED
    assert [len(requests) for requests in judged.rounds] == [1]
    assert judged.says("en") == "PersistentVolumeClaim data is bound to a volume of 1Gi."
    assert judged.says("ko") == "퍼시스턴트볼륨클레임 data가 1Gi 크기의 볼륨에 바인딩되었습니다."


@pytest.mark.parametrize(
    ("seen", "params", "reason"),
    [
        (claim(), {"storageClass": "standard"}, ""),
        (claim(), {"storageClass": "fast"}, "ClaimClassDiffers"),
        (claim(storageClassName=None), {"storageClass": "fast"}, "ClaimClassDiffers"),
        (claim(), {"accessModes": ["ReadWriteOnce"]}, ""),
        (claim(accessModes=["ReadWriteOnce", "ReadOnlyMany"]), {"accessModes": ["ReadOnlyMany"]}, ""),
        (claim(), {"accessModes": ["ReadWriteOnce", "ReadWriteMany"]}, "ClaimModeAbsent"),
        (claim(size="1024Mi"), {"size": {"min": "1Gi"}}, ""),
        (claim(size="1G"), {"size": {"min": "1Gi"}}, "ClaimTooSmall"),
        (claim(resources={"requests": {"storage": "1Mi"}}), {"size": {"min": "1Gi"}}, ""),
        (claim(phase="Lost"), {}, "ClaimLost"),
        (claim(phase="Pending"), {}, "ClaimNotBound"),
        (claim() | {"status": {}}, {}, "ClaimNotBound"),
        (claim() | {"status": {"phase": "Bound"}}, {"size": {"min": "1"}}, "ClaimTooSmall"),
        (claim("date"), {}, "NotFound"),
    ],
)  # fmt: skip
def test_what_a_claim_must_be(seen: Body, params: Body, reason: str) -> None:
    judged = judge(seen, **params)
    outcome = Outcome.FAILED if reason else Outcome.PASSED
    assert (judged.finding.outcome, judged.finding.reason) == (outcome, reason or "ClaimBound")


def test_numbers_are_told_in_both_languages() -> None:
    judged = judge(claim(size="10Mi"), size={"min": "1Gi"})
    assert judged.says("en") == (
        "PersistentVolumeClaim data should have a volume of at least 1Gi, but it has 10Mi. "
        "Look: kubectl -n kim describe pvc data"
    )
    assert judged.says("ko") == (
        "퍼시스턴트볼륨클레임 data의 볼륨은 1Gi 이상이어야 하지만 10Mi입니다. "
        "확인: kubectl -n kim describe pvc data"
    )
    other = judge(claim(), storageClass="fast")
    assert other.says("en").startswith(
        "PersistentVolumeClaim data should be of the StorageClass fast, but it is of standard."
    )
    assert other.says("ko").startswith(
        "퍼시스턴트볼륨클레임 data는 스토리지클래스 fast를 써야 하지만 standard를 씁니다."
    )
    modes = judge(claim(), accessModes=["ReadWriteMany"])
    assert "access mode ReadWriteMany, but it asks for ReadWriteOnce." in modes.says("en")
    assert "ReadWriteMany를 요청해야 하지만, 요청한 접근 모드는 ReadWriteOnce입니다" in modes.says(
        "ko"
    )
    for size in ("1Gi", "2Gi"):
        asked = claim(size="10Mi", resources={"requests": {"storage": size}})
        assert judge(asked, size={"min": "1Gi"}).causes == ("ClaimNotResized",)


NOT_FOUND = 'storageclass.storage.k8s.io "fast" not found'
NO_CLASS = "no persistent volumes available for this claim and no storage class is set"


@pytest.mark.parametrize(
    ("reason", "message", "cause", "told", "told_ko"),
    [
        ("ProvisioningFailed", NOT_FOUND, "StorageClassAbsent", "no StorageClass fast.", "스토리지클래스 fast가 없습니다."),
        ("FailedBinding", NO_CLASS, "NoStorageClassSet", "names no StorageClass", "기본 스토리지클래스"),
        ("WaitForFirstConsumer", WAITS, "ClaimWaitsForPod", "and no pod does.", "사용하는 파드가 없습니다."),
        ("ProvisioningFailed", "disk is full.", "ClaimNotProvisioned", "for the claim: disk is full.", "만들 수 없습니다: disk is full."),
        ("ExternalProvisioning", "Waiting for x", "ClaimBeingProvisioned", "being made: Waiting for x.", "만드는 중입니다: Waiting for x."),
        ("Other", "nothing", "ClaimWithoutPods", "No pod uses the claim data.", "클레임 data를 사용하는 파드가 없습니다."),
    ],
)  # fmt: skip
def test_a_pending_claim_says_why(
    reason: str, message: str, cause: str, told: str, told_ko: str
) -> None:
    pending = claim(phase="Pending")
    judged = judge(pending, event(pending, reason, message))
    assert (judged.finding.reason, judged.causes) == ("ClaimNotBound", (cause,))
    assert judged.says("en").startswith(
        "PersistentVolumeClaim data should be bound to a volume, but it is Pending."
    )
    assert told in judged.says("en")
    assert told_ko in judged.says("ko")


def test_the_latest_word_about_a_claim_counts() -> None:
    pending = claim(phase="Pending")
    failing = event(pending, "ProvisioningFailed", NOT_FOUND, at="2026-03-02T09:00:01Z")
    later = event(pending, "WaitForFirstConsumer", WAITS, at="2026-03-02T09:00:02Z")
    assert judge(pending, failing, later).causes == ("ClaimWaitsForPod",)


def test_a_claim_that_waits_for_a_pod_that_cannot_be_scheduled() -> None:
    pending = claim(phase="Pending")
    owner, stuck = running(web(), phase="Pending")
    stuck["status"]["conditions"] = [
        {"type": "PodScheduled", "status": "False", "message": "0/1 nodes are available"}
    ]
    judged = judge(pending, event(pending, "WaitForFirstConsumer", WAITS), web(), owner, stuck)
    assert judged.causes == ("Unschedulable",)


def test_pods_that_do_not_use_a_claim_or_go_do_not_keep_it_from_waiting() -> None:
    pending = claim(phase="Pending")
    going = pod("web-2", **USING)
    going["metadata"]["deletionTimestamp"] = "2026-03-02T10:00:00Z"
    others = (pod("web-1"), going)
    judged = judge(pending, event(pending, "WaitForFirstConsumer", WAITS), *others)
    assert judged.causes == ("ClaimWaitsForPod",)


def test_the_verdict_on_a_pending_claim_stands_without_its_events() -> None:
    namespace = Namespace([claim(phase="Pending")], trouble={"Event": FORBIDDEN, "Pod": FORBIDDEN})
    judged = namespace.judge(claims={"claim": "data"})
    assert judged.finding.reason == "ClaimNotBound"
