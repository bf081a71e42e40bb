from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labgrader.api.kinds import Conditions
from labgrader.checks.finding import Outcome
from labgrader.checks.registry import KINDS
from labgrader.evidence.answers import Trouble
from labgrader.evidence.snapshot import CouldNotLook
from tests.unit.checks.namespaces import Namespace
from tests.unit.checks.objects import Body, job, meta

COMPLETE = {"type": "Complete", "status": "True", "reason": "CompletionsReached"}
REPORT = {"kind": "Job", "name": "report"}
ROUTE = {"apiVersion": "gateway.networking.k8s.io/v1", "kind": "HTTPRoute", "name": "web"}
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 9)
    | st.floats(allow_nan=False)
    | st.text(max_size=4)
    | st.sampled_from(["Ready", "True", "False"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "type",
                    "status",
                    "reason",
                    "message",
                    "observedGeneration",
                    "conditions",
                    "parents",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=15,
)


def conditions(*expect: Any, ref: Any = None, **more: Any) -> dict[str, Any]:
    return {"conditions": {"object": ref or REPORT, "expect": list(expect), **more}}


def resource(status: Any, generation: int = 2) -> Body:
    return {
        "apiVersion": ROUTE["apiVersion"],
        "kind": "HTTPRoute",
        "metadata": meta("web", generation=generation),
        "spec": {},
        "status": status,
    }


def test_a_job_that_is_complete_passes_by_one_look() -> None:
    judged = Namespace([job("report", COMPLETE)]).judge(
        **conditions({"type": "Complete", "reason": "~=^Completions"})
    )
    assert judged.finding.outcome is Outcome.PASSED
    assert [len(requests) for requests in judged.rounds] == [1]
    assert judged.says("en") == "Job report has the expected conditions: Complete=True."
    assert judged.says("ko") == "잡 report의 컨디션이 기대한 대로입니다: Complete=True."


def test_a_condition_that_is_not_there_is_missing() -> None:
    failed = {"type": "Failed", "status": "True", "reason": "BackoffLimitExceeded"}
    judged = Namespace([job("report", failed)]).judge(**conditions({"type": "Complete"}))
    assert judged.finding.outcome is Outcome.FAILED
    assert judged.says("en") == (
        "Job report should have the condition Complete=True in status.conditions, but it is not"
        " there. Conditions there: Failed. Look: kubectl -n kim get job report -o yaml"
    )
    assert judged.says("ko") == (
        "잡 report의 status.conditions에 컨디션 Complete=True가 있어야 하지만 없습니다. 현재 있는"
        " 컨디션: Failed. 확인: kubectl -n kim get job report -o yaml"
    )


@pytest.mark.parametrize(
    ("expected", "seen"),
    [
        ({"type": "Complete"}, {**COMPLETE, "status": "False"}),
        ({"type": "Complete", "reason": "Other"}, COMPLETE),
        ({"type": "Complete", "reason": "(present)"}, {"type": "Complete", "status": "True"}),
        ({"type": "Complete", "reason": "(present)"}, {**COMPLETE, "reason": ""}),
        ({"type": "Complete"}, {**COMPLETE, "status": True}),
        ({"type": "Complete", "status": "False"}, COMPLETE),
        ({"type": "Complete", "status": "Unknown"}, COMPLETE),
    ],
)
def test_another_status_or_reason_fails(expected: Any, seen: Any) -> None:
    finding = Namespace([job("report", seen)]).judge(**conditions(expected)).finding
    assert (finding.outcome, finding.reason) == (Outcome.FAILED, "ConditionDiffers")


def test_what_the_controller_says_is_passed_on() -> None:
    seen = {"type": "Ready", "status": "False", "reason": "NoIssuer", "message": "no issuer ca."}
    judged = Namespace([job("report", seen)]).judge(**conditions({"type": "Ready"}))
    assert judged.says("en").startswith(
        "Job report should have the condition Ready=True in status.conditions, but it is"
        ' Ready=False (NoIssuer). The condition\'s message is: "no issuer ca".'
    )
    assert "실제로는 Ready=False (NoIssuer)입니다." in judged.says("ko")


@pytest.mark.parametrize(
    "status",
    [
        {"conditions": [{**COMPLETE, "observedGeneration": 1}]},
        {"conditions": [{**COMPLETE, "status": "False", "observedGeneration": 1}]},
        {"observedGeneration": 1, "conditions": [COMPLETE]},
        {"observedGeneration": 1, "conditions": []},
        {"observedGeneration": 2, "conditions": [{**COMPLETE, "observedGeneration": 1}]},
    ],
)
def test_what_was_said_of_an_earlier_generation_is_not_yet_true(status: Any) -> None:
    finding = (
        Namespace([resource(status)]).judge(**conditions({"type": "Complete"}, ref=ROUTE)).finding
    )
    assert (finding.outcome, finding.reason) == (Outcome.UNKNOWN, "NotObservedYet")
    assert finding.transient


@pytest.mark.parametrize(
    "status",
    [
        {"conditions": [COMPLETE]},
        {"observedGeneration": 2, "conditions": [COMPLETE]},
        {"observedGeneration": 1, "conditions": [{**COMPLETE, "observedGeneration": 2}]},
    ],
)
def test_a_conditions_own_generation_counts_before_the_statuss(status: Any) -> None:
    judged = Namespace([resource(status)]).judge(**conditions({"type": "Complete"}, ref=ROUTE))
    assert judged.finding.outcome is Outcome.PASSED


def test_a_failure_that_is_certain_does_not_wait_for_another_condition() -> None:
    stale = {**COMPLETE, "observedGeneration": 1}
    wrong = {"type": "Ready", "status": "False", "observedGeneration": 2}
    expect = ({"type": "Complete"}, {"type": "Ready"})
    finding = (
        Namespace([resource({"conditions": [stale, wrong]})])
        .judge(**conditions(*expect, ref=ROUTE))
        .finding
    )
    assert finding.reason == "ConditionDiffers"


def test_every_item_of_a_list_must_fulfil_them() -> None:
    accepted = {"type": "Accepted", "status": "True", "observedGeneration": 2}
    parents = [{"conditions": [accepted]}, {"conditions": [{**accepted, "status": "False"}]}]
    asked = conditions({"type": "Accepted"}, ref=ROUTE, each="parents")
    judged = Namespace([resource({"parents": parents})]).judge(**asked)
    assert "in status.parents[1].conditions" in judged.says("en")
    assert (
        Namespace([resource({"parents": parents[:1]})]).judge(**asked).finding.outcome
        is Outcome.PASSED
    )


@pytest.mark.parametrize("status", [{}, {"parents": []}, {"parents": None}, {"parents": "x"}, None])
def test_a_list_without_items_fails(status: Any) -> None:
    judged = Namespace([resource(status)]).judge(
        **conditions({"type": "Accepted"}, ref=ROUTE, each="parents")
    )
    assert (judged.finding.outcome, judged.finding.reason) == (Outcome.FAILED, "NothingListed")
    assert "status.parents에 컨디션이 있는 항목이 있어야" in judged.says("ko")


def test_twice_the_same_type_must_be_right_twice() -> None:
    other = {**COMPLETE, "status": "False"}
    finding = Namespace([job("report", COMPLETE, other)]).judge(**conditions({"type": "Complete"}))
    assert finding.finding.outcome is Outcome.FAILED


def test_nothing_there_fails() -> None:
    judged = Namespace().judge(**conditions({"type": "Complete", "status": "False"}))
    assert (judged.finding.outcome, judged.finding.reason) == (Outcome.FAILED, "NotFound")


@pytest.mark.parametrize(
    ("expect", "reason", "text"),
    [
        ([{"type": "A", "reason": "~=("}], "BadPattern", "A.reason"),
        ([{"type": "A", "reason": "(absent)"}], "Invalid", "absent"),
        ([{"type": "A"}, {"type": "A", "status": "False"}], "Invalid", "A twice"),
    ],
)
def test_what_cannot_be_judged_is_refused_before(expect: Any, reason: str, text: str) -> None:
    params = Conditions.model_validate({"object": REPORT, "expect": expect})
    (problem,) = KINDS["conditions"].problems(params)
    assert problem.reason == reason
    assert text in problem.text


def test_a_kind_that_the_cluster_does_not_serve_is_nobodys_failure() -> None:
    trouble = {"HTTPRoute": Trouble("KindNotServed", "HTTPRoute", transient=False)}
    with pytest.raises(CouldNotLook, match="HTTPRoute"):
        Namespace(trouble=trouble).judge(**conditions({"type": "Accepted"}, ref=ROUTE))


@pytest.mark.slow
@given(JSON, st.sampled_from([None, "parents", "conditions"]))
def test_no_status_makes_it_raise(status: Any, each: str | None) -> None:
    asked = conditions({"type": "Ready"}, ref=ROUTE)
    if each:
        asked["conditions"]["each"] = each
    judged = Namespace([resource(status)]).judge(**asked)
    assert judged.finding.outcome in {Outcome.FAILED, Outcome.UNKNOWN, Outcome.PASSED}
    assert judged.says("ko")
