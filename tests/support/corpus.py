"""Reads the corpus: cases of objects, a check, and what a right judge says of them.

Used by the tests that judge the cases, and by those that start from their objects. The cases
are written from what Kubernetes and docs/reference/kinds/ say, never from what the code
returns. A file of the corpus holds the cases of one kind:

    - case: what it is about
      objects: [web, {like: web-1, but: {metadata: {labels: {app: other}}}, times: 3}]
      check: the kind's params
      outcome: Passed
      reason: WorkloadReady

``but`` is a merge patch: null removes a field, ``(null)`` sets it to null, and a map over a list
changes items by index. ``gave`` is what the exercise gave; ``logs``, ``http``, ``given``, ``rbac``,
``dryRun``, ``timeline``, ``traffic``, ``kept``, ``flows``, ``enforced``, ``dns`` and ``keptOut`` are
the recorded answers of whatever else is asked.
"""

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from labgrader.api.base import parse_duration
from labgrader.authoring.source import document
from labgrader.evidence.answers import Admitted, Answer, HttpAnswer, NoHttpAnswer, Refused
from labgrader.evidence.keeping import Exchange, Kept, Member
from labgrader.evidence.requests import DryRun
from labgrader.evidence.timeline import (
    Action,
    AutoscalerSeen,
    EndpointsSeen,
    MetricSeen,
    PodsSeen,
    Sample,
    Timeline,
)
from labgrader.evidence.traffic import Backend, Reply, Traffic

Json = dict[str, Any]

ROOT = Path(__file__).parents[1] / "corpus"
_OBJECTS = ROOT / "objects.yaml"
_NULL = "(null)"
_EVERY_MS = 50


@dataclass(frozen=True)
class Case:
    """One case: what is there, what is asked, and what must come of it."""

    kind: str
    name: str
    body: Json

    @property
    def params(self) -> Json:
        """The check's params."""
        found: Json = self.body["check"]
        return found

    def objects(self) -> list[Json]:
        """The objects in the namespace."""
        shared = shared_objects()
        return [made for written in self.body.get("objects", ()) for made in _made(written, shared)]

    def gave(self) -> tuple[Json, ...]:
        """What the exercise put there before the work began."""
        shared = shared_objects()
        return tuple(made for one in self.body.get("gave", ()) for made in _made(one, shared))

    def logs(self) -> dict[str, list[str]]:
        """The last lines of logs; ``hugeLog`` names a pod that wrote more than is read."""
        huge = self.body.get("hugeLog")
        said: dict[str, list[str]] = self.body.get("logs", {})
        return said | ({huge: ["x" * 1500] * 200} if huge else {})

    def http(self) -> HttpAnswer | NoHttpAnswer | None:
        """What the Service answered, if it was asked."""
        written = self.body.get("http")
        if isinstance(written, str):
            return NoHttpAnswer(written)
        return None if written is None else HttpAnswer(written["status"], written.get("body", ""))

    def dry_run(self, request: DryRun) -> Answer:
        """What the API server said to an object, by its kind."""
        said = self.body.get("dryRun", {}).get(request.kind)
        if said is None:
            return Admitted()
        return Refused(said.get("status", 403), said.get("reason", "Forbidden"), said["message"])

    def timeline(self) -> Timeline | None:
        """The record of the experiment, if there was one."""
        written = self.body.get("timeline")
        return None if written is None else _timeline(written)

    def traffic(self) -> Traffic | None:
        """The record of many requests, if they were sent."""
        written = self.body.get("traffic")
        return None if written is None else _traffic(written)

    def kept(self) -> Kept | None:
        """The record of what was written and read back, if that was done."""
        written = self.body.get("kept")
        return None if written is None else _kept(written)


@cache
def cases() -> tuple[Case, ...]:
    """Every case of the corpus. Nobody changes them."""
    return tuple(
        Case(path.stem, body["case"], body)
        for path in sorted(ROOT.glob("*.yaml"))
        if path != _OBJECTS
        for body in document(path.read_text("utf-8"))
    )


@cache
def shared_objects() -> Mapping[str, Json]:
    """The shared objects, by the names that cases use. Nobody changes them."""
    written: dict[str, Json] = document(_OBJECTS.read_text("utf-8"))
    return {name: _without_anchors(body) for name, body in written.items()}


def patched(body: Any, patch: Any) -> Any:
    """``body`` with a merge patch."""
    if patch == _NULL:
        return None
    if not isinstance(patch, Mapping):
        return _nulled(copy.deepcopy(patch))
    if isinstance(body, list):
        items = list(body)
        for index, below in patch.items():
            items[index] = patched(items[index], below)
        return items
    merged = dict(body) if isinstance(body, Mapping) else {}
    for key, below in patch.items():
        if below is None:
            merged.pop(key, None)
        else:
            merged[key] = patched(merged.get(key), below)
    return merged


def _made(written: Any, shared: Mapping[str, Json]) -> Iterator[Json]:
    if isinstance(written, str):
        yield shared[written]
        return
    times = written.get("times", 1)
    body = {name: below for name, below in written.items() if name != "times"}
    if "like" in written:
        body = patched(shared[written["like"]], written["but"])
    for index in range(times):
        if times == 1:
            yield body
            continue
        metadata = body["metadata"]
        own = {"name": f"{metadata['name']}-{index}", "uid": f"{metadata['uid']}-{index}"}
        yield {**body, "metadata": {**metadata, **own}}


def _nulled(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _nulled(below) for key, below in value.items()}
    if isinstance(value, list):
        return [_nulled(below) for below in value]
    return None if value == _NULL else value


def _without_anchors(body: Json) -> Json:
    """A copy in which no two places are the same value."""
    unshared: Json = _nulled(body)
    return unshared


def _timeline(written: Json) -> Timeline:
    ended = written.get("ended", 0)
    return Timeline(
        actions=tuple(Action(*action) for action in written.get("actions", ())),
        pods=tuple(
            PodsSeen(at, tuple(ready), tuple(others), wanted)
            for at, ready, others, wanted in written.get("pods", ())
        ),
        autoscaler=tuple(_autoscaler(*seen) for seen in written.get("autoscaler", ())),
        samples=tuple(_samples(written.get("samples"))),
        kept_rate=written.get("keptRate", True),
        ended_ms=ended,
        endpoints=tuple(
            EndpointsSeen(at, tuple(ready)) for at, ready in written.get("endpoints", ())
        ),
        direct=tuple(Sample(*one) for one in written.get("direct", ())),
    )


def _autoscaler(*seen: Any) -> AutoscalerSeen:
    """One row; after the plain fields may come what it reads of each metric, and what it says."""
    rest = seen[8:]
    metrics = tuple(MetricSeen(*one) for one in (rest[0] if rest else ()))
    return replace(AutoscalerSeen(*seen[:8]), metrics=metrics, why="".join(rest[1:]))


def _traffic(written: Json) -> Traffic:
    """Answers by their text and count: of each backend by itself, and through the Service."""
    said: dict[str, int] = {}
    asked = [*enumerate(written.get("direct", ())), (-1, written["service"])]
    replies = [
        Reply(0, to, 200, said.setdefault(text, len(said)))
        for to, answers in asked
        for text, count in answers.items()
        for _ in range(count)
    ]
    replies += [Reply(0, -1, 0, -1, "timeout")] * written.get("lost", 0)
    return Traffic(
        backends=tuple(Backend(*one) for one in written["backends"]),
        replies=tuple(replies),
        said=tuple(said),
        settled=written.get("settled", True),
        complete=written.get("complete", True),
    )


def _kept(written: Json) -> Kept:
    """Members as [name, uid, {claim: uid}, seen, ready], requests as [pod, key, status, held]."""

    def members(name: str) -> tuple[Member, ...]:
        return tuple(
            Member(one[0], one[1], tuple(one[2].items()), *one[3:]) for one in written.get(name, ())
        )

    def requests(name: str) -> tuple[Exchange, ...]:
        return tuple(Exchange(0, *one) for one in written.get(name, ()))

    return Kept(
        timeline=_timeline(written["timeline"]),
        before=members("before"),
        written=requests("written"),
        read_first=requests("readFirst"),
        after=members("after"),
        read=requests("read"),
    )


def _samples(written: Json | None) -> Iterator[Sample]:
    """A constant-rate client from 0 on; in which stretches its requests failed, or were late."""
    if written is None:
        return
    for at in range(0, parse_duration(written["until"]), _EVERY_MS):
        lost, late = (
            any(begin <= at < end for begin, end in written.get(which, ()))
            for which in ("lost", "late")
        )
        yield Sample(at, 0, *((0, "refused") if lost else (200, "")), doubtful=late)
