"""What the plug of a machine is to run, written as files into the machine's folder.

Used by `controlplane` and `node` to say which programs a machine runs, and by
the cluster to stop, start and ask about one of them. It talks to the plug by
files and one signal only, so it works whoever started the machine.
"""

import json
import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

from localcluster.errors import LocalClusterError, tail


@dataclass(frozen=True)
class Unit:
    """A program to be kept running, with its arguments.

    One that `listens` gets the machine's listening socket as file descriptor 3.
    """

    name: str
    argv: tuple[str, ...]
    listens: bool = False


@dataclass(frozen=True)
class UnitState:
    """How a unit is: its process (as the machine counts them), starts so far, last exit code."""

    pid: int | None
    starts: int
    exit: int | None


@dataclass(frozen=True)
class Units:
    """The units of the machine with this folder."""

    machine: Path

    @property
    def _folder(self) -> Path:
        return self.machine / "units"

    def log(self, name: str) -> Path:
        """The file that a unit writes to."""
        return self.machine / "logs" / f"{name}.log"

    def names(self) -> list[str]:
        """All units of the machine."""
        return sorted(file.stem for file in self._folder.glob("*.json"))

    def add(self, unit: Unit) -> None:
        """Have it run from now on; call `wake` afterwards."""
        self.log(unit.name).parent.mkdir(parents=True, exist_ok=True)
        self._folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps(
            {
                "argv": unit.argv,
                "log": str(self.log(unit.name)),
                "listens": unit.listens,
            }
        )
        new = self._folder / f"{unit.name}.new"
        new.write_text(text)
        new.rename(self._folder / f"{unit.name}.json")

    def clear(self) -> None:
        """Forget all units; only while the machine is off."""
        for file in self._folder.glob("*"):
            file.unlink()

    def state(self, name: str) -> UnitState:
        """How the plug last described the unit."""
        try:
            told = json.loads((self._folder / f"{name}.state").read_text())
        except FileNotFoundError:
            return UnitState(None, 0, None)
        return UnitState(told["pid"], told["starts"], told["exit"])

    def stop(self, name: str, plug: int, timeout: float = 10.0) -> None:
        """Kill the unit and keep it down; returns when its process is gone."""
        (self._folder / f"{name}.stop").touch()
        self._until(name, plug, timeout, running=False)

    def start(self, name: str, plug: int, timeout: float = 10.0) -> None:
        """Have a stopped unit run again; returns when its process is there."""
        (self._folder / f"{name}.stop").unlink(missing_ok=True)
        self._until(name, plug, timeout, running=True)

    def _until(self, name: str, plug: int, timeout: float, *, running: bool) -> None:
        deadline = time.monotonic() + timeout
        while (self.state(name).pid is not None) != running:
            wake(plug)
            if time.monotonic() > deadline:
                wish = "start" if running else "end"
                raise LocalClusterError(f"{name} does not {wish}.\n{tail(self.log(name))}")
            time.sleep(0.02)


def wake(plug: int) -> None:
    """Have the plug look at its units now, not at its next round."""
    os.kill(plug, signal.SIGHUP)
