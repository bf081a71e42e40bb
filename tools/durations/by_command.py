"""One experiment, graded by the command line, as what stops a node must be.

Used by ``tools.durations``.
"""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml

from demo.errors import DemoError
from labgrader.evidence.bundle import read
from tools.durations.cpu import Meter
from tools.durations.decided import decided
from tools.durations.measured import LEARNER, Measured
from tools.durations.wanted import Wanted
from tools.durations.witness import told_of_command
from tools.exercises import own_cluster
from tools.installed import Installed

_IMAGE = "labgrader:dev"


@dataclass(frozen=True, slots=True)
class Ended:
    """A command that has ended: when it printed, in seconds since 1970, and its seconds of CPU."""

    printed: float
    used: float


def measure(made: Installed, one: Wanted) -> Measured:
    """Grade it once. Raises DemoError."""
    made.clean(LEARNER)
    made.learner(LEARNER)
    made.work(LEARNER, one.folder.solutions[0])
    meter, since = Meter(made.cluster, made.kubectl), time.time()
    with TemporaryDirectory() as folder:
        exercise, evidence = Path(folder, "exercise.yaml"), Path(folder, "evidence")
        exercise.write_text(yaml.safe_dump(dict(one.body), allow_unicode=True), "utf-8")
        with meter.running():
            ended = run(_grade(made, exercise, evidence))
        if not evidence.exists():
            raise DemoError("labgrader grade came to no verdict; see above")
        bundle = read(evidence.read_bytes())
    return Measured(
        outcome=bundle.verdict.checks[0].outcome,
        told=told_of_command(made.cluster.audit_log, since, LEARNER, ended.printed),
        decided_ms=decided(bundle.record),
        grader=ended.used,
        clients=meter.used(operator=False),
    )


def _grade(made: Installed, exercise: Path, evidence: Path) -> Sequence[str]:
    return (
        *(sys.executable, "-m", "labgrader", "grade", str(exercise), "--namespace", LEARNER),
        *("--kubeconfig", str(made.cluster.kubeconfig), "--probe-image", _IMAGE),
        *("--allow-disruption", *own_cluster(made.cluster), "--record", str(evidence)),
    )


def run(command: Sequence[str]) -> Ended:
    """Run a command to its end; what it says beside its report is seen as it comes."""
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as process:
        if process.stdout is None:
            raise RuntimeError("its output was not asked for")
        process.stdout.readline()
        printed = time.time()
        process.stdout.read()
        return Ended(printed, _used(process.pid))


def _used(pid: int) -> float:
    """By the process itself, when it has ended: without the program that switches nodes."""
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    told = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    user, system = told[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")
