"""Felix, Calico's enforcer of policies: how it runs on a node, and whether it does its work."""

from pathlib import Path

from localcluster import layout
from localcluster.api import Api
from localcluster.certificates import Identity
from localcluster.layout import Layout
from localcluster.machine.units import Unit

FELIX = "felix"
# Whom the API server sees; the name in `access.yaml`. Felix and the CNI plugin are both it.
IDENTITY = Identity("calico", "calico-node")
# Pods send to this gateway, whichever node they are on; the kernel answers for it.
GATEWAY = "169.254.1.1"
_HEALTH_PORT = 9099


def unit(place: Layout, index: int, enforcer: Path) -> Unit:
    """Felix on this node. It leaves and counts on being started again when its CRDs come late."""
    settings = {
        "KUBECONFIG": place.kubeconfigs / IDENTITY.name,
        "FELIX_DATASTORETYPE": "kubernetes",
        "FELIX_FELIXHOSTNAME": layout.node_name(index),
        "FELIX_TYPHAK8SSERVICENAME": "none",
        "FELIX_IPV6SUPPORT": "false",
        "FELIX_IPTABLESBACKEND": "nft",
        "FELIX_BPFENABLED": "false",
        "FELIX_XDPENABLED": "false",
        "FELIX_USAGEREPORTINGENABLED": "false",
        # What a pod may do to its own node is the node's business, as without Felix.
        "FELIX_DEFAULTENDPOINTTOHOSTACTION": "ACCEPT",
        "FELIX_LOGFILEPATH": "none",
        "FELIX_LOGSEVERITYFILE": "none",
        "FELIX_LOGSEVERITYSYS": "none",
        "FELIX_LOGSEVERITYSCREEN": "warning",
        # At the node's address, so that the API server's proxy can ask.
        "FELIX_HEALTHENABLED": "true",
        "FELIX_HEALTHHOST": layout.node_address(index),
        "FELIX_HEALTHPORT": _HEALTH_PORT,
    }
    variables = (f"{name}={value}" for name, value in settings.items())
    return Unit(FELIX, ("env", *variables, str(enforcer / "calico-felix")))


def ready(api: Api, node: str) -> bool:
    """Whether the Felix of this node has written its rules and keeps them; looks once."""
    return api.ok(f"/api/v1/nodes/{node}:{_HEALTH_PORT}/proxy/readiness")
