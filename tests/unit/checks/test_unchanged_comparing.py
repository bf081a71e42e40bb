"""How two objects are compared for `unchanged`: items by name, paths, and no change of itself."""

import copy
from typing import Any

import pytest
from hypothesis import example
from hypothesis import given as examples
from hypothesis import strategies as st

from labgrader.checks.expect.exact import Looks, first_change, place_of
from labgrader.checks.finding import Outcome
from tests.unit.checks.given_and_served import JSON, POLICY
from tests.unit.checks.namespaces import Namespace
from tests.unit.checks.objects import Body, meta


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
