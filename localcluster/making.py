"""Makes a new cluster: programs, images, certificates, the control plane's machine, disks.

Called by `Cluster.up` while it holds the cluster's empty folder. What it leaves
is complete enough to be brought up, or repaired, by `running.py`.
"""

import socket
from pathlib import Path

from localcluster import layout
from localcluster.build import programs
from localcluster.build.cache import Cache
from localcluster.certificates import Authority, identities, kubeconfig
from localcluster.certificates.authority import ADMIN
from localcluster.controlplane import flags
from localcluster.controlplane.flags import SERVER, ControlPlane
from localcluster.errors import LocalClusterError
from localcluster.images import catalog, seed
from localcluster.layout import Layout
from localcluster.machine import power
from localcluster.network import cables
from localcluster.node import cni, disk
from localcluster.policy import felix
from localcluster.progress import Report
from localcluster.record import Record


def make(place: Layout, nodes: int, *, audit: bool, policy: bool, report: Report) -> Record:
    """Make a cluster whose control plane has power and whose nodes have disks."""
    if not 1 <= nodes <= layout.MAX_NODES:
        raise LocalClusterError(f"{nodes} nodes: expected 1 to {layout.MAX_NODES}.")
    cache = Cache(layout.cache_home())
    built = programs.build(programs.COMPONENTS, cache, report)
    enforcer = programs.build(programs.ENFORCER, cache, report) if policy else None
    seeds = seed.build(catalog.build(cache, report), cache, report)
    Authority(place.pki).create([*identities(nodes), *([felix.IDENTITY] if enforcer else [])])
    report("certificates made")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        made = Record(nodes, audit, port, str(built), str(enforcer or ""))
        _write_kubeconfigs(place, made)
        _switch_control_plane_on(place, made, listener)
    others = disk.Share.of_others(nodes)
    for index in range(1, nodes + 1):
        network = cni.routed(place, index, enforcer) if enforcer else cni.bridged(index)
        disk.make(place, index, seeds, others, network)
    made.write(place)
    return made


def _switch_control_plane_on(place: Layout, made: Record, listener: socket.socket) -> None:
    control = power.control_of(place)
    for unit in ControlPlane(place, Path(made.programs), made.audit).first():
        control.units.add(unit)
    control.on(listener)
    cables.make_switch(control, made.nodes)


def _write_kubeconfigs(place: Layout, made: Record) -> None:
    authority = Authority(place.pki)
    names = [
        *([felix.IDENTITY.name] if made.policy else []),
        ADMIN,
        flags.CONTROLLER_MANAGER,
        flags.SCHEDULER,
        "kube-proxy",
        *(layout.node_name(i) for i in range(1, made.nodes + 1)),
    ]
    for name in names:
        kubeconfig.write(place.kubeconfigs / name, authority, name, SERVER, "inside")
    outside = f"https://127.0.0.1:{made.port}"
    context = f"localcluster-{place.name}"
    kubeconfig.write(place.kubeconfig, authority, ADMIN, outside, context)
