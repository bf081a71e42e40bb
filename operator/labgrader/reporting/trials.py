"""What came of trying an exercise's own works: values, a matrix for the terminal, and JUnit.

Made by ``authoring.selftest``; called by ``cli.selftest``. Pure but for the console that it is
given.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from rich.console import Console
from rich.table import Table
from rich.text import Text

from labgrader.checks.finding import Outcome
from labgrader.reporting.junit import Case, Suite, Trouble

_SIGNS = {
    Outcome.PASSED: "✓",
    Outcome.FAILED: "✗",
    Outcome.SKIPPED: "–",
    Outcome.UNKNOWN: "?",
    Outcome.ERROR: "!",
}
_LEGEND = "✓ Passed  ✗ Failed  – Skipped  ? Unknown  ! Error; with ≠: not as expected"


class Verdict(StrEnum):
    """What a trial says of the exercise."""

    AS_EXPECTED = "as expected"
    DIFFERS = "differs"
    OPEN = "could not be decided"


@dataclass(frozen=True, slots=True)
class Tried:
    """One check of one work; ``outcome`` is None where it was never graded."""

    check: str
    outcome: Outcome | None
    differs: bool


@dataclass(frozen=True, slots=True)
class Trial:
    """One work, graded: ``differences`` are sentences, none where all is as expected."""

    work: str
    verdict: Verdict
    tried: tuple[Tried, ...]
    score: str
    differences: tuple[str, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class Proof:
    """One exercise: its trials, and the checks that no mistake fails."""

    exercise: str
    checks: tuple[str, ...]
    trials: tuple[Trial, ...]
    uncovered: tuple[str, ...]


def print_proof(proof: Proof, console: Console) -> None:
    """The matrix of works and checks, what differs, and what no mistake covers."""
    console.rule(proof.exercise, align="left")
    console.print(_matrix(proof))
    for number, check in enumerate(proof.checks, 1):
        console.print(Text(f"{number:>3}  {check}", style="dim"))
    console.print(Text(_LEGEND, style="dim"))
    for trial in proof.trials:
        if trial.differences:
            console.print(Text(f"\n{trial.work}: {trial.verdict.value}", style="bold"))
        for sentence in trial.differences:
            console.print(Text(f"  {sentence}"), soft_wrap=True)
    if proof.uncovered:
        named = ", ".join(proof.uncovered)
        told = f"\nNo mistake fails: {named}. Nothing shows that these checks can fail."
        console.print(Text(told, style="yellow"), soft_wrap=True)


def suite(proof: Proof) -> Suite:
    """The exercise as a suite of JUnit, a case for each work."""
    return Suite(proof.exercise, [_case(trial) for trial in proof.trials])


def _case(trial: Trial) -> Case:
    if trial.verdict is Verdict.AS_EXPECTED:
        return Case(trial.work, trial.seconds)
    headline = f"{trial.verdict.value}: {trial.differences[0]}" if trial.differences else ""
    detail = "\n".join(trial.differences)
    is_open = trial.verdict is Verdict.OPEN
    return Case(trial.work, trial.seconds, Trouble(headline, detail, error=is_open))


def _matrix(proof: Proof) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("work", no_wrap=True)
    for number in range(1, len(proof.checks) + 1):
        table.add_column(str(number), justify="center", no_wrap=True)
    table.add_column("score", justify="right", no_wrap=True)
    for trial in proof.trials:
        cells = [_cell(tried) for tried in trial.tried]
        cells += [Text("?")] * (len(proof.checks) - len(cells))
        table.add_row(trial.work, *cells, _score(trial))
    return table


def _cell(tried: Tried) -> Text:
    sign = "?" if tried.outcome is None else _SIGNS[tried.outcome]
    return Text(f"{sign}≠", style="bold red") if tried.differs else Text(sign)


def _score(trial: Trial) -> Text:
    style = {Verdict.AS_EXPECTED: "green", Verdict.DIFFERS: "red", Verdict.OPEN: "yellow"}
    return Text(trial.score, style=style[trial.verdict])


def worst(proofs: Sequence[Proof]) -> Verdict:
    """Of all trials: differs, else open, else as expected."""
    verdicts = {trial.verdict for proof in proofs for trial in proof.trials}
    order = (Verdict.DIFFERS, Verdict.OPEN)
    return next((verdict for verdict in order if verdict in verdicts), Verdict.AS_EXPECTED)
