"""Lint's rule on fields whose absence passes, where an expression must not hold."""

from pathlib import Path

import pytest

from labgrader.authoring.lint.missing import unguarded
from tests.unit.authoring.lint_cases import check, linted

GUARDED = (
    "object.spec.template.spec.containers.exists(c, has(c.securityContext) && "
    "has(c.securityContext.privileged) && c.securityContext.privileged)"
)

NEVER = "never: {for: 30s}"
SATISFIES = ("points: 0", "needs: [there]", "satisfies:", "  select: {kind: Deployment}")


@pytest.mark.parametrize(
    ("expression", "paths"),
    [
        ("object.spec.hostNetwork == true", ("object.spec.hostNetwork",)),
        ("has(object.spec.hostNetwork) && object.spec.hostNetwork", ()),
        ("object.spec.?hostNetwork.orValue(false)", ()),
        ("object.spec.replicas > 3 || object.metadata.name == 'x'", ()),
        ("object.spec.template.spec.containers.exists(c, c.image.endsWith(':latest'))", ()),
        (
            "object.spec.template.spec.containers.exists(c, c.securityContext.privileged == true)",
            ("c.securityContext.privileged",),
        ),
        (GUARDED, ()),
        (
            "object.metadata.labels['app'] == 'x'",
            ("object.metadata.labels['app']",),
        ),
        ("objects.services.exists(s, s.spec.selectr == object.kind)", ("s.spec.selectr",)),
        ("object.spec.", ()),
    ],
)
def test_the_fields_that_are_not_asked_for(expression: str, paths: tuple[str, ...]) -> None:
    assert unguarded(expression) == paths


@pytest.mark.parametrize(
    ("expression", "told"),
    [
        ("object.spec.ports.exists(p, p.nodePort > 1)", "counts as one of which this does not"),
        (
            "object.spec.ports.filter(p, p.nodePort > 1).size() > 0",
            "cannot be told, so nobody is graded by it",
        ),
        ("object.spec.ports.exists(p, has(p.nodePort) && p.nodePort > 1)", ""),
        ("object.spec.ports.filter(p, has(p.nodePort) && p.nodePort > 1).size() > 0", ""),
    ],
)
def test_a_field_that_hides_the_rest_is_told_to_leave_it_open(
    tmp_path: Path, expression: str, told: str
) -> None:
    text = check(*SATISFIES, "  match: none", f'  expression: "{expression}"')
    found = {
        remark.message
        for remark in linted(tmp_path, text)
        if remark.rule.id == "missing-field" and ".nodePort" in remark.message
    }
    assert [told in message for message in found] == [True] * bool(told)


@pytest.mark.parametrize(
    ("how", "told"),
    [
        (("  match: none",), 1),
        (("  match: count", "  count: {max: 0}"), 1),
        (("  match: count", "  count: {min: 1}"), 0),
        (("  match: count", "  count: {min: 1, max: 1}"), 0),  # a solution shows the slip
        (("  match: any",), 0),
        ((), 0),
        ((NEVER,), 1),
        (("  match: any", NEVER), 1),
        (("  match: count", "  count: {min: 1}", NEVER), 1),
        (("  match: none", NEVER), 0),
    ],
)
def test_only_what_must_not_hold_is_remarked(
    tmp_path: Path, how: tuple[str, ...], told: int
) -> None:
    inside = [line for line in how if line != NEVER]
    outside = [NEVER] * (NEVER in how)
    text = check(*SATISFIES, *inside, "  expression: object.spec.pausd == true", *outside)
    found = [r for r in linted(tmp_path, text) if r.rule.id == "missing-field"]
    assert len(found) == told
    for remark in found:
        assert remark.message == (
            "check more: an object without object.spec.pausd counts as one of which this does not "
            "hold, so a misspelled field passes everything"
        )
        assert remark.place.line == 25 + len(inside)
