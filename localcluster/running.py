"""Brings up what of a cluster is down, in the order that its parts need each other.

Called by `Cluster.up` for new clusters and for those to be repaired, and for a
single node that is switched on again.
"""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from localcluster import addons, waiting
from localcluster.controlplane import flags
from localcluster.controlplane.flags import ControlPlane
from localcluster.layout import Layout
from localcluster.machine import power
from localcluster.machine.units import wake
from localcluster.network import cables
from localcluster.node.flags import Node
from localcluster.progress import Report
from localcluster.record import Record
from localcluster.waiting import Waiting


def bring_up(place: Layout, made: Record, report: Report) -> None:
    """Bring up everything of a cluster whose control plane has power; return when it works."""
    waits = Waiting(place, made, report)
    control = power.control_of(place)
    plug = control.require_plug()
    with ThreadPoolExecutor() as pool:
        for _ in pool.map(lambda index: switch_on(place, made, index), waits.indices):
            pass
    report(f"nodes have power: {made.nodes}")
    for name in (flags.ETCD, flags.APISERVER, flags.RELAY):
        control.units.start(name, plug)
    waits.for_api()
    for unit in ControlPlane(place, Path(made.programs), made.audit).second():
        control.units.add(unit)
        control.units.start(unit.name, plug)
    for index in waits.indices:
        start_agents(place, made, index)
    waits.for_nodes()
    # Before the nodes know the way to services, the addons would fail once and start late.
    addons.apply(Path(made.programs) / "kubectl", place.kubeconfig)
    waits.for_addons()
    report(f"cluster {place.name} is up")


def switch_on(place: Layout, made: Record, index: int) -> None:
    """Power, cable and containerd for a node that is off; nothing for one that is on."""
    machine = power.node_of(place, index)
    if machine.plug() is not None:
        return
    machine.units.clear()
    machine.units.add(Node(place, index, Path(made.programs)).containerd())
    machine.on()
    cables.connect(power.control_of(place), machine, index, made.nodes)


def start_agents(place: Layout, made: Record, index: int) -> None:
    """Run everything that belongs on a node that is on."""
    machine = power.node_of(place, index)
    plug = machine.require_plug()
    node = Node(place, index, Path(made.programs))
    for unit in node.agents():
        machine.units.add(unit)
    wake(plug)
    for name in machine.units.names():
        machine.units.start(name, plug)


def works(place: Layout, made: Record) -> bool:
    """Whether everything is there and does its work; looks once."""
    waits = Waiting(place, made, lambda _: None)
    machines = [power.node_of(place, index) for index in waits.indices]
    return (
        all(machine.plug() for machine in machines)
        and waits.api.ready()
        and waiting.usable_nodes(waits.api) == waits.names
        and not addons.missing(waits.api, made.nodes)
    )
