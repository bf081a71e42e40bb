"""Which API server, and with what credentials: from a kubeconfig, or from the pod that this runs in.

Called where a Client is made. Must not connect, and must not change a kubeconfig.
"""

from pathlib import Path

from kubernetes.aio.client.configuration import Configuration
from kubernetes.aio.config import ConfigException
from kubernetes.aio.config.incluster_config import load_incluster_config
from kubernetes.aio.config.kube_config import load_kube_config


class NoCluster(Exception):
    """There is no usable kubeconfig or in-cluster configuration."""


async def configure(kubeconfig: Path | None, context: str | None) -> Configuration:
    """The configuration of a kube-context, or of the pod that this runs in.

    Reads the kubeconfig and never changes it. Raises NoCluster.
    """
    configuration = Configuration()
    try:
        if kubeconfig is None and context is None and in_cluster():
            load_incluster_config(client_configuration=configuration)
        else:
            await load_kube_config(
                config_file=str(kubeconfig) if kubeconfig else None,
                context=context,
                client_configuration=configuration,
                persist_config=False,
            )
    except (ConfigException, OSError) as error:
        raise NoCluster(str(error)) from error
    return configuration


def in_cluster() -> bool:
    """Whether this runs in a pod with a service account."""
    return Path("/var/run/secrets/kubernetes.io/serviceaccount/token").exists()
