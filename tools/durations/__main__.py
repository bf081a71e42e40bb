"""`make durations`: measure what each experiment takes, and write the table of it.

The first solution of each exercise that disturbs is graded by an operator on a cluster with an audit
log, one experiment at a time: the exercise's own check, without the checks that it needs. Where a node
is switched off, the command line grades, on a cluster of its own that goes when all is measured. Noted is
each grading at once, so this may be stopped at any time and taken up later; what changed in an
exercise is measured anew.
"""

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import click

from demo.errors import DemoError
from demo.progress import Progress
from tools import noted
from tools.durations import by_command, by_operator
from tools.durations.page import Run, page
from tools.durations.wanted import PHYSICAL, Wanted, wanted
from tools.installed import installed
from tools.shipped import ROOT

_PAGE = ROOT.parent / "docs" / "reference" / "experiments.md"
_NOTES = ROOT.parent / "build" / "durations.json"

Left = Sequence[tuple[str, Wanted]]


@click.command()
@click.option("--cluster", default="durations", show_default=True, help="The cluster to use.")
@click.option("--times", default=3, show_default=True, help="Gradings of each experiment.")
@click.option("--only", default="", metavar="TEXT", help="Experiments with this in their names.")
def main(cluster: str, times: int, only: str) -> None:
    """Measure what was not measured often enough, and write the table."""
    kept = noted.Kept(_NOTES, Run)
    notes = kept.read()
    every = [
        (f"{one.name} {number}", one)
        for number in range(1, times + 1)
        for one in wanted()
        if only in one.name
    ]
    left = [(key, one) for key, one in every if key not in notes or notes[key].digest != one.digest]
    try:
        for key, run in _measured(cluster, left, Progress()):
            notes[key] = run
            kept.write(notes)
            _write(_PAGE, notes)
    except DemoError as error:
        sys.exit(str(error))
    _write(_PAGE, notes)


def _measured(cluster: str, left: Left, progress: Progress) -> Iterator[tuple[str, Run]]:
    """Each as soon as it is there; last what stops nodes."""
    stopping = [(key, one) for key, one in left if one.stops_node]
    others = [(key, one) for key, one in left if not one.stops_node]
    if others:
        made = installed(cluster, 2, progress)
        by_operator.own_cluster(made)
        for key, one in others:
            progress(key)
            yield key, by_operator.measure(made, one).of(one)
    if stopping:
        made = installed(f"{cluster}-nodes", 3, progress)
        for key, one in stopping:
            progress(key)
            yield key, by_command.measure(made, one).of(one)
        made.cluster.down(progress)


def _write(file: Path, notes: Mapping[str, Run]) -> None:
    now = {one.name: one.digest for one in wanted()}
    runs = [run for run in notes.values() if now.get(run.experiment) == run.digest]
    file.write_text(page(file.read_text("utf-8"), runs, PHYSICAL), "utf-8")


if __name__ == "__main__":
    main()
