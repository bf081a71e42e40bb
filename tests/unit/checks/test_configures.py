from typing import Any

import pytest

from labgrader.api.kinds import Configures
from labgrader.checks.finding import Outcome
from labgrader.checks.registry import KINDS
from tests.unit.checks.namespaces import Judged, Namespace
from tests.unit.checks.objects import (
    Body,
    container,
    cron_job,
    daemon_set,
    deployment,
    job,
    pod,
    replica_set,
    stateful_set,
)

WEB = {"kind": "Deployment", "name": "web"}
LOOK = "Look: kubectl -n kim get deployment web -o yaml"


def web(*containers: Body, **spec: Any) -> Body:
    body = deployment()
    body["spec"]["template"]["spec"] = {"containers": list(containers or [container()]), **spec}
    return body


def judge(body: Body, *others: Body, **params: Any) -> Judged:
    ref = {"kind": body["kind"], "name": body["metadata"]["name"]}
    return Namespace([body, *others]).judge(configures={"object": ref, **params})


def amounts(cpu: str, memory: str) -> Body:
    return {"cpu": cpu, "memory": memory}


BURSTABLE = {"requests": {"cpu": "10m"}}


def test_what_is_set_up_passes_in_one_round() -> None:
    judged = judge(web(container(), container("log", "log:2")), image={})
    assert judged.finding.outcome is Outcome.PASSED
    assert [len(requests) for requests in judged.rounds] == [1]
    assert judged.says("en") == "Deployment web is set up as it should be (2 containers looked at)."
    assert judged.says("ko") == (
        "디플로이먼트 web의 설정이 모두 기대한 대로입니다(확인한 컨테이너 2개)."
    )


def test_a_difference_is_told_in_both_languages() -> None:
    limited = container(resources={"limits": {"memory": "512Mi"}})
    judged = judge(web(limited), limits={"memory": {"max": "128Mi"}})
    assert (judged.finding.outcome, judged.finding.reason) == (Outcome.FAILED, "SettingDiffers")
    assert judged.says("en") == (
        "Deployment web, container web: resources.limits.memory should be <=128Mi, but it is "
        f"512Mi. {LOOK}"
    )
    assert judged.says("ko") == (
        "디플로이먼트 web의 컨테이너 web에서 resources.limits.memory가 기대와 다릅니다. 기대한 값: "
        "<=128Mi, 실제 값: 512Mi. 확인: kubectl -n kim get deployment web -o yaml"
    )


def test_what_is_not_set_is_told_in_both_languages() -> None:
    judged = judge(web(), limits={"memory": {"min": "16Mi", "max": "128Mi"}})
    assert judged.says("en") == (
        "Deployment web, container web: resources.limits.memory should be >=16Mi, <=128Mi, but it "
        f"is not set. {LOOK}"
    )
    assert (
        "설정되어 있어야 하지만 설정되어 있지 않습니다. 기대한 값: >=16Mi, <=128Mi."
        in judged.says("ko")
    )


def test_all_differences_are_told_but_not_without_end() -> None:
    names = ("a", "b", "c", "d")
    judged = judge(
        web(*(container(name, f"{name}:latest") for name in names)),
        image={},
        limits={"memory": {}},
    )
    assert judged.params["container"] == "a"
    assert len(judged.causes) == 6
    assert judged.causes[-1] == "MoreDifferences"
    assert "2 more settings are not as they should be." in judged.says("en")
    assert "기대와 다른 설정이 2개 더 있습니다" in judged.says("ko")


def test_what_differs_beside_the_first_is_told_in_few_words() -> None:
    limited = container(resources={"limits": {"cpu": "2"}})
    wanted = {"cpu": {"max": "1"}, "memory": {"max": "1Gi"}}
    judged = judge(web(limited, container("log")), limits=wanted)
    assert judged.causes == ("AlsoMissing", "SettingMissing", "SettingMissing")
    assert judged.says("en").startswith(
        "Deployment web, container web: resources.limits.cpu should be <=1, but it is 2. "
        "Also, resources.limits.memory should be <=1Gi, but it is not set. "
        "Deployment web, container log: resources.limits.cpu should be <=1, but it is not set."
    )
    assert "resources.limits.memory도 설정되어 있지 않습니다. 기대한 값: <=1Gi." in judged.says(
        "ko"
    )
    wrong = container(resources={"limits": amounts("2", "2Gi")})
    assert judge(web(wrong), limits=wanted).causes == ("AlsoDiffers",)


@pytest.mark.parametrize(
    "body",
    [
        stateful_set(),
        daemon_set(),
        replica_set(deployment()),
        pod("single"),
        job("once"),
        cron_job("nightly"),
    ],
    ids=lambda body: str(body["kind"]),
)
def test_every_workload_is_looked_at(body: Body) -> None:
    good = judge(body, image={"registries": ["docker.io"]})
    bad = judge(body, limits={"cpu": {}})
    assert (good.finding.outcome, bad.finding.outcome) == (Outcome.PASSED, Outcome.FAILED)


def test_a_container_that_is_not_there_fails_with_the_nearest_name() -> None:
    judged = judge(web(container(), container("log")), containers=["wep"], image={})
    assert (judged.finding.reason, judged.causes) == ("ContainerAbsent", ("NearestName",))
    assert judged.says("en") == (
        "Deployment web should have a container named wep, but its containers are web, log. "
        f"The nearest name that is there is web. {LOOK}"
    )
    assert judged.says("ko").startswith(
        "디플로이먼트 web에 이름이 wep인 컨테이너가 있어야 하지만, 있는 컨테이너는 web, log입니다."
    )


@pytest.mark.parametrize("containers", [None, [], ["odd", None]])
def test_no_containers_never_pass(containers: Any) -> None:
    body = web()
    body["spec"]["template"]["spec"]["containers"] = containers
    judged = judge(body, image={})
    assert (judged.finding.outcome, judged.finding.reason) == (Outcome.FAILED, "NoContainers")


def test_what_runs_only_before_the_others_is_no_container_to_pass_with() -> None:
    body = web(initContainers=[container("first")])
    body["spec"]["template"]["spec"]["containers"] = []
    assert judge(body, image={}).finding.reason == "NoContainers"


def test_only_named_containers_are_looked_at() -> None:
    body = web(container(resources=BURSTABLE), container("log"))
    assert judge(body, containers=["web"], requests={"cpu": {}}).finding.outcome is Outcome.PASSED
    assert judge(body, requests={"cpu": {}}).params["container"] == "log"


def test_init_containers_count_for_image_and_security_and_sidecars_for_everything() -> None:
    first = container("first", "busybox")
    limits: Any = {"limits": {"memory": {}}}
    limited = container(resources={"limits": amounts("1", "1Mi")})
    body = web(limited, initContainers=[first])
    assert judge(body, **limits).finding.outcome is Outcome.PASSED
    assert judge(body, image={}).params["container"] == "first"
    assert judge(body, security={"runAsNonRoot": True}).params["container"] == "first"
    assert judge(body, containers=["first"], **limits).params["container"] == "first"
    sidecar = web(limited, initContainers=[{**first, "restartPolicy": "Always"}])
    assert judge(sidecar, **limits).params["container"] == "first"


@pytest.mark.parametrize(
    ("resources", "requests", "fine"),
    [
        ({"requests": {"cpu": "0.25"}}, {"cpu": {"min": "250m", "max": "250m"}}, True),
        ({"requests": {"cpu": 1}}, {"cpu": {"max": "1000m"}}, True),
        ({"requests": {"memory": "1Gi"}}, {"memory": {"max": "1000Mi"}}, False),
        ({"requests": {"memory": "1G"}}, {"memory": {"max": "1Gi"}}, True),
        ({"limits": {"cpu": "100m"}}, {"cpu": {"min": "50m"}}, True),
        ({"limits": {"cpu": "100m"}, "requests": {"cpu": "1m"}}, {"cpu": {"min": "50m"}}, False),
        ({"requests": {"cpu": "0"}}, {"cpu": {}}, False),
        ({"requests": {"cpu": "odd"}}, {"cpu": {"min": "0"}}, False),
        ({"requests": {"ephemeral-storage": "1Gi"}}, {"ephemeralStorage": {}}, True),
        ({"requests": None}, {"cpu": {}}, False),
        (None, {"cpu": {}}, False),
    ],
)
def test_requests_are_quantities(resources: Any, requests: Body, *, fine: bool) -> None:
    judged = judge(web(container(resources=resources)), requests=requests)
    assert (judged.finding.outcome is Outcome.PASSED) is fine


def test_a_workload_that_is_not_there_fails() -> None:
    judged = Namespace([deployment("wep")]).judge(configures={"object": WEB, "image": {}})
    assert (judged.finding.reason, judged.causes) == ("NotFound", ("NearestName",))


def test_what_has_no_containers_is_the_fault_of_the_check() -> None:
    judged = Namespace().judge(configures={"object": {"kind": "Service", "name": "x"}, "image": {}})
    assert judged.finding.outcome is Outcome.ERROR


@pytest.mark.parametrize(
    ("params", "text"),
    [
        ({}, "asks for nothing"),
        ({"probes": {}, "limits": {}, "security": {}}, "asks for nothing"),
        ({"object": {"kind": "Service", "name": "x"}, "image": {}}, "not Service"),
        ({"object": {**WEB, "apiVersion": "x/v1"}, "image": {}}, "not x/v1 Deployment"),
        (
            {"probes": {"liveness": {"kind": "exec", "path": "/x"}}},
            "only an httpGet probe has a path, not exec",
        ),
        ({"probes": {"startup": {"kind": "exec", "port": 80}}}, "an exec probe has no port"),
        ({"probes": {"startup": {"periodSeconds": {"min": 5, "max": 4}}}}, "min is above max"),
        ({"probes": {"startup": {"periodSeconds": {}}}}, "set min, max or both"),
        ({"limits": {"cpu": {"min": "1", "max": "999m"}}}, "limits.cpu: min is above max"),
        ({"limits": {"cpu": {"max": "0"}}}, "max is 0"),
        ({"containers": ["a", "a"], "image": {}}, "containers: a stands there twice"),
        ({"mounts": [{"path": "/a"}, {"path": "/a/"}]}, "mounts: /a stands there twice"),
    ],
)
def test_unusable_params_are_problems(params: Body, text: str) -> None:
    (problem,) = KINDS["configures"].problems(Configures.model_validate({"object": WEB, **params}))
    assert problem.reason == "Invalid"
    assert text in problem.text


def test_usable_params_are_none() -> None:
    whole = {
        "object": WEB,
        "limits": {"cpu": {"min": "999m", "max": "1"}},
        "probes": {"startup": {}},
    }
    assert KINDS["configures"].problems(Configures.model_validate(whole)) == ()
