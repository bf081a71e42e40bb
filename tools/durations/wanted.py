"""Which experiments are measured, each on which exercise, and what of it is physical.

Used by ``tools.durations``. A new experiment is one line in ``PHYSICAL``. Must not run anything.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import yaml

from labgrader.authoring.exercise_folder import ExerciseFolder
from tools.shipped import shipped

PHYSICAL: Mapping[str, str] = MappingProxyType(
    {
        "`heals` `DeletePod`": "clients are watched for 10 s; scheduling, start, readiness period 1 s",
        "`heals` `KillProcess`": "clients are watched for 10 s; the kubelet's restart",
        "`heals` `FailLiveness`": "liveness period × failures, restart, readiness period",
        "`heals` `EvictFromNode`": "clients are watched for 10 s; start of the pods elsewhere",
        "`heals` `DrainNode`": "clients are watched for 10 s; start of the pods elsewhere",
        "`heals` `StopNode`": "the node's silence is noticed after 12 s, tolerations of 5 s, start",
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
"""What takes most of the time, by what the table calls the experiment; in the table's order."""


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

    @property
    def stops_node(self) -> bool:
        """Whether a node is switched off, which the command line alone can do."""
        return bool(self._check.get("heals", {}).get("fault") == "StopNode")

    @property
    def disturbs(self) -> bool:
        """Whether more is done than sending requests."""
        return "balances" not in self._check

    @property
    def _check(self) -> Mapping[str, Any]:
        check: Mapping[str, Any] = self.body["spec"]["checks"][0]
        return check


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
        name = _called(check)
        if name in PHYSICAL:
            alone = {k: v for k, v in check.items() if k not in {"needs", "needsAtLeast", "group"}}
            spec = {k: v for k, v in body["spec"].items() if k != "groups"}
            spec |= {"checks": [alone | {"points": 10}], "settle": "0s", "timeLimit": "6m"}
            yield Wanted(name, folder, {**body, "spec": spec})


def _called(check: Mapping[str, Any]) -> str:
    """What the table calls the experiment of a check; something else for other checks."""
    if "heals" in check:
        return f"`heals` `{check['heals'].get('fault')}`"
    if "scales" in check:
        return "`scales` up and down" if "down" in check["scales"] else "`scales` up"
    return next((f"`{kind}`" for kind in check if f"`{kind}`" in PHYSICAL), "")
