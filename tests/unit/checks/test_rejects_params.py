"""What authors ask of `rejects`: what is a problem, what is true before any work, what is sound."""

from collections.abc import Mapping
from typing import Any

import pytest

from labgrader.api.kinds import Rejects
from labgrader.checks.rejects import hollow, problems
from tests.unit.checks.dry_runs import BY_QUOTA, pod, workload


def parsed(**params: Any) -> Rejects:
    return Rejects.model_validate(params)


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"refused": pod(), "by": BY_QUOTA}, False),
        ({"refused": pod(), "by": {"kind": "LimitRange"}}, False),
        ({"refused": pod(), "by": {"kind": "PodSecurity"}}, True),
        ({"refused": pod(), "by": {"kind": "ValidatingAdmissionPolicy"}}, True),
        ({"refused": pod()}, True),
        ({"admitted": pod()}, True),
    ],
)
def test_rules_that_learners_cannot_write_are_true_before_any_work(
    params: Mapping[str, Any], *, expected: bool
) -> None:
    assert hollow(parsed(**params)) is expected


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"refused": {**pod(), "kind": "Namespace"}}, "refused: a Namespace lies in no namespace"),
        ({"refused": {**pod(), "kind": "pods"}}, "needs a kind"),
        ({"refused": {**pod(), "apiVersion": "../v1"}}, "needs an apiVersion"),
        ({"refused": {**pod(), "apiVersion": None}}, "needs an apiVersion"),
        ({"refused": {**pod(), "metadata": {}}}, "needs metadata.name"),
        ({"refused": {**pod(), "metadata": None}}, "needs metadata.name"),
        (
            {"admitted": {**pod(), "metadata": {"name": "x", "namespace": "lee"}}},
            "admitted: leave metadata.namespace out",
        ),
        ({"admitted": {**pod(), "data": "x" * 40_000}}, "over 32,768 bytes"),
        ({"admitted": {**pod(), "at": object()}}, "is no JSON"),
        ({"admitted": pod(), "by": BY_QUOTA}, "nothing is to be refused"),
        ({"refused": pod(), "by": {**BY_QUOTA, "message": "("}}, "RE2 does not take '('"),
        (
            {"refused": pod(), "subject": {"kind": "ServiceAccount", "name": "a/b"}},
            "is no name of a ServiceAccount",
        ),
    ],
)
def test_what_cannot_be_tried_is_a_problem(params: Mapping[str, Any], words: str) -> None:
    [problem] = problems(parsed(**params))
    assert words in problem.text


def test_a_sound_check_is_no_problem() -> None:
    assert problems(parsed(refused=workload(), by=BY_QUOTA, admitted=pod())) == ()


def test_nothing_to_try_is_refused() -> None:
    with pytest.raises(ValueError, match="write a manifest under refused"):
        parsed(by=BY_QUOTA)
