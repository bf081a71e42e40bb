"""Lint finds expressions that count, or compare with a literal, what Kubernetes fills in."""

from pathlib import Path

import pytest

from tests.unit.authoring.lint_cases import EXPECT, check, linted

NEVER = "never: {for: 30s}"


def told(folder: Path, expression: str) -> list[str]:
    satisfies = ("needs: [there]", "satisfies:", "  select: {kind: Pod}", "  expression: |")
    remarks = linted(folder, check("points: 0", *satisfies, f"    {expression}"))
    assert not [r for r in remarks if r.rule.id == "unusable-check"], remarks
    return [r.message for r in remarks if r.rule.id == "version-dependent"]


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("object.spec.tolerations.size() == 2", "counts tolerations, which is a list or map to"),
        ("size(object.spec.volumes) <= 1", "counts volumes"),
        ("2 > size(object.spec.volumes)", "counts volumes"),
        ("object.spec.?volumes.orValue([]).size() == 1", "counts volumes"),
        ("object.status['conditions'].size() < 3", "counts conditions"),
        ("object.spec.containers[0].volumeMounts.size() == 1", "counts volumeMounts"),
        ("object.spec.containers.all(c, c.volumeMounts.size() == 1)", "counts volumeMounts"),
        ("object.spec.volumes == []", "expects one value of volumes"),
        ("object.metadata.annotations == {'a': 'b'}", "expects one value of annotations"),
        ("object.spec.nodeName == 'kim'", "expects one value of nodeName, which is set by the"),
        ("3 == object.metadata.generation", "expects one value of generation"),
        (
            "object.status.conditions.exists(c, c.message == 'ok')",
            "expects one value of message, which is worded",
        ),
    ],
)
def test_it_is_found(tmp_path: Path, expression: str, words: str) -> None:
    (message,) = told(tmp_path, expression)
    assert message.startswith(f"check more {words}")


@pytest.mark.parametrize(
    "expression",
    [
        "object.spec.volumes.size() >= 1",
        "0 < object.spec.volumes.size()",
        "object.spec.containers.size() == 1",
        "object.status.conditions.filter(c, c.type == 'Ready').size() == 1",
        "object.spec.tolerations[0] == {'key': 'a'}",
        "object.spec.template.spec.volumes.size() == 1",
        "object.spec.template.spec.containers.all(c, c.volumeMounts.size() == 1)",
        "object.spec.clusterIP == 'None'",
        "object.spec.clusterIPs == ['None']",
        "object.spec.nodeName != ''",
        "object.spec.nodeName == object.metadata.labels.node",
        "object.metadata.labels.app == 'volumes'",
        "object.metadata.labels.message == 'x'",
        "object.data['generation'] == '3'",
        "object.data.volumes.size() == 1",
        "!(object.spec.dnsPolicy == 'None')",
        "!(object.spec.volumes.size() == 1)",
    ],
)
def test_it_is_let_pass(tmp_path: Path, expression: str) -> None:
    assert told(tmp_path, expression) == []


@pytest.mark.parametrize(
    ("how", "found"),
    [
        ((), 1),
        (("  match: none",), 0),
        (("  match: count", "  count: {max: 0}"), 0),
        (("  match: count", "  count: {min: 1}"), 1),
        ((NEVER,), 0),
        (("  match: none", NEVER), 1),
    ],
)
def test_a_value_that_must_not_be_there_lasts(
    tmp_path: Path, how: tuple[str, ...], found: int
) -> None:
    satisfies = ("needs: [there]", "satisfies:", "  select: {kind: Pod}")
    expression = "  expression: has(object.spec.nodeName) && object.spec.nodeName == 'kim'"
    remarks = linted(tmp_path, check("points: 0", *satisfies, expression, *how))
    assert sum(r.rule.id == "version-dependent" for r in remarks) == found
    negated = expression.replace("object.spec.nodeName ==", "!(object.spec.nodeName ==") + ")"
    remarks = linted(tmp_path, check("points: 0", *satisfies, negated, *how))
    assert sum(r.rule.id == "version-dependent" for r in remarks) == 1 - found


def test_the_objects_beside_are_counted_whatever_they_are_called(tmp_path: Path) -> None:
    beside = "  beside: [{kind: ConfigMap, variable: volumes}]"
    satisfies = ("needs: [there]", "satisfies:", "  select: {kind: Pod}", beside)
    text = check(
        "points: 0", *satisfies, "  expression: objects.volumes.size() == 2 && has(object.spec)"
    )
    assert [r.message for r in linted(tmp_path, text) if r.rule.id != "worthless-check"] == []


@pytest.mark.parametrize(
    ("expected", "found"),
    [
        ("{spec: {clusterIP: None}}", 0),
        ("{spec: {clusterIPs: [None]}}", 0),
        ("{spec: {clusterIP: 10.0.0.1}}", 1),
        ('{spec: {template: {spec: {volumes: "(absent)"}}}}', 0),
        ('{spec: {volumes: "(absent)"}}', 1),
    ],
)
def test_expect_trees_are_read_alike(tmp_path: Path, expected: str, found: int) -> None:
    remarks = linted(tmp_path, check(*EXPECT, f"  expect: {expected}"))
    assert sum(r.rule.id == "version-dependent" for r in remarks) == found
