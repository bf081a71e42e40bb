"""Namespaces to try works in: made, filled by server-side apply, and removed again.

Called by ``authoring.selftest``. What it makes carries a label, so that whatever a killed run
left can be found. Must not touch a namespace that it has not made.
"""

import asyncio
import contextlib
import uuid
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from labgrader.api.names import DRY_RUN_ROLE, SELFTEST_LABEL, STAND_IN_BINDING
from labgrader.cluster.client import Client
from labgrader.cluster.errors import ApiError, ApiUnreachable
from labgrader.cluster.given import Giving, Json
from labgrader.cluster.namespaces import until_pods_are_taken
from labgrader.cluster.resources import KindNotServed, Resources

_MANAGER = "labgrader-test"
_RBAC = "/apis/rbac.authorization.k8s.io/v1"
_NAMESPACES = "/api/v1/namespaces"
_NOT_FOUND = 404
_REFUSED = frozenset({400, 403, 404, 409, 413, 415, 422})
_ASK_AGAIN_SECONDS = 0.1
_REMOVE_TRIES = 4
# Learners' namespaces have it: what it refuses must be refused here, too.
_POD_SECURITY = {"pod-security.kubernetes.io/enforce": "baseline"}


def _stand_in(namespace: str) -> Mapping[str, Any]:
    """Gives the account that dry runs are sent as what learners may; no role of ours is needed."""
    subject = {"kind": "ServiceAccount", "name": DRY_RUN_ROLE, "namespace": namespace}
    role = {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "edit"}
    return {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "RoleBinding",
        "metadata": {"name": STAND_IN_BINDING, "namespace": namespace},
        "roleRef": role,
        "subjects": [subject],
    }


class NotApplied(Exception):
    """The cluster does not take an object of a work."""


@dataclass
class Workbench:
    """One run's namespaces on one cluster. ``left`` are those that could not be removed."""

    client: Client
    resources: Resources
    run: str = field(default_factory=lambda: uuid.uuid4().hex[:8])
    left: list[str] = field(default_factory=list)
    _made: int = 0

    async def answers(self) -> None:
        """Make sure that the cluster is there. Raises ApiError, ApiUnreachable."""
        await self.client.get("/version")

    @contextlib.asynccontextmanager
    async def namespace(self, exercise: str, *, dry_run: bool) -> AsyncIterator[str]:
        """A fresh namespace, ready for pods; removed on leaving, also when that is cancelled.

        ``dry_run`` opens it for checks that ask what would be refused, as ``labgrader
        namespace --dry-run`` opens a learner's. Raises ApiError, ApiUnreachable.
        """
        self._made += 1
        name = (
            f"labgrader-test-{exercise[:30].strip('-.').replace('.', '-')}-{self.run}-{self._made}"
        )
        labels = {SELFTEST_LABEL: self.run, **_POD_SECURITY}
        body = {
            "apiVersion": "v1",
            "kind": "Namespace",
            "metadata": {"name": name, "labels": labels},
        }
        made = True  # until the server says no: an answer that does not come proves nothing
        try:
            try:
                await self.client.create(_NAMESPACES, body)
            except ApiError as error:
                made = error.overloaded
                raise
            await until_pods_are_taken(self.client, name)
            if dry_run:
                await self.client.create(f"{_RBAC}/namespaces/{name}/rolebindings", _stand_in(name))
            yield name
        finally:
            if made:
                await self._remove(name)

    def giving(self, exercise: str, namespace: str, objects: tuple[Json, ...]) -> Giving:
        """What puts an exercise's given objects into one of these namespaces."""
        return Giving(self.client, self.resources, exercise, namespace, objects)

    async def apply(self, namespace: str, objects: Iterable[Mapping[str, Any]]) -> None:
        """Apply a work's objects, in order. Raises NotApplied, ApiError, ApiUnreachable."""
        for body in objects:
            metadata = {**body["metadata"], "namespace": namespace}
            what = f"{body['kind']} {metadata['name']}"
            try:
                collection = await self.resources.collection(
                    body["apiVersion"], body["kind"], namespace
                )
                path, whole = f"{collection}/{metadata['name']}", {**body, "metadata": metadata}
                await self.client.apply(path, whole, field_manager=_MANAGER)
            except KindNotServed as error:
                raise NotApplied(f"the cluster has no namespaced kind {error}") from error
            except ApiError as error:
                if error.status not in _REFUSED:
                    raise
                raise NotApplied(f"the cluster refuses {what}: {error.message}") from error

    async def _remove(self, name: str) -> None:
        """Delete the namespace, whatever state making it was broken off in."""
        for attempt in range(_REMOVE_TRIES):
            try:
                await self.client.delete(f"{_NAMESPACES}/{name}")
            except ApiError as error:
                if error.status == _NOT_FOUND:
                    return
                if not error.overloaded:
                    break
            except ApiUnreachable:
                pass
            else:
                return
            await asyncio.sleep(_ASK_AGAIN_SECONDS * 4**attempt)
        self.left.append(name)
