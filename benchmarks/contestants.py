"""Who takes part in the grading of Submissions, and how each is started.

A contestant is a process of its own; what it costs is read from /proc.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from benchmarks.ground import COURSE

_BIN = Path(sys.executable).parent
_STOCK = Path(__file__).parent / "peers" / "stock.py"
_TICKS = os.sysconf("SC_CLK_TCK")
_END_SECONDS = 10
CONTESTANTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "bare": (sys.executable, "-m", "benchmarks.peers.bare", "{kubeconfig}", COURSE),
        "bare-get": (
            *(sys.executable, "-m", "benchmarks.peers.bare", "{kubeconfig}", COURSE),
            "--get",
        ),
        "stock": (str(_BIN / "kopf"), "run", "--standalone", "-n", COURSE, str(_STOCK)),
        "operator": (str(_BIN / "labgrader"), "run", "--kubeconfig", "{kubeconfig}"),
    }
)


@dataclass(frozen=True)
class Cost:
    """What a process has used so far: seconds of CPU, and bytes of memory now and at most."""

    cpu_seconds: float
    memory: int
    peak_memory: int


@dataclass(frozen=True)
class Running:
    """A contestant's process."""

    process: subprocess.Popen[bytes]

    def cost(self) -> Cost:
        """What it has used so far. Raises RuntimeError where it has ended."""
        if self.process.poll() is not None:
            raise RuntimeError(f"{self.process.args!r} ended with {self.process.returncode}")
        proc = Path("/proc") / str(self.process.pid)
        used = proc.joinpath("stat").read_text().rpartition(")")[2].split()
        lines = proc.joinpath("status").read_text().splitlines()
        fields = dict(line.split(":", 1) for line in lines)
        return Cost(
            (int(used[11]) + int(used[12])) / _TICKS,
            int(fields["VmRSS"].split()[0]) * 1024,
            int(fields["VmHWM"].split()[0]) * 1024,
        )


@contextmanager
def running(name: str, kubeconfig: Path, log: Path) -> Iterator[Running]:
    """Start a contestant and end it afterwards, whatever happens."""
    command = [word.format(kubeconfig=kubeconfig) for word in CONTESTANTS[name]]
    environment = {**os.environ, "KUBECONFIG": str(kubeconfig)}
    with log.open("ab") as said:
        process = subprocess.Popen(command, env=environment, stdout=said, stderr=said)
        try:
            yield Running(process)
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(_END_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
