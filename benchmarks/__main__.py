"""`python -m benchmarks`: measure everything and print what it comes to; `make bench` calls it.

May be stopped at any time (Ctrl-C) and goes on where it was when it is called again. The
cluster is kept between runs; `python -m benchmarks down` removes it.
"""

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from benchmarks import ground, measure, summary
from localcluster import LocalClusterError
from localcluster.progress import Timed

_NOTES = Path(__file__).parents[1] / "build" / "bench.jsonl"
_STOPPED = 130


@click.group(invoke_without_command=True)
@click.option("--rounds", type=click.IntRange(1), default=3, show_default=True)
@click.option("--singles", type=click.IntRange(10), default=100, show_default=True)
@click.option("--burst", type=click.IntRange(10), default=1000, show_default=True)
@click.pass_context
def main(context: click.Context, rounds: int, singles: int, burst: int) -> None:
    """Measure the operator beside a bare program and stock kopf (about 25 minutes)."""
    if context.invoked_subcommand is None:
        _bench(rounds, singles, burst)


@main.command()
def down() -> None:
    """Remove the benchmarks' cluster, and what an unfinished run noted."""
    _NOTES.unlink(missing_ok=True)
    ground.down(Timed())


def _bench(rounds: int, singles: int, burst: int) -> None:
    _NOTES.parent.mkdir(exist_ok=True)
    if _NOTES.exists():
        click.echo(f"going on with the run that {_NOTES} holds", err=True)
    try:
        made = ground.prepare(Timed())
    except LocalClusterError as error:
        raise click.ClickException(str(error)) from error
    words = [str(_NOTES), *map(str, (rounds, singles, burst))]
    program = [sys.executable, "-m", "benchmarks.measure", *words]
    try:
        done = subprocess.run(made.cluster.command(program), check=False).returncode
    except KeyboardInterrupt:
        done = _STOPPED
    if done:
        click.echo("Stopped. The same command goes on from here.", err=True)
        sys.exit(done)
    machine = summary.Machine(os.cpu_count() or 1)
    when = datetime.now(UTC).strftime("%Y-%m-%d")
    click.echo(summary.write(measure.read(_NOTES), machine, when))
    _NOTES.unlink()


if __name__ == "__main__":
    main()
