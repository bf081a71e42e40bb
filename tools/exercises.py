"""`make exercises`: prove every work of every exercise on a cluster of its own, and note it.

Runs ``labgrader test`` on one exercise after the other. What was proven for the same files is
not proven again, so it may be stopped at any time and taken up later; what it came to is
written to ``exercises/PROVEN.md``. Exercises that take nodes away, those about NetworkPolicies and
those about VerticalPodAutoscalers have clusters of their own (``Ground``). All are kept between runs; `python -m
localcluster down --name exercises` removes the first of them.
"""

import hashlib
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from enum import StrEnum

from labgrader.authoring.exercise_folder import ExerciseFolder
from labgrader.grading.plan import plan
from localcluster import Cluster, LocalClusterError
from localcluster.progress import Timed
from localcluster.recommending import recommending
from tools import noted
from tools.shipped import ROOT, shipped

_REPOSITORY = ROOT.parent
_NOTES = _REPOSITORY / "build" / "exercises.json"
_TABLE = ROOT / "PROVEN.md"
_ARCHIVE = _REPOSITORY / "build" / "labgrader.tar"
_IMAGE = "labgrader:dev"
_NODES = 3
_GUARD = _REPOSITORY / "manifests" / "base" / "policies" / "probes.yaml"
_APPLY = ("apply", "--server-side", "--filename", str(_GUARD))
"""Without this policy no probe pod is put into the namespaces that works are tried in."""


class Ground(StrEnum):
    """What kind of cluster an exercise needs, by the name of ours."""

    ANY = "exercises"
    NODES = "exercises-nodes"
    """Several nodes, of which one may be switched off."""
    POLICY = "exercises-policy"
    """One that enforces NetworkPolicies."""
    RECOMMENDER = "exercises-recommender"
    """One with VerticalPodAutoscalers, and a recommender beside it."""


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


def prove(folder: ExerciseFolder, made: Cluster) -> Proven:
    """Try the start, every solution and every mistake."""
    begun = time.monotonic()
    code = subprocess.run(command(folder, made), check=False).returncode
    return Proven(
        digest(folder),
        code,
        1 + len(folder.solutions) + len(folder.mistakes),
        round(time.monotonic() - begun),
        noted.today(),
    )


def ground(folder: ExerciseFolder) -> Ground:
    """Where it can be proven."""
    planned = plan(folder.exercise)
    if planned.takes_nodes:
        return Ground.NODES
    if planned.needs_recommender:
        return Ground.RECOMMENDER
    return Ground.POLICY if planned.needs_policies else Ground.ANY


def own_cluster(cluster: Cluster) -> tuple[str, ...]:
    """What tells the command line that the cluster is ours, and how its nodes are switched off."""
    switch = f"{sys.executable} -m localcluster node {{action}} {{index}} --name {cluster.name}"
    return "--own-cluster", "--node-command", switch


def command(folder: ExerciseFolder, made: Cluster, *more: str) -> tuple[str, ...]:
    """``labgrader test`` on one exercise."""
    return (
        *(sys.executable, "-m", "labgrader", "test", str(folder.path), *more),
        *("--kubeconfig", str(made.kubeconfig), "--allow-disruption"),
        *("--probe-image", _IMAGE),
        *(own_cluster(made) if ground(folder) is Ground.NODES else ()),
    )


def table(notes: Mapping[str, Proven], folders: Mapping[str, ExerciseFolder]) -> str:
    """What is known of each exercise, in Markdown; pure."""
    return noted.table(
        "What `make exercises` proved",
        (
            "Every exercise on a real cluster: nothing done earns nothing, each solution all points,",
            "each mistake exactly the outcomes in its expect.yaml.",
        ),
        ("exercise", "works:", "seconds:", "when", ""),
        _rows(notes, folders),
    )


def _rows(
    notes: Mapping[str, Proven], folders: Mapping[str, ExerciseFolder]
) -> Iterator[Sequence[object]]:
    for name, folder in folders.items():
        note = notes.get(name)
        if note is None:
            yield name, "", "", "", "not tried yet"
            continue
        said = "as expected" if note.exit == 0 else f"**differs** (exit status {note.exit})"
        stale = "" if note.digest == digest(folder) else "; its files changed since"
        yield name, note.works, note.seconds, note.when, said + stale


def main() -> None:
    """Prove what is not proven yet. Leaves with 1 where something differs."""
    kept = noted.Kept(_NOTES, Proven)
    notes = kept.read()
    folders = {folder.exercise.name: folder for folder in shipped()}
    left = [
        name
        for name, folder in folders.items()
        if name not in notes or notes[name].exit or notes[name].digest != digest(folder)
    ]
    for needed in Ground:
        these = [name for name in left if ground(folders[name]) is needed]
        if these:
            made = cluster(needed)
            with beside(needed, made):
                for name in these:
                    notes[name] = prove(folders[name], made)
                    kept.write(notes)
                    _TABLE.write_text(table(notes, folders), "utf-8")
    _TABLE.write_text(table(notes, folders), "utf-8")
    sys.stdout.write(_TABLE.read_text("utf-8"))
    sys.exit(any(notes[name].exit for name in folders))


def cluster(needed: Ground, number: int = 1) -> Cluster:
    """The cluster that exercises are proven on, with the product's image; ends where there is none.

    ``number`` tells those apart that are needed at once.
    """
    made = Cluster(needed.value if number == 1 else f"{needed.value}-{number}")
    try:
        nodes = _NODES if needed is Ground.NODES else 1
        made.up(nodes, policy=needed is Ground.POLICY, report=Timed())
        subprocess.run([sys.executable, "-m", "tools.image"], cwd=_REPOSITORY, check=True)
        made.load_image(_ARCHIVE)
        subprocess.run(
            (str(made.kubectl), "--kubeconfig", str(made.kubeconfig), *_APPLY), check=True
        )
    except LocalClusterError as error:
        sys.exit(f"no cluster: {error}")
    return made


def beside(needed: Ground, made: Cluster) -> AbstractContextManager[None]:
    """What runs beside the cluster meanwhile."""
    if needed is not Ground.RECOMMENDER:
        return nullcontext()
    return recommending(str(made.kubectl), made.kubeconfig, Timed())


if __name__ == "__main__":
    main()
