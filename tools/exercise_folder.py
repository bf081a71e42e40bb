"""What an exercise's folder holds: the exercise, right answers, and mistakes with what they earn.

    exercise.yaml
    solutions/NAME/*.yaml    each earns every point
    mistakes/NAME/*.yaml     each ends as its expect.yaml says
    …/NAME/answers.yaml      beside manifests or instead of them: answers by question

The demo takes its learners' work and their expected scores from here, the end-to-end tests
all of it. Reads files; must not know a cluster.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from labgrader.api.exercise import Check, LabExercise

ROOT = Path(__file__).parents[1] / "exercises"

_EXERCISE = "exercise.yaml"
_EXPECT = "expect.yaml"
_ANSWERS = "answers.yaml"


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
        if self.answers is None:
            return []
        answers = yaml.safe_load(self.answers.read_text("utf-8"))
        return [{"name": name, "value": value} for name, value in answers.items()]

    def objects(self) -> Iterator[Any]:
        """The objects in the manifests."""
        for file in self.manifests:
            yield from _documents(file)


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
        total = sum(check.points for check in self.checks)
        passed = {check.name: "Passed" for check in self.checks}
        manifests, answers = self._files("solutions", name)
        return Work(f"solutions/{name}", manifests, passed, {}, total, total, answers)

    def mistake(self, name: str) -> Work:
        """The mistake of this name.

        Raises ValueError where its expect.yaml does not name exactly the exercise's checks.
        """
        expected = yaml.safe_load((self.path / "mistakes" / name / _EXPECT).read_text("utf-8"))
        outcomes, reasons = expected["outcomes"], expected.get("reasons", {})
        names = [check.name for check in self.checks]
        if list(outcomes) != names or not set(reasons) <= set(names):
            raise ValueError(
                f"{self.path / 'mistakes' / name / _EXPECT}: outcomes must name the checks "
                f"{', '.join(names)} in this order, not {', '.join(outcomes)}"
            )
        least = sum(check.points for check in self.checks if outcomes[check.name] == "Passed")
        partial = sum(
            check.points - 1
            for check in self.checks
            if outcomes[check.name] == "Failed" and getattr(check.params, "curve", None)
        )
        manifests, answers = self._files("mistakes", name)
        most = least + partial
        return Work(f"mistakes/{name}", manifests, outcomes, reasons, least, most, answers)

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

    def _files(self, kind: str, name: str) -> tuple[tuple[Path, ...], Path | None]:
        """Manifests, and the file with answers."""
        files = sorted((self.path / kind / name).glob("*.yaml"))
        manifests = tuple(file for file in files if file.name not in {_EXPECT, _ANSWERS})
        answers = next((file for file in files if file.name == _ANSWERS), None)
        if not manifests and answers is None:
            raise ValueError(f"{self.path / kind / name} holds neither a manifest nor answers")
        return manifests, answers


def folders(root: Path = ROOT) -> tuple[ExerciseFolder, ...]:
    """Every exercise below a folder, by path."""
    return tuple(ExerciseFolder.read(file.parent) for file in sorted(root.rglob(_EXERCISE)))


def _documents(file: Path) -> Iterator[Any]:
    return (found for found in yaml.safe_load_all(file.read_text("utf-8")) if found)
