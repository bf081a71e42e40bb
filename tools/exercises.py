"""`make exercises`: prove every work of every exercise on a cluster of its own, and note it.

Runs ``labgrader test`` on one exercise after the other. What was proven for the same files is
not proven again, so it may be stopped at any time and taken up later; what it came to is
written to ``exercises/PROVEN.md``. The cluster `exercises` is kept between runs; `python -m
localcluster down --name exercises` removes it.
"""

import hashlib
import json
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from labgrader.authoring.exercise_folder import ExerciseFolder
from localcluster import Cluster, LocalClusterError
from localcluster.progress import Timed
from tools.shipped import ROOT, shipped

_REPOSITORY = ROOT.parent
_NOTES = _REPOSITORY / "build" / "exercises.json"
_TABLE = ROOT / "PROVEN.md"
_ARCHIVE = _REPOSITORY / "build" / "labgrader.tar"
_IMAGE = "labgrader:dev"
_CLUSTER = "exercises"


@dataclass(frozen=True)
class Proven:
    """What ``labgrader test`` said of one exercise. ``exit`` is its exit status, 0 all right."""

    digest: str
    exit: int
    works: int
    seconds: int
    when: str


def digest(folder: ExerciseFolder) -> str:
    """Of all files of an exercise, names and contents."""
    made = hashlib.sha256()
    for file in sorted(path for path in folder.path.rglob("*") if path.is_file()):
        made.update(str(file.relative_to(folder.path)).encode() + b"\0" + file.read_bytes())
    return made.hexdigest()[:16]


def prove(folder: ExerciseFolder, cluster: Cluster) -> Proven:
    """Try the start, every solution and every mistake."""
    begun = time.monotonic()
    command = (
        *(sys.executable, "-m", "labgrader", "test", str(folder.path)),
        *("--kubeconfig", str(cluster.kubeconfig), "--allow-disruption"),
        *("--probe-image", _IMAGE),
    )
    code = subprocess.run(command, check=False).returncode
    return Proven(
        digest(folder),
        code,
        1 + len(folder.solutions) + len(folder.mistakes),
        round(time.monotonic() - begun),
        datetime.now(UTC).strftime("%Y-%m-%d"),
    )


def table(notes: Mapping[str, Proven], folders: Mapping[str, ExerciseFolder]) -> str:
    """What is known of each exercise, in Markdown; pure."""
    lines = [
        "# What `make exercises` proved",
        "",
        "Every exercise on a real cluster: nothing done earns nothing, each solution all points,",
        "each mistake exactly the outcomes in its expect.yaml.",
        "",
        "| exercise | works | seconds | when | |",
        "| --- | ---: | ---: | --- | --- |",
    ]
    for name, folder in folders.items():
        note = notes.get(name)
        if note is None:
            lines.append(f"| {name} | | | | not tried yet |")
            continue
        said = "as expected" if note.exit == 0 else f"**differs** (exit status {note.exit})"
        stale = "" if note.digest == digest(folder) else "; its files changed since"
        lines.append(f"| {name} | {note.works} | {note.seconds} | {note.when} | {said}{stale} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Prove what is not proven yet. Leaves with 1 where something differs."""
    notes = _read()
    folders = {folder.exercise.name: folder for folder in shipped()}
    left = [
        name
        for name, folder in folders.items()
        if name not in notes or notes[name].exit or notes[name].digest != digest(folder)
    ]
    if left:
        cluster = _cluster()
        for name in left:
            notes[name] = prove(folders[name], cluster)
            _write(notes, folders)
    _write(notes, folders)
    sys.stdout.write(_TABLE.read_text("utf-8"))
    sys.exit(any(notes[name].exit for name in folders))


def _cluster() -> Cluster:
    cluster = Cluster(_CLUSTER)
    try:
        cluster.up(report=Timed())
        subprocess.run([sys.executable, "-m", "tools.image"], cwd=_REPOSITORY, check=True)
        cluster.load_image(_ARCHIVE)
    except LocalClusterError as error:
        sys.exit(f"no cluster: {error}")
    return cluster


def _read() -> dict[str, Proven]:
    if not _NOTES.exists():
        return {}
    found: dict[str, Any] = json.loads(_NOTES.read_text("utf-8"))
    return {name: Proven(**note) for name, note in found.items()}


def _write(notes: Mapping[str, Proven], folders: Mapping[str, ExerciseFolder]) -> None:
    _NOTES.parent.mkdir(exist_ok=True)
    body = {name: asdict(note) for name, note in notes.items()}
    _NOTES.write_text(json.dumps(body, indent=1), "utf-8")
    _TABLE.write_text(table(notes, folders), "utf-8")


if __name__ == "__main__":
    main()
