"""The workload that an experiment is about: found by its name, and held to its uid.

Used by the experiments before they follow, change or disturb it. Must not change anything.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from labgrader.checks.autoscaling import target_of
from labgrader.cluster.client import Client
from labgrader.cluster.experiments.hopeless import hopeless
from labgrader.cluster.experiments.permit import same
from labgrader.cluster.resources import Resources
from labgrader.evidence.experiments import LoadAutoscaler

Json = Mapping[str, Any]


class Named(Protocol):
    """What every experiment with a workload says of it."""

    @property
    def namespace(self) -> str:
        """Where it is."""

    @property
    def api_version(self) -> str:
        """Its API."""

    @property
    def kind(self) -> str:
        """Its kind."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def uid(self) -> str:
        """Its uid when the check looked at it."""


@dataclass(frozen=True, slots=True)
class Subject:
    """The workload: where the API has it, and how it stands there."""

    path: str
    body: Json

    @classmethod
    async def of(cls, client: Client, resources: Resources, wanted: Named) -> "Subject":
        """As it is now. Raises Hopeless where it is another one, KindNotServed, ApiError."""
        collection = await resources.collection(wanted.api_version, wanted.kind, wanted.namespace)
        path = f"{collection}/{wanted.name}"
        return cls(path, await same(client, path, wanted.uid))

    @classmethod
    async def scaled_by(
        cls, client: Client, resources: Resources, load: LoadAutoscaler
    ) -> "Subject":
        """What the autoscaler scales. Raises Hopeless, KindNotServed, ApiError."""
        hpa = await same(client, f"{autoscalers(load.namespace)}/{load.autoscaler}", load.uid)
        ref = target_of(hpa)
        if ref is None:
            raise hopeless("ObjectReplaced", f"{load.autoscaler} scales another", transient=True)
        collection = await resources.collection(ref.api_version, ref.kind, ref.namespace)
        path = f"{collection}/{ref.name}"
        return cls(path, await same(client, path))


def autoscalers(namespace: str) -> str:
    """Where the API has a namespace's autoscalers."""
    return f"/apis/autoscaling/v2/namespaces/{namespace}/horizontalpodautoscalers"
