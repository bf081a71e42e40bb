"""The command line's part: the twenty facts asked of 1 and of 20 namespaces, by each tool.

Time is that of the whole process. Called by `benchmarks.measure`, inside the cluster's network.
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import audit, facts
from benchmarks.ground import TARGETS, Ground

_LABGRADER = Path(sys.executable).with_name("labgrader")
_REST_SECONDS = 1.0


@dataclass(frozen=True)
class Tools:
    """The tools, with what they read written into a folder."""

    ground: Ground
    folder: Path

    def write(self) -> None:
        """Write the exercise, the script and chainsaw's tests."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._exercise.write_text(facts.exercise(), "utf-8")
        self._script.write_text(facts.script(), "utf-8")
        for namespace in TARGETS:
            place = self.folder / "chainsaw" / namespace
            place.mkdir(parents=True, exist_ok=True)
            (place / "chainsaw-test.yaml").write_text(facts.chainsaw(namespace), "utf-8")

    def commands(self, namespaces: tuple[str, ...]) -> Mapping[str, tuple[str, ...]]:
        """How each tool is asked about the namespaces. chainsaw only where it is on PATH."""
        each = " ".join(namespaces)
        flags = [word for name in namespaces for word in ("-n", name)]
        made: dict[str, tuple[str, ...]] = {
            "once": (
                *(sys.executable, "-m", "benchmarks.peers.once", str(self.ground.kubeconfig)),
                *namespaces,
            ),
            "labgrader": (str(_LABGRADER), "grade", str(self._exercise), "-o", "json", *flags),
            "kubectl": (
                "bash",
                "-c",
                f"for n in {each}; do bash {self._script} $n || exit 1; done",
            ),
        }
        if chainsaw := shutil.which("chainsaw"):
            tests = [str(self.folder / "chainsaw" / name) for name in namespaces]
            made["chainsaw"] = (
                *(chainsaw, "test", "--no-color", "--skip-delete", "--parallel", "20"),
                *tests,
            )
        return made

    def measure(self, namespaces: tuple[str, ...], tool: str) -> dict[str, Any]:
        """Seconds and requests of one call. Raises RuntimeError where the tool finds fault."""
        path = f"{self.ground.kubectl.parent}:{os.environ['PATH']}"
        environment = {**os.environ, "KUBECONFIG": str(self.ground.kubeconfig), "PATH": path}
        since, begun = audit.now(), time.perf_counter()
        done = subprocess.run(
            self.commands(namespaces)[tool],
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        seconds = time.perf_counter() - begun
        if done.returncode:
            raise RuntimeError(f"{tool} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
        time.sleep(_REST_SECONDS)
        asked = audit.requests(self.ground.audit_log, since, audit.now())
        return {"seconds": seconds, "requests": sum(asked.values())}

    @property
    def _exercise(self) -> Path:
        return self.folder / "exercise.yaml"

    @property
    def _script(self) -> Path:
        return self.folder / "checks.sh"
