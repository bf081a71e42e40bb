"""Whose doing it is where connections do not come about that must."""

import pytest

from labgrader.checks.finding import unknown
from labgrader.evidence.snapshot import CouldNotLook
from tests.unit.checks.namespaces import FORBIDDEN
from tests.unit.checks.test_connects import IN, judge, policy


def test_what_gets_lost_without_a_policy_is_looked_at_again() -> None:
    finding = judge(IN, flows={"role=front": ["unreachable", "timeout", "open"]}).finding
    assert finding == unknown(
        "FlowLost",
        transient=True,
        seen="unreachable, timeout, open",
        labelskind="role=front",
        wherekind="kim",
        to="Service web:80",
        namespace="kim",
    )
    assert judge(IN, flows={"role=front": []}).finding.reason == "FlowLost"


def test_a_way_that_is_turned_back_is_not_told_as_nobody_listening() -> None:
    judged = judge(IN, flows={"role=front": "unreachable"}, also=[policy()])
    assert (judged.finding.reason, judged.causes) == ("FlowUnreachable", ("PoliciesRestrict",))
    refused = judge(IN, flows={"role=front": ["timeout", "refused", "timeout"]}, also=[policy()])
    assert refused.finding.reason == "FlowRefused"
    assert refused.causes == ("NothingListens", "PoliciesRestrict")


def test_policies_that_cannot_be_read_decide_nothing() -> None:
    unread = {"NetworkPolicy": FORBIDDEN}
    with pytest.raises(CouldNotLook):
        judge(IN, flows={"role=front": "timeout"}, trouble=unread)
    refused = judge(IN, flows={"role=front": "refused"}, trouble=unread)
    assert refused.finding.reason == "FlowRefused"
