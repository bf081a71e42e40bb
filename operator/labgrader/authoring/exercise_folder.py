"""What an exercise's folder holds: the exercise, right answers, and mistakes with what they earn.

    exercise.yaml
    solutions/NAME/*.yaml    each earns every point; with an expect.yaml where not all checks
                             have to pass for that
    mistakes/NAME/*.yaml     each ends as its expect.yaml says
    …/NAME/answers.yaml      beside manifests or instead of them: answers by question


Files called ``1-….yaml``, ``2-….yaml`` are steps: what stands in the first is rolled out before
the second is applied. Files without a number are one step, the first. Where the exercise has
parameters, ${name} in all of these files is the learner's own value.

``labgrader test`` and the end-to-end tests take all of it from here, the demo its learners' work
and their expected scores. Reads files; must not know a cluster.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from labgrader.api.check import Check
from labgrader.api.exercise import LabExercise
from labgrader.api.parameters import Values
from labgrader.api.status import Outcome
from labgrader.api.templates import filled
from labgrader.authoring.source import document, documents, read
from labgrader.checks.finding import FULL_CREDIT, Finding
from labgrader.grading.score import score

_EXERCISE = "exercise.yaml"
_EXPECT = "expect.yaml"
_ANSWERS = "answers.yaml"
_STEP = re.compile(r"([0-9]+)-")


@dataclass(frozen=True)
class Work:
    """What one learner made of an exercise, and what must come of it.

    ``outcomes`` and ``reasons`` are by check; a check without a reason may have any.
    ``least`` and ``most`` bound the score: they differ where a failed check earns a part of
    its points by a measured time. ``answers`` is the file with answers to questions.
    """

    name: str
    manifests: tuple[Path, ...]
    outcomes: Mapping[str, str]
    reasons: Mapping[str, str]
    least: int
    most: int
    answers: Path | None = None

    @property
    def given(self) -> list[dict[str, str]]:
        """The answers, as a Submission holds them."""
        return [{"name": name, "value": value} for name, value in self.answered().items()]

    def answered(self, values: Values | None = None) -> Mapping[str, str]:
        """The answers by question, with a learner's parameters.

        Raises ValueError where they are no texts by question, or ask for what is no parameter.
        """
        if self.answers is None:
            return {}
        written = document(self.answers.read_text("utf-8"))
        if not isinstance(written, dict):
            raise ValueError(  # noqa: TRY004 (a slip in the file, not of the caller)
                f'{self.answers} must hold answers by question: payback: "18 months"'
            )
        for name, value in written.items():
            if not (isinstance(name, str) and isinstance(value, str)):
                told = f"the answer must be a text in quotes, not {value!r}"
                raise ValueError(  # noqa: TRY004 (a slip in the file, not of the caller)
                    f"{self.answers}: {name}: {told}"
                )
        return {
            name: str(filled(value, values)) if values else value for name, value in written.items()
        }

    def objects(self, values: Values | None = None) -> Iterator[Any]:
        """The objects in the manifests, in the order of the steps, with a learner's parameters."""
        for step in self.steps(values):
            yield from step

    def steps(self, values: Values | None = None) -> Iterator[tuple[Any, ...]]:
        """What is applied at once, step by step. The last step need not come to an end."""
        ordered = sorted(self.manifests, key=lambda file: (_step(file), file.name))
        for _, files in groupby(ordered, key=_step):
            found = (one for file in files for one in _documents(file))
            yield tuple(filled(one, values) if values else one for one in found)


@dataclass(frozen=True)
class ExerciseFolder:
    """One exercise with everything beside it."""

    path: Path
    exercise: LabExercise

    @classmethod
    def read(cls, path: Path) -> "ExerciseFolder":
        """The exercise in a folder. Raises pydantic.ValidationError, OSError."""
        body = document((path / _EXERCISE).read_text("utf-8"))
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
        outcomes, reasons = (
            expectation(written, self.exercise) if written.exists() else (passed, {})
        )
        return self._work("solutions", name, outcomes, reasons)

    def mistake(self, name: str) -> Work:
        """The mistake of this name.

        Raises ValueError where its expect.yaml does not name exactly the exercise's checks.
        """
        file = self.path / "mistakes" / name / _EXPECT
        return self._work("mistakes", name, *expectation(file, self.exercise))

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
        manifests, answers = self._files(kind, name)
        return Work(f"{kind}/{name}", manifests, outcomes, reasons, least.low, most.low, answers)

    @property
    def solutions(self) -> tuple[Work, ...]:
        """All right answers."""
        return tuple(self.solution(name) for name in self._names("solutions"))

    @property
    def mistakes(self) -> tuple[Work, ...]:
        """All mistakes."""
        return tuple(self.mistake(name) for name in self._names("mistakes"))

    @property
    def works(self) -> tuple[Work, ...]:
        """All of them: nothing done, right answers, mistakes."""
        return (self.start, *self.solutions, *self.mistakes)

    def _names(self, kind: str) -> list[str]:
        place = self.path / kind
        return sorted(found.name for found in place.iterdir()) if place.is_dir() else []

    def _files(self, kind: str, name: str) -> tuple[tuple[Path, ...], Path | None]:
        """Manifests, and the file with answers."""
        files = sorted((self.path / kind / name).glob("*.yaml"))
        manifests = tuple(file for file in files if file.name not in {_EXPECT, _ANSWERS})
        answers = next((file for file in files if file.name == _ANSWERS), None)
        if not manifests and answers is None:
            raise ValueError(f"{self.path / kind / name} holds neither a manifest nor answers")
        return manifests, answers


def folders(root: Path) -> tuple[ExerciseFolder, ...]:
    """Every exercise below a folder, by path."""
    return tuple(ExerciseFolder.read(file.parent) for file in exercise_files(root))


def exercise_files(root: Path) -> tuple[Path, ...]:
    """The files below a folder that are an exercise's own."""
    return tuple(sorted(root.rglob(_EXERCISE)))


def expect_files(path: Path) -> tuple[Path, ...]:
    """The files in an exercise's folder that say how its mistakes end."""
    return tuple(sorted(path.glob(f"*/*/{_EXPECT}")))


def expectation(file: Path, exercise: LabExercise) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """The outcomes and the reasons in an expect.yaml, by check.

    Raises ValueError where it does not name exactly the exercise's checks, OSError.
    """
    source = read(file)
    if source.remarks:
        wrong = source.remarks[0]
        raise ValueError(f"{file}:{wrong.place.line}: {wrong.message}")
    found = source.documents[0].value if source.documents else None
    outcomes = found.get("outcomes") if isinstance(found, dict) else None
    reasons = found.get("reasons", {}) if isinstance(found, dict) else None
    if not (isinstance(outcomes, dict) and isinstance(reasons, dict)):
        raise ValueError(  # noqa: TRY004 (a slip in the file, not of the caller)
            f"{file}: outcomes and reasons must be maps, from check to text"
        )
    names = [check.name for check in exercise.spec.checks]
    if list(outcomes) != names:
        seen = ", ".join(str(name) for name in outcomes)
        told = ", ".join(names)
        raise ValueError(f"{file}: outcomes must name the checks {told} in this order, not {seen}")
    strange = [str(name) for name in reasons if name not in names]
    strange += [str(seen) for seen in outcomes.values() if str(seen) not in set(Outcome)]
    if strange:
        raise ValueError(f"{file}: {strange[0]} is no check or no outcome")
    return outcomes, reasons


def _step(file: Path) -> int:
    """The number that a manifest's name begins with; 0 where it has none."""
    numbered = _STEP.match(file.name)
    return int(numbered[1]) if numbered else 0


def _finding(check: Check, outcome: str, share: int) -> Finding:
    """A finding with this outcome; a failed check earns the share if it can earn any."""
    partial = getattr(check.params, "curve", None) or getattr(check.params, "clauses", None)
    credit = share if partial else 0
    reason = "NeedsFailed" if outcome == Outcome.SKIPPED else ""
    return Finding(Outcome(outcome), reason, credit=credit)


def _documents(file: Path) -> Iterator[Any]:
    return (found for found in documents(file.read_text("utf-8")) if found)
