from typing import Any

import pytest

from labgrader.api.kinds import Claims
from labgrader.checks.finding import Outcome
from labgrader.checks.registry import KINDS
from labgrader.evidence.snapshot import CouldNotLook
from tests.unit.checks.namespaces import FORBIDDEN, Judged, Namespace
from tests.unit.checks.objects import (
    Body,
    claim,
    container,
    cron_job,
    deployment,
    event,
    job,
    pod,
    replica_set,
    stateful_set,
)

WEB = {"kind": "Deployment", "name": "web"}
DB = {"kind": "StatefulSet", "name": "db"}
MOUNT = {"name": "v", "mountPath": "/data"}
VOLUME = {"name": "v", "persistentVolumeClaim": {"claimName": "data"}}
USING: Any = {"containers": [container(volumeMounts=[MOUNT])], "volumes": [VOLUME]}
WAITS = "waiting for first consumer to be created before binding"


def judge(*objects: Body, **params: Any) -> Judged:
    return Namespace(list(objects)).judge(claims={"claim": "data", **params})


def web(spec: Any = USING, replicas: int = 1) -> Body:
    body = deployment(replicas=replicas)
    body["spec"]["template"]["spec"] = spec
    return body


def running(workload: Body, spec: Any = USING, phase: str = "Running") -> tuple[Body, Body]:
    """A pod of the Deployment, and the ReplicaSet between them."""
    owner = replica_set(workload)
    made = pod("web-1", owner, **spec)
    made["status"]["phase"] = phase
    return owner, made


def test_a_bound_claim_passes_on_one_request() -> None:
    judged = judge(claim())
    assert judged.finding.outcome is Outcome.PASSED
    assert [len(requests) for requests in judged.rounds] == [1]
    assert judged.says("en") == "PersistentVolumeClaim data is bound to a volume of 1Gi."
    assert judged.says("ko") == "퍼시스턴트볼륨클레임 data가 1Gi 크기의 볼륨에 바인딩되었습니다."


def test_a_claim_that_a_deployment_uses_passes_in_one_round() -> None:
    judged = judge(claim(), web(), *running(web()), usedBy=WEB, size={"min": "1Gi"})
    assert judged.finding.outcome is Outcome.PASSED
    assert len(judged.rounds) == 1
    assert judged.says("en") == (
        "Deployment web uses the claim data, which is bound to a volume of 1Gi."
    )
    assert judged.says("ko") == (
        "디플로이먼트 web이 1Gi 크기의 볼륨에 바인딩된 클레임 data를 사용합니다."
    )


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


def spec_with(*volumes: Body, mount: Any = (MOUNT,)) -> Body:
    return {"containers": [container(volumeMounts=list(mount))], "volumes": list(volumes)}


OTHER = {"name": "v", "persistentVolumeClaim": {"claimName": "date"}}


@pytest.mark.parametrize(
    ("spec", "reason", "told"),
    [
        (spec_with(), "ClaimNotInTemplate", "but it has none. Claims in its volumes: -."),
        (spec_with({"name": "v", "emptyDir": {}}), "ClaimNotInTemplate", "volumes: -."),
        (spec_with(OTHER), "ClaimNotInTemplate", "volumes: date."),
        (
            spec_with(VOLUME, mount=()),
            "ClaimNotMounted",
            "as its volume v, but no container mounts",
        ),
        (spec_with(VOLUME, {**OTHER, "name": "w"}, mount=({"name": "w"},)), "ClaimNotMounted", "v"),
    ],
)
def test_a_template_that_does_not_mount_the_claim(spec: Body, reason: str, told: str) -> None:
    judged = judge(claim(phase="Pending"), web(spec), *running(web(), spec), usedBy=WEB)
    assert (judged.finding.outcome, judged.finding.reason) == (Outcome.FAILED, reason)
    assert told in judged.says("en")
    assert "클레임 data로 만든 볼륨" in judged.says("ko")


def test_a_pod_must_have_run_with_it() -> None:
    owner, waiting = running(web(), phase="Pending")
    assert judge(claim(), web(), owner, waiting, usedBy=WEB).finding.reason == "ClaimNotUsed"
    _, without = running(web(), spec_with())
    assert judge(claim(), web(), owner, without, usedBy=WEB).finding.reason == "ClaimNotUsed"
    _, going = running(web())
    going["metadata"]["deletionTimestamp"] = "2026-03-02T10:00:00Z"
    assert judge(claim(), web(), owner, going, usedBy=WEB).finding.reason == "ClaimNotUsed"


def test_a_pod_of_somebody_else_does_not_use_it_for_the_workload() -> None:
    by_hand = pod("web-1", **USING)
    judged = judge(claim(), web(replicas=0), by_hand, usedBy=WEB)
    assert (judged.finding.reason, judged.causes) == ("ClaimNotUsed", ("NoReplicas",))
    assert "should have a running pod that uses the claim data" in judged.says("en")
    assert "클레임 data를 사용하는 실행 중인 파드가 있어야 하지만 없습니다." in judged.says("ko")


def test_a_job_that_has_ended_has_used_it() -> None:
    nightly = cron_job("nightly")
    nightly["spec"]["jobTemplate"]["spec"]["template"]["spec"] = USING
    once = job("nightly-1", owner=nightly, template={"spec": USING})
    done = pod("nightly-1-x", once, **USING)
    done["status"]["phase"] = "Succeeded"
    for workload in (once, nightly):
        user = {"kind": workload["kind"], "name": workload["metadata"]["name"]}
        judged = judge(claim(), nightly, once, done, usedBy=user)
        assert judged.finding.outcome is Outcome.PASSED


def database(replicas: Any = 2, **spec: Any) -> Body:
    db = stateful_set(replicas=replicas, **spec)
    place = {"name": "data", "mountPath": "/data"}
    db["spec"]["template"]["spec"] = {"containers": [container(volumeMounts=[place])]}
    db["spec"]["volumeClaimTemplates"] = [{"metadata": {"name": "data"}, "spec": {}}]
    return db


def member(db: Body, ordinal: int, **status: Any) -> tuple[Body, Body]:
    name = f"data-db-{ordinal}"
    volume = {"name": "data", "persistentVolumeClaim": {"claimName": name}}
    made = pod(f"db-{ordinal}", db, volumes=[volume])
    made["status"] |= status
    return claim(name), made


def test_every_replica_of_a_stateful_set_has_a_claim_of_its_own() -> None:
    db = database()
    whole = (db, *member(db, 0), *member(db, 1))
    judged = judge(*whole, usedBy=DB, storageClass="standard")
    assert judged.finding.outcome is Outcome.PASSED
    assert len(judged.rounds) == 1
    assert judge(*whole[:-2], usedBy=DB).finding.reason == "NotFound"
    assert judge(*whole[:-1], usedBy=DB).finding.reason == "ClaimNotUsed"
    small = claim("data-db-1", size="1Mi")
    judged = judge(*whole[:-2], small, whole[-1], usedBy=DB, size={"min": "1Gi"})
    assert (judged.finding.reason, judged.params["claim"]) == ("ClaimTooSmall", "data-db-1")


def test_ordinals_may_begin_elsewhere() -> None:
    db = database(1, ordinals={"start": 5})
    assert judge(db, *member(db, 5), usedBy=DB).finding.outcome is Outcome.PASSED
    assert judge(db, *member(db, 0), usedBy=DB).finding.reason == "NotFound"


def test_no_replicas_use_nothing() -> None:
    judged = judge(database(0), usedBy=DB)
    assert (judged.finding.outcome, judged.finding.reason) == (Outcome.FAILED, "NoReplicas")


def test_a_number_of_replicas_that_nobody_can_have_costs_little() -> None:
    db = database(2_000_000_000)
    judged = judge(db, *member(db, 0), usedBy=DB)
    assert judged.finding.reason == "NotFound"
    assert len(judged.rounds) <= 3


def test_a_stateful_set_may_use_a_claim_of_its_own_name_too() -> None:
    db = stateful_set(replicas=1)
    db["spec"]["template"]["spec"] = USING
    assert judge(claim(), db, pod("db-0", db, **USING), usedBy=DB).finding.outcome is Outcome.PASSED


def test_pods_that_cannot_be_seen_leave_the_check_open() -> None:
    namespace = Namespace([claim(), web()], trouble={"Pod": FORBIDDEN})
    with pytest.raises(CouldNotLook):
        namespace.judge(claims={"claim": "data", "usedBy": WEB})


def test_what_runs_no_pods_cannot_use_it() -> None:
    user = {"kind": "Service", "name": "web"}
    (problem,) = KINDS["claims"].problems(Claims.model_validate({"claim": "data", "usedBy": user}))
    assert (problem.reason, "not Service" in problem.text) == ("Invalid", True)
    assert judge(usedBy=user).finding.outcome is Outcome.ERROR
    assert KINDS["claims"].problems(Claims.model_validate({"claim": "data", "usedBy": WEB})) == ()
