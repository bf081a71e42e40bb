"""Evidence judged again: the same where nothing changed, and honest about what it lacks."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labgrader.checks.finding import Finding, Outcome
from labgrader.checks.scope import Scope
from labgrader.evidence.answers import Answer, Found, NotThere, Trouble
from labgrader.evidence.bundle import read, written
from labgrader.evidence.experiments import DeletePod, OnCopy
from labgrader.evidence.record import Record
from labgrader.evidence.requests import GetObject, Request
from labgrader.evidence.timeline import Action, PodsSeen, Timeline
from labgrader.grading.again import judge_again
from labgrader.grading.compare import changes
from labgrader.grading.plan import Plan, plan
from labgrader.grading.recording import bundle, verdict
from labgrader.grading.report import report
from labgrader.grading.run import Graded, grade_on_record
from labgrader.reporting.messages import message
from tests.unit.evidence.bundles import some_bundle
from tests.unit.grading.worlds import (
    Calculator,
    JumpingClock,
    World,
    config_map,
    exercise,
    exists,
    found,
)

DOWN = Trouble("ApiUnreachable", "connection refused", transient=True)
FORBIDDEN = Trouble("Forbidden", "no", transient=False)
ENDING = Trouble("TargetTerminating", "namespace kim", transient=False)


HALF = Found({"kind": "ConfigMap", "metadata": {"name": "a", "uid": "a"}, "data": {"x": "1"}})
CLAUSES = {
    "object": {"kind": "ConfigMap", "name": "a"},
    "clauses": [{"expect": {"data": {"x": "1"}}}, {"expect": {"data": {"y": "2"}}}],
}


async def graded(
    planned: Plan,
    script: Mapping[Request, list[Answer]],
    namespace: Answer | None = None,
    **answers: str,
) -> Graded:
    clock = JumpingClock()
    world = World(clock, dict(script))
    if namespace is not None:
        world.namespace = namespace
    return await grade_on_record(planned, Scope("kim"), world, clock, answers=answers)


async def again(planned: Plan, namespace: str, record: Record) -> dict[str, Finding]:
    return await judge_again(planned, namespace, record, Calculator())


def through_a_file(planned: Plan, first: Graded) -> Record:
    kept = bundle(
        report(planned, first.findings), first.record, namespace="kim", started="s", ended="e"
    )
    return read(written(kept)[1].file).record


def reasons(findings: Mapping[str, Finding]) -> dict[str, str]:
    return {name: finding.reason for name, finding in findings.items()}


@pytest.mark.parametrize(
    ("script", "namespace"),
    [
        ({config_map("a"): [found("a")], config_map("b"): [found("b")]}, None),
        ({}, None),
        ({config_map("a"): [NotThere(), NotThere(), found("a")]}, None),
        ({config_map("a"): [DOWN]}, None),
        ({config_map("a"): [FORBIDDEN], config_map("b"): [found("b")]}, None),
        ({config_map("b"): [found("b")]}, ENDING),
        ({config_map("a"): [found("a")]}, ENDING),
    ],
)
async def test_the_same_exercise_comes_to_the_same(
    script: Mapping[Request, list[Answer]], namespace: Answer | None
) -> None:
    checks = [exists("a"), exists("b"), exists("c", needs=["a"]), exists("d", needs=["c"])]
    planned = plan(exercise(*checks))
    first = await graded(planned, script, namespace)
    assert await again(planned, "kim", through_a_file(planned, first)) == first.findings


@given(
    st.sampled_from(["1", "49.9", "50", "100"]),
    st.dictionaries(
        st.sampled_from("abc"),
        st.lists(
            st.sampled_from([NotThere(), found("x"), HALF, DOWN, FORBIDDEN]),
            min_size=1,
            max_size=4,
        ),
    ),
    st.sampled_from([None, ENDING, DOWN]),
)
async def test_whatever_happened_comes_to_the_same(
    share: str, said: dict[str, list[Answer]], namespace: Answer | None
) -> None:
    twice = exists("a") | {"name": "again"}
    partly = {"name": "partly", "points": 9, "matches": CLAUSES, "group": "best", "required": True}
    after = exists("c") | {"name": "after", "needsAtLeast": [{"check": "partly", "percent": share}]}
    checks = [partly, exists("a"), exists("b", needs=["a"]), exists("c", needs=["b"]), twice, after]
    groups = [{"name": "best", "rule": "any", "extra": True}]
    planned = plan(exercise(*checks, groups=groups))
    script: dict[Request, list[Answer]] = {
        config_map(name): list(answers) for name, answers in said.items()
    }
    first = await graded(planned, script, namespace)
    assert await again(planned, "kim", through_a_file(planned, first)) == first.findings


async def test_a_check_keeps_what_it_was_judged_on_when_another_looked_later() -> None:
    """Both read the same object; the second look, for the failing one, finds it gone."""
    there = exists("a")
    both = {"name": "both", "points": 5, "matches": MATCHES}
    planned = plan(exercise(there, both, settle="1s"))
    first = await graded(planned, {config_map("a"): [found("a"), NotThere()]})
    assert reasons(first.findings) == {"a": "ObjectThere", "both": "NotFound"}
    record = through_a_file(planned, first)
    assert await again(planned, "kim", record) == first.findings
    assert record.own("a")[config_map("a")] == found("a")
    assert record.own("both")[config_map("a")] == NotThere()


MATCHES = {"object": {"kind": "ConfigMap", "name": "a"}, "expect": {"data": {"x": "1"}}}


async def test_an_edited_exercise_is_judged_on_the_old_evidence() -> None:
    first = await graded(plan(exercise(exists("a", 10))), {config_map("a"): [found("a")]})
    edited = plan(exercise(exists("a", 30), {"name": "holds", "points": 5, "matches": MATCHES}))
    findings = await again(edited, "kim", first.record)
    assert reasons(findings) == {"a": "ObjectThere", "holds": "FieldMissing"}
    before = verdict(report(plan(exercise(exists("a", 10))), first.findings))
    told = changes(before, report(edited, findings))
    assert [(c.name, c.before and c.before.earned, c.after and c.after.earned) for c in told] == [
        ("a", 10, 30),
        ("holds", None, 0),
    ]
    back = changes(
        verdict(report(edited, findings)), report(plan(exercise(exists("a", 30))), findings)
    )
    assert [(c.name, c.after) for c in back] == [("holds", None)]


async def test_what_the_evidence_lacks_is_unknown_for_good_and_not_the_learners_fault() -> None:
    first = await graded(plan(exercise(exists("a"))), {config_map("a"): [found("a")]})
    edited = plan(exercise(exists("a"), exists("new", 20), exists("after", 5, needs=["new"])))
    findings = await again(edited, "kim", first.record)
    assert findings["new"].outcome is Outcome.UNKNOWN
    assert not findings["new"].transient
    assert findings["after"].reason == "NeedsOpen"
    result = report(edited, findings)
    assert (result.result.value, result.score.low, result.score.high) == ("Stalled", 10, 35)
    assert message(findings["new"], "en") == (
        "The recorded evidence does not show what this check asks for: ConfigMap new in kim. "
        "This is not the learner's fault; a new grading can decide it."
    )
    assert message(findings["new"], "ko") == (
        "이 점검에 필요한 것이 기록된 증거에 없습니다: ConfigMap new in kim. 학습자의 잘못이 "
        "아닙니다. 다시 채점하면 판정할 수 있습니다."
    )


async def test_a_check_that_came_later_is_excused_with_the_others() -> None:
    planned = plan(exercise(exists("a")))
    first = await graded(planned, {}, ENDING)
    edited = plan(exercise(exists("a"), exists("a") | {"name": "again"}))
    findings = await again(edited, "kim", first.record)
    assert reasons(findings) == {"a": "TargetTerminating", "again": "TargetTerminating"}


async def test_made_up_evidence_of_every_kind_is_judged_by_any_check() -> None:
    planned = plan(exercise(exists("there"), exists("early"), exists("new")))
    assert set(await again(planned, "kim", some_bundle().record)) == {"there", "early", "new"}


DEPLOYMENT = {"apiVersion": "apps/v1", "kind": "Deployment"}
WEB = Found(
    DEPLOYMENT
    | {"metadata": {"name": "web", "namespace": "kim", "uid": "d", "generation": 1}, "spec": {}}
)


def healing(within: str, isolation: str = "InPlace") -> Plan:
    web = {"kind": "Deployment", "name": "web"}
    heals: dict[str, Any] = {"object": web, "within": within, "isolation": isolation}
    return plan(exercise({"name": "heals", "points": 10, "heals": heals | {"fault": "DeletePod"}}))


def deleted(
    within_ms: int, healed_ms: int | None, *, on_copy: bool = False
) -> dict[Request, list[Answer]]:
    whole = PodsSeen(0, ("old",), (), 1)
    seen = (whole,) if healed_ms is None else (whole, PodsSeen(healed_ms, ("new",), (), 1))
    ended = within_ms if healed_ms is None else healed_ms
    timeline = Timeline((Action(10, "pod-deleted", "old"),), seen, ended_ms=ended)
    deletion = DeletePod("kim", "apps/v1", "Deployment", "web", "d", within_ms, None)
    return {
        GetObject("kim", "apps/v1", "Deployment", "web"): [WEB],
        OnCopy("kim", deletion) if on_copy else deletion: [timeline],
    }


@pytest.mark.parametrize(
    ("within", "healed_ms", "now", "reason"),
    [
        ("60s", 14_000, "60s", "Healed"),
        ("60s", 14_000, "30s", "Healed"),
        ("60s", 14_000, "10s", "NotHealed"),
        ("60s", 14_000, "120s", "Healed"),
        ("60s", None, "30s", "NotHealed"),
        ("60s", None, "120s", "EvidenceMissing"),
    ],
)
async def test_an_experiment_stands_in_for_one_that_it_shows(
    within: str, healed_ms: int | None, now: str, reason: str
) -> None:
    script = deleted(int(within[:-1]) * 1000, healed_ms)
    first = await graded(healing(within), script)
    assert (await again(healing(now), "kim", first.record))["heals"].reason == reason


@pytest.mark.parametrize(("now", "reason"), [("30s", "Healed"), ("10s", "NotHealed")])
async def test_an_experiment_on_a_copy_stands_in_for_one_on_a_copy(now: str, reason: str) -> None:
    first = await graded(healing("60s", "Clone"), deleted(60_000, 14_000, on_copy=True))
    assert (await again(healing(now, "Clone"), "kim", first.record))["heals"].reason == reason
    in_place = (await again(healing(now), "kim", first.record))["heals"]
    assert in_place.reason == "EvidenceMissing"


async def test_a_copy_that_nobody_made_is_told() -> None:
    first = await graded(healing("60s"), deleted(60_000, 14_000))
    finding = (await again(healing("60s", "Clone"), "kim", first.record))["heals"]
    assert dict(finding.params)["detail"] == "experiment DeletePod on a copy from kim"


async def test_another_workloads_experiment_stands_in_for_nothing() -> None:
    script = deleted(60_000, 14_000)
    first = await graded(healing("60s"), script)
    renamed = {"object": {"kind": "Deployment", "name": "other"}, "fault": "DeletePod"}
    other = plan(exercise({"name": "heals", "points": 10, "heals": renamed | {"within": "60s"}}))
    assert (await again(other, "kim", first.record))["heals"].reason == "EvidenceMissing"
