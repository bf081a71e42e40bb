"""A small API server on the loopback: namespaces, and whatever is applied into them.

For the self-test's tests. Pods become Ready a moment after somebody watches them.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import web

from tests.unit.servers import serving

NAMESPACES = "/api/v1/namespaces"
COLLECTIONS = frozenset(
    {
        "configmaps",
        "cronjobs",
        "daemonsets",
        "deployments",
        "horizontalpodautoscalers",
        "ingresses",
        "jobs",
        "limitranges",
        "networkpolicies",
        "persistentvolumeclaims",
        "poddisruptionbudgets",
        "resourcequotas",
        "secrets",
        "serviceaccounts",
        "services",
        "statefulsets",
    }
)


@dataclass
class ApiServer:
    """``objects`` by path; ``made`` and ``gone`` are namespaces in order."""

    objects: dict[str, dict[str, Any]] = field(default_factory=dict)
    made: list[dict[str, Any]] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    applied: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    refuse: str = ""
    """A name whose objects are refused, as admission would."""
    refuse_rehearsed: dict[str, str] = field(default_factory=dict)
    """What a dry run of an object of this name is told, because it is a dry run."""
    refuse_late: str = ""
    """A name whose objects are refused only when they are really put there."""
    unserved: str = ""
    """A collection that this cluster does not have."""
    ready: dict[str, Any] = field(default_factory=dict)
    """The status of every Deployment."""
    rehearsed: list[str] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    broken: str = ""
    """A part of the paths at which looking fails."""
    slow: str = ""
    """A part of the paths at which looking never ends."""
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when something slow was asked for."""
    closed: bool = False
    """Whether nobody may make namespaces."""
    stuck: bool = False
    """Whether nobody may remove them."""
    version: int = 1

    async def serve(self, request: web.Request) -> web.StreamResponse:
        path = request.path
        if path == "/version":
            return web.json_response({"gitVersion": "v1.37.0"})
        barred = {"POST": self.closed, "DELETE": self.stuck}
        if barred.get(request.method) and path.startswith(NAMESPACES):
            return web.json_response({"reason": "Forbidden", "message": "not you"}, status=403)
        if request.method == "POST" and path == NAMESPACES:
            return self._make(await request.json())
        if request.method == "POST":
            return self._rehearse(request, await request.json())
        if request.method == "DELETE" and path.count("/") > NAMESPACES.count("/") + 1:
            return self._delete(path, json.loads(await request.text() or "{}"))
        if request.method == "DELETE":
            self.gone.append(path.removeprefix(f"{NAMESPACES}/"))
            return web.json_response({})
        if request.method == "PATCH":
            return self._apply(request, json.loads(await request.text()))
        if request.query.get("watch"):
            return await self._watch(request)
        return await self._get(path)

    def _make(self, body: dict[str, Any]) -> web.Response:
        name = body["metadata"]["name"]
        self.made.append(body)
        self.objects[f"{NAMESPACES}/{name}"] = body
        account = {"metadata": {"name": "default", "uid": "u", "resourceVersion": "1"}}
        self.objects[f"{NAMESPACES}/{name}/serviceaccounts/default"] = account
        return web.json_response(body, status=201)

    def _rehearse(self, request: web.Request, body: dict[str, Any]) -> web.Response:
        """Nothing but namespaces and dry runs is posted."""
        assert dict(request.query) == {"dryRun": "All", "fieldValidation": "Strict"}
        if request.path.endswith(f"/{self.unserved}"):
            return web.json_response({"reason": "NotFound", "message": "no such page"}, status=404)
        name = body["metadata"]["name"]
        if name == self.refuse:
            return self._no()
        if name in self.refuse_rehearsed:
            told = {"reason": "Forbidden", "message": self.refuse_rehearsed[name]}
            return web.json_response(told, status=403)
        self.rehearsed.append(f"{request.path}/{name}")
        if f"{request.path}/{name}" in self.objects:
            told = {"reason": "AlreadyExists", "message": f"{name} already exists"}
            return web.json_response(told, status=409)
        return web.json_response(body, status=201)

    def _delete(self, path: str, options: dict[str, Any]) -> web.Response:
        found = self.objects.get(path)
        if found is None:
            return web.json_response({"reason": "NotFound", "message": f"no {path}"}, status=404)
        assert options["preconditions"] == {"uid": found["metadata"]["uid"]}
        assert options["propagationPolicy"] == "Foreground"
        self.deleted.append(path)
        if found["metadata"].get("finalizers"):
            found["metadata"]["deletionTimestamp"] = "2026-01-02T03:04:05Z"
        else:
            del self.objects[path]
        return web.json_response({})

    def _no(self) -> web.Response:
        told = {"reason": "Forbidden", "message": "admission webhook says no", "code": 403}
        return web.json_response(told, status=403)

    def _apply(self, request: web.Request, body: dict[str, Any]) -> web.Response:
        if body["metadata"]["name"] in {self.refuse, self.refuse_late}:
            return self._no()
        self.version += 1
        body["metadata"] |= {"uid": f"u{self.version}", "resourceVersion": f"{self.version}"}
        entry = {"manager": request.query["fieldManager"], "operation": "Apply"}
        body["metadata"]["managedFields"] = [entry]
        if body["kind"] == "Deployment":
            body["status"] = self.ready
        self.objects[request.path] = body
        self.applied.append((request.path, dict(request.query)))
        return web.json_response(body)

    async def _get(self, path: str) -> web.Response:
        if self.slow and self.slow in path:
            self.asked.set()
            await asyncio.sleep(60)
        if self.broken and self.broken in path:
            return web.json_response({"reason": "Forbidden", "message": "not you"}, status=403)
        if path in self.objects:
            return web.json_response(self.objects[path])
        last = path.rsplit("/", 1)[-1]
        if last in {"pods", "events", "replicasets"}:  # which nobody here applies, or lists
            return web.json_response({"items": [], "metadata": {"resourceVersion": "1"}})
        if last in COLLECTIONS - {self.unserved}:
            items = [o for p, o in self.objects.items() if p.rpartition("/")[0] == path]
            return web.json_response({"items": items, "metadata": {"resourceVersion": "1"}})
        return web.json_response({"reason": "NotFound", "message": f"no {path}"}, status=404)

    async def _watch(self, request: web.Request) -> web.StreamResponse:
        """A watched pod becomes Ready, and whoever watches is told."""
        answer = web.StreamResponse()
        await answer.prepare(request)
        await asyncio.sleep(0.05)
        name = request.query.get("fieldSelector", "").removeprefix("metadata.name=")
        pod = self.objects.get(f"{request.path}/{name}")
        if pod is not None:
            self.version += 1
            pod["metadata"]["resourceVersion"] = f"{self.version}"
            ready = [{"type": "Ready", "status": "True"}]
            pod["status"] = {"phase": "Running", "conditions": ready}
            event = {"type": "MODIFIED", "object": pod}
            await answer.write(json.dumps(event).encode() + b"\n")
        else:
            await asyncio.sleep(60)
        return answer


@asynccontextmanager
async def api_server(folder: Path, **options: Any) -> AsyncIterator[tuple[ApiServer, Path]]:
    """The server, and a kubeconfig that leads to it."""
    server = ApiServer(**options)
    async with serving(server.serve) as address:
        kubeconfig = folder / "kubeconfig"
        cluster = {"name": "c", "cluster": {"server": f"http://{address}"}}
        context = {"name": "c", "context": {"cluster": "c", "user": "c"}}
        whole = {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [cluster],
            "contexts": [context],
            "users": [{"name": "c", "user": {}}],
            "current-context": "c",
        }
        kubeconfig.write_text(json.dumps(whole), "utf-8")
        yield server, kubeconfig
