"""`bare` and `bare-get`: a grader in as little as it takes, for one exercise, without errors.

    python -m benchmarks.peers.bare KUBECONFIG NAMESPACE [--get]

Watches the Submissions of a namespace; for each new one six looks at once and one PATCH of its
status.
"""

# ruff: noqa: PLR2004 - the facts that are checked are numbers

import argparse
import asyncio
from pathlib import Path
from typing import Any

import aiohttp
import orjson

from benchmarks.connection import session

_APPS = "/apis/apps/v1/namespaces/{}"
_CORE = "/api/v1/namespaces/{}"
_SCALING = "/apis/autoscaling/v2/namespaces/{}"
_NAMED = (
    f"{_APPS}/deployments",
    f"{_CORE}/services",
    f"{_SCALING}/horizontalpodautoscalers",
)
_LISTED = (
    "/apis/discovery.k8s.io/v1/namespaces/{}/endpointslices",
    f"{_CORE}/pods",
    f"{_APPS}/replicasets",
)
_AT_ONCE = 20
_MERGE = {"Content-Type": "application/merge-patch+json"}


def points(
    deployment: Any, service: Any, autoscaler: Any, slices: Any, pods: Any, sets: Any
) -> int:
    """Five facts, 20 points each."""
    status, port = deployment["status"], service["spec"]["ports"][0]
    own = {s["metadata"]["uid"] for s in sets if _owner(s) == deployment["metadata"]["uid"]}
    ready = {p["metadata"]["uid"] for p in pods if _owner(p) in own}
    reached = [
        endpoint["targetRef"]["uid"]
        for found in slices
        if found["metadata"]["labels"].get("kubernetes.io/service-name") == "web"
        for endpoint in found.get("endpoints") or ()
        if endpoint["conditions"]["ready"]
    ]
    facts = (
        deployment["spec"]["replicas"] == 1,
        status.get("readyReplicas") == 1 and status.get("updatedReplicas") == 1,
        port["port"] == 80 and port["targetPort"] == 8080,
        bool(reached) and ready.issuperset(reached),
        autoscaler["spec"]["maxReplicas"] == 3,
    )
    return 20 * sum(map(bool, facts))


class Bare:
    """The whole program."""

    def __init__(self, api: aiohttp.ClientSession, namespace: str, *, by_name: bool) -> None:
        self.api, self.by_name = api, by_name
        self.path = f"/apis/labgrader.dev/v1alpha1/namespaces/{namespace}/submissions"
        self.limit = asyncio.Semaphore(_AT_ONCE)
        self.tasks: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """List, then watch, for ever."""
        listed = await self._get(self.path)
        for item in listed["items"]:
            self._begin(item)
        since = {"watch": "true", "resourceVersion": listed["metadata"]["resourceVersion"]}
        async with self.api.get(self.path, params=since) as stream:
            async for line in stream.content:
                event = orjson.loads(line)
                if event["type"] == "ADDED":
                    self._begin(event["object"])

    def _begin(self, item: Any) -> None:
        if not item.get("status"):
            task = asyncio.create_task(self._grade(item))
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)

    async def _grade(self, item: Any) -> None:
        async with self.limit:
            target = item["spec"]["targetNamespace"]
            looks = [self._named(path.format(target)) for path in _NAMED]
            looks += [self._listed(path.format(target)) for path in _LISTED]
            score = points(*await asyncio.gather(*looks))
            generation = item["metadata"]["generation"]
            status = {"score": score, "maxScore": 100, "observedGeneration": generation}
            place = f"{self.path}/{item['metadata']['name']}/status"
            body = orjson.dumps({"status": status})
            async with self.api.patch(place, data=body, headers=_MERGE) as answer:
                answer.raise_for_status()
                await answer.read()

    async def _named(self, path: str) -> Any:
        if self.by_name:
            return await self._get(f"{path}/web")
        return next(o for o in await self._listed(path) if o["metadata"]["name"] == "web")

    async def _listed(self, path: str) -> Any:
        return (await self._get(path))["items"]

    async def _get(self, path: str) -> Any:
        async with self.api.get(path) as answer:
            answer.raise_for_status()
            return orjson.loads(await answer.read())


def _owner(body: Any) -> str:
    owners: list[Any] = body["metadata"].get("ownerReferences") or [{"uid": ""}]
    return str(owners[0]["uid"])


async def _main() -> None:
    words = argparse.ArgumentParser()
    words.add_argument("kubeconfig", type=Path)
    words.add_argument("namespace")
    words.add_argument("--get", action="store_true")
    told = words.parse_args()
    async with session(told.kubeconfig, "bench-bare") as api:
        await Bare(api, told.namespace, by_name=told.get).run()


if __name__ == "__main__":
    asyncio.run(_main())
