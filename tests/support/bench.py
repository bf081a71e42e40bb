"""A workbench for experiments on a real cluster: namespaces, requests, and a laboratory.

Used by the cluster tests of experiments; their fixtures stand in ``tests/cluster/conftest.py``.
"""

import asyncio
import json
import time
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from labgrader.cluster.client import Client
from labgrader.cluster.clock import SystemClock
from labgrader.cluster.configuration import configure
from labgrader.cluster.experiments.laboratory import Laboratory, Permission, Settings
from labgrader.cluster.probes.proxied import ProxiedDialer
from labgrader.cluster.records import ConfigMapRecords, FileRecords, Records
from labgrader.cluster.resources import Resources
from labgrader.evidence.answers import Answer, Trouble
from labgrader.evidence.experiments import (
    DeletePod,
    Experiment,
    HttpTarget,
    LoadAutoscaler,
    Probing,
)
from tests.support.live import LiveCluster

IMAGE = "labgrader:dev"
OPEN = {"labgrader.dev/disruption": "allowed"}
HPA: dict[str, Any] = {
    "apiVersion": "autoscaling/v2",
    "kind": "HorizontalPodAutoscaler",
    "metadata": {"name": "web"},
    "spec": {
        "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"},
        "minReplicas": 1,
        "maxReplicas": 3,
        "metrics": [
            {
                "type": "Resource",
                "resource": {
                    "name": "cpu",
                    "target": {"type": "Utilization", "averageUtilization": 50},
                },
            }
        ],
    },
}


@dataclass
class Bench:
    """A learner's namespace with a web Deployment, and a grader's namespace."""

    cluster: LiveCluster
    target: str
    grader: str
    image: str

    def apply(self, *objects: dict[str, Any]) -> None:
        listed = {"apiVersion": "v1", "kind": "List", "items": list(objects)}
        self.cluster.kubectl("-n", self.target, "apply", "-f", "-", input=json.dumps(listed))

    def get(self, *what: str, namespace: str | None = None) -> Any:
        done = self.cluster.kubectl("-n", namespace or self.target, "get", *what, "-o", "json")
        return json.loads(done.stdout)

    def ready(self) -> None:
        self.cluster.kubectl(
            "-n", self.target, "rollout", "status", "deployment/web", "--timeout=120s"
        )

    def deletion(self, *, path: str = "/", clients: bool = True) -> DeletePod:
        uid = self.get("deployment", "web")["metadata"]["uid"]
        target = HttpTarget(self.target, "web", 80, path) if clients else None
        return DeletePod(self.target, "apps/v1", "Deployment", "web", uid, 60_000, target)

    def load(
        self, *, replicas: int = 2, within_ms: int = 120_000, down_within_ms: int = 0
    ) -> LoadAutoscaler:
        uid = self.get("hpa", "web")["metadata"]["uid"]
        target = HttpTarget(self.target, "web", 80, "/burn")
        about = (self.target, "web", uid, target, 4, replicas, within_ms)
        return LoadAutoscaler(*about, down_within_ms=down_within_ms)

    def left(self) -> list[str]:
        """What an experiment makes, and must remove."""
        found = self.get(
            "configmaps,jobs,pods", "-l", "labgrader.dev/record", namespace=self.grader
        )
        return [f"{one['kind']} {one['metadata']['name']}" for one in found["items"]]

    @asynccontextmanager
    async def laboratory(
        self, folder: Path | None = None, **settings: Any
    ) -> AsyncIterator[Laboratory]:
        """As the operator has it, unless told otherwise.

        With a folder for its records as the command line has it: its probes stand in a namespace
        of their own, where a ConfigMap elsewhere cannot own them.
        """
        async with Client(await configure(self.cluster.kubeconfig, None)) as client:
            made = Settings("this", self.image, None if folder else self.grader, Permission.LABEL)
            made = replace(made, **settings)
            records: Records = ConfigMapRecords(client, self.grader, "this")
            if folder:
                records = FileRecords(folder, client.configuration.host)
            dialer = ProxiedDialer(client)
            yield Laboratory(
                client, Resources(client), records, made, dialer, clock=SystemClock(), ids=short_id
            )

    async def run(
        self, experiment: Experiment | Probing, folder: Path | None = None, **settings: Any
    ) -> Answer:
        async with self.laboratory(folder, **settings) as laboratory:
            try:
                return await laboratory.run(experiment)
            finally:
                await laboratory.close()


def short_id() -> str:
    return uuid.uuid4().hex[:10]


async def until(condition: Callable[[], bool], seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not await asyncio.to_thread(condition):
        assert time.monotonic() < end, "it did not come to that"
        await asyncio.sleep(0.2)


def trouble(answer: Answer) -> tuple[str, bool]:
    assert isinstance(answer, Trouble), answer
    return answer.reason, answer.transient
