"""Waits for the stages of a cluster that comes up; each wait knows whose log explains it.

Called by `running.py`. It only looks: what has to happen happens elsewhere.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from localcluster import addons, layout
from localcluster.api import Api
from localcluster.controlplane import flags
from localcluster.errors import LocalClusterError, tail
from localcluster.layout import Layout
from localcluster.machine import power
from localcluster.machine.units import Units
from localcluster.node.flags import CONTAINERD, KUBE_PROXY, KUBELET
from localcluster.policy import felix
from localcluster.progress import Report
from localcluster.record import Record

_CRASHES = 5  # a program that had to be started so often is not going to come up


def usable_nodes(api: Api) -> set[str]:
    """The nodes that are Ready and have no taints."""
    # Ready is not enough: the not-ready taint goes up to a second later, and until then
    # DaemonSets do not count the node.
    nodes = api.get("/api/v1/nodes") or {"items": []}
    return {
        node["metadata"]["name"]
        for node in nodes["items"]
        if not node["spec"].get("taints")
        and any(
            c["type"] == "Ready" and c["status"] == "True"
            for c in node["status"].get("conditions", [])
        )
    }


@dataclass(frozen=True)
class Waiting:
    """The waits for one cluster."""

    place: Layout
    made: Record
    report: Report

    @property
    def api(self) -> Api:
        """Its API server."""
        return Api(self.made.port, self.place.pki)

    @property
    def indices(self) -> range:
        """Its nodes' numbers."""
        return range(1, self.made.nodes + 1)

    @property
    def names(self) -> set[str]:
        """Its nodes' names."""
        return {layout.node_name(index) for index in self.indices}

    def for_api(self) -> None:
        """Until the API server says that it is ready, its roles and priorities made."""
        units = power.control_of(self.place).units
        log = units.log(flags.APISERVER)
        programs = [(units, flags.ETCD), (units, flags.APISERVER)]
        _until("The API server is", self.api.ready, 60.0, programs, lambda: log)
        self.report("API server ready")

    def for_nodes(self) -> None:
        """Until pods can be placed on every node and reach services from there."""
        api = self.api
        nodes = {layout.node_name(i): power.node_of(self.place, i).units for i in self.indices}

        def lost() -> Path:
            name = min(self.names - usable_nodes(api), default="node1")
            return nodes[name].log(KUBELET)

        programs = [(units, name) for units in nodes.values() for name in (CONTAINERD, KUBELET)]
        _until("Nodes are", lambda: usable_nodes(api) == self.names, 60.0, programs, lost)
        for name, units in nodes.items():
            _for_proxy(api, name, units)
        self.report("nodes ready and untainted")

    def for_addons(self) -> None:
        """Until names, metrics and volumes work."""
        api = self.api
        said: list[str] = []

        def complete() -> bool:
            still = addons.missing(api, self.made.nodes)
            if still and still != said:
                self.report(f"waiting for {', '.join(still)}")
            said[:] = still
            return not still

        folders = [self.place.node(index) for index in self.indices]
        kubelet = power.node_of(self.place, 1).units.log(KUBELET)
        _until("Addons are", complete, 120.0, [], lambda: addons.log(said, folders) or kubelet)

    def for_enforcers(self) -> None:
        """Until every node's policy enforcer has written its rules."""
        api = self.api
        for index in self.indices:
            units = power.node_of(self.place, index).units
            _for_enforcer(api, layout.node_name(index), units)


def _for_enforcer(api: Api, node: str, units: Units) -> None:
    log = units.log(felix.FELIX)
    # It leaves now and then while its configuration settles, so its ends are no crashes yet.
    what = f"The policy enforcer of {node} is"
    _until(what, lambda: felix.ready(api, node), 60.0, [], lambda: log)


def _for_proxy(api: Api, node: str, units: Units) -> None:
    log = units.log(KUBE_PROXY)
    health = f"/api/v1/nodes/{node}:10256/proxy/healthz"
    _until("kube-proxy is", lambda: api.ok(health), 30.0, [(units, KUBE_PROXY)], lambda: log)


def _until(
    what: str,
    reached: Callable[[], bool],
    seconds: float,
    programs: list[tuple[Units, str]],
    log: Callable[[], Path],
) -> None:
    """Wait until it is reached, no longer than the programs that it takes live."""
    deadline = time.monotonic() + seconds
    while not reached():
        for units, name in programs:
            state = units.state(name)
            if state.starts >= _CRASHES and state.pid is None:
                raise LocalClusterError(
                    f"{what} not ready: {name} ended {state.starts} times, "
                    f"the last time with exit code {state.exit}.\n{tail(units.log(name))}"
                )
        if time.monotonic() > deadline:
            raise LocalClusterError(f"{what} not ready after {seconds:.0f} s.\n{tail(log())}")
        time.sleep(0.1)
