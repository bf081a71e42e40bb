"""What has come of the submissions so far, read from their status as anybody can.

Asks the cluster once a second. Must not print.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from demo.cast import Part
from demo.kubectl import Kubectl
from labgrader.api.conditions import ConditionType
from labgrader.api.status import Result

_EVERY_SECONDS = 1.0


@dataclass(frozen=True)
class Seen:
    """One submission's status."""

    result: str = Result.PENDING
    score: int | None = None
    max_score: int | None = None
    checks: Sequence[Mapping[str, Any]] = ()
    settled: bool = False
    """Whether it is graded, or goes on only after somebody acts."""


@dataclass(frozen=True)
class Scene:
    """All submissions at one moment, ``seconds`` after the first look."""

    seconds: float
    seen: Mapping[str, Seen] = field(default_factory=dict)
    """By the namespace in which the learner works."""

    def of(self, part: Part) -> Seen:
        """What is seen of one learner's work."""
        return self.seen.get(part.namespace, Seen())

    def settled(self, parts: Sequence[Part]) -> bool:
        """Whether nothing is left to wait for."""
        return all(self.of(part).settled for part in parts)


def watch(kubectl: Kubectl, parts: Sequence[Part], patience_seconds: float) -> Iterator[Scene]:
    """The scene, once a second, until everything is settled or the patience ends."""
    begun = time.monotonic()
    while True:
        passed = time.monotonic() - begun
        scene = Scene(passed, _look(kubectl))
        yield scene
        if scene.settled(parts) or passed > patience_seconds:
            return
        time.sleep(_EVERY_SECONDS)


def _look(kubectl: Kubectl) -> Mapping[str, Seen]:
    listed = kubectl.json("get", "submissions.labgrader.dev", "--all-namespaces")
    return {item["metadata"]["namespace"]: _seen(item) for item in listed["items"]}


def _seen(item: Mapping[str, Any]) -> Seen:
    status = item.get("status") or {}
    if status.get("observedGeneration") != item["metadata"]["generation"]:
        return Seen()
    true = {c["type"] for c in status.get("conditions", ()) if c["status"] == "True"}
    return Seen(
        result=status.get("result", Result.PENDING),
        score=status.get("score"),
        max_score=status.get("maxScore"),
        checks=status.get("checks", ()),
        settled=bool(true & {ConditionType.READY, ConditionType.STALLED}),
    )
