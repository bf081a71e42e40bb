"""Puts what an exercise gives into a namespace, and takes away what is in its way.

Called by ``labgrader reset`` and ``labgrader namespace`` with an instructor's rights, and by the
self-test; never by the operator, which writes nothing into learners' namespaces. Every object is
asked about by a dry run before the first one is touched. Which exercise gave an object stands in
its managedFields, where nobody types by accident. Must delete nothing but what is given, or was.
"""

import asyncio
import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from labgrader.api.given import GIVEN_KINDS, given_key
from labgrader.cluster.client import Client
from labgrader.cluster.errors import ApiError, ApiUnreachable
from labgrader.cluster.readiness import is_ready, waits_for
from labgrader.cluster.resources import KindNotServed, Resources

Json = Mapping[str, Any]

_MANAGER = "labgrader-given"
_LONGEST_MANAGER = 128
_NOT_FOUND, _CONFLICT = 404, 409
_UNDECIDED = (
    "exceeded quota",
    "does not support dry run",
    "provided port is already allocated",
    "provided IP is already allocated",
)
"""What a dry run says because the earlier objects are still there, or because it is a dry run."""
_NO_ACCOUNT = 'error looking up service account {0}/{1}: serviceaccount "{1}" not found'
_NO_DEFAULTS = re.compile(r"failed quota: \S+: must specify ")
_REHEARSAL = MappingProxyType({"dryRun": "All", "fieldValidation": "Strict"})
_ASK_AGAIN_SECONDS = 0.5
_GONE_WITHIN_SECONDS = 120.0


class NotPut(Exception):
    """An object could not be put there, or taken away; the text says which and why."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One object in the namespace that reset would take away."""

    kind: str
    name: str
    path: str
    uid: str
    given: bool
    """Whether it is still given; else an earlier version of the exercise gave it."""


@dataclass(frozen=True, slots=True)
class Giving:
    """One exercise's objects in one namespace."""

    client: Client
    resources: Resources
    exercise: str
    namespace: str
    objects: tuple[Json, ...]
    gone_within_seconds: float = _GONE_WITHIN_SECONDS

    @property
    def manager(self) -> str:
        """The field manager: by it is known which exercise gave an object."""
        whole = f"{_MANAGER}/{self.exercise}"
        if len(whole) <= _LONGEST_MANAGER:
            return whole
        return f"{_MANAGER}/{hashlib.sha256(self.exercise.encode()).hexdigest()}"

    async def rehearse(self) -> None:
        """Ask the API server whether it takes each object. Raises NotPut, ApiError."""
        for place, body in enumerate(self.objects):
            collection, whole = await self._collection(body), self._placed(body)
            try:
                await self.client.request("POST", collection, body=whole, params=_REHEARSAL)
            except ApiError as error:
                there_already = error.status == _CONFLICT and error.reason == "AlreadyExists"
                if not there_already and not self._undecided(error.message, self.objects[:place]):
                    raise _not_put(body, error) from error

    async def standing(self) -> tuple[Standing, ...]:
        """What would be taken away, in the order of taking. Raises ApiError."""
        there = [await self._there(body) for body in reversed(self.objects)]
        keys = {given_key(body) for body in self.objects}
        earlier = [found for kind in GIVEN_KINDS for found in await self._earlier(kind, keys)]
        return (*earlier, *(found for found in there if found is not None))

    async def take_away(self, standing: Iterable[Standing]) -> None:
        """Delete these objects and wait until they are gone. Raises NotPut, ApiError."""
        for found in standing:
            options = {
                "propagationPolicy": "Foreground",
                "preconditions": {"uid": found.uid},
            }
            try:
                await self.client.delete(found.path, options)
            except ApiError as error:
                if error.status != _NOT_FOUND:
                    told = f"the cluster does not delete {found.kind} {found.name}"
                    raise NotPut(f"{told}: {error.message}; nothing was put there yet") from error
            await self._gone(found)

    async def put(self) -> tuple[str, ...]:
        """Apply the objects in their order; returns each as ``Kind name``.

        Raises NotPut, which tells what is there already and what is not, ApiError.
        """
        done: list[str] = []
        for body in self.objects:
            try:
                await self._apply(body)
            except (ApiError, ApiUnreachable) as error:
                left = [named(other) for other in self.objects[len(done) + 1 :]]
                told = f"put so far: {_listed(done)}; not yet: {_listed([named(body), *left])}"
                raise _not_put(body, error, told) from error
            done.append(named(body))
        return tuple(done)

    async def put_what_is_missing(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Put those that are not there; returns what was put, and what was left as it is."""
        there = [body for body in self.objects if await self._there(body)]
        missing = tuple(body for body in self.objects if body not in there)
        only = Giving(self.client, self.resources, self.exercise, self.namespace, missing)
        await only.rehearse()
        return await only.put(), tuple(named(body) for body in there)

    async def until_ready(self, seconds: float) -> tuple[str, ...]:
        """Wait for the workloads; returns those that are not Ready in time. Raises ApiError."""
        loop = asyncio.get_running_loop()
        ends = loop.time() + seconds
        waited = [body for body in self.objects if waits_for(body["kind"])]
        while True:
            waited = [body for body in waited if not await self._is_ready(body)]
            if not waited or loop.time() > ends:
                return tuple(named(body) for body in waited)
            await asyncio.sleep(_ASK_AGAIN_SECONDS)

    def _undecided(self, said: str, earlier: Iterable[Json]) -> bool:
        """Whether a refusal may only be because what is put before is not really there yet.

        Pods are refused whose ServiceAccount is not there, or which say nothing of what a quota
        counts, where a LimitRange would say it for them. Nothing else that can be given is looked
        up when an object is taken.
        """
        if any(text in said for text in _UNDECIDED):
            return True
        before = [given_key(body) for body in earlier]
        if any(kind == "LimitRange" for kind, _ in before) and _NO_DEFAULTS.search(said):
            return True
        accounts = [name for kind, name in before if kind == "ServiceAccount"]
        return any(_NO_ACCOUNT.format(self.namespace, name) in said for name in accounts)

    async def _collection(self, body: Json) -> str:
        try:
            return await self.resources.collection(body["apiVersion"], body["kind"], self.namespace)
        except KindNotServed as error:
            raise NotPut(f"{named(body)}: the cluster has no namespaced kind {error}") from error

    def _placed(self, body: Json) -> Json:
        return {**body, "metadata": {**body["metadata"], "namespace": self.namespace}}

    async def _apply(self, body: Json) -> None:
        path = f"{await self._collection(body)}/{body['metadata']['name']}"
        await self.client.apply(path, self._placed(body), field_manager=self.manager)

    async def _there(self, body: Json) -> Standing | None:
        path = f"{await self._collection(body)}/{body['metadata']['name']}"
        found = await self._get(path)
        if found is None:
            return None
        kind, name = given_key(body)
        return Standing(kind, name, path, found["metadata"]["uid"], given=True)

    async def _get(self, path: str) -> Json | None:
        try:
            found: Json = await self.client.get(path)
        except ApiError as error:
            if error.status == _NOT_FOUND:
                return None
            raise
        return found

    async def _earlier(self, kind: str, given: set[tuple[str, str]]) -> list[Standing]:
        """Objects of this kind that the exercise once gave and gives no more."""
        collection = await self.resources.collection(GIVEN_KINDS[kind], kind, self.namespace)
        listed = await self._get(collection) or {"items": []}  # an older cluster lacks a kind
        return [
            Standing(kind, meta["name"], f"{collection}/{meta['name']}", meta["uid"], given=False)
            for meta in (body["metadata"] for body in listed["items"])
            if (kind, meta["name"]) not in given and self._gave(meta)
        ]

    def _gave(self, metadata: Json) -> bool:
        return any(
            entry.get("manager") == self.manager and entry.get("operation") == "Apply"
            for entry in metadata.get("managedFields") or ()
        )

    async def _gone(self, what: Standing) -> None:
        loop = asyncio.get_running_loop()
        ends = loop.time() + self.gone_within_seconds
        while True:
            found = await self._get(what.path)
            if found is None or found["metadata"]["uid"] != what.uid:
                return
            if loop.time() > ends:
                held = (
                    ", ".join(found["metadata"].get("finalizers") or ()) or "nothing that it names"
                )
                raise NotPut(
                    f"{what.kind} {what.name} is still being deleted, held by {held}; "
                    "nothing was put there yet. Reset again when it is gone"
                )
            await asyncio.sleep(_ASK_AGAIN_SECONDS)

    async def _is_ready(self, body: Json) -> bool:
        found = await self._get(f"{await self._collection(body)}/{body['metadata']['name']}")
        return found is not None and is_ready(body["kind"], found)


def named(body: Json) -> str:
    """An object for people."""
    return " ".join(given_key(body))


def _not_put(body: Json, error: ApiError | ApiUnreachable, more: str = "") -> NotPut:
    refused = isinstance(error, ApiError) and not error.overloaded
    told = f"the cluster {'refuses' if refused else 'did not take'} {named(body)}"
    why = error.message if isinstance(error, ApiError) else str(error)
    return NotPut(f"{told}: {why}" + (f" ({more})" if more else ""))


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names) or "nothing"
