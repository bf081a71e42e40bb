"""Sending one request to a Service on a real cluster, and holding it to the namespace."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from labgrader.cluster.client import Client
from labgrader.cluster.configuration import configure
from labgrader.cluster.probes.exchange import Target
from labgrader.cluster.probes.proxied import ProxiedDialer
from labgrader.cluster.probes.targets import resolve
from labgrader.evidence.answers import Answer, Hindered, HttpAnswer, NoHttpAnswer
from labgrader.evidence.experiments import HttpTarget
from labgrader.evidence.requests import CallHttp
from tests.support.classroom import deployment, service
from tests.support.live import LiveCluster


def apply(cluster: LiveCluster, namespace: str, *objects: dict[str, Any]) -> None:
    listed = {"apiVersion": "v1", "kind": "List", "items": list(objects)}
    cluster.kubectl("-n", namespace, "apply", "-f", "-", input=json.dumps(listed))


def service_to(port: int, *, name: str, selector: str = "web") -> dict[str, Any]:
    made = service(name)
    made["spec"] = {"selector": {"app": selector}, "ports": [{"port": 80, "targetPort": port}]}
    return made


@pytest.fixture(scope="module")
def namespace(cluster: LiveCluster) -> str:
    """A namespace with a web Deployment and good and bad Services in front of it."""
    name = cluster.fresh_namespace()
    headless = service_to(8080, name="headless")
    headless["spec"]["clusterIP"] = "None"
    apply(
        cluster,
        name,
        deployment(replicas=1),
        service(),
        headless,
        service_to(9, name="closed"),
        service_to(8080, name="empty", selector="nobody"),
    )
    cluster.kubectl("-n", name, "rollout", "status", "deployment/web", "--timeout=120s")
    return name


@pytest_asyncio.fixture
async def client(cluster: LiveCluster) -> AsyncIterator[Client]:
    async with Client(await configure(cluster.kubeconfig, None)) as made:
        yield made


async def call(client: Client, namespace: str, name: str, path: str = "/") -> Answer:
    return await ProxiedDialer(client).call(CallHttp(HttpTarget(namespace, name, 80, path)))


async def test_brings_the_applications_answer(client: Client, namespace: str) -> None:
    answer = await call(client, namespace, "web")
    assert isinstance(answer, HttpAnswer), answer
    assert answer.status == 200
    assert "version 1" in answer.body


async def test_an_error_of_the_application_is_an_answer(client: Client, namespace: str) -> None:
    answer = await call(client, namespace, "web", "/burn?ms=many")
    assert isinstance(answer, HttpAnswer), answer
    assert answer.status == 400


@pytest.mark.parametrize(
    ("name", "path", "why"),
    [
        ("closed", "/", "refused"),
        ("empty", "/", "refused"),
        ("missing", "/", "unreachable"),
        ("web", "/slow?ms=20000", "timeout"),
        ("web", "/exit", "reset"),
    ],
)
async def test_has_the_same_words_for_failures_as_a_client_inside(
    client: Client, namespace: str, name: str, path: str, why: str
) -> None:
    assert await call(client, namespace, name, path) == NoHttpAnswer(why)


async def test_finds_the_address_of_a_service(client: Client, namespace: str) -> None:
    found = await resolve(client, HttpTarget(namespace, "web", 80, "/x"))
    address = (await client.get(f"/api/v1/namespaces/{namespace}/services/web"))["spec"]
    assert found == Target(f"{address['clusterIP']}:80", f"web.{namespace}.svc", "/x")


async def test_finds_a_pod_behind_a_headless_service(client: Client, namespace: str) -> None:
    found = await resolve(client, HttpTarget(namespace, "headless", 80, "/"))
    (pod,) = (await client.get(f"/api/v1/namespaces/{namespace}/pods"))["items"]
    assert isinstance(found, Target), found
    assert found.address == f"{pod['status']['podIP']}:8080"


async def test_a_service_to_another_namespaces_pod_is_refused(
    cluster: LiveCluster, client: Client, namespace: str
) -> None:
    thief = cluster.fresh_namespace()
    (pod,) = (await client.get(f"/api/v1/namespaces/{namespace}/pods"))["items"]
    slices = {
        "apiVersion": "discovery.k8s.io/v1",
        "kind": "EndpointSlice",
        "metadata": {"name": "web-mine", "labels": {"kubernetes.io/service-name": "web"}},
        "addressType": "IPv4",
        "ports": [{"port": 8080}],
        "endpoints": [{"addresses": [pod["status"]["podIP"]]}],
    }
    typed = service()
    typed["spec"] = {"ports": [{"port": 80, "targetPort": 8080}]}
    apply(cluster, thief, typed, slices)
    found = await resolve(client, HttpTarget(thief, "web", 80, "/"))
    assert isinstance(found, Hindered), found
    assert found.reason == "EndpointElsewhere"
    assert dict(found.params)["address"] == pod["status"]["podIP"]


async def test_a_service_that_names_another_host_is_refused(
    cluster: LiveCluster, client: Client, namespace: str
) -> None:
    thief = cluster.fresh_namespace()
    named = service()
    named["spec"] = {"type": "ExternalName", "externalName": f"web.{namespace}.svc"}
    apply(cluster, thief, named)
    found = await resolve(client, HttpTarget(thief, "web", 80, "/"))
    assert isinstance(found, Hindered), found
    assert found.reason == "ServiceExternalName"
