"""What the command line says of a file that it cannot grade; exit status 2 in every case."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from labgrader.cli import main
from labgrader.cli.exercise_file import own_plan, read_plan

GOOD = """\
apiVersion: labgrader.dev/v1alpha1
kind: LabExercise
metadata: {name: web}
spec:
  title: {en: Web}
  task: {en: Make it.}
  checks:
  - name: there
    points: 10
    exists: {object: {kind: Deployment, name: web}}
"""


def told(tmp_path: Path, text: str) -> str:
    file = tmp_path / "exercise.yaml"
    file.write_text(text, "utf-8")
    done = CliRunner().invoke(main, ["grade", str(file), "-n", "kim"])
    assert done.exit_code == 2
    return done.output


def test_a_sound_file_has_a_plan(tmp_path: Path) -> None:
    file = tmp_path / "exercise.yaml"
    file.write_text("kind: ConfigMap\n---\n" + GOOD, "utf-8")
    assert read_plan(file).max_score == 10


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (GOOD.replace("points", "pionts"), "spec.checks.0.pionts: unknown field; did you mean points?"),
        (GOOD.replace("exists", "exist"), "spec.checks.0.exist: unknown field; did you mean exists?"),
        (GOOD.replace("kind: Deployment", "kind: Widget"), "kind Widget needs its apiVersion"),
        (GOOD.replace("points: 10", "points: 0"), "NoPoints: no check is worth any points"),
        (GOOD.replace("points: 10", "points: -1"), "spec.checks.0.points"),
        (GOOD.replace("    exists: {", "    absent: {"), "HollowCheck: check there is true before"),
        (GOOD.replace("kind: LabExercise", "kind: Lab"), "holds 0 LabExercise objects"),
        (GOOD + "---\n" + GOOD, "holds 2 LabExercise objects"),
        (GOOD.replace("v1alpha1", "v1"), "apiVersion must be labgrader.dev/v1alpha1"),
        ("a: [", "cannot be read"),
        (GOOD.replace("  title", "  settle: 1d\n  title"), "1d' is not a duration"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(tmp_path: Path, wrong: str, words: str) -> None:
    assert words in told(tmp_path, wrong)


def test_every_problem_is_listed_at_once(tmp_path: Path) -> None:
    wrong = GOOD.replace("points: 10", "pionts: 10").replace("en: Web", "fr: Web")
    output = told(tmp_path, wrong)
    assert "pionts" in output
    assert "spec.title" in output


OWN = GOOD.replace("name: web}}", 'name: "${app}"}}').replace(
    "  checks:", "  parameters: [{name: app, oneOf: [maple, cedar]}]\n  checks:"
)


def test_a_learner_has_a_plan_of_their_own(tmp_path: Path) -> None:
    file = tmp_path / "exercise.yaml"
    file.write_text(OWN, "utf-8")
    plan = read_plan(file)
    names = {
        own_plan(file, plan, f"l{n}").exercise.spec.checks[0].params.object.name for n in range(20)
    }
    assert names == {"maple", "cedar"}


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (OWN.replace("${app}", "${ap}"), "spec.checks.0.exists.object.name: ${ap} is no parameter"),
        (OWN.replace("maple", "Maple"), "BadParameter: checks.0.exists.object.name: String should"),
        (OWN.replace("oneOf:", "onOf:"), "spec.parameters.0.onOf: unknown field; did you mean oneOf?"),
        (OWN.replace("points:", "pionts:"), "spec.checks.0.pionts: unknown field"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_parameters_is_named(tmp_path: Path, wrong: str, words: str) -> None:
    assert words in told(tmp_path, wrong)


def test_one_learner_has_one_namespace(tmp_path: Path) -> None:
    file = tmp_path / "exercise.yaml"
    file.write_text(OWN, "utf-8")
    arguments = ["grade", str(file), "-n", "kim", "-n", "lee", "--learner", "kim"]
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 2
    assert "--learner names one learner" in done.output


def test_the_command_line_says_with_which_values_it_grades(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "exercise.yaml"
    file.write_text(OWN, "utf-8")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("KUBECONFIG", raising=False)
    own = own_plan(file, read_plan(file), "lee").exercise.values["app"]
    arguments = ["grade", str(file), "-n", "kim", "--learner", "lee", "--context", "nowhere"]
    assert f"kim works with app = {own}" in CliRunner().invoke(main, arguments).output


def test_without_a_cluster_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "exercise.yaml"
    file.write_text(GOOD, "utf-8")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("KUBECONFIG", raising=False)
    done = CliRunner().invoke(main, ["grade", str(file), "-n", "kim", "--context", "nowhere"])
    assert done.exit_code == 2
    assert "no cluster to connect to" in done.output
