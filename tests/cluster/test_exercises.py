"""Every exercise, proven on a real cluster: nothing done earns nothing, each solution earns
everything, each mistake ends exactly as its expect.yaml says; by the operator and by the
command line alike."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest

from labgrader.authoring.exercise_folder import ExerciseFolder, Work
from labgrader.grading.plan import plan
from labgrader.grading.score import max_score
from tests.support.examination import Examination, each_work, examine
from tests.support.live import LiveCluster
from tools.shipped import shipped

# Tests of their own show what operator and command line do in experiments and with policies
# (test_updates.py, test_faults.py, test_scaling.py, test_traffic.py, test_network.py,
# test_recommends.py), and `make exercises` tries all works of those exercises: here they would take an hour.
_PLANS = tuple((folder, plan(folder.exercise)) for folder in shipped())
FOLDERS = tuple(
    folder
    for folder, planned in _PLANS
    if folder.exercise.name == "web-survives"
    or not (
        planned.disturbs
        or planned.takes_nodes
        or planned.needs_policies
        or planned.needs_recommender
    )
)
UNDECIDED = -1


every = partial(each_work, FOLDERS)


@pytest.fixture(scope="module")
def examination(installed: LiveCluster) -> Iterator[Examination]:
    with examine(installed, FOLDERS) as under_way:
        yield under_way


def found(report: dict[str, Any]) -> dict[str, tuple[str, str]]:
    return {
        check["name"]: (check["outcome"], check["reason"]) for check in report.get("checks", ())
    }


def told(report: dict[str, Any]) -> str:
    """What the report says, for the reader of a failed test."""
    checks = report.get("checks", ())
    lines = [f"{c['name']}: {c['outcome']} {c['reason']}: {c['message']}" for c in checks]
    return "\n".join([f"score {report.get('score')} {report.get('result')}", *lines])


def expect(report: dict[str, Any], folder: ExerciseFolder, work: Work) -> None:
    seen = found(report)
    assert {name: outcome for name, (outcome, _) in seen.items()} == work.outcomes, told(report)
    reasons = {name: reason for name, (_, reason) in seen.items() if name in work.reasons}
    assert reasons == work.reasons, told(report)
    assert work.least <= report.get("score", UNDECIDED) <= work.most, told(report)
    assert report["maxScore"] == max_score(folder.exercise.spec)


@every("start")
def test_nothing_done_earns_nothing(
    examination: Examination, folder: ExerciseFolder, work: Work
) -> None:
    graded = examination.of(folder, work)
    for report in (graded.status, graded.document):
        assert report.get("score", UNDECIDED) == 0, told(report)
        assert report.get("result") == "Failed", told(report)
        assert "Passed" not in {outcome for outcome, _ in found(report).values()}, told(report)
    assert graded.exit_code == 1


@every("solutions")
def test_a_solution_earns_everything(
    examination: Examination, folder: ExerciseFolder, work: Work
) -> None:
    graded = examination.of(folder, work)
    for report in (graded.status, graded.document):
        expect(report, folder, work)
        assert report.get("result") == "Passed", told(report)
    assert graded.exit_code == 0


@every("mistakes")
def test_a_mistake_is_found_for_what_it_is(
    examination: Examination, folder: ExerciseFolder, work: Work
) -> None:
    graded = examination.of(folder, work)
    for report in (graded.status, graded.document):
        expect(report, folder, work)
    assert graded.exit_code == (0 if graded.document["result"] == "Passed" else 1)


@every()
def test_the_operator_and_the_command_line_agree(
    examination: Examination, folder: ExerciseFolder, work: Work
) -> None:
    graded = examination.of(folder, work)
    assert found(graded.status) == found(graded.document), (
        f"operator:\n{told(graded.status)}\ncommand line:\n{told(graded.document)}"
    )
    assert graded.status["result"] == graded.document["result"]
    assert graded.status["exercise"]["hash"] == graded.document["exerciseHash"]
    if work.least == work.most:
        assert graded.status["score"] == graded.document["score"]
