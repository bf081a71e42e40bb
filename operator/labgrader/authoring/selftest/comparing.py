"""Whether a work was graded as the exercise's folder says it must be.

Called by ``selftest.run``. Pure: a Report and a Work in, a Trial out.
"""

from collections.abc import Iterator

from labgrader.authoring.exercise_folder import ExerciseFolder, Work
from labgrader.checks.finding import Outcome
from labgrader.grading.report import CheckReport, Report
from labgrader.reporting.messages import message
from labgrader.reporting.trials import Trial, Tried, Verdict

_DECIDED = {Outcome.PASSED, Outcome.FAILED, Outcome.ERROR}


def compare(work: Work, report: Report, lang: str, seconds: float) -> Trial:
    """The trial of a work that was graded."""
    told = [(check, _difference(work, check, lang)) for check in report.checks]
    differences = [sentence for _, sentence in told if sentence]
    score = _score(work, report)
    differences += [score] if score else []
    return Trial(
        work.name,
        _verdict(work, report, differences),
        tuple(Tried(c.name, c.finding.outcome, bool(wrong)) for c, wrong in told),
        f"{_points(report)}/{report.score.max}",
        tuple(differences),
        seconds,
    )


def untried(work: Work, why: str, seconds: float) -> Trial:
    """The trial of a work that could not be graded at all."""
    return Trial(work.name, Verdict.OPEN, (), "?", (why,), seconds)


def refused(work: Work, why: str, seconds: float) -> Trial:
    """The trial of a work whose manifests the cluster does not take."""
    return Trial(work.name, Verdict.DIFFERS, (), "?", (why,), seconds)


def uncovered(folder: ExerciseFolder) -> tuple[str, ...]:
    """The checks that no mistake fails. Skipped is not enough: it never was judged."""
    failed = {
        name
        for mistake in folder.mistakes
        for name, outcome in mistake.outcomes.items()
        if outcome == Outcome.FAILED
    }
    return tuple(check.name for check in folder.checks if check.name not in failed)


def _verdict(work: Work, report: Report, differences: list[str]) -> Verdict:
    """Open only where nothing that was decided differs: what is skipped follows from the rest."""
    if not differences:
        return Verdict.AS_EXPECTED
    decided = any(
        check.finding.outcome in _DECIDED and _differs(work, check) for check in report.checks
    )
    return Verdict.DIFFERS if decided or not report.open else Verdict.OPEN


def _differs(work: Work, check: CheckReport) -> bool:
    finding = check.finding
    if work.outcomes.get(check.name, finding.outcome.value) != finding.outcome.value:
        return True
    return work.reasons.get(check.name, finding.reason) != finding.reason


def _difference(work: Work, check: CheckReport, lang: str) -> str | None:
    """What is not as expected, in one sentence."""
    finding = check.finding
    if _differs(work, check):
        expected = " ".join(_expected(work, check))
        seen = f"{finding.outcome.value} ({finding.reason})"
        return f"{check.name} is {seen}, expected {expected}: {message(finding, lang)}"
    if not work.outcomes and check.earned:
        told = f"{check.name} earns {check.earned} points where nobody has done anything"
        return f"{told}: {message(finding, lang)}"
    return None


def _expected(work: Work, check: CheckReport) -> Iterator[str]:
    yield work.outcomes.get(check.name, "any outcome")
    if check.name in work.reasons:
        yield f"({work.reasons[check.name]})"


def _points(report: Report) -> str:
    score = report.score
    return f"{score.low}" if score.conclusive else f"{score.low}–{score.high}"


def _score(work: Work, report: Report) -> str | None:
    low, high = report.score.low, report.score.high
    if work.least <= low and high <= work.most:
        return None
    expected = f"{work.least}" if work.least == work.most else f"{work.least} to {work.most}"
    return f"the score is {_points(report)}, expected {expected}"
