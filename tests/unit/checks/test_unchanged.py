"""`unchanged` compares what was given with what is there: what is a change, and what is none."""

from typing import Any

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st

from labgrader.checks.finding import Outcome
from tests.unit.checks.given_and_served import (
    ALL,
    CONFIG,
    DEPLOYMENT,
    JSON,
    POLICY,
    SERVICE,
    changed,
    judge,
    served,
)
from tests.unit.checks.namespaces import Namespace
from tests.unit.checks.objects import Body, meta


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


@pytest.mark.slow
def test_a_huge_object_costs_a_message_not_minutes() -> None:
    huge = changed(DEPLOYMENT, "spec/template/spec/containers", [{"name": "x"}] * 200_000)
    assert judge(DEPLOYMENT, huge).finding.reason == "ObjectTooLarge"


def test_both_ways_at_once_are_refused() -> None:
    with pytest.raises(ValueError, match="not under both"):
        judge(CONFIG, served(CONFIG), fields=["data"], leavingOut=["data.a"])


@pytest.mark.slow
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
