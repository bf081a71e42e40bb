"""A node's disk: the unpacked images, and the configuration of what runs on the node.

Made once when the node is made; switching the node off and on keeps it.
"""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from localcluster import layout
from localcluster.certificates import Authority
from localcluster.images import catalog, seed
from localcluster.layout import Layout
from localcluster.node.cni import Network

SOCKET = "/run/containerd/containerd.sock"
_MIB = 1 << 20
_KEPT_BACK = 100 * _MIB  # what the kubelet's hard eviction threshold takes anyway

_CONTAINERD = """\
version = 2
root = "{folder}/containerd"
state = "/run/containerd"
[grpc]
  address = "{socket}"
[plugins."io.containerd.internal.v1.opt"]
  path = "{folder}/opt"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "{pause}"
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "{cni_programs}"
    conf_dir = "{folder}/cni"
  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
"""


@dataclass(frozen=True)
class Share:
    """What a node does not offer, because it belongs to the others: milli-CPU and bytes."""

    cpu: int
    memory: int

    @staticmethod
    def of_others(nodes: int) -> "Share":
        """The others' part when so many nodes share this machine equally."""
        cpu = 1000 * (os.cpu_count() or 1)
        memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
        if nodes == 1:
            return Share(0, 0)
        return Share(cpu - cpu // nodes, memory - memory // nodes - _KEPT_BACK)


def make(place: Layout, index: int, seeds: Path, others: Share, network: Network) -> None:
    """Make the disk of a node from the seed of images."""
    folder = place.node(index)
    network.write(folder / "cni")
    seed.plant(seeds, folder / "containerd")
    (folder / "resolv.conf").touch()
    (folder / "containerd.toml").write_text(
        _CONTAINERD.format(
            folder=folder, socket=SOCKET, pause=catalog.PAUSE, cni_programs=network.programs
        )
    )
    kubelet = _kubelet(folder, Authority(place.pki), layout.node_name(index), others)
    (folder / "kubelet.json").write_text(json.dumps(kubelet))
    proxy = _kube_proxy(place.kubeconfigs / "kube-proxy", layout.node_name(index))
    (folder / "kube-proxy.json").write_text(json.dumps(proxy))


def _kubelet(folder: Path, authority: Authority, name: str, others: Share) -> dict[str, Any]:
    reserved = {"cpu": f"{others.cpu}m", "memory": f"{others.memory // 1024}Ki"}
    return {
        "apiVersion": "kubelet.config.k8s.io/v1beta1",
        "kind": "KubeletConfiguration",
        "containerRuntimeEndpoint": f"unix://{SOCKET}",
        "cgroupDriver": "cgroupfs",
        "failCgroupV1": False,
        "failSwapOn": False,
        "authentication": {
            "anonymous": {"enabled": False},
            "webhook": {"enabled": True},
            "x509": {"clientCAFile": str(authority.certificate)},
        },
        "authorization": {"mode": "Webhook"},
        "tlsCertFile": str(authority.certificate_of(name)),
        "tlsPrivateKeyFile": str(authority.key_of(name)),
        "clusterDNS": [layout.DNS_SERVICE_ADDRESS],
        "clusterDomain": "cluster.local",
        "resolvConf": str(folder / "resolv.conf"),
        "volumePluginDir": str(folder / "volume-plugins"),
        "podLogsDir": str(folder / "pod-logs"),
        # The machine's disk is not the cluster's alone: evict late, never delete an image
        # that no registry could give back.
        "evictionHard": {"memory.available": "100Mi", "nodefs.available": "1%"},
        "imageGCHighThresholdPercent": 100,
        "nodeStatusUpdateFrequency": "2s",
        "nodeLeaseDurationSeconds": 8,
        "systemReserved": reserved if others.cpu else {},
    }


def _kube_proxy(kubeconfig: Path, name: str) -> dict[str, Any]:
    return {
        "apiVersion": "kubeproxy.config.k8s.io/v1alpha1",
        "kind": "KubeProxyConfiguration",
        "mode": "iptables",
        "clientConnection": {"kubeconfig": str(kubeconfig)},
        "clusterCIDR": layout.PODS,
        "hostnameOverride": name,
        "conntrack": {"maxPerCore": 0},  # a namespace may not change the machine's limit
    }
