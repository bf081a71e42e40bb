"""An API server of a few objects: JSON patches with tests, and the owners of what they change.

Used by the tests of what is put back. It is as strict as the real one in what they ask for, and
the cluster tests ask the real one the same.
"""

import asyncio
from typing import Any

import orjson
from aiohttp import web

from labgrader.cluster.experiments.fields import Steps, item

Json = dict[str, Any]


def owned(steps: Steps) -> Json:
    """The fieldsV1 of an entry that owns this one field."""
    found: Json = {}
    for step in reversed(steps):
        found = {step: found}
    return found


def entry(manager: str, steps: Steps, **more: str) -> Json:
    """An entry of managedFields."""
    about = {"manager": manager, "operation": "Update", "apiVersion": "v1"}
    return {**about, "time": "2026-01-01T00:00:00Z", **more, "fieldsV1": owned(steps)}


class Refusal(Exception):
    """A patch whose test does not hold, or that the object cannot have."""


class OwningServer:
    """Objects by path. ``done`` are the requests that changed something, in order."""

    def __init__(self, objects: dict[str, Json]) -> None:
        self.objects = objects
        self.done: list[str] = []
        self.changed = asyncio.Event()
        self.meddling: list[Any] = []
        """Each is called once, between somebody's look and their change."""
        self.refused = ""
        """The text of the change that is never taken."""

    async def answer(self, request: web.Request) -> web.StreamResponse:
        path = request.path
        if "watch" in request.query:
            return await self.watch(request)
        if path.rpartition("/")[2] in {"pods", "replicasets"}:
            listed = {"kind": "PodList", "apiVersion": "v1", "metadata": {"resourceVersion": "1"}}
            return web.json_response({**listed, "items": self._below(path)})
        place = path.removesuffix("/resize")
        if place not in self.objects:
            return web.json_response({"message": "not found"}, status=404)
        if request.method == "DELETE":
            self.done.append(f"delete {path.rpartition('/')[2]}")
            del self.objects[place]
            return web.json_response({})
        if request.method == "PATCH":
            return self._patch(request, place, orjson.loads(await request.read()))
        return web.json_response(self.objects[place])

    async def watch(self, request: web.Request) -> web.StreamResponse:
        """Nothing more is told, unless a test has more to tell."""
        response = web.StreamResponse()
        await response.prepare(request)
        await asyncio.Event().wait()
        return response

    def _below(self, path: str) -> list[Json]:
        return [body for at, body in self.objects.items() if at.rpartition("/")[0] == path]

    def _patch(self, request: web.Request, place: str, patch: list[Json]) -> web.Response:
        if self.meddling:
            self.meddling.pop(0)(self.objects[place])
        body, text = orjson.loads(orjson.dumps(self.objects[place])), orjson.dumps(patch).decode()
        if self.refused and self.refused in text:
            return web.json_response({"message": "rejected"}, status=422)
        try:
            for step in patch:
                if _is_of_owners(step) and request.path != place:
                    continue  # not taken from a subresource
                _apply(body, step, request.query.get("fieldManager", "nobody"))
        except Refusal:
            return web.json_response({"message": "rejected"}, status=422)
        version = int(body["metadata"]["resourceVersion"]) + 1
        body["metadata"]["resourceVersion"] = str(version)
        self.objects[place] = body
        told = [step for step in patch if step["op"] != "test"]
        self.done += [
            f"{request.path.rpartition('/')[2]} {step['path'].rpartition('/')[2]}"
            + (f"={step['value']}" if isinstance(step.get("value"), str | int) else "")
            for step in told
        ]
        self.changed.set()
        return web.json_response(body)


def _is_of_owners(step: Json) -> bool:
    return str(step["path"]).startswith("/metadata/managedFields")


def _apply(body: Json, step: Json, manager: str) -> None:
    *way, last = step["path"].strip("/").split("/")
    at: Any = body
    try:
        for key in way:
            at = at[int(key)] if isinstance(at, list) else at[key]
        if step["op"] == "test":
            if at[last] != step["value"]:
                raise Refusal
            return
        if step["op"] == "remove":
            del at[last]
        else:
            at[last] = step["value"]
    except KeyError as error:
        raise Refusal from error
    if way[0] != "metadata":
        _own(body, [*way, last], manager)


def _own(body: Json, way: list[str], manager: str) -> None:
    """Who changes a field owns it, and nobody else does."""
    steps: list[str] = []
    at: Any = body
    for key in way:
        if isinstance(at, list):
            at = at[int(key)]
            steps.append(item(at["name"]))
        else:
            at = at.get(key, {})
            steps.append(f"f:{key}")
    entries = body["metadata"].setdefault("managedFields", [])
    for one in entries:
        _forget(one["fieldsV1"], steps)
    body["metadata"]["managedFields"] = [one for one in entries if one["fieldsV1"]]
    body["metadata"]["managedFields"].append(entry(manager, tuple(steps)))


def _forget(fields: Json, steps: list[str]) -> None:
    first, *rest = steps
    if first in fields and rest:
        _forget(fields[first], rest)
    if first in fields and (not rest or not fields[first]):
        del fields[first]
