"""How much a finding is worth, whatever credit a judge gave it."""

import pytest

from labgrader.checks.finding import (
    FULL_CREDIT,
    Finding,
    Outcome,
    error,
    failed,
    finding_credit,
    passed,
    skipped,
    unknown,
)

ALMOST = FULL_CREDIT - 1


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (-5, 0),
        (0, 0),
        (1, 1),
        (ALMOST - 1, ALMOST - 1),
        (ALMOST, ALMOST),
        (FULL_CREDIT, ALMOST),
        (2 * FULL_CREDIT, ALMOST),
    ],
)
def test_what_failed_has_credit_between_nothing_and_almost_all(given: int, kept: int) -> None:
    assert failed("NotFound", credit=given).credit == kept
    assert finding_credit(Finding(Outcome.FAILED, "NotFound", credit=given)) == kept


@pytest.mark.parametrize("finding", [unknown("Forbidden"), error("BadParams"), skipped("Needs")])
def test_what_was_not_judged_has_no_credit(finding: Finding) -> None:
    assert finding_credit(finding) == 0


def test_passed_is_all_of_it() -> None:
    assert passed("ObjectThere").credit == finding_credit(passed("ObjectThere")) == FULL_CREDIT
    assert finding_credit(Finding(Outcome.PASSED, "ObjectThere", credit=0)) == FULL_CREDIT


def test_another_look_is_promised_only_where_it_may_help() -> None:
    assert not unknown("Forbidden").transient
    assert unknown("ApiUnreachable", transient=True).transient
    assert not failed("NotFound").transient
