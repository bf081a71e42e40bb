"""Objects of whose spec every field is a rule: policies with their defaults, and quotas."""

import pytest

from labgrader.checks.expect.exact import first_change, place_of
from labgrader.checks.expect.tree import How
from tests.unit.checks.objects import Body
from tests.unit.checks.test_exact_edges import EVERYWHERE, body, change, unwanted


@pytest.mark.parametrize(
    ("seen", "path"),
    [
        ({"x": "d"}, "spec.x"),
        ({"policyTypes": ["Ingress"]}, None),
        ({"ingress": [{"from": "d"}]}, "spec.ingress[0].from"),
    ],
)
def test_every_field_of_a_policy_is_a_rule(seen: Body, path: str | None) -> None:
    written = {"podSelector": {}, "ingress": [{"x": 1}]}
    there = {"podSelector": {}, "ingress": [{"x": 1}], **seen}
    if "ingress" in seen:
        there["ingress"] = [{"x": 1, **seen["ingress"][0]}]
    found = change(written, there, "NetworkPolicy")
    assert found == (None if path is None else unwanted(path, "d"))
    assert change(written, there) is None
    outside = first_change(body("NetworkPolicy"), {"status": {"x": 1}}, EVERYWHERE)
    assert outside is None


TCP, UDP = {"port": 1, "protocol": "TCP"}, {"port": 1, "protocol": "UDP"}


@pytest.mark.parametrize(
    ("written", "seen", "path"),
    [
        ({}, {"policyTypes": ["Ingress"]}, None),
        ({"policyTypes": []}, {"policyTypes": ["Ingress"]}, None),
        ({}, {"policyTypes": ["Egress"]}, "spec.policyTypes[]"),
        ({"egress": []}, {"policyTypes": ["Ingress"]}, None),
        ({"egress": []}, {"policyTypes": ["Ingress", "Egress"]}, "spec.policyTypes[1]"),
        ({"egress": [{}]}, {"egress": [{}], "policyTypes": ["Ingress", "Egress"]}, None),
        (
            {"egress": [{}]},
            {"egress": [{}], "policyTypes": ["Ingress"]},
            "spec.policyTypes[]",
        ),
        (
            {"egress": [{"ports": [{"port": 1}]}]},
            {"egress": [{"ports": [UDP]}]},
            "spec.egress[0].ports[port=1].protocol",
        ),
        ({"ingress": [{"ports": [{"port": 1}]}]}, {"ingress": [{"ports": [TCP]}]}, None),
        ({"ingress": [{"ports": [{}]}]}, {"ingress": [{"ports": [{"protocol": "TCP"}]}]}, None),
        (
            {"ingress": [{"ports": [TCP]}]},
            {"ingress": [{"ports": [UDP]}]},
            "spec.ingress[0].ports[port=1].protocol",
        ),
        ({"ingress": ["odd", {"ports": "odd"}]}, {"ingress": ["odd", {"ports": "odd"}]}, None),
    ],
)
def test_a_policy_is_compared_with_the_defaults_of_what_it_does_not_say(
    written: Body, seen: Body, path: str | None
) -> None:
    found = change(written, seen, "NetworkPolicy")
    assert (found and found.path) == path
    if path is not None:
        left = place_of("spec.policyTypes" if "policyTypes" in path else "spec")
        assert change(written, seen, "NetworkPolicy", leaving_out=(left,)) is None


@pytest.mark.parametrize("more", [{"scopes": ["Terminating"]}, {"scopeSelector": {"x": "y"}}])
def test_every_field_of_a_quota_is_a_rule(more: Body) -> None:
    written = {"hard": {"pods": "4"}}
    found = change(written, {**written, **more}, "ResourceQuota")
    (key,) = more
    assert found is not None
    assert (found.how, found.path) == (How.UNWANTED, f"spec.{key}")
    assert change(written, {**written, **more}, "LimitRange") is None
