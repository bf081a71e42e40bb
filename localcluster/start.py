"""Brings a cluster up step by step, and finds out whether it works.

Called by `Cluster.up` while it holds the cluster's folder. Each wait names the
log that tells why, should it take too long.
"""

import socket
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from localcluster import addons, layout
from localcluster.api import Api
from localcluster.build import programs
from localcluster.build.cache import Cache
from localcluster.certificates import Authority, identities, kubeconfig
from localcluster.certificates.authority import ADMIN
from localcluster.controlplane import flags as control_flags
from localcluster.controlplane.flags import SERVER, ControlPlane
from localcluster.errors import LocalClusterError, tail
from localcluster.images import catalog, seed
from localcluster.layout import Layout
from localcluster.machine.power import Machine
from localcluster.machine.units import Units, wake
from localcluster.network import cables
from localcluster.node import disk
from localcluster.node.flags import COMPONENTS as NODE_COMPONENTS
from localcluster.node.flags import Node
from localcluster.progress import Report
from localcluster.record import Record

_API_SECONDS, _NODES_SECONDS, _ADDONS_SECONDS = 60.0, 60.0, 120.0
_CRASHES = 5  # a unit that had to be started so often is not going to come up


def control_machine(place: Layout) -> Machine:
    """The machine of the control plane."""
    return Machine(place.control, "control", f"{place.cgroup}/control")


def node_machine(place: Layout, index: int) -> Machine:
    """The machine of a node."""
    return Machine(place.node(index), layout.node_name(index), f"{place.cgroup}/node{index}")


def control_plane(place: Layout, nodes: int, *, audit: bool, report: Report) -> Record:
    """Make a new cluster as far as a running API server and nodes with power."""
    if not 1 <= nodes <= layout.MAX_NODES:
        raise LocalClusterError(f"{nodes} nodes: expected 1 to {layout.MAX_NODES}.")
    cache = Cache(layout.cache_home())
    folder = programs.build(programs.COMPONENTS, cache, report)
    seeds = seed.build(catalog.build(cache, report), cache, report)
    authority = Authority(place.pki)
    authority.create(identities(nodes))
    with _listener() as listener:
        port: int = listener.getsockname()[1]
        made = Record(nodes, audit, port, str(folder))
        _write_kubeconfigs(place, authority, made)
        report("certificates made")
        control = control_machine(place)
        for unit in ControlPlane(place, folder, audit).first():
            control.units.add(unit)
        control.on(listener)
    cables.make_switch(control, nodes)
    others = disk.Share.of_others(nodes)
    for index in range(1, nodes + 1):
        disk.make(place, index, seeds, others)
    made.write(place)
    return made


def _listener() -> socket.socket:
    """The relay's socket, on a free port of the loopback."""
    return socket.create_server(("127.0.0.1", 0))


def _write_kubeconfigs(place: Layout, authority: Authority, made: Record) -> None:
    names = [
        ADMIN,
        control_flags.CONTROLLER_MANAGER,
        control_flags.SCHEDULER,
        "kube-proxy",
        *(layout.node_name(i) for i in range(1, made.nodes + 1)),
    ]
    for name in names:
        kubeconfig.write(place.kubeconfigs / name, authority, name, SERVER, "inside")
    outside = f"https://127.0.0.1:{made.port}"
    context = f"localcluster-{place.name}"
    kubeconfig.write(place.kubeconfig, authority, ADMIN, outside, context)


def switch_node_on(place: Layout, made: Record, index: int) -> None:
    """Power, cable and programs for a node that is off."""
    machine = node_machine(place, index)
    node = Node(place, index, Path(made.programs))
    machine.units.clear()
    machine.units.add(node.containerd())
    plug = machine.on()
    cables.connect(control_machine(place), machine, index, made.nodes)
    for unit in node.agents():
        machine.units.add(unit)
    wake(plug)


def rest(place: Layout, made: Record, report: Report) -> None:
    """Bring up what is down of a cluster whose control plane has power, and wait for all."""
    control = control_machine(place)
    plug = control.require_plug()
    indices = range(1, made.nodes + 1)
    off = [i for i in indices if node_machine(place, i).plug() is None]
    with ThreadPoolExecutor() as pool:
        for _ in pool.map(lambda index: switch_node_on(place, made, index), off):
            pass
    report(f"nodes have power: {made.nodes}")
    api = Api(made.port, place.pki)
    for name in (control_flags.ETCD, control_flags.APISERVER, control_flags.RELAY):
        control.units.start(name, plug)
    _wait("API server", api.ready, _API_SECONDS, control.units, (control_flags.APISERVER,))
    report("API server ready")
    for unit in ControlPlane(place, Path(made.programs), made.audit).second():
        control.units.add(unit)
        control.units.start(unit.name, plug)
    for index in indices:
        _start_all(node_machine(place, index))
    kubectl = Path(made.programs) / "kubectl"
    addons.apply(kubectl, place.kubeconfig)
    _wait_for_nodes(place, made, api)
    report("nodes ready and untainted")
    _wait_for_addons(place, made, api, report)
    report(f"cluster {place.name} is up")


def _start_all(machine: Machine) -> None:
    for name in NODE_COMPONENTS:
        machine.units.start(name, machine.require_plug())


def _wait_for_nodes(place: Layout, made: Record, api: Api) -> None:
    def usable() -> bool:
        return len(_usable_nodes(api)) == made.nodes

    def worst() -> Units:
        there = _usable_nodes(api)
        lost = [i for i in range(1, made.nodes + 1) if layout.node_name(i) not in there]
        return node_machine(place, (lost or [1])[0]).units

    _wait("nodes", usable, _NODES_SECONDS, worst, NODE_COMPONENTS[:2])


def _usable_nodes(api: Api) -> set[str]:
    # Ready is not enough: the not-ready taint goes up to a second later, and until then
    # DaemonSets do not count the node.
    nodes = api.get("/api/v1/nodes") or {"items": []}
    return {
        node["metadata"]["name"]
        for node in nodes["items"]
        if not node["spec"].get("taints")
        and any(c["type"] == "Ready" and c["status"] == "True" for c in node["status"]["conditions"])
    }


def _wait_for_addons(place: Layout, made: Record, api: Api, report: Report) -> None:
    waits: list[str] = []

    def complete() -> bool:
        nonlocal waits
        still = addons.missing(api, made.nodes)
        if still and still != waits:
            report(f"waiting for {', '.join(still)}")
        waits = still
        return not still

    kubelet = node_machine(place, 1).units
    _wait("addons", complete, _ADDONS_SECONDS, kubelet, (NODE_COMPONENTS[1],))


def _wait(
    what: str,
    reached: Callable[[], bool],
    seconds: float,
    units: Units | Callable[[], Units],
    names: tuple[str, ...],
) -> None:
    """Wait until it is reached; else tell with the end of the log of the unit that is worst off."""
    deadline = time.monotonic() + seconds
    while not reached():
        where = units() if callable(units) else units
        states = {name: where.state(name) for name in names}
        crashing = [name for name, state in states.items() if state.starts >= _CRASHES]
        if crashing:
            name = crashing[0]
            raise LocalClusterError(
                f"{name} ended {states[name].starts} times, last with {states[name].exit}.\n"
                f"{tail(where.log(name))}"
            )
        if time.monotonic() > deadline:
            down = [name for name, state in states.items() if state.pid is None]
            log = where.log((down or list(names))[-1])
            raise LocalClusterError(f"{what} not ready after {seconds:.0f} s.\n{tail(log)}")
        time.sleep(0.1)


def answers(place: Layout, made: Record) -> bool:
    """Whether the control plane can be repaired rather than made anew."""
    del made
    return (place.control / "etcd").is_dir()


def works(place: Layout, made: Record) -> bool:
    """Whether everything is there and does its work; looks once."""
    api = Api(made.port, place.pki)
    machines = [node_machine(place, i) for i in range(1, made.nodes + 1)]
    return (
        all(machine.plug() for machine in machines)
        and api.ready()
        and len(_usable_nodes(api)) == made.nodes
        and not addons.missing(api, made.nodes)
    )
