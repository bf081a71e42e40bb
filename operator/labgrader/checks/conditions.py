"""``conditions``: what a controller says of an object is as expected.

Called through ``checks.registry``. Pure; asks for the one object only, of any kind, so nothing
is taken for granted of its status. What a controller said of an earlier generation is not yet
said of the present one: such a condition neither passes nor fails.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from labgrader.api.kinds import ConditionExpected, Conditions
from labgrader.checks.diagnosis.events import one_line
from labgrader.checks.diagnosis.presence import find
from labgrader.checks.diagnosis.shape import items, mapping, whole, words
from labgrader.checks.expect.operators import ABSENT, PRESENT, holds
from labgrader.checks.expect.problems import scalar_problems
from labgrader.checks.finding import Finding, cause, failed, passed, unknown
from labgrader.checks.problem import Problem
from labgrader.checks.scope import Scope
from labgrader.evidence.answers import Json
from labgrader.evidence.requests import GetObject
from labgrader.evidence.snapshot import Snapshot

_MOST_NAMED = 8
_TELL_GENERATION = frozenset(
    {
        ("apps/v1", "DaemonSet"),
        ("apps/v1", "Deployment"),
        ("apps/v1", "ReplicaSet"),
        ("apps/v1", "StatefulSet"),
        ("policy/v1", "PodDisruptionBudget"),
        ("v1", "ReplicationController"),
    }
)
"""Their controllers write an observedGeneration, but that of PodDisruptionBudgets does not with the
condition that says that it failed at first."""


@dataclass(frozen=True, slots=True)
class Place:
    """One list of conditions: where it stands, and from which generation it is."""

    path: str
    conditions: tuple[Json, ...]
    observed: int | None
    generation: int

    def of(self, kind: str) -> tuple[Json, ...]:
        """The conditions of this type."""
        return tuple(found for found in self.conditions if found.get("type") == kind)

    def is_stale(self, found: Json) -> bool:
        """Whether the condition is about an earlier generation, by itself or by the status."""
        own = whole(found.get("observedGeneration"))
        return _older(self.observed if own is None else own, self.generation)

    @property
    def lags(self) -> bool:
        """Whether the status as a whole is about an earlier generation."""
        return _older(self.observed, self.generation)


def problems(params: Conditions) -> tuple[Problem, ...]:
    """What makes the params unusable."""
    found: list[Problem] = []
    types = [expected.type for expected in params.expect]
    found += [
        Problem("Invalid", f"expect names the condition {kind} twice")
        for kind in dict.fromkeys(types)
        if types.count(kind) > 1
    ]
    for expected in params.expect:
        if expected.reason == ABSENT:
            found.append(Problem("Invalid", f'{expected.type}: a reason cannot be "(absent)"'))
        elif expected.reason is not None:
            found += scalar_problems(expected.reason, f"{expected.type}.reason")
    return tuple(found)


def judge(params: Conditions, scope: Scope, snapshot: Snapshot) -> Finding:
    """The object is there, and each condition is as expected wherever it must be."""
    request = scope.get(params.object)
    body = find(snapshot, request)
    if isinstance(body, Finding):
        return body
    places = tuple(_places(params, body))
    if not places:
        return _nothing_listed(params, request, body)
    waits = False
    for place in places:
        for expected in params.expect:
            found = _judge_one(request, place, expected)
            if found is not None:
                return found
            waits = waits or _waits(place, expected)
    if waits:
        return _not_observed(request)
    return passed(
        "ConditionsHold",
        kind=request.kind,
        name=request.name,
        seen=", ".join(f"{expected.type}={expected.status}" for expected in params.expect),
    )


def _judge_one(request: GetObject, place: Place, expected: ConditionExpected) -> Finding | None:
    """Failed where the controller has said something else about the present generation."""
    there = place.of(expected.type)
    if not there and not place.lags:
        return failed(
            "ConditionMissing",
            kind=request.kind,
            name=request.name,
            namespace=request.namespace,
            path=place.path,
            expected=_written(expected),
            seen=_types(place),
        )
    for found in there:
        if not place.is_stale(found) and not _fulfils(expected, found):
            finding = failed(
                "ConditionDiffers",
                kind=request.kind,
                name=request.name,
                namespace=request.namespace,
                path=place.path,
                expected=_written(expected),
                seen=_seen(found),
            )
            said = one_line(words(found.get("message")))
            return finding.because(cause("ConditionSays", detail=said)) if said else finding
    return None


def _waits(place: Place, expected: ConditionExpected) -> bool:
    there = place.of(expected.type)
    return not there or any(place.is_stale(found) for found in there)


def _not_observed(request: GetObject) -> Finding:
    kind, name, namespace = request.kind, request.name, request.namespace
    return unknown("NotObservedYet", transient=True, kind=kind, name=name, namespace=namespace)


def _nothing_listed(params: Conditions, request: GetObject, body: Json) -> Finding:
    if _older(_observed(body), _generation(body)):
        return _not_observed(request)
    return failed(
        "NothingListed",
        kind=request.kind,
        name=request.name,
        namespace=request.namespace,
        path=f"status.{params.each}",
    )


def _places(params: Conditions, body: Json) -> Iterator[Place]:
    status, generation = mapping(body.get("status")), _generation(body)
    observed = _observed(body)
    if params.each is None:
        yield Place("status.conditions", items(status.get("conditions")), observed, generation)
        return
    for index, item in enumerate(items(status.get(params.each))):
        path = f"status.{params.each}[{index}].conditions"
        yield Place(path, items(item.get("conditions")), observed, generation)


def _generation(body: Json) -> int:
    return whole(mapping(body.get("metadata")).get("generation")) or 0


def _observed(body: Json) -> int | None:
    """The generation that the status is about; None where its kind does not tell."""
    status = mapping(body.get("status"))
    told = whole(status.get("observedGeneration"))
    tells = (body.get("apiVersion"), body.get("kind")) in _TELL_GENERATION
    return 0 if told is None and tells and not status.get("conditions") else told


def _older(observed: int | None, generation: int) -> bool:
    return observed is not None and observed < generation


def _fulfils(expected: ConditionExpected, found: Json) -> bool:
    reason = words(found.get("reason"))
    return found.get("status") == expected.status and (
        expected.reason is None
        or (bool(reason) if expected.reason == PRESENT else holds(expected.reason, reason))
    )


def _written(expected: ConditionExpected) -> str:
    reason = "" if expected.reason is None else f" ({expected.reason})"
    return f"{expected.type}={expected.status}{reason}"


def _seen(found: Json) -> str:
    reason = one_line(words(found.get("reason")))
    status = one_line(words(found.get("status"))) or "-"
    return f"{found.get('type')}={status}" + (f" ({reason})" if reason else "")


def _types(place: Place) -> str:
    names = [one_line(words(found.get("type"))) for found in place.conditions]
    named = [name for name in dict.fromkeys(names) if name]
    more = ", …" if len(named) > _MOST_NAMED else ""
    return (", ".join(named[:_MOST_NAMED]) + more) or "-"
