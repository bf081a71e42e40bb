"""Each rule of lint: what it finds, where, and what it lets pass."""

from pathlib import Path

import pytest

from labgrader.authoring.rules import RULES
from tests.unit.authoring.lint_cases import BESIDE, CASES, EXPECT, GOOD, changed, check, linted


def test_a_sound_exercise_has_no_remark(tmp_path: Path) -> None:
    assert linted(tmp_path, GOOD) == ()


@pytest.mark.parametrize(("text", "expected"), CASES.values(), ids=CASES)
def test_it_is_found(tmp_path: Path, text: str, expected: tuple[str, int, int, str]) -> None:
    rule, line, column, words = expected
    remarks = linted(tmp_path, text)
    found = [r for r in remarks if r.rule.id == rule and words in r.message]
    assert [(r.place.line, r.place.column) for r in found] == [(line, column)], remarks
    assert {r.rule.id for r in remarks} <= BESIDE | {rule}, remarks
    assert found[0].mend
    assert found[0].place.path == str(tmp_path / "lab.yaml")


@pytest.mark.parametrize(
    "more",
    [
        # True of an empty namespace, but needs a check that is not.
        ("needs: [there]", "absent: {object: {kind: Pod, name: web}}"),
        ("exists: {object: {kind: Deployment, name: web}}",),
        (*EXPECT, '  expect: {spec: {replicas: ">=3"}}'),
        (*EXPECT, '  expect: {metadata: {name: web}, spec: {replicas: "!=0"}}'),
        (*EXPECT, '  expect: {metadata: {labels: {web: "3"}}}'),
        (*EXPECT, '  expect: {spec: {template: {spec: {dnsPolicy: "(present)"}}}}'),
    ],
)
def test_it_is_let_pass(tmp_path: Path, more: tuple[str, ...]) -> None:
    assert {r.rule.id for r in linted(tmp_path, check(*more))} <= {"worthless-check"}


def test_worthless(tmp_path: Path) -> None:
    remarks = linted(tmp_path, check("exists: {object: {kind: Deployment, name: web}}"))
    assert [(r.rule.id, r.place.line) for r in remarks] == [("worthless-check", 20)]


def test_a_check_of_two_hundred_problems_names_each(tmp_path: Path) -> None:
    labels = ", ".join(f'a{n}: "~=("' for n in range(200))
    remarks = linted(tmp_path, check(*EXPECT, f"  expect: {{metadata: {{labels: {{{labels}}}}}}}"))
    assert sum(r.rule.id == "bad-pattern" for r in remarks) == 200


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("30초 안에", "30s"),
        ("within half a minute, 30 seconds", "30s"),
        ("2분 안에", "2m"),
        ("in 120s", "2m"),
        ("1m30s", "90s"),
    ],
)
def test_times_may_be_written_in_any_way(tmp_path: Path, said: str, asked: str) -> None:
    text = changed(("64Mi로", f"64Mi로 {said}"), ("at most", f"{said} at most"))
    text += f"  - name: heal\n    needs: [there]\n    heals: {{object: {{kind: Deployment, name: web}}, fault: DeletePod, within: {asked}}}\n"
    assert {r.rule.id for r in linted(tmp_path, text)} == {"worthless-check"}
    unsaid = text.replace(said, "")
    told = [r.message for r in linted(tmp_path, unsaid) if r.rule.id == "not-in-task"]
    assert len(told) == 1
    assert f"asks for {asked}" in told[0]


def test_every_rule_is_tried_here() -> None:
    elsewhere = {
        "file-too-large", "not-utf8", "yaml-syntax", "yaml-tab", "yaml-anchor", "duplicate-key",
        "duplicate-name", "expectation", "ignore-without-reason", "useless-ignore",
        "worthless-check", "expect-too-large",
    }  # fmt: skip
    assert {case[1][0] for case in CASES.values()} | elsewhere == set(RULES)


def test_what_is_wrong_with_a_given_object_is_told_where_it_stands(tmp_path: Path) -> None:
    given = """\
  given:
  - {apiVersion: v1, kind: ConfigMap, metadata: {name: mine}}
  - {apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: admin}}
"""
    (remark,) = linted(tmp_path, changed(("  checks:\n", given + "  checks:\n")))
    assert (remark.rule.id, remark.place.line) == ("unusable-check", 11)
    assert remark.message.startswith("given[1]: Role cannot be given")


def test_checks_that_are_all_wrong_are_not_said_to_be_none(tmp_path: Path) -> None:
    text = changed(("points: 40", "points: -1"), ("points: 60", "points: -1"))
    assert [r.message.split(":")[0] for r in linted(tmp_path, text)] == [
        "spec.checks.0.points",
        "spec.checks.1.points",
    ]
    (none,) = linted(tmp_path, GOOD[: GOOD.index("  checks:")] + "  checks: []\n")
    assert none.message.startswith("spec.checks: tuple should have at least 1 item")


def test_a_name_that_is_known_elsewhere_is_not_suggested_where_it_is_refused(
    tmp_path: Path,
) -> None:
    text = check("points: 0", "satisfies: {object: {kind: Pod}, expression: 'true'}")
    (unknown,) = (r for r in linted(tmp_path, text) if r.rule.id == "unknown-field")
    assert unknown.message == (
        "spec.checks.2.satisfies.object: unknown field; known here: select, minMatches, match, "
        "count, beside, expression, message"
    )


def test_the_weight_of_a_clause_is_the_graders_and_another_the_learners(tmp_path: Path) -> None:
    route = "{spec: {rules: [{backendRefs: [{name: web, weight: 9}]}]}}"
    clauses = (
        "points: 0",
        "matches:",
        "  object: {apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, name: web}",
        "  clauses:",
        "  - {weight: 7, expect: {metadata: {name: web}}}",
        f"  - {{weight: 5, expect: {route}}}",
    )
    told = [r.message for r in linted(tmp_path, check(*clauses)) if r.rule.id == "not-in-task"]
    assert [message.partition(",")[0] for message in told] == ["check more asks for 9"]
