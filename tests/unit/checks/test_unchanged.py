import copy
from typing import Any

import pytest
from hypothesis import example
from hypothesis import given as examples
from hypothesis import strategies as st

from labgrader.checks.expect.exact import Looks, first_change, place_of
from labgrader.checks.finding import Outcome
from tests.unit.checks.namespaces import Judged, Namespace
from tests.unit.checks.objects import Body, meta

CONFIG: Body = {
    "apiVersion": "v1",
    "kind": "ConfigMap",
    "metadata": {"name": "shop", "labels": {"team": "blue"}},
    "data": {"GREETING": "hello", "app.conf": "a=1\n", "least": ">=2", "empty": ""},
}
SERVICE: Body = {
    "apiVersion": "v1",
    "kind": "Service",
    "metadata": {"name": "shop"},
    "spec": {"selector": {"app": "shop"}, "ports": [{"port": 80, "targetPort": 8080}]},
}
DEPLOYMENT: Body = {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": {"name": "shop", "labels": {}},
    "spec": {
        "paused": False,
        "replicas": 2,
        "selector": {"matchLabels": {"app": "shop"}},
        "template": {
            "metadata": {"labels": {"app": "shop"}},
            "spec": {
                "automountServiceAccountToken": False,
                "volumes": [{"name": "tmp", "emptyDir": {}}],
                "containers": [
                    {
                        "name": "web",
                        "image": "web:1",
                        "args": ["--port", "", "8080"],
                        "env": [],
                        "resources": {"limits": {"cpu": 1, "memory": "0.5Gi"}},
                    }
                ],
            },
        },
    },
}
POLICY: Body = {
    "apiVersion": "networking.k8s.io/v1",
    "kind": "NetworkPolicy",
    "metadata": {"name": "shop"},
    "spec": {"podSelector": {}, "ingress": [{"ports": [{"port": 80}]}]},
}
ALL = (CONFIG, SERVICE, DEPLOYMENT, POLICY)


def served(body: Body) -> Body:
    """The object as an API server returns it, with what it fills in and leaves out."""
    made = copy.deepcopy(body)
    made["metadata"] = {**made["metadata"], **meta("shop"), "managedFields": [{"manager": "x"}]}
    made["metadata"] = {k: v for k, v in made["metadata"].items() if v != {}}
    spec: Any = made.get("spec", {})
    match made["kind"]:
        case "Service":
            spec |= {"clusterIP": "10.0.0.7", "clusterIPs": ["10.0.0.7"], "type": "ClusterIP"}
            spec["ports"][0]["protocol"] = "TCP"
        case "Deployment":
            del spec["paused"]
            spec |= {"progressDeadlineSeconds": 600, "strategy": {"type": "RollingUpdate"}}
            made["metadata"]["annotations"] = {"deployment.kubernetes.io/revision": "1"}
            pod = spec["template"]["spec"]
            pod |= {"restartPolicy": "Always", "securityContext": {}}
            container = pod["containers"][0]
            del container["env"]
            container |= {"imagePullPolicy": "IfNotPresent"}
            container["resources"]["limits"] = {"cpu": "1", "memory": "512Mi"}
        case "NetworkPolicy":
            spec["policyTypes"] = ["Ingress"]
            spec["ingress"][0]["ports"][0]["protocol"] = "TCP"
    return made | {"status": {"anything": 1}}


def judge(given: Body, there: Body | None, **params: Any) -> Judged:
    objects = [] if there is None else [there]
    ref = {"kind": given["kind"], "name": "shop"}
    return Namespace(objects, gave=ALL).judge(unchanged={"object": ref, **params})


def changed(given: Body, path: str, value: Any) -> Body:
    """The served object with another value at a path of keys and indexes."""
    made = served(given)
    *above, last = [int(part) if part.isdecimal() else part for part in path.split("/")]
    place: Any = made
    for part in above:
        place = place[part]
    if value is None:
        del place[last]
    elif last == "+":
        place.append(value)
    else:
        place[last] = value
    return made


@pytest.mark.parametrize("given", ALL, ids=lambda body: body["kind"])
def test_what_the_api_server_fills_in_is_no_change_and_costs_one_request(given: Body) -> None:
    judged = judge(given, served(given))
    assert (judged.finding.outcome, judged.finding.reason) == (Outcome.PASSED, "AsGiven")
    assert [len(requests) for requests in judged.rounds] == [1]


def test_what_is_as_given_is_told() -> None:
    judged = judge(CONFIG, served(CONFIG))
    assert judged.says("en") == "ConfigMap shop is still as the exercise gave it."
    assert judged.says("ko") == "컨피그맵 shop은 연습 문제에서 제공한 그대로입니다."


def test_made_again_in_the_same_words_is_unchanged() -> None:
    again = served(CONFIG)
    again["metadata"] |= {"uid": "another", "creationTimestamp": "2027-01-01T00:00:00Z"}
    assert judge(CONFIG, again).finding.outcome is Outcome.PASSED


@pytest.mark.parametrize(
    ("given", "path", "value", "reason", "told"),
    [
        (CONFIG, "data/GREETING", "hi", "GivenChanged", "data.GREETING"),
        (CONFIG, "data/least", "3", "GivenChanged", "data.least"),
        (CONFIG, "data/GREETING", None, "GivenTakenAway", "data.GREETING"),
        (CONFIG, "data", None, "GivenTakenAway", "data.GREETING"),
        (CONFIG, "data/more.conf", "x", "GivenAddedTo", 'data["more.conf"]'),
        (CONFIG, "data/empty", "full", "GivenChanged", "data.empty"),
        (CONFIG, "binaryData", {"a": "YQ=="}, "GivenAddedTo", "binaryData.a"),
        (CONFIG, "metadata/labels/team", "red", "GivenChanged", "metadata.labels.team"),
        (SERVICE, "spec/selector/tier", "web", "GivenAddedTo", "spec.selector.tier"),
        (SERVICE, "spec/ports/0/targetPort", "8080", "GivenChanged", "spec.ports[port=80]"),
        (SERVICE, "spec/ports/+", {"port": 81}, "GivenAddedTo", "spec.ports[port=81]"),
        (SERVICE, "spec/ports", [], "GivenTakenAway", "spec.ports[port=80]"),
        (DEPLOYMENT, "spec/paused", True, "GivenChanged", "spec.paused"),
        (DEPLOYMENT, "spec/replicas", 3, "GivenChanged", "spec.replicas"),
        (
            DEPLOYMENT,
            "spec/template/spec/automountServiceAccountToken",
            None,
            "GivenTakenAway",
            "spec.template.spec.automountServiceAccountToken",
        ),
        (
            DEPLOYMENT,
            "spec/template/spec/containers/0/args",
            ["--port", "", "8081"],
            "GivenChanged",
            "args",
        ),
        (
            DEPLOYMENT,
            "spec/template/spec/containers/0/env",
            [{"name": "A"}],
            "GivenAddedTo",
            "env[A]",
        ),
        (
            DEPLOYMENT,
            "spec/template/spec/containers/+",
            {"name": "spy"},
            "GivenAddedTo",
            "containers[spy]",
        ),
        (
            DEPLOYMENT,
            "spec/template/spec/volumes/0",
            {"name": "tmp", "configMap": {"name": "x"}},
            "GivenTakenAway",
            "volumes[tmp].emptyDir",
        ),
        (POLICY, "spec/egress", [{}], "GivenAddedTo", "spec.egress"),
        (POLICY, "spec/podSelector", {"matchLabels": {"a": "b"}}, "GivenAddedTo", "matchLabels"),
        (POLICY, "spec/ingress/0/from", [{"podSelector": {}}], "GivenAddedTo", "from"),
    ],
)
def test_a_change_is_found_and_its_place_told(
    given: Body, path: str, value: Any, reason: str, told: str
) -> None:
    judged = judge(given, changed(given, path, value))
    assert (judged.finding.outcome, judged.finding.reason) == (Outcome.FAILED, reason)
    assert told in judged.params["path"]


@pytest.mark.parametrize(
    ("given", "path", "value"),
    [
        (CONFIG, "metadata/labels/mine", "x"),
        (CONFIG, "metadata/annotations", {"note": "x"}),
        (CONFIG, "data/empty", ""),
        (DEPLOYMENT, "spec/template/spec/containers/0/resources/limits/memory", "524288Ki"),
        (DEPLOYMENT, "spec/template/metadata/annotations", {"restartedAt": "now"}),
        (DEPLOYMENT, "spec/paused", False),
    ],
)
def test_what_was_not_given_or_means_the_same_is_no_change(
    given: Body, path: str, value: Any
) -> None:
    assert judge(given, changed(given, path, value)).finding.outcome is Outcome.PASSED


def test_a_pod_gets_volumes_from_admission() -> None:
    pod: Body = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "shop"},
        "spec": {"containers": [{"name": "web", "volumeMounts": []}], "volumes": []},
    }
    there = {**pod, "metadata": meta("shop"), "spec": {**pod["spec"], "volumes": [{"name": "t"}]}}
    judged = Namespace([there], gave=(pod,)).judge(
        unchanged={"object": {"kind": "Pod", "name": "shop"}}
    )
    assert judged.finding.outcome is Outcome.PASSED


def test_two_items_of_one_name_are_not_taken_for_each_other() -> None:
    ports = [{"port": 53, "protocol": "UDP"}, {"port": 53, "endPort": 60}]
    policy = {**POLICY, "spec": {"podSelector": {}, "egress": [{"ports": ports}]}}
    there = copy.deepcopy(policy) | {"metadata": meta("shop")}
    there["spec"]["egress"][0]["ports"][1]["protocol"] = "TCP"
    judged = Namespace([there], gave=(policy,)).judge(
        unchanged={"object": {"kind": "NetworkPolicy", "name": "shop"}}
    )
    assert judged.finding.outcome is Outcome.PASSED


def test_only_some_fields_or_all_but_some_are_looked_at() -> None:
    other_target = changed(SERVICE, "spec/ports/0/targetPort", 80)
    left_out = {"leavingOut": ["spec.ports.targetPort"]}
    assert judge(SERVICE, other_target, **left_out).finding.outcome is Outcome.PASSED
    assert judge(SERVICE, other_target, fields=["spec.ports.port"]).finding.reason == "AsGiven"
    assert judge(SERVICE, other_target, fields=["spec.ports"]).finding.reason == "GivenChanged"
    port = changed(SERVICE, "spec/ports/0/port", 8080)
    assert judge(SERVICE, port, **left_out).finding.outcome is Outcome.FAILED
    assert judge(SERVICE, port, fields=["spec.ports.port"]).finding.outcome is Outcome.FAILED
    assert judge(SERVICE, port, fields=["spec.selector"]).finding.outcome is Outcome.PASSED
    more = changed(CONFIG, "data/more", "x")
    assert judge(CONFIG, more, fields=['data["app.conf"]']).finding.outcome is Outcome.PASSED
    assert judge(CONFIG, more, fields=["data"]).finding.reason == "GivenAddedTo"
    conf = changed(CONFIG, "data/app.conf", "b")
    assert judge(CONFIG, conf, leavingOut=['data["app.conf"]']).finding.reason == "AsGiven"


def test_a_change_is_told_in_both_languages() -> None:
    judged = judge(CONFIG, changed(CONFIG, "data/GREETING", "hi"))
    assert judged.says("en") == (
        "ConfigMap shop must stay as the exercise gave it, but data.GREETING was changed: "
        "given was hello, now it is hi. Look: kubectl -n kim get configmap shop -o yaml"
    )
    assert judged.says("ko") == (
        "컨피그맵 shop은 연습 문제에서 제공한 그대로 있어야 하지만, data.GREETING 값이 바뀌었습니다. "
        "제공한 값: hello, 현재 값: hi. 확인: kubectl -n kim get configmap shop -o yaml"
    )
    number = judge(CONFIG, changed(CONFIG, "data/least", "3"))
    assert 'given was >=2, now it is "3".' in number.says("en")
    added = judge(CONFIG, changed(CONFIG, "data/more", "x"))
    assert "but data.more was added: x." in added.says("en")
    assert "data.more 부분이 추가되었습니다: x." in added.says("ko")
    gone = judge(CONFIG, changed(CONFIG, "data/GREETING", None))
    assert "but data.GREETING is gone: given was hello." in gone.says("en")
    assert "data.GREETING 부분이 없어졌습니다. 제공한 값: hello." in gone.says("ko")


def test_what_was_deleted_fails_and_says_whose_it_was() -> None:
    judged = judge(CONFIG, None)
    assert (judged.finding.outcome, judged.finding.reason) == (Outcome.FAILED, "NotFound")
    assert "The exercise had put ConfigMap shop there, and it should have stayed." in (
        judged.says("en")
    )
    assert "컨피그맵 shop은 연습 문제에서 제공한 것이며" in judged.says("ko")
    going = served(CONFIG)
    going["metadata"]["deletionTimestamp"] = "2026-03-02T10:00:00Z"
    assert judge(CONFIG, going).finding.reason == "BeingDeleted"


def test_what_was_never_given_is_the_exercises_error() -> None:
    judged = Namespace([served(CONFIG)]).judge(
        unchanged={"object": {"kind": "ConfigMap", "name": "shop"}}
    )
    assert (judged.finding.outcome, judged.finding.reason) == (Outcome.ERROR, "NothingGiven")
    assert "mistake in the exercise" in judged.says("en")
    assert "연습 문제의 잘못" in judged.says("ko")


def test_a_huge_object_costs_a_message_not_minutes() -> None:
    huge = changed(DEPLOYMENT, "spec/template/spec/containers", [{"name": "x"}] * 200_000)
    assert judge(DEPLOYMENT, huge).finding.reason == "ObjectTooLarge"


def test_both_ways_at_once_are_refused() -> None:
    with pytest.raises(ValueError, match="not under both"):
        judge(CONFIG, served(CONFIG), fields=["data"], leavingOut=["data.a"])


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("spec.ports", ("spec", "ports")),
        ('data["app.conf"]', ("data", "app.conf")),
        ('["odd.key"].x', ("odd.key", "x")),
    ],
)
def test_paths_are_read(path: str, place: tuple[str, ...]) -> None:
    assert place_of(path) == place


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["data", "spec", "selector", "name", "ports", "port", "x"]), inner
        )
    ),
    max_leaves=25,
)


@examples(st.sampled_from(ALL), JSON, JSON, JSON)
def test_no_object_makes_it_raise(given: Body, spec: Any, data: Any, labels: Any) -> None:
    odd = {
        "apiVersion": given["apiVersion"],
        "kind": given["kind"],
        "metadata": meta("shop") | {"labels": labels},
        "spec": spec,
        "data": data,
    }
    assert judge(given, odd).finding.outcome in {Outcome.PASSED, Outcome.FAILED}


def without_null(value: Any) -> Any:
    """As the API server stores what was written."""
    if isinstance(value, dict):
        return {key: without_null(inner) for key, inner in value.items() if inner is not None}
    return [without_null(i) for i in value if i is not None] if isinstance(value, list) else value


@example([["<"], []], "Deployment")
@example([{"name": 0, "data": False}, {"name": 0}], "NetworkPolicy")
@examples(JSON, st.sampled_from(["Deployment", "NetworkPolicy", "ConfigMap", "Pod"]))
def test_nothing_differs_from_itself(spec: Any, kind: str) -> None:
    body = {"kind": kind, "metadata": {"name": "shop"}, "spec": without_null(spec)}
    assert first_change(body, body, Looks()) is None
