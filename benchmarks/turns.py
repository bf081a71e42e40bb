"""One contestant's turn: started, warmed up, measured, ended. Called by `benchmarks.measure`."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from benchmarks import audit
from benchmarks.contestants import Cost, Running, running
from benchmarks.driving import Driver, driver
from benchmarks.ground import Ground

_WARM = 5
_PAUSE_SECONDS = 0.5
# Requests reach the log, and the contestant its rest, a moment after the last score.
_REST_SECONDS = 2.0


@dataclass(frozen=True)
class Size:
    """How much is measured: submissions one by one, and submissions at once."""

    singles: int
    burst: int


async def turn(name: str, ground: Ground, size: Size, log: Path) -> dict[str, Any]:
    """What was measured in one turn, by the name of the measurement."""
    async with driver(ground.kubeconfig) as hands:
        with running(name, ground.kubeconfig, log) as contestant:
            await hands.warm_up(_WARM)
            await asyncio.sleep(_REST_SECONDS)
            one = _Measurement(ground, contestant)
            close = await one.singles(hands, "close", size.singles, 0)
            apart = await one.singles(hands, "apart", size.singles, _PAUSE_SECONDS)
            # The same burst before fills the pools of connections and of memory: what a
            # process holds more after the next one, it keeps.
            await hands.at_once("warm-burst", size.burst)
            await asyncio.sleep(_REST_SECONDS)
            burst = await one.burst(hands, size.burst)
    return {"close": close, "apart": apart, "burst": burst}


@dataclass(frozen=True)
class _Measurement:
    ground: Ground
    contestant: Running

    async def singles(self, hands: Driver, prefix: str, count: int, pause: float) -> dict[str, Any]:
        since, before = audit.now(), self.contestant.cost()
        took = await hands.one_by_one(prefix, count, pause)
        return _times(took) | await self._costs(count, since, before)

    async def burst(self, hands: Driver, count: int) -> dict[str, Any]:
        since, before = audit.now(), self.contestant.cost()
        seconds, took = await hands.at_once("burst", count)
        costs = await self._costs(count, since, before)
        kept = (self.contestant.cost().memory - before.memory) / count
        return {"rate": count / seconds, "keptBytes": kept} | _times(took) | costs

    async def _costs(self, count: int, since: str, before: Cost) -> dict[str, Any]:
        await asyncio.sleep(_REST_SECONDS)
        after = self.contestant.cost()
        asked = audit.requests(self.ground.audit_log, since, audit.now())
        return {
            "cpuMs": (after.cpu_seconds - before.cpu_seconds) / count * 1000,
            "requests": sum(asked.values()) / count,
            "requestsBy": {what: number / count for what, number in asked.items()},
            "peakMB": after.peak_memory / 1e6,
        }


def _times(took: list[float]) -> dict[str, Any]:
    milliseconds = sorted(seconds * 1000 for seconds in took)
    return {"p50": median(milliseconds), "p99": quantiles(milliseconds, n=100)[98]}
