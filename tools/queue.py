"""`make queue`: how long many submissions of `web-survives` take, and whether learners were told so.

All are handed in at once, in turns by learners whose namespaces each hold the right solution; a
learner with several submissions is graded one after the other, as one learner always is. There are
fewer namespaces than submissions because a small machine has no room for 200 webs that are probed
every second; what is measured is the queue, which is the same. Watched is each write of a status.
"""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from statistics import median

import click
import yaml

from demo.errors import DemoError
from demo.progress import Progress
from tools.installed import COURSE, Installed, installed
from tools.shipped import shipped

EXERCISE = "web-survives"
_FIELDS = (
    "result",
    "score",
    "queue.position",
    "queue.expectedAt",
    "queue.observedAt",
    "startedAt",
    "finishedAt",
)
_AT_ONCE = 4
_EACH_SECONDS = 240
_OFF_BY = 0.25


@dataclass(frozen=True, slots=True)
class Told:
    """What a learner was told at a moment: a place, and when the turn is expected, if that."""

    position: int
    at: float
    expected: float | None


@dataclass
class Seen:
    """What was seen of one submission; moments are in seconds since 1970."""

    told: list[Told] = field(default_factory=list)
    started: float | None = None
    finished: float | None = None
    score: str = ""

    def note(self, values: Sequence[str]) -> None:
        """Take one line of the watch: a status as it was written."""
        _, score, position, expected, observed, started, finished = values
        if position:
            told = Told(int(position), moment(observed), moment(expected) if expected else None)
            if not self.told or told != self.told[-1]:
                self.told.append(told)
        if started:
            self.started = moment(started)
        if finished:
            self.finished, self.score = moment(finished), score

    @property
    def misses(self) -> Iterator[tuple[float, float]]:
        """For each time that was told: how late the turn came, and how long that was ahead."""
        for told in self.told:
            if told.expected is not None and self.started is not None:
                yield self.started - told.expected, self.started - told.at


def moment(text: str) -> float:
    """A time as Kubernetes writes it, in seconds since 1970."""
    return datetime.fromisoformat(text).timestamp()


def summary(seen: Sequence[Seen], handed_in: float) -> list[str]:
    """What is to be said, in lines. All of them are graded. Pure."""
    waits = [one.started - handed_in for one in seen if one.started is not None]
    works = [one.finished - one.started for one in seen if one.finished and one.started]
    took = max(one.finished or 0.0 for one in seen) - handed_in
    misses = [miss for one in seen for miss in one.misses]
    right = [abs(late) <= max(60.0, _OFF_BY * ahead) for late, ahead in misses]
    often = [len(one.told) for one in seen]
    lines = [
        f"{len(seen)} submissions in {took / 60:.1f} min: {len(seen) / took * 60:.2f} a minute",
        f"wait for the turn: median {median(waits):.0f} s, worst {max(waits):.0f} s",
        f"grading: median {median(works):.0f} s, worst {max(works):.0f} s",
        f"scores: {', '.join(sorted({one.score for one in seen}))}",
        f"places told: {sum(often)} in all, {max(often)} at most to one",
    ]
    if misses:
        late = [abs(late) for late, _ in misses]
        lines.append(
            f"expected times: {len(misses)} told, {sum(right)} right to a minute or a quarter of "
            f"the wait; off by {median(late):.0f} s at the median, {max(late):.0f} s at worst"
        )
    return lines


def prepare(made: Installed, learners: Sequence[str], progress: Progress) -> None:
    """The exercise, the learners, and their work."""
    folder = next(one for one in shipped() if one.exercise.name == EXERCISE)
    made.clean(*learners)
    made.exercise(yaml.safe_load(folder.file.read_text("utf-8")))
    progress(f"{len(learners)} learners work")

    def settle(name: str) -> None:
        made.learner(name)
        made.work(name, folder.solutions[0])

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        list(pool.map(settle, learners))


@contextmanager
def watching(made: Installed, seen: dict[str, Seen]) -> Iterator[None]:
    """Note each status as it is written, meanwhile."""
    shown = "{.metadata.name}" + "".join(f"|{{.status.{one}}}" for one in _FIELDS) + '{"\\n"}'
    command = [made.kubectl.program, f"--kubeconfig={made.kubectl.kubeconfig}", "get"]
    what = ["submissions", f"--namespace={COURSE}", "--watch", f"--output=jsonpath={shown}"]
    with subprocess.Popen([*command, *what], stdout=subprocess.PIPE, text=True) as process:

        def read() -> None:
            for line in process.stdout or ():
                name, *values = line.strip().split("|")
                if name in seen:
                    seen[name].note(values)

        thread = threading.Thread(target=read)
        thread.start()
        try:
            yield
        finally:
            process.terminate()
            thread.join()


@click.command()
@click.option("--count", default=200, show_default=True, help="How many are handed in.")
@click.option("--namespaces", default=20, show_default=True, help="Of how many learners.")
@click.option("--cluster", default="queue", show_default=True, help="The cluster to use.")
def main(count: int, namespaces: int, cluster: str) -> None:
    """Hand in, watch, and tell."""
    progress = Progress()
    learners = [f"learner-{number:03}" for number in range(1, min(count, namespaces) + 1)]
    names = [f"{learners[n % len(learners)]}-{n // len(learners) + 1}" for n in range(count)]
    seen = {name: Seen() for name in names}
    try:
        made = installed(cluster, None, progress)
        prepare(made, learners, progress)
        with watching(made, seen):
            handed_in = time.time()
            made.submit_all(EXERCISE, {name: name.rpartition("-")[0] for name in names})
            progress(f"{count} are handed in")
            made.until(
                lambda: all(one.finished for one in seen.values()),
                _EACH_SECONDS * count,
                "verdicts",
            )
    except DemoError as error:
        _tell([str(error)])
        for name, one in seen.items():
            _tell([f"{name}: {one}"])
        sys.exit(1)
    _tell(summary(list(seen.values()), handed_in))


def _tell(lines: Sequence[str]) -> None:
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()


if __name__ == "__main__":
    main()
