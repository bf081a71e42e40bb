"""Takes all measurements in turns, and notes each as soon as it is taken.

    python -m benchmarks.measure NOTES ROUNDS SINGLES BURST

Started by `benchmarks.__main__` inside the cluster's network. What the notes hold already is
not measured again, so it may be ended at any time and taken up later.
"""

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import orjson

from benchmarks import linting
from benchmarks.commandline import Tools
from benchmarks.contestants import CONTESTANTS
from benchmarks.ground import TARGETS, Ground, ground
from benchmarks.turns import Size, turn

# How often a tool is called in each round, for so many namespaces.
_CALLS = {1: 5, len(TARGETS): 1}
_LINTS = 5


class Notes:
    """What was measured, one JSON line each; keyed by round, part and contestant."""

    def __init__(self, file: Path) -> None:
        self._file = file
        if file.exists():
            whole = file.read_bytes().rpartition(b"\n")
            file.write_bytes(whole[0] + whole[1])  # without a line that a kill cut off
        self._known = {_key(note) for note in read(file)}

    def lacks(self, *key: str | int) -> bool:
        """Whether this was not measured yet."""
        return tuple(map(str, key)) not in self._known

    def add(self, number: int, part: str, name: str, values: dict[str, Any]) -> None:
        """Note one measurement."""
        note = {"round": number, "part": part, "name": name, **values}
        with self._file.open("ab") as file:
            file.write(orjson.dumps(note, option=orjson.OPT_APPEND_NEWLINE))
        self._known.add(_key(note))


def read(file: Path) -> list[Any]:
    """All notes in a file; none where it is not there."""
    return [orjson.loads(line) for line in file.read_bytes().splitlines()] if file.exists() else []


def _key(note: Any) -> tuple[str, str, str]:
    return str(note["round"]), str(note["part"]), str(note["name"])


def _turned(names: list[str], number: int) -> Iterator[str]:
    """The names, in another order in each round."""
    yield from names[number % len(names) :]
    yield from names[: number % len(names)]


def _gradings(made: Ground, notes: Notes, number: int, size: Size, log: Path) -> None:
    for name in _turned(list(CONTESTANTS), number):
        if notes.lacks(number, "burst", name):
            click.echo(
                f"round {number + 1}: {name} grades {2 * size.singles + size.burst}", err=True
            )
            for part, values in asyncio.run(turn(name, made, size, log)).items():
                notes.add(number, part, name, values)


def _calls(tools: Tools, notes: Notes, number: int) -> None:
    for count, repeats in _CALLS.items():
        namespaces = TARGETS[:count]
        for repeat in range(repeats):
            for name in _turned(list(tools.commands(namespaces)), number + repeat):
                part = f"cli-{count}-{repeat}"
                if notes.lacks(number, part, name):
                    notes.add(number, part, name, tools.measure(namespaces, name))
        click.echo(f"round {number + 1}: the command line, {count} namespaces", err=True)


def _lints(folder: Path, notes: Notes, number: int) -> None:
    for repeat in range(_LINTS):
        part = f"cli-lint-{repeat}"
        if notes.lacks(number, part, "labgrader"):
            notes.add(number, part, "labgrader", linting.measure(folder))
    click.echo(f"round {number + 1}: lint", err=True)


def main() -> None:
    """Measure what the notes lack."""
    file, (rounds, singles, burst) = Path(sys.argv[1]), map(int, sys.argv[2:])
    made, notes = ground(), Notes(file)
    tools = Tools(made, file.parent / "bench-tools")
    tools.write()
    linting.write(exercises := file.parent / "bench-exercises")
    for number in range(rounds):
        _gradings(made, notes, number, Size(singles, burst), file.with_suffix(".log"))
        _calls(tools, notes, number)
        _lints(exercises, notes, number)


if __name__ == "__main__":
    main()
