"""Makes a learner's namespace what it should be: labels and bindings.

Called by ``labgrader namespace --apply``. Server-side apply, so that what others put on the
namespace stays; never takes a namespace from another learner.
"""

from collections.abc import Mapping
from typing import Any

from labgrader.api.names import COURSE_LABEL, LEARNER_LABEL
from labgrader.api.namespace import LearnerNamespace
from labgrader.cluster.client import Client
from labgrader.cluster.errors import ApiError
from labgrader.cluster.resources import Resources

_MANAGER = "labgrader-namespace"
_NOT_FOUND = 404


class NamespaceTaken(Exception):
    """The namespace is another learner's, or another course's."""


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
