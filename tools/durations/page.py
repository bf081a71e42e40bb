"""The table of `docs/reference/experiments.md`, made of what was measured.

Used by ``tools.durations``. Pure.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from tools import noted

BEGIN, END = "<!-- make durations -->", "<!-- end of make durations -->"
_COLUMNS = (
    "experiment",
    "runs:",
    "seconds, median:",
    "worst:",
    "requests:",
    "CPU, grader:",
    "CPU, clients and load:",
    "overhead:",
    "most of it is",
)


@dataclass(frozen=True, slots=True)
class Run:
    """One grading of one experiment: seconds, requests, seconds of CPU.

    ``overhead`` is from what decides to the verdict; None where nothing says when that was.
    ``back`` of it are spent on putting things back. ``outcome`` is the check's.
    """

    experiment: str
    digest: str
    outcome: str
    seconds: float
    overhead: float | None
    requests: int
    grader: float
    clients: float
    when: str
    back: float = 0.0


def page(before: str, runs: Sequence[Run], physical: Mapping[str, str]) -> str:
    """The page with the table anew. ``physical`` says of each experiment what takes its time."""
    head, _, rest = before.partition(BEGIN)
    _, _, tail = rest.partition(END)
    table = "\n".join(noted.grid(_COLUMNS, rows(runs, physical)))
    return f"{head}{BEGIN}\n{table}\n{END}{tail}"


def rows(runs: Sequence[Run], physical: Mapping[str, str]) -> Iterator[Sequence[object]]:
    """A row for each experiment; only gradings that passed are measurements."""
    for name, what in physical.items():
        every = [run for run in runs if run.experiment == name]
        good = [run for run in every if run.outcome == "Passed"]
        if not good:
            told = ", ".join(sorted({run.outcome for run in every})) or "not run yet"
            yield (name, told, "", "", "", "", "", "", what)
            continue
        seconds = [run.seconds for run in good]
        often = f"{len(good)}" if len(good) == len(every) else f"{len(good)} of {len(every)}"
        yield (
            name,
            often,
            f"{median(seconds):.1f}",
            f"{max(seconds):.1f}",
            f"{median(run.requests for run in good):.0f}",
            f"{median(run.grader for run in good):.2f} s",
            f"{median(run.clients for run in good):.2f} s",
            _overhead(good),
            what,
        )


def _overhead(runs: Sequence[Run]) -> str:
    timed = [(run.overhead, run.back) for run in runs if run.overhead is not None]
    if not timed:
        return ""
    late, back = (median(seconds) for seconds in zip(*timed, strict=True))
    return f"{late:.2f} s" + (f", {back:.2f} s of it putting back" if back else "")
