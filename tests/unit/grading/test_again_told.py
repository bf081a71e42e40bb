"""What evidence lacks, as an instructor would say it, request by request."""

from typing import Any

import pytest

from labgrader.checks.finding import Finding, error
from labgrader.evidence.answers import Trouble
from labgrader.evidence.experiments import DeletePod, HttpTarget, OnCopy, SpreadRequests
from labgrader.evidence.record import Record
from labgrader.evidence.requests import (
    CallHttp,
    DryRun,
    Evaluate,
    GetObject,
    ListObjects,
    LookUp,
    Origin,
    ProvePolicies,
    ReadAnswer,
    ReadLog,
    ReadTime,
    Request,
    ReviewAccess,
    TryFlow,
)
from labgrader.evidence.snapshot import MissingEvidence
from labgrader.grading import again
from labgrader.grading.again import _missing, judge_again
from labgrader.grading.plan import plan
from tests.unit.grading.worlds import Calculator, exercise, exists

TARGET = HttpTarget("kim", "web", 80, "/x")
DELETION = DeletePod("kim", "apps/v1", "Deployment", "web", "u", 1_000)
BOTH = (("a", "1"), ("b", "2"))


def review(**more: Any) -> ReviewAccess:
    fields = {"namespace": "kim", "groups": (), "user": "bot", "verb": "get", "group": ""}
    return ReviewAccess(**(fields | {"resource": "pods"} | more))


@pytest.mark.parametrize(
    ("request_", "told"),
    [
        (GetObject("kim", "v1", "Pod", "web"), "Pod web in kim"),
        (ListObjects("kim", "v1", "Pod"), "list of Pod in kim"),
        (ListObjects("kim", "v1", "Pod", BOTH), "list of Pod in kim with a=1,b=2"),
        (ReadLog("kim", "web-1", "web"), "log of pod web-1 in kim"),
        (CallHttp(TARGET), "GET web.kim:80/x"),
        (SpreadRequests("kim", TARGET, 9), "GET web.kim:80/x"),
        (
            TryFlow(Origin("kim", BOTH), "10.0.0.1", 80),
            "connections to 10.0.0.1:80 from a pod with a=1,b=2 in kim",
        ),
        (
            LookUp(Origin(), "kim", "web"),
            "DNS name web as seen by a pod with no labels in a namespace of the grader",
        ),
        (ProvePolicies(), "whether the cluster enforces NetworkPolicies"),
        (review(), "whether bot may get pods in kim"),
        (review(namespace=""), "whether bot may get pods in the whole cluster"),
        (review(subresource="log", name="x"), "whether bot may get pods/log x in kim"),
        (DryRun("kim", "v1", "Pod", "{}", "bot"), "dry run of a Pod in kim as bot"),
        (ReadAnswer("why"), "answer to the question why"),
        (ReadTime(), "time of the grading"),
        (DELETION, "experiment DeletePod in kim"),
        (OnCopy("kim", DELETION), "experiment DeletePod on a copy from kim"),
    ],
)
def test_what_is_missing_is_told(request_: Request, told: str) -> None:
    assert _missing(request_) == Trouble("EvidenceMissing", told, transient=False)


async def test_a_check_that_asks_forever_is_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = iter(range(1_000))

    def judge(*_: Any) -> Finding:
        raise MissingEvidence((GetObject("kim", "v1", "Pod", f"p{next(asked)}"),))

    monkeypatch.setattr(again, "judge_one", judge)
    planned = plan(exercise(exists("a")))
    found = await judge_again(planned, "kim", Record(), Calculator())
    assert found == {"a": error("CheckBroken", check="a", why="it asks forever")}
    assert next(asked) == 100


def test_a_computation_is_never_missing() -> None:
    with pytest.raises(TypeError, match="a computation lacks nothing"):
        _missing(Evaluate("true", ()))
