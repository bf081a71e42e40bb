"""One operator at a time: a Lease that its holder renews and others wait for.

Used by ``handlers.operate``. The rules are those of client-go's leader election: a rival's
Lease counts as given up when it was not renewed for its duration by our own clock, so clocks
need not agree; a holder that could not renew in time stops before a rival may start.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from labgrader.cluster.client import Client
from labgrader.cluster.clock import SystemClock
from labgrader.cluster.errors import ApiError, ApiUnreachable

_LOG = logging.getLogger(__name__)
_NOT_FOUND = 404
_LOST_A_RACE = (404, 409)

Body = Mapping[str, Any]


class LeaseLost(Exception):
    """Another may be acting by now: everything must stop."""


@dataclass(frozen=True, slots=True)
class Lease:
    """A Lease object. ``holder`` is the same for a process that is restarted in its pod.

    ``seconds`` is how long a silent holder keeps it; it is renewed five times in that time,
    and given up by its holder after two thirds of it.
    """

    client: Client
    clock: SystemClock
    namespace: str
    name: str
    holder: str
    seconds: int = 15

    @contextlib.asynccontextmanager
    async def held(self) -> AsyncIterator[asyncio.Task[None]]:
        """Hold the Lease; waits for it first, and gives it back at the end.

        Yields the task that renews it, which ends with LeaseLost and never otherwise.
        """
        await self._acquire()
        renewing = asyncio.create_task(self._renew())
        try:
            yield renewing
        finally:
            renewing.cancel()
            await asyncio.wait([renewing])
            await self._release()

    async def _acquire(self) -> None:
        seen, since_ms = "", self.clock.now_ms()
        while True:
            try:
                body = await self._read()
                version = body["metadata"]["resourceVersion"] if body else ""
                if version != seen:
                    seen, since_ms = version, self.clock.now_ms()
                silent = self.clock.now_ms() - since_ms >= self.seconds * 1000
                if await self._taken(body, silent=silent):
                    return
            except (ApiError, ApiUnreachable) as error:
                _LOG.warning("lease %s: %s", self.name, error)
            await asyncio.sleep(self.seconds / 10)

    async def _taken(self, body: Body | None, *, silent: bool) -> bool:
        """Take it where nobody holds it; False where somebody does, or was faster."""
        holder = (body["spec"].get("holderIdentity") or "") if body else ""
        if holder not in {"", self.holder} and not silent:
            _LOG.info("waiting for the lease %s, held by %s", self.name, holder)
            return False
        try:
            await self._write(body, self.holder)
        except ApiError as error:
            if error.status in _LOST_A_RACE:
                return False
            raise
        return True

    async def _renew(self) -> None:
        renewed_ms = self.clock.now_ms()
        while True:
            await asyncio.sleep(self.seconds / 5)
            try:
                async with asyncio.timeout(self.seconds / 5):
                    if not await self._taken(await self._read(), silent=False):
                        raise LeaseLost(f"the lease {self.name} was taken by another")
                renewed_ms = self.clock.now_ms()
            except (ApiError, ApiUnreachable, TimeoutError) as error:
                _LOG.warning("lease %s not renewed: %s", self.name, error)
            if self.clock.now_ms() - renewed_ms > self.seconds * 1000 * 2 // 3:
                raise LeaseLost(f"the lease {self.name} could not be renewed")

    async def _release(self) -> None:
        try:
            body = await self._read()
            if body is not None and body["spec"].get("holderIdentity") == self.holder:
                await self._write(body, "")
        except (ApiError, ApiUnreachable) as error:
            _LOG.warning("lease %s not given back; it ends by itself: %s", self.name, error)

    async def _read(self) -> Body | None:
        try:
            body: Body = await self.client.get(f"{self._collection}/{self.name}")
        except ApiError as error:
            if error.status == _NOT_FOUND:
                return None
            raise
        return body

    async def _write(self, body: Body | None, holder: str) -> None:
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        spec = {
            "holderIdentity": holder,
            "leaseDurationSeconds": self.seconds,
            "renewTime": now,
        }
        frame = {"apiVersion": "coordination.k8s.io/v1", "kind": "Lease", "spec": spec}
        if body is None:
            metadata = {"name": self.name, "namespace": self.namespace}
            await self.client.create(self._collection, frame | {"metadata": metadata})
            return
        path = f"{self._collection}/{self.name}"
        await self.client.replace(path, frame | {"metadata": body["metadata"]})

    @property
    def _collection(self) -> str:
        return f"/apis/coordination.k8s.io/v1/namespaces/{self.namespace}/leases"
