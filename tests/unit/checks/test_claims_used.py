"""Whether a workload uses a claim: its template says so, and a pod has run with it."""

from typing import Any

import pytest

from labgrader.api.kinds import Claims
from labgrader.checks.finding import Outcome
from labgrader.checks.registry import KINDS
from labgrader.evidence.snapshot import CouldNotLook
from tests.unit.checks.claimants import DB, MOUNT, USING, VOLUME, WEB, judge, running, web
from tests.unit.checks.namespaces import FORBIDDEN, Namespace
from tests.unit.checks.objects import (
    Body,
    claim,
    container,
    cron_job,
    job,
    pod,
    stateful_set,
)


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
