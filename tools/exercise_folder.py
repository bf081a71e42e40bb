"""What an exercise's folder holds: the exercise, right answers, and mistakes with what they earn.

    exercise.yaml
    solutions/NAME/*.yaml    each earns every point; with an expect.yaml where not all checks
                             have to pass for that
    mistakes/NAME/*.yaml     each ends as its expect.yaml says

Where the exercise has parameters, ${name} in these files is the learner's own value.

The demo takes its learners' work and their expected scores from here, the end-to-end tests
all of it. Reads files; must not know a cluster.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from labgrader.api.exercise import Check, LabExercise
from labgrader.api.parameters import Values
from labgrader.api.templates import filled
from labgrader.checks.finding import FULL_CREDIT, Finding, Outcome
from labgrader.grading.score import score

ROOT = Path(__file__).parents[1] / "exercises"

_EXERCISE = "exercise.yaml"
_EXPECT = "expect.yaml"


@dataclass(frozen=True)
class Work:
    """What one learner made of an exercise, and what must come of it.

    ``outcomes`` and ``reasons`` are by check; a check without a reason may have any.
    ``least`` and ``most`` bound the score: they differ where a failed check earns a part of
    its points by a measured time.
    """

    name: str
    manifests: tuple[Path, ...]
    outcomes: Mapping[str, str]
    reasons: Mapping[str, str]
    least: int
    most: int

    def objects(self, values: Values | None = None) -> Iterator[Any]:
        """The objects in the manifests, with a learner's parameters."""
        for file in self.manifests:
            for document in _documents(file):
                yield filled(document, values) if values else document


@dataclass(frozen=True)
class ExerciseFolder:
    """One exercise with everything beside it."""

    path: Path
    exercise: LabExercise

    @classmethod
    def read(cls, path: Path) -> "ExerciseFolder":
        """The exercise in a folder. Raises pydantic.ValidationError, OSError."""
        body = yaml.safe_load((path / _EXERCISE).read_text("utf-8"))
        return cls(path, LabExercise.parse(body, strict=True))

    @property
    def file(self) -> Path:
        """The exercise's own manifest."""
        return self.path / _EXERCISE

    @property
    def checks(self) -> tuple[Check, ...]:
        """The checks, in the exercise's order."""
        return self.exercise.spec.checks

    @property
    def start(self) -> Work:
        """Nothing done yet: no point, whatever the outcomes."""
        return Work("start", (), {}, {}, 0, 0)

    def solution(self, name: str) -> Work:
        """The right answer of this name."""
        passed = {check.name: "Passed" for check in self.checks}
        written = self.path / "solutions" / name / _EXPECT
        outcomes, reasons = self._expected(written) if written.exists() else (passed, {})
        return self._work("solutions", name, outcomes, reasons)

    def mistake(self, name: str) -> Work:
        """The mistake of this name.

        Raises ValueError where its expect.yaml does not name exactly the exercise's checks.
        """
        return self._work(
            "mistakes", name, *self._expected(self.path / "mistakes" / name / _EXPECT)
        )

    def _expected(self, file: Path) -> tuple[Mapping[str, str], Mapping[str, str]]:
        expected = yaml.safe_load(file.read_text("utf-8"))
        outcomes, reasons = expected["outcomes"], expected.get("reasons", {})
        names = [check.name for check in self.checks]
        if list(outcomes) != names or not set(reasons) <= set(names):
            raise ValueError(
                f"{file}: outcomes must name the checks {', '.join(names)} in this order, "
                f"not {', '.join(outcomes)}"
            )
        return outcomes, reasons

    def _work(
        self, kind: str, name: str, outcomes: Mapping[str, str], reasons: Mapping[str, str]
    ) -> Work:
        least, most = (
            score(
                self.exercise.spec,
                {c.name: _finding(c, outcomes[c.name], share) for c in self.checks},
            )
            for share in (0, FULL_CREDIT - 1)
        )
        manifests = self._manifests(kind, name)
        return Work(f"{kind}/{name}", manifests, outcomes, reasons, least.low, most.low)

    @property
    def solutions(self) -> tuple[Work, ...]:
        """All right answers."""
        return tuple(self.solution(name) for name in self._names("solutions"))

    @property
    def mistakes(self) -> tuple[Work, ...]:
        """All mistakes."""
        return tuple(self.mistake(name) for name in self._names("mistakes"))

    def _names(self, kind: str) -> list[str]:
        return sorted(place.name for place in (self.path / kind).iterdir())

    def _manifests(self, kind: str, name: str) -> tuple[Path, ...]:
        files = sorted((self.path / kind / name).glob("*.yaml"))
        found = tuple(file for file in files if file.name != _EXPECT)
        if not found:
            raise ValueError(f"{self.path / kind / name} holds no manifest")
        return found


def folders(root: Path = ROOT) -> tuple[ExerciseFolder, ...]:
    """Every exercise below a folder, by path."""
    return tuple(ExerciseFolder.read(file.parent) for file in sorted(root.rglob(_EXERCISE)))


def _finding(check: Check, outcome: str, share: int) -> Finding:
    """A finding with this outcome; a failed check earns the share if it can earn any."""
    partial = getattr(check.params, "curve", None) or getattr(check.params, "clauses", None)
    credit = share if partial else 0
    reason = "NeedsFailed" if outcome == Outcome.SKIPPED else ""
    return Finding(Outcome(outcome), reason, credit=credit)


def _documents(file: Path) -> Iterator[Any]:
    return (found for found in yaml.safe_load_all(file.read_text("utf-8")) if found)
