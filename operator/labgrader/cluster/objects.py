"""Looking: answers GetObject, ListObjects and ReadLog from the API server.

Used by ``cluster.gather``. Secrets' values never leave this module in plain text.
"""

import hmac
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from labgrader.api.names import PROBE_LABEL
from labgrader.cluster.client import Client
from labgrader.cluster.errors import ApiError, ApiUnreachable, trouble
from labgrader.cluster.experiments.hopeless import Hopeless
from labgrader.cluster.outposts.guard import guarded
from labgrader.cluster.resources import KindNotServed, Resources
from labgrader.evidence.answers import Answer, Found, Items, LogLines, NotThere, Trouble
from labgrader.evidence.requests import GetObject, ListObjects, Look, ReadLog

_NOT_FOUND = 404
_BAD_REQUEST = 400
_PROBES = frozenset({"Job", "Pod"})
_REPEATS = frozenset(
    {"kubectl.kubernetes.io/last-applied-configuration", "objectset.rio.cattle.io/applied"}
)
"""Annotations by which tools remember a whole object; the second one packs it."""


@dataclass(frozen=True, slots=True)
class Objects:
    """Reads objects and logs. ``digest_key`` keys the digests that stand for Secrets' values."""

    client: Client
    resources: Resources
    digest_key: bytes

    async def look(self, request: Look) -> Answer:
        """The answer; trouble is an answer too."""
        try:
            match request:
                case GetObject():
                    return await self._get(request)
                case ListObjects():
                    return await self._list(request)
                case ReadLog():
                    return await self._log(request)
        except (ApiError, ApiUnreachable) as error:
            return trouble(error, describe(request))
        except KindNotServed as error:
            return Trouble("KindNotServed", str(error), transient=False)

    async def _get(self, request: GetObject) -> Answer:
        collection = await self.resources.collection(
            request.api_version, request.kind, request.namespace
        )
        try:
            body = await self.client.get(f"{collection}/{request.name}")
        except ApiError as error:
            if error.status == _NOT_FOUND:
                return NotThere()
            raise
        return Found(self._sealed(request.kind, body))

    async def _list(self, request: ListObjects) -> Answer:
        collection = await self.resources.collection(
            request.api_version, request.kind, request.namespace
        )
        params = {"labelSelector": selector(request)} if request.labels else None
        body = await self.client.get(collection, params)
        there = body["items"]
        if request.kind in _PROBES and any(map(_is_probe, there)) and await self._guarded():
            there = [item for item in there if not _is_probe(item)]
        items = tuple(self._sealed(request.kind, item) for item in there)
        return Items(items, body["metadata"]["resourceVersion"])

    async def _guarded(self) -> bool:
        """Whether what looks like a probe is one: only the policy keeps others from the label."""
        try:
            await guarded(self.client)
        except Hopeless:
            return False
        return True

    async def _log(self, request: ReadLog) -> Answer:
        path = f"/api/v1/namespaces/{request.namespace}/pods/{request.pod}/log"
        params = {
            "container": request.container,
            "tailLines": str(request.lines),
            "limitBytes": str(request.max_bytes),
        }
        if request.previous:
            params["previous"] = "true"
        try:
            text = await self.client.text(path, params)
        except ApiError as error:
            if error.status in {_NOT_FOUND, _BAD_REQUEST}:  # pod gone; container not started
                return NotThere()
            raise
        return LogLines(_lines(text))

    def _sealed(self, kind: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        if kind != "Secret":
            return body
        values = body.get("data") or {}
        plain = {name: b64decode(value) for name, value in values.items()}
        told = {name: self._digest(value) for name, value in plain.items()}
        metadata = body["metadata"]
        secrets = [text for text in (*values.values(), *map(_text, plain.values())) if text]
        kept = {
            name: text
            for name, text in (metadata.get("annotations") or {}).items()
            if name not in _REPEATS and not any(secret in text for secret in secrets)
        }
        return {**body, "data": told, "metadata": {**metadata, "annotations": kept}}

    def _digest(self, plain: bytes) -> str:
        return f"hmac-sha256:{hmac.digest(self.digest_key, plain, 'sha256').hex()};{len(plain)}"


def _is_probe(item: Mapping[str, Any]) -> bool:
    """A pod or Job of the grader's own beside the learner's: no learner is judged on it."""
    return PROBE_LABEL in (item["metadata"].get("labels") or {})


def _text(plain: bytes) -> str:
    return plain.decode("utf-8", "replace")


def _lines(text: str) -> tuple[str, ...]:
    """The lines of a log. Only a line feed ends one: Python would split at more characters."""
    lines = text.removesuffix("\n").split("\n") if text else []
    return tuple(line.removesuffix("\r") for line in lines)


def selector(request: ListObjects) -> str:
    """The labelSelector of a list."""
    return ",".join(f"{name}={value}" for name, value in request.labels)


def describe(request: Look) -> str:
    """What is asked for, in an instructor's words."""
    match request:
        case GetObject():
            return f"get {request.kind} {request.name} in {request.namespace}"
        case ListObjects():
            return f"list {request.kind} in {request.namespace}"
        case ReadLog():
            return f"read the log of pod {request.pod} in {request.namespace}"
