"""A scripted cluster and a clock that jumps, for tests of the engine."""

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from labgrader.api.exercise import LabExercise
from labgrader.checks.cel.evaluate import evaluate
from labgrader.evidence.answers import Answer, Found, Items, NotThere
from labgrader.evidence.requests import Evaluate, GetObject, ListObjects, Look, Request


def exercise(*checks: Mapping[str, Any], **spec: Any) -> LabExercise:
    body = {
        "metadata": {"name": "lab", "namespace": "course", "uid": "u", "generation": 1},
        "spec": {"title": {"en": "t"}, "task": {"en": "t"}, "checks": list(checks), **spec},
    }
    return LabExercise.parse(body, strict=True)


def exists(name: str, points: int = 10, **more: Any) -> dict[str, Any]:
    kind = {"exists": {"object": {"kind": "ConfigMap", "name": name}}}
    return {"name": name, "points": points, **kind, **more}


def config_map(name: str) -> GetObject:
    return GetObject("kim", "v1", "ConfigMap", name)


def found(name: str) -> Found:
    return Found({"kind": "ConfigMap", "metadata": {"name": name, "uid": name}})


@dataclass
class JumpingClock:
    """Time passes only by waiting."""

    now: int = 0

    def now_ms(self) -> int:
        return self.now

    async def sleep(self, milliseconds: int) -> None:
        self.now += milliseconds
        await asyncio.sleep(0)


class Calculator:
    """Evaluates harmless expressions in the test's own process."""

    async def evaluate(self, request: Evaluate) -> Answer:
        return evaluate(request)


@dataclass
class World:
    """Answers from a script: for each request a list of answers, the last of which stays."""

    clock: JumpingClock
    script: dict[Request, list[Answer]]
    namespace: Answer = field(default_factory=lambda: Found({"metadata": {}}))
    change_after_ms: int = 1000
    gathered: list[Request] = field(default_factory=list)
    rounds: int = 0

    async def gather(self, requests: Collection[Request]) -> Mapping[Request, Answer]:
        self.rounds += 1
        self.gathered += requests
        return {request: self._next(request) for request in requests}

    async def changed(self, seen: Mapping[Look, Answer], within_ms: int) -> bool:
        assert seen, "nothing to wait for"
        await self.clock.sleep(min(within_ms, self.change_after_ms))
        return within_ms > self.change_after_ms

    async def confirm(self, namespace: str) -> Answer:
        assert namespace == "kim"
        return self.namespace

    def _next(self, request: Request) -> Answer:
        if isinstance(request, Evaluate):
            return evaluate(request)
        nothing: Answer = Items(()) if isinstance(request, ListObjects) else NotThere()
        answers = self.script.get(request, [nothing])
        return answers.pop(0) if len(answers) > 1 else answers[0]
