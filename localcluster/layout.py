"""Where everything of a cluster lies: files on this machine, addresses inside the cluster.

Read by every other module, so that no path and no address is written twice.
Computes only: it neither creates nor looks at anything.
"""

import hashlib
import ipaddress
import os
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from localcluster.errors import LocalClusterError

MAX_NODES = 50
SWITCH = ipaddress.ip_network("10.89.0.0/24")
CONTROL_ADDRESS = str(SWITCH[1])
API_PORT = 6443
SERVICES = "10.96.0.0/16"
API_SERVICE_ADDRESS = "10.96.0.1"
DNS_SERVICE_ADDRESS = "10.96.0.10"
PODS = "10.244.0.0/16"

# A node hides these behind file systems of its own (machine/plug.py), so nothing
# of a cluster may lie there.
HIDDEN_IN_NODES = (Path("/run"), Path("/var/lib"), Path("/var/log"))

_NAME = re.compile(r"[a-z0-9]([-a-z0-9]{0,38}[a-z0-9])?")


def node_name(index: int) -> str:
    """What Kubernetes calls the node; nodes count from 1."""
    return f"node{index}"


def node_address(index: int) -> str:
    """The node's address on the cluster's switch."""
    return str(SWITCH[10 + index])


def node_card(index: int) -> str:
    """The hardware address of the node's network card."""
    return f"02:00:00:00:00:{index:02x}"


def pod_range(index: int) -> str:
    """The addresses of the pods on this node."""
    return f"10.244.{index}.0/24"


def _home(variable: str, default: str) -> Path:
    # The XDG base directory specification: relative paths are to be ignored.
    chosen = Path(os.environ.get(variable, ""))
    base = chosen if chosen.is_absolute() else Path.home() / default
    folder = base / "labgrader" / "localcluster"
    for hidden in HIDDEN_IN_NODES:
        if folder.is_relative_to(hidden):
            raise LocalClusterError(
                f"{folder} cannot hold a cluster: nodes have a {hidden} of their own. "
                f"Set {variable} to another place."
            )
    return folder


def cache_home() -> Path:
    """What is built once and shared by all clusters of this user."""
    return _home("XDG_CACHE_HOME", ".cache")


def state_home() -> Path:
    """The parent of all clusters' folders of this user."""
    return _home("XDG_STATE_HOME", ".local/state")


@dataclass(frozen=True)
class Layout:
    """The places of one cluster, named by people, under one parent folder."""

    name: str
    parent: Path

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise LocalClusterError(
                f"{self.name!r} cannot name a cluster: expected 1 to 40 lower-case letters, "
                "digits and dashes, beginning and ending with a letter or digit."
            )

    @property
    def home(self) -> Path:
        """The cluster's own folder; `down` removes it whole."""
        return self.parent / self.name

    @cached_property
    def cgroup(self) -> str:
        """The cluster's cgroup, unique on this machine even when two users choose one name."""
        place = hashlib.sha256(bytes(self.home)).hexdigest()[:6]
        return f"localcluster-{self.name}-{place}"

    @property
    def record(self) -> Path:
        """What `up` was asked for, as JSON."""
        return self.home / "cluster.json"

    @property
    def pki(self) -> Path:
        """Keys and certificates."""
        return self.home / "pki"

    @property
    def kubeconfigs(self) -> Path:
        """The components' kubeconfigs, which work inside the cluster's network."""
        return self.home / "kubeconfigs"

    @property
    def kubeconfig(self) -> Path:
        """The administrator's kubeconfig for outside, through the relay."""
        return self.home / "kubeconfig"

    @property
    def audit_log(self) -> Path:
        """The API server's audit log; written with `--audit` only."""
        return self.home / "audit.log"

    @property
    def control(self) -> Path:
        """The folder of the control plane's machine."""
        return self.home / "control"

    def node(self, index: int) -> Path:
        """The folder of a node; its disk is in there."""
        return self.home / node_name(index)
