"""What runs on a node and how it is started; paths are those that the node sees."""

from dataclasses import dataclass
from pathlib import Path

from localcluster import layout
from localcluster.layout import Layout
from localcluster.machine.units import Unit
from localcluster.policy import felix

CONTAINERD, KUBELET, KUBE_PROXY = "containerd", "kubelet", "kube-proxy"
COMPONENTS = (CONTAINERD, KUBELET, KUBE_PROXY)


@dataclass(frozen=True)
class Node:
    """The units of one node, with programs from the folder `programs`.

    `enforcer` is the folder of the policy enforcer, on nodes that have one.
    """

    layout: Layout
    index: int
    programs: Path
    enforcer: Path | None = None

    @property
    def folder(self) -> Path:
        """The node's folder: its disk and its configuration."""
        return self.layout.node(self.index)

    def containerd(self) -> Unit:
        """Runs as soon as the node is on."""
        return Unit(CONTAINERD, ("containerd", f"--config={self.folder / 'containerd.toml'}"))

    def agents(self) -> list[Unit]:
        """What needs the API server."""
        name = layout.node_name(self.index)
        kubelet = (
            str(self.programs / "kubelet"),
            f"--config={self.folder / 'kubelet.json'}",
            f"--kubeconfig={self.layout.kubeconfigs / name}",
            f"--root-dir={self.folder / 'kubelet'}",
            f"--cert-dir={self.folder / 'kubelet' / 'pki'}",
            f"--hostname-override={name}",
            f"--node-ip={layout.node_address(self.index)}",
            "--housekeeping-interval=5s",  # fresh whenever metrics-server looks
        )
        proxy = (
            str(self.programs / "kube-proxy"),
            f"--config={self.folder / 'kube-proxy.json'}",
        )
        units = [Unit(KUBELET, kubelet), Unit(KUBE_PROXY, proxy)]
        if self.enforcer:
            units.append(felix.unit(self.layout, self.index, self.enforcer))
        return units
