"""`make experiments`: the cluster tests that disturb for minutes, file by file, and a note of each.

They pull plugs, send load and wait for autoscalers, and take longer than `make test` may. A file
that passed as it is is not run again, so this may be stopped at any time and taken up later; what it
came to is written to ``tests/EXPERIMENTS.md``. Anything else in the product may have changed since:
`python -m tools.experiments --again` begins anew.
"""

import hashlib
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from tools import noted

_REPOSITORY = Path(__file__).parents[1]
_TESTS = _REPOSITORY / "tests"
_NOTES = _REPOSITORY / "build" / "experiments.json"
_TABLE = _TESTS / "EXPERIMENTS.md"
_MARK = "pytestmark = [pytest.mark.cluster, pytest.mark.experiment]"


@dataclass(frozen=True, slots=True)
class Noted:
    """What came of one file. ``failed`` are the names of its tests that did."""

    digest: str
    tests: int
    failed: tuple[str, ...]
    seconds: int
    when: str


def files() -> tuple[Path, ...]:
    """The test files that disturb for minutes."""
    return tuple(
        file for file in sorted(_TESTS.rglob("test_*.py")) if _MARK in file.read_text("utf-8")
    )


def digest(file: Path) -> str:
    """Of a file's content."""
    return hashlib.sha256(file.read_bytes()).hexdigest()[:16]


def table(notes: Mapping[str, Noted], now: Mapping[str, str]) -> str:
    """What is known of each file, in Markdown; ``now`` are their digests. Pure."""
    return noted.table(
        "What `make experiments` saw",
        ("Cluster tests that disturb for minutes, on real clusters.",),
        ("file", "tests:", "failed", "seconds:", "when"),
        _rows(notes, now),
    )


def _rows(notes: Mapping[str, Noted], now: Mapping[str, str]) -> Iterator[Sequence[object]]:
    for name, present in now.items():
        note = notes.get(name)
        if note is None:
            yield name, "", "not run yet", "", ""
            continue
        failed = ", ".join(note.failed) or "none"
        stale = "" if note.digest == present else " (the file changed since)"
        yield name, note.tests, failed + stale, note.seconds, note.when


def run(file: Path) -> Noted:
    """Run one file. Leaves the program where pytest does not run."""
    report = _NOTES.with_name("experiments.xml")
    begun = time.monotonic()
    command = (sys.executable, "-m", "pytest", f"--junitxml={report}", str(file))
    code = subprocess.run(command, cwd=_REPOSITORY, check=False).returncode
    if code not in {0, 1}:
        sys.exit(code)
    cases = list(ET.parse(report).iter("testcase"))  # noqa: S314 (pytest's own)
    failed = [case for case in cases if {part.tag for part in case} & {"failure", "error"}]
    seconds = round(time.monotonic() - begun)
    names = tuple(sorted(str(case.get("name")) for case in failed))
    return Noted(digest(file), len(cases), names, seconds, noted.today())


def main() -> None:
    """Run what has not passed yet. Leaves with 1 where something failed."""
    kept = noted.Kept(_NOTES, _note)
    notes = {} if "--again" in sys.argv[1:] else kept.read()
    now = {str(file.relative_to(_REPOSITORY)): digest(file) for file in files()}
    for name, present in now.items():
        note = notes.get(name)
        if note is None or note.failed or note.digest != present:
            notes[name] = run(_REPOSITORY / name)
            kept.write(notes)
            _TABLE.write_text(table(notes, now), "utf-8")
    _TABLE.write_text(table(notes, now), "utf-8")
    sys.stdout.write(_TABLE.read_text("utf-8"))
    sys.exit(any(notes[name].failed for name in now))


def _note(*, failed: Sequence[str], **rest: Any) -> Noted:
    return Noted(failed=tuple(failed), **rest)


if __name__ == "__main__":
    main()
