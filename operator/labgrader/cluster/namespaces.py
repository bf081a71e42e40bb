"""Makes a learner's namespace what it should be, and says whether one can be filled.

Called by ``labgrader namespace --apply``, ``labgrader reset`` and the self-test. Server-side apply, so that what others put on the
namespace stays; never takes a namespace from another learner.
"""

import asyncio
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from labgrader.api.names import COURSE_LABEL, LEARNER_LABEL, SYSTEM_NAMESPACE
from labgrader.api.namespace import LearnerNamespace
from labgrader.cluster.client import Client
from labgrader.cluster.errors import ApiError
from labgrader.cluster.resources import Resources
from labgrader.grading.course import namespace_seen

_MANAGER = "labgrader-namespace"
_NOT_FOUND = 404
_ACCOUNT_PATIENCE_SECONDS = 30.0
_ASK_AGAIN_SECONDS = 0.1


class NamespaceTaken(Exception):
    """The namespace is another learner's, or another course's."""


class NotUsable(Exception):
    """Nothing can be put into the namespace."""


async def namespace_to_fill(client: Client, name: str, learner: str | None) -> str:
    """The learner whose namespace this is. Raises NotUsable, ApiError, ApiUnreachable."""
    if name == SYSTEM_NAMESPACE or name.startswith("kube-"):
        raise NotUsable(f"{name} belongs to the cluster, not to a learner")
    try:
        seen = namespace_seen(await client.get(f"/api/v1/namespaces/{quote(name, safe='')}"))
    except ApiError as error:
        if error.status == _NOT_FOUND:
            raise NotUsable(f"there is no namespace {name}") from error
        raise
    if seen.terminating:
        raise NotUsable(f"namespace {name} is being deleted; nothing can be put there")
    if learner and seen.learner not in {"", learner}:
        raise NotUsable(f"namespace {name} is {seen.learner}'s, not {learner}'s")
    return learner or seen.learner or name


async def until_pods_are_taken(client: Client, namespace: str) -> None:
    """Wait: pods are refused until the namespace has its ServiceAccount.

    Raises ApiError, ApiUnreachable.
    """
    loop = asyncio.get_running_loop()
    ends = loop.time() + _ACCOUNT_PATIENCE_SECONDS
    while True:
        try:
            await client.get(f"/api/v1/namespaces/{namespace}/serviceaccounts/default")
        except ApiError as error:
            if error.status != _NOT_FOUND or loop.time() > ends:
                raise
        else:
            return
        await asyncio.sleep(_ASK_AGAIN_SECONDS)


async def open_namespace(client: Client, wanted: LearnerNamespace) -> list[str]:
    """Apply the namespace's objects; returns each as ``kind/name``.

    Bindings that allowed what is no longer wanted go. Raises NamespaceTaken
    before anything is changed, ApiError, ApiUnreachable.
    """
    await _refuse_another_learner(client, wanted)
    resources = Resources(client)
    applied = []
    for body in wanted.objects():
        await client.apply(await _path(resources, body), body, field_manager=_MANAGER)
        applied.append(f"{body['kind'].lower()}/{body['metadata']['name']}")
    for binding in wanted.unwanted:
        await _unbind(client, resources, wanted.name, binding)
    return applied


async def _refuse_another_learner(client: Client, wanted: LearnerNamespace) -> None:
    try:
        present = await client.get(f"/api/v1/namespaces/{wanted.name}")
    except ApiError as error:
        if error.status == _NOT_FOUND:
            return
        raise
    labels = present["metadata"].get("labels") or {}
    for label, expected in ((COURSE_LABEL, wanted.course), (LEARNER_LABEL, wanted.learner)):
        if labels.get(label, expected) != expected:
            raise NamespaceTaken(
                f"the namespace {wanted.name} has {label}={labels[label]}, not {expected}; "
                "choose another with --name, or remove the label if nobody works there"
            )


async def _path(resources: Resources, body: Mapping[str, Any]) -> str:
    name, namespace = body["metadata"]["name"], body["metadata"].get("namespace")
    if namespace is None:
        return f"/api/v1/namespaces/{name}"
    return f"{await resources.collection(body['apiVersion'], body['kind'], namespace)}/{name}"


async def _unbind(client: Client, resources: Resources, namespace: str, name: str) -> None:
    bindings = await resources.collection("rbac.authorization.k8s.io/v1", "RoleBinding", namespace)
    try:
        await client.delete(f"{bindings}/{name}")
    except ApiError as error:
        if error.status != _NOT_FOUND:
            raise
