"""Learners read the questions, and nowhere what is right."""

import json
from typing import Any

import pytest

from labgrader.api.status import MAX_TASK_BYTES
from labgrader.checks.finding import Finding, failed
from labgrader.checks.scope import Scope
from labgrader.grading.answers import judged_again
from labgrader.grading.plan import Plan, plan, problems
from labgrader.grading.report import report
from labgrader.reporting import status as render
from labgrader.reporting.document import document
from tests.unit.grading.worlds import exercise
from tests.unit.reporting.test_status import NOW, THEN, submission

BOTH = {"en": "How many?", "ko": "몇 개입니까?"}
OPTIONS = [
    {"name": name, "text": {"en": f"{name}!", "ko": f"{name}?"}}
    for name in ("up", "down", "sideways")
]
SECRETS = ("4711", "0.815", "right-sideways", "kan[a-z]rienvogel")
WRONG = {"one": "up", "some": "up, down", "number": "3", "word": "spatz"}


def asking() -> Plan:
    forms: dict[str, Any] = {
        "one": {"choice": {"options": OPTIONS, "right": "sideways"}},
        "some": {"choices": {"options": OPTIONS, "right": ["down", "sideways"]}},
        "number": {"number": {"value": "4711", "tolerance": "0.815", "unit": "months"}},
        "word": {"pattern": "kan[a-z]rienvogel"},
    }
    checks = [
        {"name": f"c-{name}", "points": 25, "asks": {"name": name, "question": BOTH, **form}}
        for name, form in forms.items()
    ]
    made = exercise(*checks)
    assert problems(made) == ()
    return plan(made)


def findings(asked: Plan, answers: dict[str, str]) -> dict[str, Finding]:
    checks = asked.exercise.spec.checks
    before = {check.name: failed("AnswerMissing", question="?") for check in checks}
    found = judged_again(asked, Scope("kim"), before, answers)
    assert found is not None
    return dict(found)


def everything_shown(lang: str, answers: dict[str, str]) -> str:
    asked = asking()
    whole = report(asked, findings(asked, answers))
    learner = submission(lang=lang, answers=[])
    shown = [
        render.graded(whole, learner, started=THEN, now=NOW, outdated=False),
        render.grading(learner, asked, NOW),
        document(whole, "kim", lang),
    ]
    again = submission(shown[0], lang=lang)
    shown.append(render.rendered_again(again, asked, NOW))
    return json.dumps(shown, ensure_ascii=False)


@pytest.mark.parametrize("lang", ["ko", "en"])
@pytest.mark.parametrize(
    "answers", [{}, WRONG, dict.fromkeys(WRONG, "??"), dict.fromkeys(WRONG, "1 h")]
)
def test_what_is_right_is_shown_nowhere(lang: str, answers: dict[str, str]) -> None:
    shown = everything_shown(lang, answers)
    for secret in SECRETS:
        assert secret not in shown
    # An option is named among the others only: as often as any other that was not answered.
    neutral = everything_shown(lang, {})
    assert neutral.count("sideways") == neutral.count("down")


@pytest.mark.parametrize("answers", [WRONG, {}])
def test_a_wrong_answer_tells_the_same_whatever_is_right(answers: dict[str, str]) -> None:
    """Not even which option is missing can be seen from the finding."""
    other = asking()
    changed = other.exercise.model_dump(mode="json", by_alias=True)["spec"]
    changed["checks"][0]["asks"]["choice"]["right"] = "down"
    changed["checks"][1]["asks"]["choices"]["right"] = ["up", "sideways"]
    changed["checks"][2]["asks"]["number"] |= {"value": "99", "tolerance": "1"}
    changed["checks"][3]["asks"]["pattern"] = "adler"
    twisted = plan(exercise(*changed["checks"]))
    assert findings(asking(), answers) == findings(twisted, answers)


def test_the_task_holds_the_questions_and_how_to_answer() -> None:
    english = render.grading(submission(lang="en"), asking(), NOW)["task"]
    assert (
        "## Questions\n\nWrite your answers into the Submission, in quotes, like this:" in english
    )
    assert '```yaml\nspec:\n  answers:\n  - name: one\n    value: "…"\n  - name: some\n' in english
    assert (
        "### one\n\nHow many?\n\n- `up`: up!\n- `down`: down!\n- `sideways`: sideways!\n\n"
        "Answer with the name of one option."
    ) in english
    assert "Answer with the names of all options that are right, divided by commas." in english
    assert "### number\n\nHow many?\n\nAnswer with a number, in months." in english
    assert english.endswith("Answer in a few words.\n")
    korean = render.grading(submission(lang="ko"), asking(), NOW)["task"]
    assert "## 질문\n\n제출물(Submission)에 다음과 같이 답을 따옴표로 묶어 쓰세요." in korean
    assert "몇 개입니까?" in korean
    assert "months 단위의 숫자로 답하세요." in korean


def test_a_long_task_does_not_push_its_questions_out() -> None:
    asked = asking().exercise.model_dump(mode="json", by_alias=True, exclude_none=True)["spec"]
    long = plan(exercise(*asked["checks"], task={"ko": "가" * 8000}))
    task = render.grading(submission(lang="ko"), long, NOW)["task"]
    assert len(task.encode()) <= MAX_TASK_BYTES
    assert task.endswith("짧은 말로 답하세요.\n")


def test_an_exercise_without_questions_has_no_such_part() -> None:
    there = {"name": "a", "points": 1, "exists": {"object": {"kind": "Pod", "name": "a"}}}
    task = render.grading(submission(), plan(exercise(there)), NOW)["task"]
    assert "Question" not in task
    assert "질문" not in task
