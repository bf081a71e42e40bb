"""The twenty facts in as little as it takes: three GETs at once for each namespace.

python -m benchmarks.peers.once KUBECONFIG NAMESPACE...
"""

# ruff: noqa: PLR2004 - the facts that are checked are numbers

import asyncio
import sys
from pathlib import Path
from typing import Any

import aiohttp
import orjson

from benchmarks.connection import session

_PATHS = {
    "Deployment": "/apis/apps/v1/namespaces/{}/deployments/web",
    "Service": "/api/v1/namespaces/{}/services/web",
    "HorizontalPodAutoscaler": "/apis/autoscaling/v2/namespaces/{}/horizontalpodautoscalers/web",
}


async def _get(api: aiohttp.ClientSession, path: str) -> Any:
    async with api.get(path) as answer:
        answer.raise_for_status()
        return orjson.loads(await answer.read())


async def _count(api: aiohttp.ClientSession, namespace: str) -> int:
    bodies = await asyncio.gather(*(_get(api, path.format(namespace)) for path in _PATHS.values()))
    deployment, service, autoscaler = bodies
    spec, status = deployment["spec"], deployment["status"]
    container, port = spec["template"]["spec"]["containers"][0], service["spec"]["ports"][0]
    resources, scaling = container["resources"], autoscaler["spec"]
    facts = (
        spec["replicas"] == 1,
        status["readyReplicas"] == 1,
        status["updatedReplicas"] == 1,
        spec["selector"]["matchLabels"]["app"] == "web",
        spec["template"]["metadata"]["labels"]["app"] == "web",
        container["image"] == "web:1",
        container["ports"][0]["containerPort"] == 8080,
        container["readinessProbe"]["httpGet"]["path"] == "/healthz",
        container["livenessProbe"]["httpGet"]["path"] == "/healthz",
        resources["limits"]["memory"] == "64Mi",
        resources["limits"]["cpu"] == "200m",
        resources["requests"]["cpu"] == "10m",
        service["spec"]["selector"]["app"] == "web",
        port["port"] == 80,
        port["targetPort"] == 8080,
        service["spec"]["type"] == "ClusterIP",
        scaling["minReplicas"] == 1,
        scaling["maxReplicas"] == 3,
        scaling["scaleTargetRef"]["name"] == "web",
        scaling["metrics"][0]["resource"]["target"]["averageUtilization"] == 50,
    )
    return sum(facts)


async def _main(kubeconfig: Path, namespaces: list[str]) -> None:
    async with session(kubeconfig, "bench-once") as api:
        counts = await asyncio.gather(*(_count(api, namespace) for namespace in namespaces))
    if counts != [20] * len(namespaces):
        sys.exit(f"facts that hold: {counts}")


if __name__ == "__main__":
    asyncio.run(_main(Path(sys.argv[1]), sys.argv[2:]))
