"""Brings up what of a cluster is down, in the order that its parts need each other.

Called by `Cluster.up` for new clusters and for those to be repaired, and for a
single node that is switched on again.
"""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from localcluster import addons, layout, waiting
from localcluster.api import Api
from localcluster.controlplane import flags
from localcluster.controlplane.flags import ControlPlane
from localcluster.layout import Layout
from localcluster.machine import power
from localcluster.machine.units import wake
from localcluster.network import cables
from localcluster.node.flags import Node
from localcluster.policy import felix, objects, proof
from localcluster.progress import Report
from localcluster.record import Record
from localcluster.waiting import Waiting


def bring_up(place: Layout, made: Record, report: Report) -> None:
    """Bring up everything of a cluster whose control plane has power; return when it works."""
    waits = Waiting(place, made, report)
    kubectl = Path(made.programs) / "kubectl"
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
    with ThreadPoolExecutor(max_workers=1) as beside:
        enforceable = beside.submit(_make_enforceable, waits)
        for index in waits.indices:
            start_agents(place, made, index)
        waits.for_nodes()
        # Without it no pod gets an address on nodes that enforce policies.
        enforceable.result()
        # Before the nodes know the way to services, the addons would fail once and start late.
        addons.apply(kubectl, place.kubeconfig)
        proven = beside.submit(_prove, waits)
        waits.for_addons()
        proven.result()
    report(f"cluster {place.name} is up")


def _make_enforceable(waits: Waiting) -> None:
    if waits.made.policy:
        objects.apply(waits.place, waits.made, waits.api)


def _prove(waits: Waiting) -> None:
    if waits.made.policy:
        waits.for_enforcers()
        proof.prove(waits.place, waits.made, waits.api)
        waits.report("a denied flow stops, an allowed one passes: policies are enforced")


def switch_on(place: Layout, made: Record, index: int) -> None:
    """Power, cable and containerd for a node that is off; nothing for one that is on."""
    machine = power.node_of(place, index)
    if machine.plug() is not None:
        return
    machine.units.clear()
    machine.units.add(_node(place, made, index).containerd())
    machine.on()
    cables.connect(power.control_of(place), machine, index, made.nodes)
    if made.policy:
        cables.answer_for_gateway(machine, felix.GATEWAY)


def start_agents(place: Layout, made: Record, index: int) -> None:
    """Run everything that belongs on a node that is on."""
    machine = power.node_of(place, index)
    plug = machine.require_plug()
    for unit in _node(place, made, index).agents():
        machine.units.add(unit)
    wake(plug)
    for name in machine.units.names():
        machine.units.start(name, plug)


def _node(place: Layout, made: Record, index: int) -> Node:
    enforcer = Path(made.enforcer) if made.policy else None
    return Node(place, index, Path(made.programs), enforcer)


def works(place: Layout, made: Record) -> bool:
    """Whether everything is there and does its work; looks once."""
    waits = Waiting(place, made, lambda _: None)
    machines = [power.node_of(place, index) for index in waits.indices]
    return (
        all(machine.plug() for machine in machines)
        and waits.api.ready()
        and waiting.usable_nodes(waits.api) == waits.names
        and not addons.missing(waits.api, made.nodes)
        and not (made.policy and unenforced(waits.api, made))
    )


def unenforced(api: Api, made: Record) -> list[str]:
    """The nodes whose policy enforcer does not say that it works; looks once."""
    names = [layout.node_name(index) for index in range(1, made.nodes + 1)]
    return [name for name in names if not felix.ready(api, name)]
