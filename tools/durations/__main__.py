"""`make durations`: measure what each experiment takes, and write the table of it.

The first solution of each exercise that disturbs is graded by an operator on a cluster with an audit
log, one experiment at a time: the exercise's own check, without the checks that it needs. Noted is
each grading at once, so this may be stopped at any time and taken up later; what changed in an
exercise is measured anew. `DrainNode` and `StopNode` are left out, which take a cluster of one's own
and, the latter, a command line.
"""

import hashlib
import json
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

import click
import yaml

from demo.errors import DemoError
from demo.progress import Progress
from labgrader.api.names import SYSTEM_NAMESPACE
from labgrader.authoring.exercise_folder import ExerciseFolder
from labgrader.evidence.bundle import read
from tools import noted
from tools.durations.cpu import Meter
from tools.durations.decided import decided_ms
from tools.durations.page import Run, page
from tools.durations.witness import told
from tools.installed import COURSE, Installed, installed, is_graded
from tools.shipped import ROOT, shipped

_PAGE = ROOT.parent / "docs" / "reference" / "experiments.md"
_NOTES = ROOT.parent / "build" / "durations.json"
_PATIENCE_SECONDS = 420
_LEARNER = "measured"
PHYSICAL: Mapping[str, str] = MappingProxyType(
    {
        "`heals` `DeletePod`": "clients are watched for 10 s; scheduling, start, readiness period 1 s",
        "`heals` `KillProcess`": "clients are watched for 10 s; the kubelet's restart",
        "`heals` `FailLiveness`": "liveness period × failures, restart, readiness period",
        "`heals` `EvictFromNode`": "clients are watched for 10 s; start of the pods elsewhere",
        "`updatesWithoutDowntime`": "start and readiness of two pods, one by one, preStop hook, grace",
        "`survivesBadUpdate`": "`during`, 15 s here: so long is the bad version watched",
        "`rollsBack`": "the update and the way back: readiness, preStop hook, grace, twice",
        "`scales` up": "metrics every 10 s, the autoscaler's period of 5 s on this cluster",
        "`scales` up and down": "metrics, the autoscaler's period, its stabilisation window, grace",
        "`scalesOnSchedule`": "start of the Job's pod, start of the replicas",
        "`resizes`": "the kubelet's change, or the container's restart; 3 s of calm after it",
        "`balances`": "start of the probe's pod, the requests",
        "`drains`": "the slow requests, the preStop hook; clients are watched for 10 s",
        "`persists`": "grace, start of the pod, its volume, readiness",
    }
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """One experiment: the check of an exercise that asks for it, as an exercise of its own."""

    name: str
    folder: ExerciseFolder
    body: Mapping[str, Any]

    @property
    def digest(self) -> str:
        """Of what is graded, and of the work."""
        work = list(self.folder.solutions[0].objects())
        text = json.dumps([self.body, work], sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def wanted() -> tuple[Wanted, ...]:
    """Each experiment once, in the order of the table."""
    found: dict[str, Wanted] = {}
    for folder in shipped():
        for one in _experiments(folder):
            found.setdefault(one.name, one)
    return tuple(found[name] for name in PHYSICAL if name in found)


def _experiments(folder: ExerciseFolder) -> Iterator[Wanted]:
    body = yaml.safe_load(folder.file.read_text("utf-8"))
    for check in body["spec"]["checks"]:
        name = called(check)
        if name in PHYSICAL:
            alone = {k: v for k, v in check.items() if k not in {"needs", "needsAtLeast", "group"}}
            spec = {k: v for k, v in body["spec"].items() if k != "groups"}
            spec |= {"checks": [alone | {"points": 10}], "settle": "0s", "timeLimit": "6m"}
            yield Wanted(name, folder, {**body, "spec": spec})


def called(check: Mapping[str, Any]) -> str:
    """What the table calls the experiment of a check; something else for other checks."""
    if "heals" in check:
        return f"`heals` `{check['heals'].get('fault')}`"
    if "scales" in check:
        return "`scales` up and down" if "down" in check["scales"] else "`scales` up"
    return next((f"`{kind}`" for kind in check if f"`{kind}`" in PHYSICAL), "")


def measure(made: Installed, one: Wanted) -> Run:
    """Grade it once."""
    made.clean(_LEARNER)
    made.exercise(one.body)
    made.learner(_LEARNER)
    made.work(_LEARNER, one.folder.solutions[0])
    made.until(made.is_calm, 120, "a calm grader")
    meter, since = Meter(made.cluster, made.kubectl, SYSTEM_NAMESPACE), time.time()
    with meter.running():
        made.submit_all(one.folder.exercise.name, {_LEARNER: _LEARNER})
        made.until(lambda: is_graded(made.status(_LEARNER)), _PATIENCE_SECONDS, "a verdict")
        made.until(made.is_calm, 120, "what was put back")
    status = made.status(_LEARNER)
    outcome = status["checks"][0] if status.get("checks") else {"outcome": status["result"]}
    seen = told(made.cluster.audit_log, since, _LEARNER, COURSE, _LEARNER)
    decided = _decided(made, status)
    late = None if decided is None else seen.written - seen.last - decided / 1000
    return Run(
        experiment=one.name,
        digest=one.digest,
        outcome=outcome["outcome"],
        seconds=round(seen.written - seen.begun, 3),
        overhead=None if late is None else round(late, 3),
        requests=seen.requests,
        grader=round(meter.used(operator=True), 3),
        clients=round(meter.used(operator=False), 3),
        when=datetime.now(UTC).strftime("%Y-%m-%d"),
    )


def _decided(made: Installed, status: Mapping[str, Any]) -> int | None:
    """By the evidence that the operator keeps."""
    ref = (status.get("evidence") or {}).get("ref")
    if ref is None:
        return None
    command = [made.kubectl.program, f"--kubeconfig={made.kubectl.kubeconfig}", "exec"]
    pod = [f"--namespace={SYSTEM_NAMESPACE}", "deployment/labgrader", "--"]
    done = subprocess.run(
        [*command, *pod, "cat", f"/evidence/{ref}"], capture_output=True, check=True
    )
    moments = (decided_ms(seen.request, seen.answer) for seen in read(done.stdout).record.seen)
    return next((moment for moment in moments if moment is not None), None)


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
    progress = Progress()
    try:
        made = installed(cluster, 2, progress) if left else None
        for key, one in left:
            progress(key)
            if made is not None:
                notes[key] = measure(made, one)
            kept.write(notes)
            _write(_PAGE, notes)
    except DemoError as error:
        sys.exit(str(error))
    _write(_PAGE, notes)


def _write(file: Path, notes: Mapping[str, Run]) -> None:
    now = {one.name: one.digest for one in wanted()}
    runs = [run for run in notes.values() if now.get(run.experiment) == run.digest]
    file.write_text(page(file.read_text("utf-8"), runs, PHYSICAL), "utf-8")


if __name__ == "__main__":
    main()
