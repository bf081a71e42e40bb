"""How pods of a node get their addresses and interfaces: the CNI configuration.

Written onto the node's disk when it is made. Every address is routed and none
is masqueraded, so peers and policies see the pod's own.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from localcluster import layout
from localcluster.layout import Layout
from localcluster.policy import felix

# Debian's, which every node uses.
PROGRAMS = Path("/usr/lib/cni")
_BESIDE_CALICO = ("host-local", "loopback", "portmap")
_PORTMAP = {"type": "portmap", "capabilities": {"portMappings": True}}


@dataclass(frozen=True)
class Network:
    """A network for the pods of one node: its plugins, and the folder with their programs."""

    plugins: list[dict[str, Any]]
    programs: Path

    def write(self, folder: Path) -> None:
        """Put the configuration where containerd looks for it."""
        folder.mkdir(parents=True)
        network = {"cniVersion": "1.0.0", "name": "localcluster", "plugins": self.plugins}
        (folder / "10-localcluster.conflist").write_text(json.dumps(network))


def bridged(index: int) -> Network:
    """The usual network: the pods of a node on one bridge."""
    bridge = {
        "type": "bridge",
        "bridge": "cni0",
        "isDefaultGateway": True,
        "hairpinMode": True,
        "ipMasq": False,
        "ipam": _addresses(index),
    }
    return Network([bridge, _PORTMAP], PROGRAMS)


def routed(place: Layout, index: int, enforcer: Path) -> Network:
    """The network that Felix can filter: each pod on a cable of its own, named after the pod.

    Pods on a bridge would all come through one interface, and Felix tells them apart by
    their interfaces.
    """
    folder = place.node(index)
    programs = folder / "cni-programs"
    programs.mkdir(parents=True)
    # containerd looks for all programs in one folder.
    (programs / "calico").symlink_to(enforcer / "calico")
    for name in _BESIDE_CALICO:
        (programs / name).symlink_to(PROGRAMS / name)
    calico = {
        "type": "calico",
        "datastore_type": "kubernetes",
        "nodename": layout.node_name(index),
        "nodename_file_optional": True,  # calico/node would write it, and does not run here
        "log_level": "warning",
        "log_file_path": str(folder / "logs" / "cni.log"),
        "mtu": 1500,
        "ipam": {**_addresses(index), "routes": [{"dst": "0.0.0.0/0"}]},
        "policy": {"type": "k8s"},
        "kubernetes": {"kubeconfig": str(place.kubeconfigs / felix.IDENTITY.name)},
    }
    return Network([calico, _PORTMAP], programs)


def _addresses(index: int) -> dict[str, Any]:
    return {
        "type": "host-local",
        "ranges": [[{"subnet": layout.pod_range(index)}]],
        # Gone with the node's power, like the pods that held the addresses.
        "dataDir": "/run/cni-addresses",
    }
