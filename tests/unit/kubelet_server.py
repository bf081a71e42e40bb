"""An API server with one Deployment whose pods live: deleted ones are replaced, ended ones restarted.

Used by the tests of experiments that need a workload to react. Every change is told to those who
watch. It has no back-off of its own; what it counts shows who would have met one.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import orjson
from aiohttp import web

Json = dict[str, Any]
APPS, CORE = "/apis/apps/v1/namespaces/kim", "/api/v1/namespaces/kim"
WEB = f"{APPS}/deployments/web"
STARTED = "2026-01-01T00:00:00Z"


def pod(
    number: int, restarts: int = 0, started: str = STARTED, *, ready: bool = True, ran: int = 0
) -> Json:
    """A pod of the Deployment; the higher its number, the younger it is.

    Where it ``ran`` for some seconds before the last restart, that was until it was started.
    """
    container: Json = {"name": "web", "restartCount": restarts}
    container["state"] = {"running": {"startedAt": started}}
    if ran:
        began = datetime.fromisoformat(started) - timedelta(seconds=ran)
        times = {"startedAt": f"{began:%Y-%m-%dT%H:%M:%SZ}", "finishedAt": started}
        container["lastState"] = {"terminated": times}
    return {
        "metadata": {
            "name": f"web-{number}",
            "namespace": "kim",
            "uid": f"p{number}",
            "creationTimestamp": f"2026-01-01T00:00:{number:02d}Z",
            "ownerReferences": [{"uid": "d", "controller": True}],
        },
        "status": {
            "containerStatuses": [container],
            "conditions": [{"type": "Ready", "status": str(ready)}],
        },
    }


@dataclass
class Cluster:
    """``struck`` are the pods that were asked to end, with how often they had been restarted.

    New pods become Ready only where ``heals`` says so, and are restarted soon where they are
    ``frail``.
    """

    pods: list[Json]
    heals: bool = True
    frail: bool = False
    deleted: list[str] = field(default_factory=list)
    struck: list[tuple[str, int]] = field(default_factory=list)
    now: str = STARTED
    _events: list[tuple[str, Json]] = field(default_factory=list)
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.wanted, self._made = len(self.pods), len(self.pods)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        path = request.path
        if "watch" in request.query:
            return await self._watch(request)
        if request.method == "DELETE":
            return self._delete(path.rpartition("/")[2])
        if path.endswith("/proxy/exit"):
            await asyncio.sleep(0.005)  # later than the experiment began
            return self._end(path.split("/")[-3].split(":")[1])
        if path == WEB:
            return web.json_response(self.body())
        items: Iterable[Json] = ()
        if path.endswith("/deployments"):
            items = (self.body(),)
        if path.endswith("/pods"):
            items = self.pods
        version = {"resourceVersion": str(len(self._events))}
        told = {"kind": "List", "apiVersion": "v1", "metadata": version}
        return web.json_response({**told, "items": list(items)})

    def body(self) -> Json:
        """The Deployment."""
        ready = sum(one["status"]["conditions"][0]["status"] == "True" for one in self.pods)
        metadata = {"name": "web", "namespace": "kim", "uid": "d", "resourceVersion": "1"}
        return {
            "apiVersion": "apps/v1",
            "kind": "Deployment",
            "metadata": metadata | {"generation": 1},
            "spec": {"replicas": self.wanted},
            "status": {"observedGeneration": 1, "replicas": self.wanted, "readyReplicas": ready},
        }

    async def _watch(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        told = int(request.query["resourceVersion"])
        while True:
            while told < len(self._events):
                kind, event = self._events[told]
                told += 1
                if kind == request.path.rpartition("/")[2]:
                    await response.write(orjson.dumps(event) + b"\n")
            await self._news.wait()

    def tell(self, kind: str, what: str, body: Json) -> None:
        """Everybody who watches the kind."""
        body["metadata"]["resourceVersion"] = str(len(self._events) + 1)
        event = orjson.loads(orjson.dumps({"type": what, "object": body}))
        self._events.append((kind, event))
        self._news.set()
        self._news = asyncio.Event()

    def _delete(self, name: str) -> web.Response:
        found = [one for one in self.pods if one["metadata"]["name"] == name]
        if not found:
            return web.json_response({"kind": "Status", "message": "none"}, status=404)
        self.deleted.append(name)
        self.pods.remove(found[0])
        self.tell("pods", "DELETED", found[0])
        self._made += 1
        new = pod(self._made, started=self.now, ready=self.heals)
        self.pods.append(new)
        self.tell("pods", "ADDED", new)
        self.tell("deployments", "MODIFIED", self.body())
        if self.frail:
            asyncio.get_running_loop().call_later(0.02, self._restart, new)
        return web.json_response({})

    def _end(self, name: str) -> web.Response:
        [ended] = [one for one in self.pods if one["metadata"]["name"] == name]
        self.struck.append((name, ended["status"]["containerStatuses"][0]["restartCount"]))
        self._restart(ended)
        return web.Response(text="bye")

    def _restart(self, ended: Json) -> None:
        [status] = ended["status"]["containerStatuses"]
        ended["status"]["conditions"] = [{"type": "Ready", "status": "False"}]
        self.tell("pods", "MODIFIED", ended)
        status["restartCount"] += 1
        status["state"] = {"running": {"startedAt": self.now}}
        ended["status"]["conditions"] = [{"type": "Ready", "status": "True"}]
        self.tell("pods", "MODIFIED", ended)
