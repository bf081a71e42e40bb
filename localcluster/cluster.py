"""A local cluster as a whole: up, down, its state, and what is done to its parts.

This is what the command line and tests call. The order of things is here; how
each is done is in the packages beside this module.
"""

import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from localcluster import layout, making, record, requirements, running
from localcluster.api import Api
from localcluster.certificates.authority import ADMIN
from localcluster.errors import LocalClusterError
from localcluster.images import load
from localcluster.layout import Layout
from localcluster.machine import cgroups, power
from localcluster.machine.power import Machine
from localcluster.progress import Report, silent
from localcluster.record import Record

DEFAULT_NAME = "labgrader"


@dataclass(frozen=True)
class Component:
    """One program of a cluster, on the machine where it runs."""

    name: str
    machine: Machine
    unit: str

    @property
    def log(self) -> Path:
        """The file that it writes to."""
        return self.machine.units.log(self.unit)

    def stop(self) -> None:
        """Kill it (SIGKILL) and keep it down."""
        self.machine.units.stop(self.unit, self.machine.require_plug())

    def start(self) -> None:
        """Run it again after `stop`; returns when its process is there."""
        self.machine.units.start(self.unit, self.machine.require_plug())

    @property
    def pid(self) -> int | None:
        """Its process as this machine counts them; nothing while it is down."""
        inside = self.machine.units.state(self.unit).pid
        return None if inside is None else self.machine.outside_pid(inside)


@dataclass(frozen=True)
class Cluster:
    """The local cluster of this name, whether it exists or not."""

    name: str = DEFAULT_NAME
    parent: Path = field(default_factory=layout.state_home)

    @property
    def layout(self) -> Layout:
        """Where everything of it lies."""
        return Layout(self.name, self.parent)

    @property
    def record(self) -> Record:
        """How it was made; an error when there is no such cluster."""
        made = record.read(self.layout)
        if made is None:
            raise LocalClusterError(
                f"There is no cluster {self.name}. "
                f"Make it: python -m localcluster up --name {self.name}"
            )
        return made

    @property
    def control(self) -> Machine:
        """The machine of the control plane."""
        return power.control_of(self.layout)

    def node(self, index: int) -> Machine:
        """A node's machine; nodes count from 1."""
        nodes = self.record.nodes
        if not 1 <= index <= nodes:
            raise LocalClusterError(f"Cluster {self.name} has nodes 1 to {nodes}, no {index}.")
        return power.node_of(self.layout, index)

    @property
    def kubeconfig(self) -> Path:
        """The administrator's kubeconfig, which works from outside through the relay."""
        _ = self.record  # without a cluster its error is the better answer
        return self.layout.kubeconfig

    @property
    def kubectl(self) -> Path:
        """A kubectl of the cluster's version."""
        return Path(self.record.programs) / "kubectl"

    @property
    def audit_log(self) -> Path:
        """The API server's audit log, one JSON object a line; for clusters made with audit."""
        if not self.record.audit:
            raise LocalClusterError(f"Cluster {self.name} was made without --audit.")
        return self.layout.audit_log

    def up(
        self,
        nodes: int | None = None,
        *,
        audit: bool | None = None,
        policy: bool | None = None,
        report: Report = silent,
    ) -> None:
        """Make the cluster, or what is missing of it, and wait until all of it works.

        Asks for one node without audit log and without enforcers of NetworkPolicies where
        nothing is said and nothing is there. A cluster whose control plane is gone is made
        anew, without its objects.
        """
        requirements.ensure(report, policy=bool(policy))
        place = self.layout
        with record.alone(place):
            made = record.read(place)
            self._agree(made, nodes, audit=audit, policy=policy)
            if made and running.works(place, made):
                report(f"cluster {self.name} is up")
                return
            if made and self.control.plug() and made.complete():
                report(f"cluster {self.name} is there in parts: repairing it")
            else:
                if made or cgroups.all_processes(place.cgroup):
                    report(f"clearing away what is left of cluster {self.name}")
                self._clear()
                made = making.make(
                    place,
                    nodes or (made.nodes if made else 1),
                    audit=bool(audit or (made and made.audit)),
                    policy=bool(policy or (made and made.policy)),
                    report=report,
                )
            running.bring_up(place, made, report)

    def _agree(
        self, made: Record | None, nodes: int | None, *, audit: bool | None, policy: bool | None
    ) -> None:
        if made is None:
            return
        asked = (nodes, audit, policy)
        there = (made.nodes, made.audit, made.policy)
        if any(wish not in {None, has} for wish, has in zip(asked, there, strict=True)):
            raise LocalClusterError(
                f"Cluster {self.name} was made with {made.nodes} nodes, "
                f"{'with' if made.audit else 'without'} audit log, "
                f"{'with' if made.policy else 'without'} policy enforcers. "
                f"To change that: python -m localcluster down --name {self.name}, then up again."
            )

    def down(self, report: Report = silent) -> bool:
        """Remove the cluster and all that it made; False when there was nothing."""
        place = self.layout
        if not place.home.exists() and not cgroups.all_processes(place.cgroup):
            cgroups.remove(place.cgroup)
            return False
        with record.alone(place):
            killed = self._clear()
            shutil.rmtree(place.home)
        cgroups.wait_until_reaped(killed)
        report(f"cluster {self.name} is gone")
        return True

    def _clear(self) -> set[int]:
        killed = cgroups.kill_all(self.layout.cgroup)
        cgroups.remove(self.layout.cgroup)
        for left in self.layout.home.iterdir():
            if left.is_dir():
                shutil.rmtree(left)
            else:
                left.unlink()
        return killed

    def stop_node(self, index: int) -> None:
        """Pull the node's plug; its disk stays."""
        self.node(index).off()

    def start_node(self, index: int) -> None:
        """Switch a node on again, with its disk; returns when its programs run."""
        self.node(index)
        self.control.require_plug()
        running.switch_on(self.layout, self.record, index)
        running.start_agents(self.layout, self.record, index)

    def load_image(self, tar: Path) -> list[str]:
        """Bring an image (OCI or docker archive) to all nodes that are on; returns their names."""
        nodes = [machine for machine in self.machines()[1:] if machine.plug()]
        if not nodes:
            raise LocalClusterError(f"No node of cluster {self.name} is on.")
        load.load(tar, nodes)
        return [node.hostname for node in nodes]

    def unenforced(self) -> list[str]:
        """The nodes whose policy enforcer is not heard to work; all, where there are none."""
        made = self.record
        if not made.policy:
            return [layout.node_name(index) for index in range(1, made.nodes + 1)]
        return running.unenforced(Api(made.port, self.layout.pki), made)

    def machines(self) -> list[Machine]:
        """The control plane's machine and the nodes'."""
        return [self.control, *(self.node(i) for i in range(1, self.record.nodes + 1))]

    def components(self) -> list[Component]:
        """All programs of the cluster; those on nodes have the node's name before theirs."""
        return [
            Component(unit if place == 0 else f"{machine.hostname}/{unit}", machine, unit)
            for place, machine in enumerate(self.machines())
            for unit in machine.units.names()
        ]

    def log(self, name: str) -> Path:
        """The log of a component, or of a machine by its name alone."""
        for machine in self.machines():
            if machine.hostname == name:
                return machine.log
        return self.component(name).log

    def component(self, name: str) -> Component:
        """A program by its name, such as `apiserver` or `node1/kubelet`."""
        known = {component.name: component for component in self.components()}
        if name not in known:
            raise LocalClusterError(
                f"Cluster {self.name} has no {name}; it has: {', '.join(known)}"
            )
        return known[name]

    def command(self, argv: Sequence[str]) -> list[str]:
        """The words that run a command inside the cluster's network."""
        _ = self.record  # without a cluster its error is the better answer
        return [*self.control.enter("net"), *argv]

    @property
    def environment(self) -> dict[str, str]:
        """The environment for such a command: kubectl is on its path and finds the cluster."""
        kubeconfig = self.layout.kubeconfigs / ADMIN
        path = f"{self.kubectl.parent}:{os.environ.get('PATH', os.defpath)}"
        return {**os.environ, "KUBECONFIG": str(kubeconfig), "PATH": path}

    def exec(
        self, argv: Sequence[str], timeout: float | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run a command inside the cluster's network and return what it said."""
        return subprocess.run(
            self.command(argv),
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )


def known(parent: Path | None = None) -> list[str]:
    """The names of this user's clusters."""
    home = parent or layout.state_home()
    return sorted(folder.name for folder in home.iterdir()) if home.is_dir() else []
