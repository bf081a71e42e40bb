"""Lint finds whatever earns points before anybody has done anything, in whole or in part."""

from pathlib import Path

import pytest

from labgrader.authoring.lint.run import Linted, lint

GIVEN = """\
apiVersion: labgrader.dev/v1alpha1
kind: LabExercise
metadata: {name: mend}
spec:
  title: {ko: 고치기, en: Mend}
  task: {ko: 디플로이먼트 `web`을 고치세요., en: Mend the Deployment `web`.}
  given:
  - apiVersion: apps/v1
    kind: Deployment
    metadata: {name: web}
    spec: {replicas: 1, paused: true, strategy: {type: Recreate}}
"""
WEB = "object: {kind: Deployment, name: web}"
READY = f"  - {{name: ready, points: 60, ready: {{{WEB}}}}}\n"
RECREATE = f"matches: {{{WEB}, expect: {{spec: {{strategy: {{type: Recreate}}}}}}}}"
RUNNING = f"matches: {{{WEB}, expect: {{spec: {{paused: false}}}}}}"


def told(folder: Path, text: str) -> list[tuple[int, str]]:
    file = folder / "lab.yaml"
    file.write_text(text, "utf-8")
    found: Linted = lint([file])
    return [(r.place.line, r.message) for r in found.remarks if r.rule.id == "hollow-check"]


def test_a_clause_that_is_true_of_what_is_given(tmp_path: Path) -> None:
    clauses = (
        "  checks:\n  - name: kept\n    points: 100\n    matches:\n"
        f"      {WEB}\n      clauses:\n"
        "      - {weight: 9, expect: {spec: {replicas: 1}}}\n"
        "      - {expect: {spec: {paused: false}}}\n"
    )
    ((line, message),) = told(tmp_path, GIVEN + clauses)
    assert line == 13
    assert message.startswith("check kept earns 90 of its 100 points in a namespace where nobody")
    assert told(tmp_path, GIVEN + clauses.replace("replicas: 1", "replicas: 0")) == []
    before = clauses.replace("clauses:", "expect: {spec: {paused: false}}\n      clauses:")
    assert told(tmp_path, GIVEN + before) == []


@pytest.mark.parametrize(
    ("rule", "first", "earns"),
    [
        ("any", RECREATE, 40),
        ("any", "exists: {object: {kind: ConfigMap, name: kube-root-ca.crt}}", 40),
        ("any", RUNNING, 0),
        ("all", RECREATE, 0),
        ("bestOf, count: 1", RECREATE, 40),
        ("bestOf, count: 2", RECREATE, 0),
    ],
)
def test_a_group_whose_own_points_come_of_it(
    tmp_path: Path, rule: str, first: str, earns: int
) -> None:
    text = f"  groups:\n  - {{name: way, rule: {rule}, points: 40}}\n  checks:\n{READY}"
    for name, kind in (("one", first), ("other", RUNNING)):
        text += f"  - {{name: {name}, group: way, {kind}}}\n"
    message = (
        f"group way earns {earns} of its 40 points in a namespace where nobody has done anything"
    )
    expected = [(13, f"{message}, with what the exercise gives, by one")] if earns else []
    assert told(tmp_path, GIVEN + text) == expected


def test_a_hollow_group_is_told_once_and_at_its_place(tmp_path: Path) -> None:
    text = f"  groups:\n  - {{name: way, rule: any, points: 40}}\n  checks:\n{READY}"
    text += "  - {name: none, group: way, absent: {object: {kind: Pod, name: web}}}\n"
    assert [line for line, _ in told(tmp_path, GIVEN + text)] == [13]


def test_what_is_behind_a_need_is_let_pass(tmp_path: Path) -> None:
    text = f"  groups:\n  - {{name: way, rule: any, points: 40}}\n  checks:\n{READY}"
    text += f"  - {{name: one, group: way, needs: [ready], {RECREATE}}}\n"
    assert told(tmp_path, GIVEN + text) == []
