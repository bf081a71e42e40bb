"""What the measurements come to: bars, tables, and the files in `results/`.

Called by `benchmarks.__main__`. Pure but for the two files that it writes.
"""

import platform
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import orjson

from benchmarks.bars import BARS, Rounds, Spread
from benchmarks.contestants import CONTESTANTS

RESULTS = Path(__file__).parent / "results"
_PARTS = {
    "close": "One by one, back to back",
    "apart": "One by one, 500 ms apart",
    "burst": "All at once",
}
_FIELDS = {
    "p50": "p50 ms",
    "p99": "p99 ms",
    "rate": "per second",
    "cpuMs": "CPU ms",
    "requests": "requests",
    "peakMB": "peak MB",
    "keptBytes": "bytes kept",
}


@dataclass(frozen=True)
class Machine:
    """What it was measured on."""

    cpus: int
    python: str = platform.python_version()
    system: str = f"{platform.system()} {platform.release()}"


def by_round(notes: list[Any]) -> Rounds:
    """The notes by part and name; the calls of a command in one round are one part."""
    found: dict[tuple[str, str], list[Mapping[str, Any]]] = defaultdict(list)
    for note in notes:
        part = str(note["part"])
        cli = part.startswith("cli-")
        found[part.rpartition("-")[0] if cli else part, note["name"]].append(note)
    return found


def write(notes: list[Any], machine: Machine, when: str) -> str:
    """Write `latest.json` and `latest.md`; returns the latter."""
    rounds = by_round(notes)
    text = "\n".join([*_head(machine, when), *_bars(rounds), *_gradings(rounds), *_calls(rounds)])
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "latest.md").write_text(text + "\n", "utf-8")
    body = {
        "when": when,
        "machine": asdict(machine),
        "bars": [
            {
                **asdict(bar),
                **asdict(spread := bar.seen(rounds)),
                "reached": bar.reached(spread),
            }
            for bar in BARS
        ],
        "notes": notes,
    }
    options = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
    (RESULTS / "latest.json").write_bytes(orjson.dumps(body, option=options))
    return text


def _head(machine: Machine, when: str) -> Iterator[str]:
    yield "# What `make bench` measured"
    yield ""
    yield (
        f"{when}, {machine.cpus} CPUs, {machine.system}, Python {machine.python}. Medians of the "
        "rounds, with the least and the most. What is compared: `benchmarks/__init__.py`."
    )


def _bars(rounds: Rounds) -> Iterator[str]:
    yield from _heading("The bars", ("", "seen", "least to most", "bar", ""))
    for bar in BARS:
        seen = bar.seen(rounds)
        sign = "≥" if bar.at_least else "≤"
        times = "" if bar.beside is None else " ×"
        yield _row(
            bar.what,
            f"{_number(seen.middle)}{times}",
            f"{_number(seen.least)} to {_number(seen.most)}",
            f"{sign} {_number(bar.bound)}{times}",
            "reached" if bar.reached(seen) else "**missed**",
        )


def _gradings(rounds: Rounds) -> Iterator[str]:
    for part, title in _PARTS.items():
        first = rounds[part, "operator"][0]
        fields = [field for field in _FIELDS if field in first]
        yield from _heading(title, ("", *(_FIELDS[field] for field in fields)))
        for name in CONTESTANTS:
            yield _row(name, *(_told(rounds[part, name], field) for field in fields))


def _calls(rounds: Rounds) -> Iterator[str]:
    for part, title in (("cli-1", "1 namespace"), ("cli-20", "20 namespaces")):
        yield from _heading(f"Twenty checks, {title}", ("", "seconds", "requests"))
        for name in [name for where, name in rounds if where == part]:
            notes = rounds[part, name]
            yield _row(name, _told(notes, "seconds"), _told(notes, "requests"))


def _told(notes: list[Mapping[str, Any]], field: str) -> str:
    seen = Spread.of([note[field] for note in notes])
    return f"{_number(seen.middle)} ({_number(seen.least)} to {_number(seen.most)})"


def _heading(title: str, columns: tuple[str, ...]) -> Iterator[str]:
    yield from ("", f"## {title}", "", _row(*columns))
    yield _row(*("---" if number == 0 else "---:" for number in range(len(columns))))


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _number(value: float) -> str:
    for most, digits in ((10, 2), (100, 1)):
        if abs(value) < most:
            return f"{value:.{digits}f}"
    return f"{value:,.0f}"
