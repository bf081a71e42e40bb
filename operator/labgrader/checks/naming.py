"""Which pod an answer says that it comes from, and whether that can be believed.

Called by ``checks.balances``. A name is only a mark here: what it means is learnt by asking each
pod at its own address. Those requests and the Service's are sent by one client in a random order, and
reach a pod alike, so a pod that gives another's mark now and then gives it to them, too.
"""

import json
from typing import Any

from labgrader.api.kinds import PodName
from labgrader.checks.diagnosis.events import one_line
from labgrader.checks.expect.operators import pattern
from labgrader.checks.finding import Finding, failed
from labgrader.checks.patterns import pattern_problems
from labgrader.checks.problem import Problem
from labgrader.evidence.traffic import Backend, Traffic

Marks = dict[str, Backend]


def naming_problems(name: PodName) -> tuple[Problem, ...]:
    """What makes the params unusable."""
    ways = [way for way in (name.header, name.field, name.pattern) if way is not None]
    if len(ways) > 1:
        return (Problem("Invalid", "name: set at most one of header, field and pattern"),)
    found = pattern_problems(name.pattern, "name.pattern")
    if found or name.pattern is None or pattern(name.pattern).groups:
        return found
    return (Problem("Invalid", "name.pattern: put what is the name into brackets: ^pod ([^ ]+)"),)


def mark(name: PodName, said: str) -> str:
    """The mark in an answer's text; empty where there is none."""
    if name.pattern is not None:
        match = pattern(name.pattern).search(said)
        return "" if match is None else match.group(1) or ""
    return said.strip() if name.field is None else _field(said, name.field)


def marks(name: PodName, traffic: Traffic, numbers: dict[str, Any]) -> Marks | Finding:
    """Each backend by its mark, or why they cannot be told apart."""
    found: Marks = {}
    for index, backend in enumerate(traffic.backends):
        own = [reply for reply in traffic.replies if reply.to == index and reply.succeeded]
        if not own:
            if backend.ready:
                return failed("PodAnswersNothing", **numbers, pod=backend.name)
            continue
        given = dict.fromkeys(mark(name, traffic.said[reply.said]) for reply in own)
        if "" in given:
            text = one_line(traffic.said[own[0].said]) or "-"
            return failed("NameNotTold", **numbers, pod=backend.name, body=text)
        first, *others = given
        if others:
            shown: dict[str, Any] = {"first": one_line(first), "second": one_line(others[0])}
            return failed("NameChanges", **numbers, pod=backend.name, **shown)
        if first in found:
            both: dict[str, Any] = {"pod": backend.name, "other": found[first].name}
            return failed("NameShared", **numbers, **both, first=one_line(first))
        found[first] = backend
    return found


def _field(said: str, path: str) -> str:
    try:
        value = json.loads(said)
    except (ValueError, RecursionError):
        return ""
    for key in path.split("."):
        value = value.get(key) if isinstance(value, dict) else None
    plain = isinstance(value, str | int) and not isinstance(value, bool)
    return str(value) if plain else ""
