"""Why the API server refuses a workload's pods, from the messages of a real one."""

import time
from collections.abc import Callable

import pytest

from labgrader.checks.diagnosis.refusals import refusal
from tests.unit.checks.namespaces import Namespace
from tests.unit.checks.objects import (
    Body,
    daemon_set,
    deployment,
    event,
    replica_set,
    stateful_set,
)

CHECK = {"ready": {"object": {"kind": "Deployment", "name": "web"}}}
LATER = "2026-03-02T09:30:00Z"
FORBIDDEN_POD = 'pods "web-6c4d5db555-x" is forbidden: '


@pytest.mark.parametrize(
    ("said", "reason", "told"),
    [
        (
            "exceeded quota: small, requested: pods=1, used: pods=1, limited: pods=1",
            "QuotaExceeded",
            "requested: pods=1, used: pods=1, limited: pods=1",
        ),
        (
            "failed quota: strict: must specify limits.cpu for: web",
            "QuotaWantsLimits",
            "must specify limits.cpu for: web",
        ),
        (
            "maximum cpu usage per Container is 100m, but limit is 500m",
            "LimitRangeRefuses",
            "maximum cpu usage per Container is 100m, but limit is 500m",
        ),
        (
            'violates PodSecurity "restricted:latest": runAsNonRoot != true (pod must set it)',
            "PodSecurityRefuses",
            "runAsNonRoot != true (pod must set it)",
        ),
        (
            'error looking up service account kim/ghost: serviceaccount "ghost" not found',
            "ServiceAccountMissing",
            "ghost",
        ),
        ('admission webhook "x" denied the request', "PodsRefused", "denied the request"),
    ],
)
@pytest.mark.parametrize("holder", ["Deployment", "ReplicaSet"])
def test_refused_pods_are_told_with_the_servers_words(
    said: str, reason: str, told: str, holder: str
) -> None:
    failure = {"type": "ReplicaFailure", "status": "True", "message": FORBIDDEN_POD + said}
    web = deployment(status={"availableReplicas": 0})
    owner = replica_set(web)
    chosen = web if holder == "Deployment" else owner
    chosen["status"]["conditions"] = [failure]
    judged = Namespace([web, owner]).judge(**CHECK)
    assert judged.causes == (reason,)
    for lang in ("en", "ko"):
        assert told in judged.says(lang)
        assert FORBIDDEN_POD not in judged.says(lang)


@pytest.mark.parametrize(
    "make",
    [
        lambda: stateful_set("web", status={"availableReplicas": 0}),
        lambda: daemon_set("web", numberAvailable=0),
    ],
)
def test_refused_pods_without_a_condition_are_seen_in_events(make: Callable[[], Body]) -> None:
    workload = make()
    check = {"ready": {"object": {"kind": workload["kind"], "name": "web"}}}
    said = (
        'create Pod web-0 in StatefulSet web failed error: pods "web-0" is forbidden: '
        "exceeded quota: small, requested: pods=1, used: pods=1, limited: pods=1"
    )
    refused = event(workload, "FailedCreate", said, at=LATER)
    earlier = event(workload, "SuccessfulCreate", "create Pod web-0 successful")
    judged = Namespace([workload, earlier, refused]).judge(**check)
    assert judged.causes == ("QuotaExceeded",)
    mended = event(workload, "SuccessfulCreate", "create Pod web-0", at="2026-03-02T09:31:00Z")
    assert Namespace([workload, refused, mended]).judge(**check).causes == ()


@pytest.mark.parametrize(
    "said",
    ["y" * 200_000, 'violates PodSecurity "' + "x" * 200_000, "exceeded quota: " * 20_000],
    ids=["nothing in it", "a level that never ends", "a quota that never ends"],
)
def test_a_message_of_any_length_is_read_at_once(said: str) -> None:
    begun = time.process_time()
    assert refusal(said).reason == "PodsRefused"
    assert time.process_time() - begun < 1
