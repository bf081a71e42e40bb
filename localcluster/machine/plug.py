"""Process 1 of a machine: makes its file systems, runs its units, reaps its orphans.

Started by `power.py` inside fresh namespaces as a script of its own, with the
machine's folder as its argument; it imports nothing but the standard library,
because the interpreter runs isolated. It never ends by itself: ending it ends
the machine.

Units are the files `units/NAME.json` (see `units.py`). A unit that ends is
started again after a pause that grows; one with `units/NAME.stop` beside it is
killed and left alone. SIGHUP makes the plug look at once.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

LISTEN_FD = 3
FIRST_PAUSE, LONGEST_PAUSE, LONG_ENOUGH = 0.2, 5.0, 10.0


def mount(kind: str, target: str, *options: str) -> None:
    """Mount a new file system of this kind."""
    Path(target).mkdir(parents=True, exist_ok=True)
    chosen = ["-o", ",".join(options)] if options else []
    subprocess.run(["mount", "-t", kind, *chosen, kind, target], check=True)


def bind(source: Path, target: Path) -> None:
    """Make `source` appear at `target` too."""
    subprocess.run(["mount", "--bind", source, target], check=True)


def make_file_systems(machine: Path, hierarchies: dict[str, str]) -> None:
    """Give the machine its own /proc, /run, /var/lib, /var/log, cgroups and identity."""
    # Kubelet and containerd expect that their mounts are seen by each other.
    subprocess.run(["mount", "--make-rshared", "/"], check=True)
    mount("proc", "/proc")
    for private in ("/run", "/var/lib", "/var/log"):
        mount("tmpfs", private, "mode=755")
    for folder in ("/run/netns", "/run/lock", "/var/lib/dbus"):
        Path(folder).mkdir()
    volumes = machine / "volumes"
    volumes.mkdir(exist_ok=True)
    shown = Path("/run/local-path-provisioner")
    shown.mkdir()
    bind(volumes, shown)
    # In the new cgroup namespace each hierarchy, mounted anew, shows only this machine's part.
    mount("tmpfs", "/sys/fs/cgroup", "mode=755")
    for name, options in hierarchies.items():
        mount("cgroup", f"/sys/fs/cgroup/{name}", options)
    identity = machine / "machine-id"
    identity.write_text(Path("/proc/sys/kernel/random/uuid").read_text().replace("-", ""))
    Path("/var/lib/dbus/machine-id").write_text(identity.read_text())
    if Path("/etc/machine-id").exists():
        bind(identity, Path("/etc/machine-id"))


@dataclass
class Unit:
    """A program that is kept running, and how that goes."""

    file: Path
    listener: int
    pid: int | None = None
    starts: int = 0
    last_exit: int | None = None
    started: float = 0.0
    pause: float = FIRST_PAUSE
    next_start: float = 0.0
    told: dict[str, int | None] = field(default_factory=dict)

    @property
    def wanted(self) -> bool:
        """Whether somebody wants it to run."""
        return not self.file.with_suffix(".stop").exists()

    def start(self) -> None:
        """Run the program, in a process group of its own and with the usual signals."""
        spec: dict[str, Any] = json.loads(self.file.read_text())
        append = os.O_WRONLY | os.O_CREAT | os.O_APPEND
        actions: list[Any] = [
            (os.POSIX_SPAWN_OPEN, 0, "/dev/null", os.O_RDONLY, 0),
            (os.POSIX_SPAWN_OPEN, 1, spec["log"], append, 0o600),
            (os.POSIX_SPAWN_DUP2, 1, 2),
        ]
        if spec["listens"]:
            actions.append((os.POSIX_SPAWN_DUP2, self.listener, LISTEN_FD))
        self.started = time.monotonic()
        self.starts += 1
        try:
            self.pid = os.posix_spawnp(
                spec["argv"][0],
                spec["argv"],
                os.environ,
                file_actions=actions,
                setpgroup=0,
                setsigmask=[],
                setsigdef=[signal.SIGPIPE, signal.SIGHUP, signal.SIGCHLD],
            )
        except OSError as error:
            print(f"{spec['argv'][0]} cannot be started: {error}", file=sys.stderr, flush=True)
            self.ended(127)

    def ended(self, code: int) -> None:
        """Note how it ended and when it may be started again."""
        now = time.monotonic()
        self.pid, self.last_exit = None, code
        if now - self.started > LONG_ENOUGH:
            self.pause = FIRST_PAUSE
        self.next_start = now + self.pause
        self.pause = min(2 * self.pause, LONGEST_PAUSE)

    def kill(self) -> None:
        """End it at once, with all that it started and did not set apart."""
        if self.pid is not None:
            os.killpg(self.pid, signal.SIGKILL)

    def tell(self) -> None:
        """Write its state beside its file, when it changed."""
        state = {"pid": self.pid, "starts": self.starts, "exit": self.last_exit}
        if state != self.told:
            written = self.file.with_suffix(".state.new")
            written.write_text(json.dumps(state))
            written.rename(self.file.with_suffix(".state"))
            self.told = state


@dataclass
class Plug:
    """The units of this machine, kept as their folder says."""

    folder: Path
    listener: int
    units: dict[str, Unit] = field(default_factory=dict)

    def reap(self) -> None:
        """Take leave of every process that has ended, ours or orphaned."""
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            for unit in self.units.values():
                if unit.pid == pid:
                    unit.ended(os.waitstatus_to_exitcode(status))

    def keep(self) -> float:
        """Start and end what must be; returns the seconds until something may be due."""
        due = 1.0
        for file in sorted(self.folder.glob("*.json")):
            unit = self.units.setdefault(file.stem, Unit(file, self.listener))
            now = time.monotonic()
            if not unit.wanted:
                unit.kill()
                unit.next_start, unit.pause = now, FIRST_PAUSE
            elif unit.pid is None and now >= unit.next_start:
                unit.start()
            if unit.pid is None and unit.wanted:
                due = min(due, max(0.01, unit.next_start - now))
            unit.tell()
        return due


def main() -> None:
    """Make the machine from the folder given as the only argument, and keep it running."""
    machine = Path(sys.argv[1])
    spec = json.loads((machine / "machine.json").read_text())
    wake = {signal.SIGCHLD, signal.SIGHUP}
    signal.pthread_sigmask(signal.SIG_BLOCK, wake)
    listener: int = spec["listener"]
    if listener >= 0:
        os.set_inheritable(listener, False)  # noqa: FBT003 it has no keyword
    make_file_systems(machine, spec["hierarchies"])
    socket.sethostname(spec["hostname"])
    units = machine / "units"
    for stale in units.glob("*.state"):
        stale.unlink()
    (machine / "ready").touch()
    plug = Plug(units, listener)
    while True:
        due = plug.keep()
        signal.sigtimedwait(wake, due)
        plug.reap()


if __name__ == "__main__":
    main()
