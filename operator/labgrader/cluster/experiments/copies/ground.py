"""The namespace that a copy is made in: made on record, and filled.

Used by ``copies.trial``; ``copies.removal`` takes it away. No learner has a right there: nobody is bound
in it but the grader itself.
"""

import asyncio
from collections.abc import Mapping
from typing import Any

from labgrader.api.names import COPY_OF, COPY_PREFIX, COPY_ROLE, DISTURB_ROLE, RECORD_LABEL
from labgrader.cluster.client import Client
from labgrader.cluster.errors import ApiError
from labgrader.cluster.experiments.copies.plan import Plan
from labgrader.cluster.experiments.hopeless import hopeless
from labgrader.cluster.experiments.permit import DELETE_PODS, FILL_COPIES, MAKE_COPIES, allowed
from labgrader.cluster.experiments.site import Site
from labgrader.cluster.namespaces import until_pods_are_taken
from labgrader.cluster.resources import Resources

_NAMESPACES = "/api/v1/namespaces"
_RBAC = "/apis/rbac.authorization.k8s.io/v1"
_WHO_AM_I = "/apis/authentication.k8s.io/v1/selfsubjectreviews"
_FORBIDDEN = 403
_BOUND_SECONDS = 10.0
_ASK_AGAIN_SECONDS = 0.1

Json = Mapping[str, Any]


async def make(client: Client, site: Site, namespace: str, plan: Plan) -> str:
    """The name of a new namespace, for a copy from ``namespace``, in which we may do what is needed.

    Raises Hopeless, ApiError, ApiUnreachable.
    """
    name = f"{COPY_PREFIX}{site.record.name.rpartition('-')[2]}"
    await site.debts.remove_copy(name)
    body = {
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": {
            "name": name,
            "labels": dict(plan.labels),
            # The labels of our group are the instructors', as an admission policy has it.
            "annotations": {RECORD_LABEL: site.record.name, COPY_OF: namespace},
        },
    }
    # Who cancels waits for the answer: what comes into being after the removal would stay.
    making = asyncio.ensure_future(_create(client, _NAMESPACES, body))
    try:
        await asyncio.shield(making)
    except asyncio.CancelledError:
        await asyncio.wait([making])
        raise
    await _empower(client, name)
    return name


async def fill(client: Client, resources: Resources, namespace: str, plan: Plan) -> list[Json]:
    """Make the objects; returns them as they were made.

    Raises Hopeless, ApiError, ApiUnreachable.
    """
    made: list[Json] = []
    await until_pods_are_taken(client, namespace)
    for body in plan.objects:
        path = await resources.collection(body["apiVersion"], body["kind"], namespace)
        answer = await _create(client, path, body)
        # Of a Secret nothing is kept here.
        metadata = answer["metadata"]
        identity = {key: metadata[key] for key in ("name", "namespace", "uid")}
        kind = {"apiVersion": body["apiVersion"], "kind": body["kind"]}
        made.append({**kind, "metadata": identity, "path": f"{path}/{metadata['name']}"})
    return made


async def _create(client: Client, path: str, body: Json) -> Json:
    try:
        made: Json = await client.create(path, body)
    except ApiError as error:
        if error.overloaded:
            raise
        what = f"create {body['kind']} {body['metadata']['name']}"
        raise hopeless("CopyRefused", f"{what}: {error.message}") from error
    return made


async def _empower(client: Client, namespace: str) -> None:
    """Bind ourselves what we may there; who may everything anyway is not bound.

    Raises Hopeless, ApiError, ApiUnreachable.
    """
    needed = (FILL_COPIES, DELETE_PODS)
    if await _may_all(client, namespace, needed):
        return
    review = {"apiVersion": "authentication.k8s.io/v1", "kind": "SelfSubjectReview"}
    username = (await client.create(_WHO_AM_I, review))["status"]["userInfo"]["username"]
    group = "rbac.authorization.k8s.io"
    for role in (COPY_ROLE, DISTURB_ROLE):
        body = {
            "apiVersion": f"{group}/v1",
            "kind": "RoleBinding",
            "metadata": {"name": role, "namespace": namespace},
            "roleRef": {"apiGroup": group, "kind": "ClusterRole", "name": role},
            "subjects": [{"apiGroup": group, "kind": "User", "name": username}],
        }
        try:
            await client.create(f"{_RBAC}/namespaces/{namespace}/rolebindings", body)
        except ApiError as error:
            if error.status != _FORBIDDEN:
                raise
            lacking = MAKE_COPIES[0].lacking(namespace)
            raise hopeless("Forbidden", f"{error.message}; {lacking}") from error
    loop = asyncio.get_running_loop()
    ends = loop.time() + _BOUND_SECONDS
    while not await _may_all(client, namespace, needed):  # the authorizer learns of it by a watch
        if loop.time() > ends:
            raise hopeless("Forbidden", FILL_COPIES.lacking(namespace))
        await asyncio.sleep(_ASK_AGAIN_SECONDS)


async def _may_all(client: Client, namespace: str, rights: tuple[Any, ...]) -> bool:
    return all([await allowed(client, namespace, right) for right in rights])
