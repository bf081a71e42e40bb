"""Runs kubectl as the administrator, for what the policy enforcer needs and its proof."""

import subprocess
from dataclasses import dataclass

from localcluster.errors import LocalClusterError
from localcluster.layout import Layout
from localcluster.record import Record

_PATIENCE = 60.0  # seconds


@dataclass(frozen=True)
class Kubectl:
    """The words before every command."""

    words: tuple[str, ...]

    @staticmethod
    def of(place: Layout, made: Record) -> "Kubectl":
        """The kubectl for this cluster, through the relay."""
        return Kubectl((f"{made.programs}/kubectl", f"--kubeconfig={place.kubeconfig}"))

    def run(self, *words: str, given: str = "") -> subprocess.CompletedProcess[str]:
        """What a command says and how it ends, whatever that is."""
        try:
            return subprocess.run(
                [*self.words, *words],
                input=given,
                capture_output=True,
                text=True,
                timeout=_PATIENCE,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise LocalClusterError(
                f"kubectl {' '.join(words)} does not end within {_PATIENCE:.0f} s"
            ) from error

    def apply(self, *words: str, given: str = "") -> None:
        """Send objects."""
        done = self.run("apply", "--server-side", "--validate=false", *words, given=given)
        if done.returncode:
            raise LocalClusterError(f"the policy enforcer's objects are refused:\n{done.stderr}")
