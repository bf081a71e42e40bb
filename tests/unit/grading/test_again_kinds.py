"""Evidence of questions, expressions and points that come together, judged again."""

from typing import Any

import pytest

from labgrader.checks.finding import Finding, Outcome
from labgrader.checks.scope import Scope
from labgrader.evidence.answers import Answered, Items, NotEvaluated, NotThere, Values
from labgrader.evidence.bundle import canonical
from labgrader.evidence.codec import encode
from labgrader.evidence.record import Record
from labgrader.evidence.requests import Evaluate, ListObjects, ReadAnswer
from labgrader.grading.again import judge_again
from labgrader.grading.compare import changes
from labgrader.grading.plan import Plan, plan
from labgrader.grading.recording import verdict
from labgrader.grading.report import report
from labgrader.grading.run import grade, grade_on_record
from labgrader.reporting.messages import message
from labgrader.reporting.regraded import lines
from tests.unit.evidence.bundles import some_bundle
from tests.unit.grading.test_again import CLAUSES, ENDING, HALF, again, graded, through_a_file
from tests.unit.grading.worlds import JumpingClock, World, config_map, exercise, exists, found

SELECT = {"kind": "ConfigMap", "labels": {"app": "web"}}
MAPS = ListObjects("kim", "v1", "ConfigMap", (("app", "web"),))


def satisfies(expression: str) -> Plan:
    kind = {"satisfies": {"select": SELECT, "expression": expression}}
    return plan(exercise({"name": "holds", "points": 10, **kind}))


def size(number: str) -> Items:
    metadata = {"name": "web", "labels": {"app": "web"}}
    body = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata}
    return Items((body | {"data": {"size": number}},), "1")


async def test_an_expression_is_evaluated_anew_and_never_kept() -> None:
    planned = satisfies("object.data.size == '3'")
    first = await graded(planned, {MAPS: [size("3")]})
    assert first.findings["holds"].outcome is Outcome.PASSED
    record = through_a_file(planned, first)
    assert [type(seen.request) for seen in record.seen] == [ListObjects]
    assert record.own("holds") == {MAPS: size("3")}
    assert await again(planned, "kim", record) == first.findings
    edited = await again(satisfies("object.data.size == '4'"), "kim", record)
    assert edited["holds"].reason == "NotSatisfied", "an edited expression is no gap"


class Crashing:
    async def evaluate(self, _request: Evaluate) -> Values | NotEvaluated:
        return NotEvaluated("its process ended with SIGSEGV")


async def test_an_evaluation_that_breaks_is_an_error_of_its_check() -> None:
    first = await graded(satisfies("object.data.size == '3'"), {MAPS: [size("3")]})
    planned = satisfies("object.data.size == '4'")
    findings = await judge_again(planned, "kim", first.record, Crashing())
    assert findings["holds"].outcome is Outcome.ERROR


def asks(name: str, **kind: Any) -> dict[str, Any]:
    return {"name": name, "points": 10, "asks": {"name": name, "question": {"en": "?"}, **kind}}


OPTIONS = [{"name": "blue", "text": {"en": "b"}}, {"name": "canary", "text": {"en": "c"}}]
QUESTIONS = (
    asks("one", choice={"options": OPTIONS, "right": "canary"}),
    asks("some", choices={"options": OPTIONS, "right": ["canary"]}),
    asks("number", number={"value": "7654321", "tolerance": "98765", "unit": "h"}),
    asks("word", pattern="(?i)autoscaler.*"),
)


async def test_answers_are_evidence_and_what_is_right_is_not() -> None:
    planned = plan(exercise(*QUESTIONS))
    first = await graded(planned, {}, one="blue", some="blue", number="5 h", word="guess")
    record = through_a_file(planned, first)
    asked = {seen.request: seen.answer for seen in record.seen}
    assert asked[ReadAnswer("word")] == Answered("guess")
    assert await again(planned, "kim", record) == first.findings
    kept = some_bundle(record)
    judged = verdict(report(planned, first.findings))
    text = canonical([encode(kept, type(kept)), encode(judged, type(judged))]).decode()
    assert "guess" in text
    for secret in ("canary", "7654321", "98765", "autoscaler"):
        assert secret not in text


async def test_a_question_that_was_not_asked_is_no_wrong_answer() -> None:
    first = await graded(plan(exercise(QUESTIONS[3])), {}, word="autoscaler")
    findings = await again(plan(exercise(*QUESTIONS)), "kim", first.record)
    assert findings["word"].outcome is Outcome.PASSED
    assert findings["one"].reason == "EvidenceMissing"
    assert "answer to the question one." in message(findings["one"], "en")


JANE = {"kind": "User", "name": "jane"}
ROW = {"verbs": ["get"], "resources": ["pods/log"], "allowed": True}
POD = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "x"}}


@pytest.mark.parametrize(
    ("kind", "lacks"),
    [
        ({"allows": {"subject": JANE, "access": [ROW]}}, "whether jane may get pods/log in kim."),
        (
            {"rejects": {"refused": POD, "by": {"kind": "ResourceQuota"}}},
            "dry run of a Pod in kim as system:serviceaccount:kim:labgrader-dry-run.",
        ),
    ],
)
async def test_what_is_lacking_is_said(kind: dict[str, Any], lacks: str) -> None:
    planned = plan(exercise({"name": "c", "points": 10, **kind}))
    findings = await again(planned, "kim", Record())
    assert findings["c"].reason == "EvidenceMissing"
    for lang in ("en", "ko"):
        assert lacks.rstrip(".") in message(findings["c"], lang)


GROUPS = [{"name": "either", "rule": "any"}, {"name": "bonus", "rule": "all", "extra": True}]
COMPOSED = plan(
    exercise(
        exists("a", 30, group="either"),
        exists("b", 30, group="either"),
        exists("c", 60, required=True, cap=20),
        exists("d", 5, group="bonus"),
        {"name": "half", "points": 10, "matches": CLAUSES},
        groups=GROUPS,
        aboveMax=5,
        lang="en",
    )
)


async def test_the_scores_before_and_after_are_made_by_one_scorer() -> None:
    script: Any = {
        config_map("a"): [HALF],
        config_map("b"): [found("b")],
        config_map("d"): [found("d")],
    }
    first = await graded(COMPOSED, script)
    before = verdict(report(COMPOSED, first.findings))
    assert (before.low, before.high, before.max) == (20, 20, 100), "capped, and either of a and b"
    half = before.checks[-1]
    assert (half.earned, half.credit) == (5, 50_000)
    findings = await again(COMPOSED, "kim", through_a_file(COMPOSED, first))
    after = report(COMPOSED, findings)
    assert verdict(after) == before
    assert changes(before, after) == ()
    kept = some_bundle(first.record)
    told = lines(after, kept, "en")
    assert told[1].startswith("The score is held at 20")


async def test_what_passed_stands_though_what_it_needed_in_part_was_excused_later() -> None:
    half = {"name": "half", "points": 10, "matches": CLAUSES}
    after = exists("b", needsAtLeast=[{"check": "half", "percent": "50"}])
    planned = plan(exercise(half, after))
    script: Any = {config_map("a"): [HALF], config_map("b"): [found("b")]}
    first = await graded(planned, script, ENDING)
    told = {name: finding.reason for name, finding in first.findings.items()}
    assert told == {"half": "TargetTerminating", "b": "ObjectThere"}
    assert await again(planned, "kim", through_a_file(planned, first)) == first.findings


async def test_open_points_before_are_a_range_of_the_same_scorer() -> None:
    first = await graded(COMPOSED, {config_map("a"): [found("a")]})
    opened = dict(first.findings) | {"c": Finding(Outcome.UNKNOWN, "Forbidden")}
    score = verdict(report(COMPOSED, opened))
    assert (score.low, score.high, score.max) == (20, 90, 100)


async def test_who_keeps_nothing_pays_nothing() -> None:
    clock = JumpingClock()
    script: Any = {config_map("a"): [NotThere(), found("a")]}
    planned = plan(exercise(exists("a"), exists("b")))
    off = await grade_on_record(
        planned, Scope("kim"), World(clock, dict(script)), clock, on_record=False
    )
    assert off.record == Record()
    on = await graded(planned, script)
    assert on.findings == off.findings
    assert on.record.checks.keys() == {"a", "b"}
    script = {config_map("a"): [NotThere(), found("a")]}
    assert await grade(planned, Scope("kim"), World(clock, script), clock) == off.findings
