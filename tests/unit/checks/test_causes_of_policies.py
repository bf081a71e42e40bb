"""Which policies may keep clients from pods, with everything that is told."""

from typing import Any

import pytest

from labgrader.checks.diagnosis.policies import policy_causes
from labgrader.checks.diagnosis.service import (
    policies_on,
)
from labgrader.checks.finding import cause
from labgrader.checks.scope import Scope
from labgrader.evidence.answers import Answer, Items
from labgrader.evidence.requests import Request
from labgrader.evidence.snapshot import MissingEvidence, Snapshot
from tests.unit.checks.objects import (
    Body,
    deployment,
    meta,
    pod,
    replica_set,
)

SCOPE = Scope("kim")
POD = pod()


def policy(name: str, **spec: Any) -> Body:
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": meta(name),
        "spec": spec,
    }


@pytest.mark.parametrize(
    ("spec", "restricts"),
    [
        ({"podSelector": {}, "policyTypes": ["Ingress"]}, True),
        ({"podSelector": {}}, True),
        ({}, True),
        ({"podSelector": {}, "policyTypes": ["Egress"]}, False),
        ({"podSelector": {"matchLabels": {"app": "web"}}}, True),
        ({"podSelector": {"matchLabels": {"app": "web", "x": "y"}}}, False),
        ({"podSelector": {"matchLabels": None}}, True),
    ],
)
def test_policies_that_may_restrict_pods(spec: Body, *, restricts: bool) -> None:
    told = (cause("PoliciesRestrict", names="deny"),) if restricts else ()
    assert policies_on([policy("deny", **spec)], [POD]) == told
    assert policies_on([policy("deny", **spec)], []) == ()


def test_policies_are_told_in_order_and_of_any_pod() -> None:
    db = pod("db", labels={"app": "db"})
    of_db = {"podSelector": {"matchLabels": {"app": "db"}}}
    both = [policy("b", **of_db), policy("a", **of_db)]
    assert policies_on(both, [POD, db]) == (cause("PoliciesRestrict", names="a, b"),)


def test_policies_on_a_workloads_own_pods() -> None:
    body = deployment("web")
    owner = replica_set(body)
    mine, other = pod("web-1", owner), pod("x", labels={"app": "x"})
    policies = [
        policy("mine", podSelector={"matchLabels": {"app": "web"}}),
        policy("other", podSelector={"matchLabels": {"app": "x"}}),
    ]
    answers: dict[Request, Answer] = {
        SCOPE.all("NetworkPolicy"): Items(tuple(policies)),
        SCOPE.all("Pod"): Items((mine, other)),
        SCOPE.all("ReplicaSet"): Items((owner,)),
    }
    found = policy_causes(SCOPE, Snapshot(answers), body)
    assert found == (cause("PoliciesRestrict", names="mine"),)
    with pytest.raises(MissingEvidence) as missing:
        policy_causes(SCOPE, Snapshot(), body)
    assert set(missing.value.requests) == set(answers)
