"""The part of ``configures`` that Kubernetes computes: the QoS class."""

from typing import Any

import pytest

from labgrader.checks.finding import Outcome
from labgrader.evidence.snapshot import CouldNotLook
from tests.unit.checks.namespaces import FORBIDDEN, Namespace
from tests.unit.checks.objects import Body, container, cron_job, deployment, job, pod, replica_set
from tests.unit.checks.test_configures import BURSTABLE, LOOK, WEB, amounts, judge, web

GUARANTEED = {"limits": amounts("0.5", "64Mi"), "requests": amounts("500m", "64Mi")}


@pytest.mark.parametrize(
    ("containers", "init", "qos"),
    [
        ([GUARANTEED], [], "Guaranteed"),
        ([{"limits": amounts("1", "1Gi")}], [], "Guaranteed"),
        ([GUARANTEED, GUARANTEED], [GUARANTEED], "Guaranteed"),
        ([GUARANTEED], [{}], "Burstable"),
        ([GUARANTEED, {}], [], "Burstable"),
        ([GUARANTEED | {"requests": amounts("1m", "64Mi")}], [], "Burstable"),
        ([{"limits": {"cpu": "1"}}], [], "Burstable"),
        ([{"requests": {"memory": "1"}}], [], "Burstable"),
        ([{}], [BURSTABLE], "Burstable"),
        ([{}], [], "BestEffort"),
        ([{"requests": amounts("0", "0")}], [], "BestEffort"),
        ([{"limits": {"ephemeral-storage": "1Gi"}}], [], "BestEffort"),
        (
            [
                {"limits": amounts("1", "1Gi"), "requests": amounts("1", "2Gi")},
                {"limits": amounts("1", "2Gi"), "requests": amounts("1", "1Gi")},
            ],
            [],
            "Guaranteed",
        ),
    ],
)
def test_the_qos_class_is_what_kubernetes_makes_it(
    containers: list[Any], init: list[Any], qos: str
) -> None:
    body = web(
        *(container(f"c{n}", resources=r) for n, r in enumerate(containers)),
        initContainers=[container(f"i{n}", resources=r) for n, r in enumerate(init)],
    )
    for wanted in ("Guaranteed", "Burstable", "BestEffort"):
        judged = judge(body, qos=wanted)
        assert (judged.finding.outcome is Outcome.PASSED) is (wanted == qos), wanted


@pytest.mark.parametrize(
    ("resources", "qos"),
    [
        ({"limits": amounts("1", "1Gi")}, "Guaranteed"),
        ({"limits": amounts("1", "1Gi"), "requests": amounts("1", "1Mi")}, "Burstable"),
        ({}, "BestEffort"),
    ],
)
def test_resources_of_the_whole_pod_decide_its_qos_class(resources: Body, qos: str) -> None:
    assert judge(web(resources=resources), qos=qos).finding.outcome is Outcome.PASSED


def test_another_qos_class_is_told_with_what_keeps_from_it() -> None:
    judged = judge(web(container(resources={"limits": {"cpu": "1"}})), qos="Guaranteed")
    assert judged.finding.reason == "QosDiffers"
    assert judged.says("en") == (
        "Deployment web should have pods of the QoS class Guaranteed, but its requests and limits "
        "make them Burstable. Deployment web, container web: resources.limits.memory should be >0, "
        f"but it is not set. {LOOK}"
    )
    assert "QoS 클래스 Guaranteed가 필요하지만" in judged.says("ko")
    assert judge(web(container(resources=BURSTABLE)), qos="BestEffort").causes == (
        "QosFromContainer",
    )


def test_pods_of_another_qos_class_contradict_the_template() -> None:
    body = web(container(resources=BURSTABLE))
    owner = replica_set(deployment())
    old = pod("web-1", owner)
    old["status"]["qosClass"] = "BestEffort"
    judged = judge(body, owner, old, qos="Burstable")
    assert (judged.finding.outcome, judged.finding.reason) == (Outcome.FAILED, "PodQosDiffers")
    assert "pod web-1 is BestEffort" in judged.says("en")
    assert "파드 web-1은 BestEffort입니다" in judged.says("ko")
    for change in ({"qosClass": "Burstable"}, {"phase": "Succeeded"}):
        fine = {**old, "status": {**old["status"], **change}}
        assert judge(body, owner, fine, qos="Burstable").finding.outcome is Outcome.PASSED


def test_the_pods_of_a_cron_job_are_found_through_its_jobs() -> None:
    nightly = cron_job("nightly")
    once = job("nightly-1", owner=nightly)
    run = pod("nightly-1-x", once)
    run["status"]["qosClass"] = "Guaranteed"
    assert judge(nightly, once, run, qos="BestEffort").finding.reason == "PodQosDiffers"


def test_pods_that_cannot_be_seen_leave_the_qos_class_open() -> None:
    namespace = Namespace([web()], trouble={"Pod": FORBIDDEN})
    with pytest.raises(CouldNotLook, match="list events in kim"):
        namespace.judge(configures={"object": WEB, "qos": "BestEffort"})


def test_only_containers_with_amounts_keep_from_best_effort() -> None:
    body = web(container("bare"), container("big", resources=BURSTABLE))
    found = judge(body, qos="BestEffort").finding
    told = [
        dict(one.params)["container"] for one in found.causes if one.reason == "QosFromContainer"
    ]
    assert told == ["big"]


@pytest.mark.parametrize("wanted", ["Guaranteed", "BestEffort"])
def test_with_resources_of_the_whole_pod_no_container_is_told(wanted: str) -> None:
    whole = {"limits": amounts("1", "1Gi"), "requests": amounts("1", "1Mi")}
    body = web(container(resources=BURSTABLE), resources=whole)
    judged = judge(body, qos=wanted)
    assert (judged.finding.reason, judged.causes) == ("QosDiffers", ())
