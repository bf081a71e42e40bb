"""The cgroups of a cluster: one for all of it, with one for each machine inside.

They serve two ends. Every process of a cluster is found by them, whatever
became of its parents and of files about it; and a node's cgroup becomes the
root of what its kubelet sees. Only cgroup v1 with its controllers mounted one
by one is supported, `requirements` says so before anything else happens.
"""

import os
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from localcluster.errors import LocalClusterError

NEEDED = ("blkio", "cpu", "cpuacct", "cpuset", "devices", "freezer", "memory", "pids")
_ROOT = Path("/sys/fs/cgroup")
_GENERIC_OPTIONS = {"rw", "ro", "nosuid", "nodev", "noexec", "relatime", "xattr", "clone_children"}


@dataclass(frozen=True)
class Hierarchy:
    """One mounted cgroup v1 hierarchy: where, and with which mount options."""

    mount: Path
    options: str

    @property
    def controllers(self) -> list[str]:
        """The controllers in it; none for a named hierarchy."""
        return [] if "name=" in self.options else self.options.split(",")


def hierarchies(mountinfo: str | None = None) -> list[Hierarchy]:
    """The cgroup v1 hierarchies that are mounted on this machine."""
    found = []
    text = Path("/proc/self/mountinfo").read_text() if mountinfo is None else mountinfo
    for line in text.splitlines():
        fields, _, tail = line.partition(" - ")
        kind, _, options = tail.split(" ", 2)
        mount = Path(fields.split(" ")[4])
        if kind != "cgroup" or mount.parent != _ROOT:
            continue
        chosen = [o for o in options.split(",") if o not in _GENERIC_OPTIONS]
        named = [o for o in chosen if o.startswith("name=")]
        found.append(Hierarchy(mount, f"none,{named[0]}" if named else ",".join(chosen)))
    return found


def _tracker() -> Path:
    # Any hierarchy has all processes in it; this one is always among the needed.
    return next(h.mount for h in hierarchies() if "pids" in h.controllers)


def create(path: str) -> list[Path]:
    """Make a cgroup in every hierarchy; returns its folders."""
    made = []
    for hierarchy in hierarchies():
        folder = hierarchy.mount
        for part in Path(path).parts:
            parent, folder = folder, folder / part
            folder.mkdir(exist_ok=True)
            if "cpuset" in hierarchy.controllers:
                # A new cpuset is empty, and nothing may enter an empty one.
                for file in ("cpuset.cpus", "cpuset.mems"):
                    (folder / file).write_text((parent / file).read_text())
        made.append(folder)
    return made


def direct_processes(path: str) -> list[int]:
    """The processes in this very cgroup, none of those below it."""
    try:
        return [int(pid) for pid in (_tracker() / path / "cgroup.procs").read_text().split()]
    except (FileNotFoundError, StopIteration):
        return []


def all_processes(path: str) -> list[int]:
    """The processes in this cgroup and in every one below it."""
    return [pid for mount in (h.mount for h in hierarchies()) for pid in _below(mount / path)]


def _below(folder: Path) -> Iterator[int]:
    for here, _, _ in os.walk(folder):
        try:
            text = Path(here, "cgroup.procs").read_text()
        except OSError:
            continue  # the cgroup went away since it was listed, and its processes with it
        yield from map(int, text.split())


def kill_all(path: str, timeout: float = 20.0) -> set[int]:
    """End every process of the cgroup, wait until none is left, and return which they were.

    Raises when some live on after `timeout` seconds.
    """
    deadline = time.monotonic() + timeout
    killed: set[int] = set()
    while pids := set(all_processes(path)):
        killed |= pids
        if time.monotonic() > deadline:
            raise LocalClusterError(f"processes {sorted(pids)} in cgroup {path} do not end")
        for pid in pids:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        time.sleep(0.02)
    return killed


def wait_until_reaped(pids: set[int], timeout: float = 10.0) -> None:
    """Wait until ended processes have left the process table too.

    The machine's process 1 takes the last of them away, in its own time; after `timeout`
    seconds that is left to it, because nobody else can do it.
    """
    deadline = time.monotonic() + timeout
    while any(map(_is_zombie, pids)) and time.monotonic() < deadline:
        time.sleep(0.05)


def _is_zombie(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].startswith("Z")
    except OSError:
        return False


def remove(path: str, timeout: float = 10.0) -> None:
    """Remove the cgroup and all below it from every hierarchy."""
    deadline = time.monotonic() + timeout
    while left := [h.mount / path for h in hierarchies() if (h.mount / path).exists()]:
        if time.monotonic() > deadline:
            raise LocalClusterError(f"cgroups {', '.join(map(str, left))} cannot be removed")
        for top in left:
            for here, _, _ in os.walk(top, topdown=False):
                try:
                    Path(here).rmdir()
                except OSError:
                    continue  # still busy: the kernel lets go of ended processes a little later
        time.sleep(0.02)


def cpu_of_pods(path: str) -> dict[str, float]:
    """The seconds of CPU that each pod on the nodes below has used, by its uid."""
    mount = next(h.mount for h in hierarchies() if "cpuacct" in h.controllers)
    used = {}
    for folder in (mount / path).glob("**/kubepods/**/pod*"):
        try:
            nanoseconds = int((folder / "cpuacct.usage").read_text())
        except OSError:
            continue  # it ended since it was listed
        used[folder.name.removeprefix("pod")] = nanoseconds / 1e9
    return used
