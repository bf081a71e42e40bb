"""A scripted cluster and a clock that jumps, for tests of the engine."""

import asyncio
import heapq
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


@dataclass
class SharedClock:
    """Time passes only when everybody waits, and then to the next who has waited enough."""

    now: int = 0
    _sleepers: list[tuple[int, int, "asyncio.Future[None]"]] = field(default_factory=list)
    _count: int = 0
    _waking: bool = False

    def now_ms(self) -> int:
        return self.now

    async def sleep(self, milliseconds: int) -> None:
        loop = asyncio.get_running_loop()
        woken: asyncio.Future[None] = loop.create_future()
        self._count += 1
        heapq.heappush(self._sleepers, (self.now + milliseconds, self._count, woken))
        if not self._waking:
            self._waking = True
            loop.call_soon(self._wake, 0)
        await woken

    def _wake(self, turns: int) -> None:
        if turns < _TURNS:  # whoever can run has run by then
            asyncio.get_running_loop().call_soon(self._wake, turns + 1)
            return
        self._waking = False
        while self._sleepers:
            at, _, woken = heapq.heappop(self._sleepers)
            if not woken.done():
                self.now = at
                woken.set_result(None)
                break
        if self._sleepers:
            self._waking = True
            asyncio.get_running_loop().call_soon(self._wake, 0)


_TURNS = 40


@dataclass
class Timetable:
    """A cluster that changes by the clock: for each request answers, each from its time on."""

    clock: SharedClock
    script: Mapping[Request, list[tuple[int, Answer]]]
    namespace: Answer = field(default_factory=lambda: Found({"metadata": {}}))
    gathered: list[tuple[int, Request]] = field(default_factory=list)
    waits: int = 0

    async def gather(self, requests: Collection[Request]) -> Mapping[Request, Answer]:
        self.gathered += [(self.clock.now, request) for request in requests]
        return {request: self._now(request) for request in requests}

    async def changed(self, seen: Mapping[Look, Answer], within_ms: int) -> bool:
        assert seen, "nothing to wait for"
        self.waits += 1
        times = [at for request in seen for at, _ in self.script.get(request, [])]
        ends = self.clock.now + within_ms
        at = min((at for at in times if self.clock.now < at <= ends), default=None)
        await self.clock.sleep((ends if at is None else at) - self.clock.now)
        return at is not None

    async def confirm(self, namespace: str) -> Answer:
        assert namespace == "kim"
        return self.namespace

    def looks(self, request: Request) -> list[int]:
        """When it was asked."""
        return [at for at, asked in self.gathered if asked == request]

    def _now(self, request: Request) -> Answer:
        if isinstance(request, Evaluate):
            return evaluate(request)
        said: Answer = Items(()) if isinstance(request, ListObjects) else NotThere()
        for at, answer in self.script.get(request, []):
            if at <= self.clock.now:
                said = answer
        return said


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
