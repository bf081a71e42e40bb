from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labgrader.api.kinds import Emitted
from labgrader.checks.finding import Outcome
from labgrader.checks.registry import KINDS
from labgrader.evidence.snapshot import CouldNotLook
from tests.unit.checks.namespaces import FORBIDDEN, Namespace
from tests.unit.checks.objects import Body, event, job

JOB = job()
FIELDS = [
    *("reason", "type", "message", "note", "count", "series", "source", "regarding"),
    *("reportingComponent", "reportingController", "deprecatedSource", "deprecatedCount"),
]
VALUES = st.none() | st.booleans() | st.integers(-3, 9) | st.text(max_size=4)
NESTED = VALUES | st.lists(VALUES, max_size=2) | st.dictionaries(st.text(max_size=4), VALUES)


def emitted(reason: str = "Completed", **more: Any) -> dict[str, Any]:
    return {"emitted": {"object": {"kind": "Job", "name": "report"}, "reason": reason, **more}}


def told(about: Body = JOB, reason: str = "Completed", **more: Any) -> Body:
    found = event(about, reason, "Job completed")
    return {**found, "type": "Normal", "source": {"component": "job-controller"}, **more}


def regarding(**more: Any) -> Body:
    """The same in the words of events.k8s.io."""
    found = told()
    about = found.pop("involvedObject")
    note = found.pop("message")
    component = found.pop("source")["component"]
    return {**found, "regarding": about, "note": note, "reportingController": component, **more}


def test_an_event_about_the_object_passes_in_one_round() -> None:
    judged = Namespace([JOB, told()]).judge(
        **emitted(type="Normal", by="job-controller", note="^Job")
    )
    assert judged.finding.outcome is Outcome.PASSED
    assert [len(requests) for requests in judged.rounds] == [2]
    assert judged.says("en") == "There are Events about Job report as expected: Completed (1 time)."
    assert judged.says("ko") == "잡 report에 대한 이벤트가 기대한 대로 있습니다: Completed(1회)."


def test_both_forms_of_events_are_read() -> None:
    asked = emitted(type="Normal", by="job-controller", note="completed$")
    assert Namespace([JOB, regarding()]).judge(**asked).finding.outcome is Outcome.PASSED


def test_an_event_about_an_earlier_object_of_the_same_name_does_not_count() -> None:
    earlier = told()
    earlier["involvedObject"] = {**earlier["involvedObject"], "uid": "uid-of-another"}
    judged = Namespace([JOB, earlier]).judge(**emitted())
    assert (judged.finding.outcome, judged.finding.reason) == (Outcome.FAILED, "EventsMissing")
    assert judged.says("en") == (
        "There should be Events about Job report: Completed, at least 1 time, but they were seen"
        " 0 times. The cluster forgets Events after about an hour. Reasons of the Events about it:"
        " -. Look: kubectl -n kim events --for=job/report"
    )
    assert judged.says("ko") == (
        "잡 report에 대해 이벤트 Completed가 1회 이상 기록되어야 하지만 0회 기록되었습니다."
        " 클러스터는 이벤트를 한 시간쯤 뒤에 지웁니다. 이 오브젝트에 대한 이벤트의 이유(reason): -."
        " 확인: kubectl -n kim events --for=job/report"
    )


@pytest.mark.parametrize(
    "asked",
    [{"type": "Warning"}, {"by": "kubelet"}, {"note": "failed"}],
)
def test_an_event_of_another_kind_is_shown(asked: dict[str, Any]) -> None:
    judged = Namespace([JOB, told()]).judge(**emitted(**asked))
    assert judged.finding.outcome is Outcome.FAILED
    assert (
        "The nearest Event about it is: Normal Completed Job completed (job-controller)."
        in judged.says("en")
    )


def test_the_reasons_that_are_there_are_named() -> None:
    others = [told(reason=f"Reason{index}") for index in range(10)]
    assert (
        "Reasons of the Events about it: Reason0, Reason1, Reason2, Reason3, Reason4, Reason5,"
        " Reason6, Reason7, …." in Namespace([JOB, *others]).judge(**emitted()).says("en")
    )


@pytest.mark.parametrize(
    ("events", "passes"),
    [
        ([told(count=3)], True),
        ([told(series={"count": 3, "lastObservedTime": "2026-03-02T09:00:00Z"})], True),
        ([regarding(deprecatedCount=3)], True),
        ([told(), told(count=2)], True),
        ([told(count=2)], False),
        ([told(count=None, series=None)], False),
        ([told(count="3")], False),
        ([told(count=True), told()], False),
        ([told(), told(type="Warning", count=9)], False),
    ],
)
def test_occurrences_are_counted(events: list[Body], *, passes: bool) -> None:
    judged = Namespace([JOB, *events]).judge(**emitted(type="Normal", count={"min": 3}))
    assert (judged.finding.outcome is Outcome.PASSED) == passes


def test_nothing_there_fails() -> None:
    finding = Namespace([told()]).judge(**emitted()).finding
    assert (finding.outcome, finding.reason) == (Outcome.FAILED, "NotFound")


def test_events_that_may_not_be_read_are_the_graders_trouble() -> None:
    with pytest.raises(CouldNotLook, match="list events"):
        Namespace([JOB], trouble={"Event": FORBIDDEN}).judge(**emitted())


def test_a_pattern_that_does_not_compile_is_refused_before() -> None:
    params = Emitted.model_validate(emitted(note="(")["emitted"])
    (problem,) = KINDS["emitted"].problems(params)
    assert (problem.reason, problem.text.startswith("note: ")) == ("BadPattern", True)


@pytest.mark.slow
@given(
    fields=st.dictionaries(st.sampled_from(FIELDS), NESTED),
    about=st.booleans(),
)
def test_no_event_makes_it_raise(*, fields: dict[str, Any], about: bool) -> None:
    odd = {**told(), **fields}
    if not about:
        odd["involvedObject"] = fields.get("series")
    judged = Namespace([JOB, odd]).judge(**emitted(by="job-controller", note="x"))
    assert judged.finding.outcome in {Outcome.PASSED, Outcome.FAILED}
    assert judged.says("ko")
