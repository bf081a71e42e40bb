"""Prometheus metrics of the evidence that is kept: ``labgrader_evidence_*``.

Part of ``reporting.metrics``; counted by ``handlers.keeper``. Labels never name a learner.
"""

from prometheus_client import CollectorRegistry, Counter, Gauge


class EvidenceMetrics:
    """What becomes of the evidence of gradings. Without a registry, nobody is told."""

    def __init__(self, registry: CollectorRegistry | None = None) -> None:
        self.pending = Gauge(
            "labgrader_evidence_pending", "Bundles that wait for the store.", registry=registry
        )
        self.delivered = Counter(
            "labgrader_evidence_delivered",
            "Bundles that the store took, at once or later.",
            registry=registry,
        )
        self.failed = Counter(
            "labgrader_evidence_failed", "Bundles that could not be kept.", registry=registry
        )
