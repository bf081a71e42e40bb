"""What ``labgrader test`` refuses before it touches any cluster; exit status 2 in every case."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from labgrader.cli import main
from tests.unit.authoring.lab_folder import EXERCISE, RIGHT, folder

HEALS = """\
  - name: heals
    heals: {object: {kind: Deployment, name: web}, fault: DeletePod, within: 10s}
"""


ASKS = """\
  - name: port
    asks: {name: port, question: {ko: 포트는?, en: Which port?}, pattern: "${port}"}
  parameters:
  - {name: port, between: {min: 8000, max: 8999}}
"""
ASKED = {
    "mistakes__red__expect": "outcomes: {there: Passed, right: Failed, port: Failed}",
    "mistakes__elsewhere__expect": "outcomes: {there: Failed, right: Skipped, port: Failed}",
}


@pytest.mark.parametrize(
    ("exercise", "works", "words"),
    [
        (EXERCISE + HEALS, {"mistakes__red__expect": "outcomes: {there: Passed, right: Failed, heals: Skipped}", "mistakes__elsewhere__expect": "outcomes: {there: Failed, right: Skipped, heals: Skipped}"}, "allow it with --allow-disruption"),
        (EXERCISE.replace("points", "pionts"), {}, "unknown field; did you mean points?"),
        (EXERCISE, {"mistakes__red__expect": "outcomes: {there: Failed}"}, "outcomes must name the checks"),
        (EXERCISE, {"solutions__right__web": "a: [\n"}, "while parsing a flow node"),
        (EXERCISE + ASKS, {"solutions__right__answers": "port: 8080\n", **ASKED}, "answers.yaml: port: the answer must be a text in quotes, not 8080"),
        (EXERCISE + ASKS, {"solutions__right__answers": "port: yes\n", **ASKED}, "port: the answer must be a text in quotes, not True"),
        (EXERCISE + ASKS, {"solutions__right__answers": "port:\n", **ASKED}, "port: the answer must be a text in quotes, not None"),
        (EXERCISE + ASKS, {"solutions__right__answers": "[port]\n", **ASKED}, "must hold answers by question"),
        (EXERCISE + ASKS, {"solutions__right__answers": "prot: '1'\n", **ASKED}, "prot: the exercise asks no such question"),
        (EXERCISE + ASKS, {"solutions__right__answers": "port: '${nobody}'\n", **ASKED}, "${nobody} is no parameter"),
        (EXERCISE, {"solutions__right__web": "kind: ConfigMap\n"}, "lacks apiVersion, kind or metadata.name"),
        (EXERCISE, {"solutions__right__web": "[1]\n"}, "lacks apiVersion, kind or metadata.name"),
        (EXERCISE, {"solutions__right__web": RIGHT.replace("name: web", "name: web, namespace: kim")}, "names a namespace"),
    ],
)  # fmt: skip
def test_it_is_refused(tmp_path: Path, exercise: str, works: dict[str, str], words: str) -> None:
    done = CliRunner().invoke(main, ["test", str(folder(tmp_path, exercise, **works))])
    assert done.exit_code == 2
    assert words in done.output


def test_without_a_solution_nothing_is_proven(tmp_path: Path) -> None:
    place = folder(tmp_path)
    (place / "solutions" / "right" / "web.yaml").unlink()
    (place / "solutions" / "right").rmdir()
    done = CliRunner().invoke(main, ["test", str(place)])
    assert done.exit_code == 2
    assert "holds no solution" in done.output


def test_a_folder_without_exercises(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["test", str(tmp_path)])
    assert done.exit_code == 2
    assert "holds no exercise.yaml" in done.output


def test_a_report_without_a_folder(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["test", str(folder(tmp_path)), "--junit", "/nowhere/x.xml"])
    assert done.exit_code == 2
    assert "there is no folder /nowhere" in done.output
