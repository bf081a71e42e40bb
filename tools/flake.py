"""`make flake`: grade the same works again and again, and see whether a verdict ever differs.

Of each exercise that disturbs: the first solution and the nearest wrong work 20 times, every other
work 3 times, on an otherwise idle machine; then those two 5 times beside a process that takes all
the CPU it gets, where what cannot be decided is right too and the opposite never is. Each run is
noted at once, so it may be stopped at any time and goes on from there; the table is
``exercises/FLAKE.md``. The clusters are shared with ``tools.exercises``.
"""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from labgrader.authoring.exercise_folder import ExerciseFolder, Work
from labgrader.grading.plan import plan
from localcluster import Cluster
from tools import noted
from tools.exercises import cluster, digest, ground, self_test
from tools.shipped import ROOT, shipped

_NOTES = ROOT.parent / "build" / "flake.jsonl"
_TABLE = ROOT / "FLAKE.md"
_NEAR, _OTHER, _BESIDE_A_HOG = 20, 3, 5
_AS_EXPECTED, _OPEN = 0, 3
_HOG = (sys.executable, "-c", "while True: pass")


@dataclass(frozen=True, slots=True)
class Run:
    """One grading of one work. ``exit`` is what ``labgrader test`` said of it."""

    exercise: str
    digest: str
    work: str
    hog: bool
    exit: int
    when: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """How often a work is to be graded, alone or beside the hog."""

    folder: ExerciseFolder
    work: str
    hog: bool
    times: int

    def done(self, runs: list[Run]) -> list[Run]:
        """The runs that count for it: of the files as they are."""
        now = digest(self.folder)
        return [
            run
            for run in runs
            if (run.exercise, run.work, run.hog) == (self.name, self.work, self.hog)
            and run.digest == now
        ]

    @property
    def name(self) -> str:
        """The exercise's name."""
        return self.folder.exercise.name

    def holds(self, code: int) -> bool:
        """Whether an exit status is as it must be."""
        return code == _AS_EXPECTED or (self.hog and code == _OPEN)


def wanted(folder: ExerciseFolder) -> Iterator[Wanted]:
    """What is to be graded of an exercise, and how often."""
    right = folder.solutions[0].name
    near = {right, nearest(folder).name}
    for work in (*folder.solutions, *folder.mistakes):
        times = _NEAR if work.name in near else _OTHER
        yield Wanted(folder, work.name, hog=False, times=times)
    for name in sorted(near):
        yield Wanted(folder, name, hog=True, times=_BESIDE_A_HOG)


def nearest(folder: ExerciseFolder) -> Work:
    """The mistake that earns most: what is hardest to tell from a solution."""
    return max(folder.mistakes, key=lambda work: (work.most, work.name))


def table(runs: list[Run], folders: Mapping[str, ExerciseFolder]) -> str:
    """What is known, in Markdown; pure."""
    return noted.table(
        "What `make flake` saw",
        (
            "The same works graded again and again on a real cluster, alone on the machine and beside a",
            "process that takes all the CPU it gets. A verdict that differs once is a defect.",
        ),
        ("exercise", "work", "beside a hog", "runs:", "as expected:", "open:", "differs:", "last"),
        _rows(runs, folders),
    )


def _rows(runs: list[Run], folders: Mapping[str, ExerciseFolder]) -> Iterator[Sequence[object]]:
    for folder in folders.values():
        for one in wanted(folder):
            done = one.done(runs)
            seen = Counter(run.exit for run in done)
            good, left = seen[_AS_EXPECTED], seen[_OPEN]
            last = max((run.when for run in done), default="not run yet")
            hog, often = "yes" if one.hog else "", f"{len(done)} of {one.times}"
            yield one.name, one.work, hog, often, good, left, len(done) - good - left, last


def main() -> None:
    """Grade what was not graded often enough. Leaves with 1 where a verdict differed."""
    runs = _read()
    folders = {f.exercise.name: f for f in shipped() if plan(f.exercise).disturbs}
    every = [one for folder in folders.values() for one in wanted(folder)]
    left = [one for one in every for _ in range(one.times - len(one.done(runs)))]
    if left:
        made = {needed: cluster(needed) for needed in {ground(one.folder) for one in left}}
        for number, one in enumerate(left, 1):
            _tell(f"{number} of {len(left)}: {one.name} {one.work}{' beside a hog' * one.hog}")
            runs.append(_grade(one, made[ground(one.folder)]))
            _note(runs[-1])
            _TABLE.write_text(table(runs, folders), "utf-8")
    _TABLE.write_text(table(runs, folders), "utf-8")
    _tell(_TABLE.read_text("utf-8"))
    sys.exit(any(not one.holds(run.exit) for one in every for run in one.done(runs)))


def _grade(one: Wanted, made: Cluster) -> Run:
    with _busy(hog=one.hog):
        code = self_test(one.folder, made, "--work", one.work)
    return Run(one.name, digest(one.folder), one.work, one.hog, code, noted.today())


@contextmanager
def _busy(*, hog: bool) -> Iterator[None]:
    if not hog:
        yield
        return
    with subprocess.Popen(_HOG) as process:
        try:
            yield
        finally:
            process.kill()


def _read() -> list[Run]:
    if not _NOTES.exists():
        return []
    return [Run(**json.loads(line)) for line in _NOTES.read_text("utf-8").splitlines()]


def _note(run: Run) -> None:
    _NOTES.parent.mkdir(exist_ok=True)
    with Path(_NOTES).open("a", encoding="utf-8") as notes:
        notes.write(json.dumps(asdict(run)) + "\n")


def _tell(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
