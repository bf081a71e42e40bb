"""Who takes part in the demo, with which work. Expected scores come from the exercises' folders."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from labgrader.authoring.exercise_folder import ExerciseFolder, Work
from tools.shipped import ROOT

COURSE = "course"

_KUBERNETES = ROOT / "orchestration" / "kubernetes"
# For each exercise: Kim's solution, and Lee's mistake.
_WORK: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "basic/deployment": ("one-file", "wrong-tag"),
        "basic/service": ("one-file", "selector-mismatch"),
        "advanced/web-survives": ("one-file", "autoscaler-without-requests"),
    }
)
KIM, LEE, PARK = LEARNERS = ("kim", "lee", "park")


@dataclass(frozen=True)
class Part:
    """One learner's work on one exercise, in a namespace of its own."""

    learner: str
    folder: ExerciseFolder
    work: Work

    @property
    def exercise(self) -> str:
        """The exercise's name, which is also the Submission's."""
        return self.folder.exercise.name

    @property
    def namespace(self) -> str:
        """Where this learner works on this exercise."""
        return f"{self.learner}-{self.exercise}"

    def as_expected(self, score: int | None) -> bool:
        """Whether the score is what this work must earn."""
        return score is not None and self.work.least <= score <= self.work.most


def cast() -> tuple[Part, ...]:
    """Everybody's work on every exercise, learner by learner."""
    return tuple(sorted(_parts(), key=lambda part: LEARNERS.index(part.learner)))


def exercises(parts: Iterable[Part]) -> tuple[ExerciseFolder, ...]:
    """The exercises that appear, each once, in the order of their first appearance."""
    return tuple({part.exercise: part.folder for part in parts}.values())


def _parts() -> Iterable[Part]:
    for place, (solution, mistake) in _WORK.items():
        folder = ExerciseFolder.read(_KUBERNETES / place)
        yield Part(KIM, folder, folder.solution(solution))
        yield Part(LEE, folder, folder.mistake(mistake))
        yield Part(PARK, folder, folder.start)
