"""What the operator is told from outside, as one frozen value.

Made by ``cli.run`` from flags and the environment; read by ``handlers.operate``.
"""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Settings:
    """The operator's settings.

    ``namespace`` is where its records and probe Jobs live. ``probe_image`` is the image of
    probe Jobs; without one, checks that need a probe are Unknown. ``own_cluster`` says that the
    whole cluster is one learner's, so that checks may drain its nodes. ``identity`` stays the same
    when the process is restarted in its pod, ``run`` is new each time.
    """

    namespace: str
    probe_image: str
    identity: str
    run: str
    kubeconfig: Path | None = None
    context: str | None = None
    port: int = 8080
    evidence: str = ""
    spool: Path = Path("labgrader-spool")
    spool_bytes: int = 32 * 1024 * 1024
    evidence_count: int = 10
    evidence_days: int = 365
    workers: int = 20
    experiments: int = 2
    rescan_seconds: float = 45.0
    queue_limit: int = 10_000
    own_cluster: bool = False
