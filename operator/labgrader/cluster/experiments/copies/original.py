"""What is to be copied: the workload, and what of its namespace may belong to it.

Read by ``copies.trial`` before anything is made, judged by ``copies.plan``. Secrets are read here and
written by ``copies.ground``, and go nowhere else: not into evidence, not into logs.
"""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from labgrader.checks.tolerant import at, maps, text
from labgrader.cluster.client import Client
from labgrader.cluster.errors import ApiError
from labgrader.cluster.experiments.hopeless import hopeless
from labgrader.cluster.experiments.permit import READ_SECRETS
from labgrader.cluster.resources import Resources

_LISTED = (
    ("v1", "Service"),
    ("v1", "ResourceQuota"),
    ("v1", "LimitRange"),
    ("autoscaling/v2", "HorizontalPodAutoscaler"),
    ("policy/v1", "PodDisruptionBudget"),
    ("networking.k8s.io/v1", "NetworkPolicy"),
    ("rbac.authorization.k8s.io/v1", "RoleBinding"),
)
_FORBIDDEN, _NOT_FOUND = 403, 404
_MADE_EVERYWHERE = ("ConfigMap", "kube-root-ca.crt")

Json = Mapping[str, Any]
Reference = tuple[str, str]
"""Kind and name."""


@dataclass(frozen=True, slots=True)
class Original:
    """The learner's namespace, the workload, and objects of that namespace.

    ``objects`` are never shown: there are Secrets among them. ``unread`` are kinds, or kinds and
    names, that the grader may not read.
    """

    namespace: Json
    workload: Json
    objects: tuple[Json, ...] = field(default=(), repr=False)
    unread: tuple[str, ...] = ()

    def of(self, kind: str) -> Iterator[Json]:
        """The objects of a kind."""
        return (body for body in self.objects if body["kind"] == kind)


async def read_original(client: Client, resources: Resources, workload: Json) -> Original:
    """All that may belong to the workload. Raises Hopeless, ApiError, ApiUnreachable."""
    name = workload["metadata"]["namespace"]
    namespace = await client.get(f"/api/v1/namespaces/{name}")
    listed = await asyncio.gather(*(_listed(client, resources, name, *kind) for kind in _LISTED))
    spec = pod_spec(workload)
    account = await _named(client, resources, name, ("ServiceAccount", account_of(spec)))
    wanted = references(spec) | (references(account) if isinstance(account, Mapping) else set())
    found = await asyncio.gather(*(_named(client, resources, name, one) for one in sorted(wanted)))
    every = [*(body for bodies in listed for body in bodies), account, *found]
    return Original(
        namespace=namespace,
        workload=workload,
        objects=tuple(body for body in every if isinstance(body, Mapping)),
        unread=tuple(body for body in every if isinstance(body, str)),
    )


def pod_spec(workload: Json) -> Json:
    """The spec of the workload's pods."""
    spec: Json = workload["spec"]["template"]["spec"]
    return spec


def account_of(spec: Json) -> str:
    """The ServiceAccount that the pods run as."""
    return text(spec.get("serviceAccountName")) or "default"


def references(spec: Json) -> set[Reference]:
    """The ConfigMaps, Secrets and claims that pods name, or that their ServiceAccount does."""
    found = {("Secret", text(one.get("name"))) for one in maps(spec.get("imagePullSecrets"))}
    for volume in maps(spec.get("volumes")):
        found.add(("Secret", text(at(volume, "secret", "secretName"))))
        found.add(("PersistentVolumeClaim", text(at(volume, "persistentVolumeClaim", "claimName"))))
        for source in (volume, *maps(at(volume, "projected", "sources"))):
            found |= _by_name(source, "configMap", "secret")
    for container in containers(spec):
        for source in maps(container.get("envFrom")):
            found |= _by_name(source, "configMapRef", "secretRef")
        for variable in maps(container.get("env")):
            found |= _by_name(variable.get("valueFrom"), "configMapKeyRef", "secretKeyRef")
    return {(kind, name) for kind, name in found if name} - {_MADE_EVERYWHERE}


def containers(spec: Json) -> Iterator[Json]:
    """All containers of the pods."""
    yield from maps(spec.get("initContainers"))
    yield from maps(spec.get("containers"))


def _by_name(source: Any, config_map: str, secret: str) -> set[Reference]:
    return {
        ("ConfigMap", text(at(source, config_map, "name"))),
        ("Secret", text(at(source, secret, "name"))),
    }


async def _listed(
    client: Client, resources: Resources, namespace: str, api_version: str, kind: str
) -> list[Json | str]:
    """The objects of a kind, or the kind where they may not be read."""
    try:
        body = await client.get(await resources.collection(api_version, kind, namespace))
    except ApiError as error:
        if error.status != _FORBIDDEN:
            raise
        return [kind]
    return [{**one, "apiVersion": api_version, "kind": kind} for one in body["items"]]


async def _named(
    client: Client, resources: Resources, namespace: str, wanted: Reference
) -> Json | str | None:
    """The object; None where there is none, its kind and name where it may not be read."""
    kind, name = wanted
    path = f"{await resources.collection('v1', kind, namespace)}/{name}"
    try:
        body: Json = await client.get(path)
    except ApiError as error:
        if error.status == _NOT_FOUND:
            return None
        if error.status != _FORBIDDEN:
            raise
        if kind == "Secret":  # pods that need it would wait for it for ever
            raise hopeless("Forbidden", READ_SECRETS.lacking(namespace)) from error
        return f"{kind} {name}"
    return {**body, "apiVersion": "v1", "kind": kind}
