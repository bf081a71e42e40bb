"""A client with the operator's rights: what the manifests grant, and nothing else.

Used by tests that show that those rights suffice, and what is said where one is missing.
"""

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import yaml

from labgrader.cluster.client import Client
from labgrader.cluster.configuration import configure
from tests.support.admission import ROOT
from tests.support.live import LiveCluster

_FILES = ("operator.yaml", "disturb.yaml", "clone.yaml")


@asynccontextmanager
async def as_operator(
    cluster: LiveCluster, namespace: str, opened: Sequence[str]
) -> AsyncIterator[Client]:
    """The default account of a namespace, as the operator in its own; it may disturb ``opened``."""
    rbac = ROOT / "manifests" / "base" / "rbac"
    for file in _FILES:
        for body in yaml.safe_load_all((rbac / file).read_text("utf-8")):
            if body["kind"] == "ClusterRole":
                cluster.kubectl("apply", "-f", "-", input=json.dumps(body))
    account = f"--serviceaccount={namespace}:default"
    cluster.kubectl("create", "clusterrolebinding", namespace, "--clusterrole=labgrader", account)
    # Its own Role names its own namespace, which here is another.
    for place, role in ((namespace, "admin"), *((one, "labgrader-disturb") for one in opened)):
        cluster.kubectl(
            *("-n", place, "create", "rolebinding", f"operator-{role}"),
            *(f"--clusterrole={role}", account),
        )
    token = cluster.kubectl("-n", namespace, "create", "token", "default").stdout.strip()
    configuration = await configure(cluster.kubeconfig, None)
    configuration.cert_file = configuration.key_file = None
    configuration.api_key = {"BearerToken": f"Bearer {token}"}
    try:
        async with Client(configuration) as client:
            yield client
    finally:
        cluster.kubectl("delete", "clusterrolebinding", namespace)
