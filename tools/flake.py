"""`make flake`: grade the same works again and again, and see whether a verdict ever differs.

Of each exercise that disturbs: the first solution and the nearest wrong work 20 times, every other
work 3 times, on an otherwise idle machine; then those two 5 times beside a process that takes all
the CPU it gets, where what cannot be decided is right too and the opposite never is. Four are graded
at a time, each in a namespace of its own, because most of a grading is waiting; of those that send
load two, as many as the operator has at work; of those that may switch a node off two, each on a
cluster of its own.

All of it takes hours. Each run is noted at once in ``exercises/flake.jsonl``, which is committed
beside the table ``exercises/FLAKE.md``: stopped at any time, it goes on from there, also on another
machine. What a grading printed that came out otherwise lies in ``build/flake/``. Whoever mends what it
found takes the lines out that the mend makes void. The clusters are shared with ``tools.exercises``.
"""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from itertools import product
from queue import SimpleQueue
from uuid import uuid4

from labgrader.authoring.exercise_folder import ExerciseFolder, Work
from labgrader.grading.plan import plan
from localcluster import Cluster
from tools import noted
from tools.exercises import Ground, cluster, command, digest, ground
from tools.shipped import ROOT, shipped

_NOTES = ROOT / "flake.jsonl"
_TABLE = ROOT / "FLAKE.md"
_OTHERWISE = ROOT.parent / "build" / "flake"
_LANES, _FEWER_LANES = 4, 2
_NEAR, _OTHER, _BESIDE_A_HOG = 20, 3, 5
_AS_EXPECTED, _OPEN = 0, 3
_HOG_PROGRAM = "import os; ours = os.getppid()\nwhile os.getppid() == ours: pass"


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

    @property
    def group(self) -> tuple[bool, Ground, bool]:
        """What it is graded together with: beside a hog, on which cluster, whether load is sent."""
        load = any(check.kind == "scales" for check in self.folder.checks)
        return self.hog, ground(self.folder), load

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
            "The same works graded again and again on a real cluster, up to four at a time and nothing",
            "else on the machine; then beside a process that takes all the CPU it gets. A verdict that",
            "differs once is a defect.",
        ),
        ("exercise", "work", "beside a hog", "runs:", "as expected:", "open:", "differs:", "last"),
        _rows(runs, folders),
    )


def _rows(runs: list[Run], folders: Mapping[str, ExerciseFolder]) -> Iterator[Sequence[object]]:
    for folder in folders.values():
        for one in wanted(folder):
            done = one.done(runs)
            seen = Counter(run.exit for run in done)
            good, undecided = seen[_AS_EXPECTED], seen[_OPEN]
            last = max((run.when for run in done), default="not run yet")
            hog, often = "yes" if one.hog else "", f"{len(done)} of {one.times}"
            differs = len(done) - good - undecided
            yield one.name, one.work, hog, often, good, undecided, differs, last


def left(every: Iterable[Wanted], runs: list[Run]) -> list[Wanted]:
    """What is still to be graded, each as often as it is missing.

    First what was graded least, so that every work is soon known a little; those beside a hog
    last, together.
    """
    missing = [
        (one.hog, done, place, one)
        for place, one in enumerate(every)
        for done in range(len(one.done(runs)), one.times)
    ]
    return [one for *_, one in sorted(missing, key=lambda entry: entry[:3])]


def main() -> None:
    """Grade what was not graded often enough. Leaves with 1 where a verdict differed."""
    runs = _read()
    folders = {f.exercise.name: f for f in shipped() if plan(f.exercise).disturbs}
    every = [one for folder in folders.values() for one in wanted(folder)]
    todo, trouble = left(every, runs), list[str]()
    for hog, needed, load in product((False, True), Ground, (False, True)):
        these = [one for one in todo if one.group == (hog, needed, load)]
        for run in _graded(these, trouble) if these and not trouble else ():
            runs.append(run)
            _note(run)
            _TABLE.write_text(table(runs, folders), "utf-8")
    _TABLE.write_text(table(runs, folders), "utf-8")
    _tell(_TABLE.read_text("utf-8"))
    if trouble:
        sys.exit(f"{trouble[0]}\nThat is no verdict; all verdicts before it are noted.")
    sys.exit(any(not one.holds(run.exit) for one in every for run in one.done(runs)))


def _graded(these: Sequence[Wanted], trouble: list[str]) -> Iterator[Run]:
    """One group, each as soon as it is there. After the first without a verdict none is begun."""
    hog, needed, load = these[0].group
    free = SimpleQueue[Cluster]()
    lanes = _lanes(needed, load=load)
    for made in lanes:
        free.put(made)
    with _busy(hog=hog), ThreadPoolExecutor(len(lanes)) as pool:
        futures = [pool.submit(_grade, one, free, trouble) for one in these]
        try:
            for number, future in enumerate(as_completed(futures), 1):
                run = future.result()
                if run is not None:
                    _tell(f"{number} of {len(these)}: {run.exercise} {run.work}: {run.exit}")
                    yield run
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _lanes(needed: Ground, *, load: bool) -> list[Cluster]:
    """The cluster for each grading that is made at a time."""
    if needed is Ground.NODES:
        return [cluster(needed, number) for number in range(1, _FEWER_LANES + 1)]
    return [cluster(needed)] * (_FEWER_LANES if load else _LANES)


def _grade(one: Wanted, free: SimpleQueue[Cluster], trouble: list[str]) -> Run | None:
    if trouble:
        return None
    files, junit = digest(one.folder), _OTHERWISE / f"{uuid4().hex}.xml"
    _OTHERWISE.mkdir(parents=True, exist_ok=True)
    made = free.get()
    try:
        tried = subprocess.run(
            command(one.folder, made, "--work", one.work, "--junit", str(junit)),
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
    finally:
        free.put(made)
    if not junit.exists():  # it is written with the verdict
        trouble.append(tried.stdout.decode(errors="replace"))
        return None
    junit.unlink()
    if tried.returncode != _AS_EXPECTED:
        name = f"{one.name}-{one.work.replace('/', '-')}-{junit.stem[:8]}.txt"
        (_OTHERWISE / name).write_bytes(tried.stdout)
    return Run(one.name, files, one.work, one.hog, tried.returncode, noted.today())


@contextmanager
def _busy(*, hog: bool) -> Iterator[None]:
    if not hog:
        yield
        return
    with subprocess.Popen((sys.executable, "-c", _HOG_PROGRAM)) as process:
        try:
            yield
        finally:
            process.kill()


def _read() -> list[Run]:
    if not _NOTES.exists():
        return []
    return [Run(**json.loads(line)) for line in _NOTES.read_text("utf-8").splitlines()]


def _note(run: Run) -> None:
    with _NOTES.open("a", encoding="utf-8") as notes:
        notes.write(json.dumps(asdict(run)) + "\n")


def _tell(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
