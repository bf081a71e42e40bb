"""A namespace that a grader outside the cluster makes for its probe, and that goes with its record.

Used by ``site`` and by ``cluster.outposts``; ``restore`` takes it away.
"""

from contextlib import aclosing

from labgrader.api.names import RECORD_LABEL
from labgrader.cluster.client import Client
from labgrader.cluster.errors import ApiError
from labgrader.cluster.experiments.hopeless import hopeless
from labgrader.cluster.records import Record


async def make_namespace(client: Client, record: Record) -> None:
    """Make the record's namespace, and wait for the account that its pods run as.

    Raises Hopeless, ApiError, ApiUnreachable.
    """
    name = record.namespace
    labels = {
        RECORD_LABEL: record.name,
        "pod-security.kubernetes.io/enforce": "restricted",
    }
    try:
        await client.create(
            "/api/v1/namespaces",
            {
                "apiVersion": "v1",
                "kind": "Namespace",
                "metadata": {"name": name, "labels": labels},
            },
        )
    except ApiError as error:
        detail = f"create namespace {name} for the probe: {error.message}"
        raise hopeless("ProbeNotStarted", detail, transient=error.overloaded) from error
    accounts = client.lines(
        f"/api/v1/namespaces/{name}/serviceaccounts",
        {"watch": "true", "fieldSelector": "metadata.name=default", "timeoutSeconds": "30"},
    )
    async with aclosing(accounts):
        async for _ in accounts:
            return
