from typing import Any

import pytest

from labgrader.api.check import Check
from labgrader.api.exercise import LabExercise
from labgrader.api.kinds import Connects
from labgrader.checks.connects import problems
from labgrader.checks.finding import Outcome
from labgrader.evidence.answers import Trouble
from labgrader.evidence.requests import Origin, ProvePolicies, TryFlow
from labgrader.evidence.snapshot import CouldNotLook
from labgrader.grading.plan import problems as exercise_problems
from tests.unit.checks.namespaces import Judged, Namespace
from tests.unit.checks.objects import (
    NAMESPACE,
    Body,
    deployment,
    endpoint,
    endpoint_slice,
    meta,
    pod,
    replica_set,
    service,
    stateful_set,
    unready,
)

WEB = deployment()
OWNER = replica_set(WEB)
FIRST, SECOND = pod("web-1", OWNER), pod("web-2", OWNER, ip="10.244.0.6")
THERE = [WEB, OWNER, FIRST, SECOND, service()]
THERE.append(endpoint_slice("web", endpoint(FIRST), endpoint(SECOND)))
TO = {"service": "web", "port": 80}
PODS = {"object": {"kind": "Deployment", "name": "web"}, "port": 8080}
FRONT = {"labels": {"role": "front"}}


def flow(allowed: bool, source: Any = None, to: Any = None) -> Body:  # noqa: FBT001 (reads well)
    return {"from": source or {}, "to": to or TO, "allowed": allowed}


IN, OUT = flow(True, FRONT), flow(False)  # noqa: FBT003


def policy(name: str = "web", **spec: Any) -> Body:
    chosen = {"podSelector": {"matchLabels": {"app": "web"}}, "policyTypes": ["Ingress"], **spec}
    api = "networking.k8s.io/v1"
    return {"apiVersion": api, "kind": "NetworkPolicy", "metadata": meta(name), "spec": chosen}


def judge(*flows: Body, objects: Any = (), **space: Any) -> Judged:
    there = [*(objects or THERE), *space.pop("also", ())]
    return Namespace(there, **space).judge(connects={"flows": list(flows)})


def test_what_must_pass_passes_and_what_must_not_does_not() -> None:
    judged = judge(IN, OUT, flows={"role=front": "open", "-": "timeout"})
    assert judged.finding.outcome is Outcome.PASSED
    assert judged.says("en") == (
        "Connections come about and are held back as expected: 1 must come about, 1 must not."
    )
    assert judged.says("ko") == (
        "연결이 기대한 대로 허용되고 차단됩니다. 허용되어야 하는 연결 1개, 차단되어야 하는 연결 1개를"
        " 확인했습니다."
    )


def test_all_connections_and_the_control_are_asked_for_at_once() -> None:
    judged = judge(IN, OUT, flow(True, FRONT, PODS), flows={"role=front": "open", "-": "timeout"})  # noqa: FBT003
    assert len(judged.rounds) == 2
    front, nobody = Origin(NAMESPACE, (("role", "front"),)), Origin(NAMESPACE)
    assert set(judged.rounds[1]) == {
        TryFlow(front, "10.96.0.20", 80),
        TryFlow(nobody, "10.96.0.20", 80),
        TryFlow(front, "10.244.0.5", 8080),
        TryFlow(front, "10.244.0.6", 8080),
        ProvePolicies(),
    }


def test_many_places_take_no_more_rounds_than_one() -> None:
    """The engine lets a check ask a few times only."""
    sets = [stateful_set(f"db{n}", 1) for n in range(18)]
    pods = [pod(f"db{n}-0", owner, ip=f"10.244.1.{n}") for n, owner in enumerate(sets)]
    flows = [
        flow(True, FRONT, {"object": {"kind": "StatefulSet", "name": f"db{n}"}, "port": 5432})  # noqa: FBT003
        for n in range(18)
    ]
    judged = judge(*flows, objects=[*sets, *pods], flows={"role=front": "open"})
    assert judged.finding.outcome is Outcome.PASSED
    assert len(judged.rounds) == 2


def test_a_check_that_denies_nothing_needs_no_control() -> None:
    judged = judge(IN, flows={"role=front": "open"}, enforced=False)
    assert judged.finding.outcome is Outcome.PASSED
    assert ProvePolicies() not in judged.rounds[1]


def test_a_lost_connection_names_the_policies_on_both_ends() -> None:
    egress = policy("shut", podSelector={}, policyTypes=["Egress"])
    said = {"role=front": "timeout", "-": "timeout"}
    judged = judge(IN, OUT, flows=said, also=[policy(), egress])
    assert judged.finding.outcome is Outcome.FAILED
    assert judged.causes == ("PoliciesRestrict", "PoliciesHoldBack")
    assert judged.says("en").startswith(
        "A pod (role=front) in kim must be able to connect to Service web:80, but its"
        " connections get no answer: something drops them on the way."
    )
    assert "what pods with these labels may reach (Egress): shut." in judged.says("en")
    assert judged.says("en").endswith("Look: kubectl -n kim describe networkpolicies")
    assert judged.says("ko").startswith(
        "kim의 파드(role=front)는 Service web:80에 연결할 수 있어야 하지만, 연결에 아무 응답이"
        " 없습니다."
    )


@pytest.mark.parametrize(
    ("spec", "named"),
    [
        ({"podSelector": {}, "egress": []}, False),  # policyTypes is always filled in
        ({"podSelector": {"matchLabels": {"role": "front"}}, "policyTypes": ["Egress"]}, True),
        ({"podSelector": {"matchLabels": {"role": "back"}}, "policyTypes": ["Egress"]}, False),
        ({"podSelector": {}, "policyTypes": ["Ingress"]}, False),
    ],
)
def test_only_a_policy_on_the_way_out_holds_the_asking_pod_back(spec: Any, named: bool) -> None:  # noqa: FBT001
    judged = judge(IN, flows={"role=front": "timeout"}, also=[policy("shut", **spec)])
    assert ("PoliciesHoldBack" in judged.causes) is named
    assert judged.finding.reason == ("FlowTimesOut" if judged.causes else "FlowLost")


def test_a_pod_elsewhere_is_not_held_back_by_policies_here() -> None:
    shut = policy("shut", podSelector={}, policyTypes=["Egress"])
    outside = flow(True, {"outside": True})  # noqa: FBT003
    judged = judge(outside, flows={"outside/-": "timeout"}, also=[shut])
    assert (judged.finding.reason, judged.causes) == ("FlowLost", ())
    assert "in another namespace must be able" in judged.says("en")
    assert judged.says("ko").startswith("다른 네임스페이스의 파드(레이블 없음)는")


def test_nobody_listening_is_told_apart_from_a_policy() -> None:
    judged = judge(IN, OUT, flows={"role=front": "refused", "-": "refused"})
    assert judged.finding.reason == "FlowRefused"
    assert judged.causes == ("NothingListens",)


def test_an_open_way_without_any_policy_says_so() -> None:
    judged = judge(IN, OUT, flows={"role=front": "open", "-": "open"})
    assert judged.finding.reason == "FlowPasses"
    assert judged.causes == ("NoPolicies",)
    assert judged.says("en") == (
        "A pod (without labels) in kim must not be able to connect to Service web:80, but its"
        " connections come about. There is no NetworkPolicy in kim, so every connection is let"
        " through. Look: kubectl -n kim describe networkpolicies"
    )
    assert (
        "연결할 수 없어야 하지만, 연결됩니다. kim에 네트워크폴리시가 하나도 없어서"
        in judged.says("ko")
    )


@pytest.mark.parametrize(
    ("there", "cause"),
    [
        (policy(podSelector={"matchLabels": {"app": "other"}}), "NoPolicyChooses"),
        (policy(), "PoliciesRestrict"),
    ],
)
def test_an_open_way_with_policies_says_which(there: Body, cause: str) -> None:
    judged = judge(IN, OUT, flows={"role=front": "open", "-": "open"}, also=[there])
    assert judged.causes == (cause,)


@pytest.mark.parametrize("word", ["open", "timeout"])
def test_without_enforcement_nothing_is_said_about_policies(word: str) -> None:
    judged = judge(IN, OUT, flows={"role=front": "open", "-": word}, enforced=False)
    assert judged.finding.outcome is Outcome.UNKNOWN
    assert not judged.finding.transient
    assert "Ask whoever runs the cluster for a network plugin (CNI)" in judged.says("en")
    assert "클러스터 관리자에게" in judged.says("ko")


def test_a_broken_way_counts_also_without_enforcement() -> None:
    judged = judge(IN, OUT, flows={"role=front": "refused", "-": "timeout"}, enforced=False)
    assert judged.finding.reason == "FlowRefused"


def test_trouble_with_the_control_is_the_graders() -> None:
    lost = Trouble("ControlFailed", "open port: timeout", transient=True)
    said = {"role=front": "open", "-": "timeout"}
    with pytest.raises(CouldNotLook):
        judge(IN, OUT, flows=said, trouble={"Control": lost})


def test_a_headless_service_is_reached_at_its_pods() -> None:
    headless = service(clusterIP="None")
    there = [*THERE[:4], headless, THERE[5]]
    judged = judge(IN, objects=there, flows={"role=front": "open"})
    addresses = {(r.address, r.port) for r in judged.rounds[1] if isinstance(r, TryFlow)}
    assert addresses == {("10.244.0.5", 8080), ("10.244.0.6", 8080)}


def test_a_workload_that_is_not_ready_is_told_with_its_trouble() -> None:
    sick = pod("web-1", OWNER, statuses=[unready()])
    judged = judge(flow(True, FRONT, PODS), objects=[WEB, OWNER, sick])  # noqa: FBT003
    assert judged.finding.reason == "NoReadyPodToReach"
    assert judged.causes == ("PodNotReadyYet",)


FULL = 'pods "labgrader-probe-x-" is forbidden: exceeded quota: q, requested: pods=1, used: pods=2'


def binding(role: str) -> Body:
    ref = {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": role}
    api = "rbac.authorization.k8s.io/v1"
    return {"apiVersion": api, "kind": "RoleBinding", "metadata": meta(role), "roleRef": ref}


@pytest.mark.parametrize(
    ("said", "also", "outcome"),
    [
        (FULL, [], Outcome.UNKNOWN),
        (FULL, [binding("labgrader-learner")], Outcome.UNKNOWN),
        (FULL, [binding("labgrader-learner-rules")], Outcome.FAILED),
        (
            'pods "x" is forbidden: violates PodSecurity "restricted:latest": privileged',
            [binding("labgrader-learner-rules")],
            Outcome.UNKNOWN,
        ),
    ],
)
def test_what_keeps_the_probe_out_counts_where_the_learner_wrote_it(
    said: str, also: list[Body], outcome: Outcome
) -> None:
    judged = judge(IN, kept_out=said, also=also)
    assert judged.finding.outcome is outcome
    if outcome is Outcome.FAILED:
        assert judged.causes == ("QuotaExceeded",)
    else:
        assert said in judged.says("en")


def wrong(*flows: Body) -> list[str]:
    return [problem.text for problem in problems(Connects.model_validate({"flows": flows}))]


DEPLOYMENT = {"kind": "Deployment", "name": "web"}


def test_right_flows_have_no_problem() -> None:
    assert wrong(IN, OUT, flow(True, FRONT, PODS), flow(False, None, PODS)) == []  # noqa: FBT003


@pytest.mark.parametrize(
    ("flows", "complaint"),
    [
        ([OUT], "Service web, port 80, must not be reached: let the check also say"),
        ([IN, flow(False, None, PODS)], "Deployment web, port 8080, must not be reached"),  # noqa: FBT003
        ([IN, IN], "two flows are from the same pod to the same place"),
        ([flow(True, None, {"port": 80})], "name a service or an object, one of them"),  # noqa: FBT003
        ([flow(True, None, {**TO, "object": DEPLOYMENT})], "name a service or an object"),  # noqa: FBT003
        (
            [flow(True, None, {"object": {"kind": "Job", "name": "j"}, "port": 80})],  # noqa: FBT003
            "connects knows Deployment",
        ),
        ([flow(True, {"labels": {"a b": "c"}})], "no pod can carry the label a b=c"),  # noqa: FBT003
        ([flow(True, {"labels": {"a": "-c"}})], "no pod can carry the label a=-c"),  # noqa: FBT003
        ([flow(True, {"labels": {"labgrader.dev/probe": "x"}})], "is the grader's own"),  # noqa: FBT003
        ([flow(True, {"outside": True, "namespace": "shop"})], "outside is no namespace"),  # noqa: FBT003
    ],
)
def test_flows_that_prove_nothing_are_refused(flows: list[Body], complaint: str) -> None:
    assert any(complaint in text for text in wrong(*flows)), wrong(*flows)


@pytest.mark.parametrize(("also", "found"), [([], True), (["shop"], False)])
def test_probes_stand_only_in_namespaces_that_the_exercise_names(
    also: list[str], *, found: bool
) -> None:
    check = {"name": "c", "points": 1, "connects": {"flows": [flow(True, {"namespace": "shop"})]}}  # noqa: FBT003
    text = {"en": "x"}
    spec = {"title": text, "task": text, "checks": [check], "alsoReads": also}
    exercise = LabExercise.parse({"metadata": {"name": "x"}, "spec": spec}, strict=True)
    texts = [problem.text for problem in exercise_problems(exercise)]
    assert any("the namespace shop, which is not in spec.alsoReads" in t for t in texts) is found


def test_the_source_is_written_as_from() -> None:
    check = Check.model_validate({"name": "c", "connects": {"flows": [IN]}})
    assert check.params.model_dump(by_alias=True)["flows"][0]["from"]["labels"] == {"role": "front"}
