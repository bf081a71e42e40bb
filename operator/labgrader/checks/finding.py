"""The judgement of one check: outcome, reason, numbers, and the causes that were found.

Made by the modules of ``checks`` and by ``grading.run``; rendered by ``reporting``. Holds no
sentence: texts for people are made from reason and params, in any language, at any time.
"""

from dataclasses import dataclass, replace
from typing import Any

from labgrader.api.status import Outcome

__all__ = [
    "FULL_CREDIT",
    "Cause",
    "Finding",
    "Outcome",
    "Params",
    "cause",
    "error",
    "failed",
    "finding_credit",
    "passed",
    "skipped",
    "unknown",
]

FULL_CREDIT = 100_000

Params = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Cause:
    """Why, as a person would find it; one sentence in the message."""

    reason: str
    params: Params = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """One judgement.

    ``credit`` is the earned share in milli-percent; a Failed finding may carry some.
    ``transient`` says of Unknown that another look may succeed.
    """

    outcome: Outcome
    reason: str
    params: Params = ()
    causes: tuple[Cause, ...] = ()
    credit: int = 0
    transient: bool = False

    def because(self, *causes: Cause) -> "Finding":
        """The same finding with causes."""
        return replace(self, causes=causes)


def cause(reason: str, **params: Any) -> Cause:
    """A cause; params become text."""
    return Cause(reason, _texts(params))


def finding_credit(finding: Finding) -> int:
    """How much is fulfilled for certain, in milli-percent: all of it only when Passed."""
    if finding.outcome is Outcome.PASSED:
        return FULL_CREDIT
    if finding.outcome is Outcome.FAILED:
        return max(0, min(finding.credit, FULL_CREDIT - 1))
    return 0


def passed(reason: str, **params: Any) -> Finding:
    """Full points."""
    return Finding(Outcome.PASSED, reason, _texts(params), credit=FULL_CREDIT)


def failed(reason: str, *, credit: int = 0, **params: Any) -> Finding:
    """Not what the exercise expects. ``credit`` stays below full whatever is given."""
    return Finding(
        Outcome.FAILED, reason, _texts(params), credit=max(0, min(credit, FULL_CREDIT - 1))
    )


def unknown(reason: str, *, transient: bool = False, **params: Any) -> Finding:
    """Could not look."""
    return Finding(Outcome.UNKNOWN, reason, _texts(params), transient=transient)


def error(reason: str, **params: Any) -> Finding:
    """The check itself is broken."""
    return Finding(Outcome.ERROR, reason, _texts(params))


def skipped(reason: str, **params: Any) -> Finding:
    """A needed check did not pass."""
    return Finding(Outcome.SKIPPED, reason, _texts(params))


def _texts(params: dict[str, Any]) -> Params:
    return tuple((name, str(value)) for name, value in params.items())
