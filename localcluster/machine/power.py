"""Switches a machine on and off.

Used by the cluster for the control plane's machine and for nodes. What a
machine does once it is on is the plug's business (`plug.py`); how it is
connected is `network`'s.
"""

import contextlib
import json
import os
import shlex
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from localcluster import layout
from localcluster.errors import LocalClusterError, tail
from localcluster.layout import Layout
from localcluster.machine import cgroups
from localcluster.machine.units import Units

_PLUG = Path(__file__).with_name("plug.py")
_UNSHARE = "exec unshare --fork --kill-child --pid --mount --net --uts --ipc --cgroup --propagation private"
_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


@dataclass(frozen=True)
class Machine:
    """One machine: its folder on the real machine's disk, host name and cgroup."""

    folder: Path
    hostname: str
    cgroup: str

    @property
    def units(self) -> Units:
        """What runs on it."""
        return Units(self.folder)

    @property
    def log(self) -> Path:
        """What the plug itself has to say."""
        return self.folder / "logs" / "plug.log"

    def plug(self) -> int | None:
        """The machine's process 1, as seen from outside; nothing when it is off."""
        depths = {pid: _depth_as_first(pid) for pid in cgroups.direct_processes(self.cgroup)}
        # A container that is just being made stands here for a moment too, one level deeper.
        firsts = {pid: depth for pid, depth in depths.items() if depth}
        return min(firsts, key=firsts.__getitem__) if firsts else None

    def require_plug(self) -> int:
        """The machine's process 1; an error when the machine is off."""
        plug = self.plug()
        if plug is None:
            raise LocalClusterError(f"{self.hostname} is off.")
        return plug

    def outside_pid(self, inside: int) -> int | None:
        """The real machine's number of a process that the plug started."""
        for pid in cgroups.direct_processes(self.cgroup):
            numbers = _numbers(pid)
            if len(numbers) > 1 and numbers[-1] == inside:
                return pid
        return None

    def on(self, listener: socket.socket | None = None, timeout: float = 20.0) -> int:
        """Plug it in; returns its process 1 when its file systems are made.

        The listener is for the one unit that `listens`.
        """
        self.log.parent.mkdir(parents=True, exist_ok=True)
        ready = self.folder / "ready"
        ready.unlink(missing_ok=True)
        spec = {
            "hostname": self.hostname,
            "hierarchies": {h.mount.name: h.options for h in cgroups.hierarchies()},
            "listener": listener.fileno() if listener else -1,
        }
        (self.folder / "machine.json").write_text(json.dumps(spec))
        self._launch(cgroups.create(self.cgroup), listener)
        deadline = time.monotonic() + timeout
        while not ready.exists():
            if time.monotonic() > deadline:
                raise LocalClusterError(f"{self.hostname} does not come up.\n{tail(self.log)}")
            time.sleep(0.01)
        return self.require_plug()

    def _launch(self, folders: list[Path], listener: socket.socket | None) -> None:
        # The cgroup namespace is rooted where its creator stands, so it enters first.
        # setsid leaves the machine to process 1 of the real machine, which reaps it.
        enter = [f"echo 0 >{shlex.quote(str(folder / 'cgroup.procs'))}" for folder in folders]
        plug = shlex.join([sys.executable, "-I", "-S", str(_PLUG), str(self.folder)])
        script = "\n".join(["set -e", *enter, f"{_UNSHARE} {plug}"])
        with self.log.open("ab") as log:
            subprocess.run(
                ["setsid", "--fork", "sh", "-c", script],
                check=True,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                env={"PATH": _PATH, "LANG": "C.UTF-8"},
                pass_fds=[listener.fileno()] if listener else [],
            )

    def off(self) -> None:
        """Pull the plug; returns when nothing of it runs any more."""
        plug = self.plug()
        if plug is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(plug, signal.SIGKILL)
        cgroups.kill_all(self.cgroup)
        cgroups.remove(self.cgroup)

    def enter(self, *namespaces: str) -> list[str]:
        """The words before a command that is to run in these namespaces of the machine."""
        return ["nsenter", f"--target={self.require_plug()}", *(f"--{n}" for n in namespaces), "--"]


def control_of(place: Layout) -> Machine:
    """The machine of a cluster's control plane."""
    return Machine(place.control, "control", f"{place.cgroup}/control")


def node_of(place: Layout, index: int) -> Machine:
    """The machine of a cluster's node."""
    name = layout.node_name(index)
    return Machine(place.node(index), name, f"{place.cgroup}/{name}")


def _numbers(pid: int) -> list[int]:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return []  # it ended since it was listed
    line = next((x for x in status.splitlines() if x.startswith("NSpid:")), "NSpid:")
    return [int(number) for number in line.split()[1:]]


def _depth_as_first(pid: int) -> int:
    numbers = _numbers(pid)
    return len(numbers) if len(numbers) > 1 and numbers[-1] == 1 else 0
