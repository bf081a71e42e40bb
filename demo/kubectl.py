"""kubectl as the demo calls it: one cluster, its own kubeconfig, errors with what it said.

The user's current kube-context is never changed and, but for `--cluster current`, never read.
"""

import json
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from demo.errors import DemoError

_PATIENCE_SECONDS = 300


@dataclass(frozen=True)
class Kubectl:
    """One cluster, seen through kubectl. ``kubeconfig`` is None for the user's own."""

    program: str
    kubeconfig: Path | None = None
    context: str | None = None

    def run(self, *words: str, given: str | None = None) -> str:
        """Run it to its end and return what it printed. Raises DemoError."""
        command = [self.program, *self._place(), *words]
        try:
            done = subprocess.run(
                command,
                input=given or "",
                capture_output=True,
                text=True,
                check=False,
                timeout=_PATIENCE_SECONDS,
            )
        except subprocess.TimeoutExpired as late:
            raise DemoError(
                f"kubectl {' '.join(words)} did not end in {_PATIENCE_SECONDS} s"
            ) from late
        if done.returncode:
            raise DemoError(f"kubectl {' '.join(words)} failed:\n{done.stderr.strip()}")
        return done.stdout

    def json(self, *words: str) -> Any:
        """What it printed, as JSON. None where it printed nothing. Raises DemoError."""
        printed = self.run(*words, "--output=json")
        return json.loads(printed) if printed.strip() else None

    def apply(self, objects: Iterable[Mapping[str, Any]], *words: str) -> None:
        """Apply objects server-side. Raises DemoError."""
        listed = {"apiVersion": "v1", "kind": "List", "items": list(objects)}
        self.run(
            "apply",
            "--server-side",
            "--force-conflicts",
            "--filename=-",
            *words,
            given=json.dumps(listed),
        )

    def _place(self) -> list[str]:
        place = [f"--kubeconfig={self.kubeconfig}"] if self.kubeconfig else []
        return [*place, f"--context={self.context}"] if self.context else place
