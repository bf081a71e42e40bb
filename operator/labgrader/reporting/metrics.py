"""Prometheus metrics: controller-runtime's names where it has one, ``labgrader_*`` for the rest.

Counted by ``handlers``, served by ``handlers.health``. Labels never carry a learner's name.
"""

from collections.abc import Mapping
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from labgrader.reporting.evidence_metrics import EvidenceMetrics
from labgrader.reporting.live_metrics import LiveMetrics

_CONTROLLER = "submission"


class Metrics:
    """The operator's metrics in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.depth = Gauge(
            "workqueue_depth", "Submissions that wait.", ["name"], registry=self.registry
        ).labels(_CONTROLLER)
        self.dropped = Counter(
            "workqueue_dropped", "Keys not queued because it was full.", registry=self.registry
        )
        self._reconciled = Counter(
            "controller_runtime_reconcile",
            "Submissions worked on.",
            ["controller", "result"],
            registry=self.registry,
        )
        self._seconds = Histogram(
            "controller_runtime_reconcile_time_seconds",
            "How long working on a submission took.",
            ["controller"],
            buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 15, 60, 300, 900),
            registry=self.registry,
        ).labels(_CONTROLLER)
        self._verdicts = Counter(
            "labgrader_verdicts", "Verdicts written.", ["result"], registry=self.registry
        )
        self._findings = Counter(
            "labgrader_findings", "Checks judged.", ["outcome", "reason"], registry=self.registry
        )
        self.rescans = Counter(
            "labgrader_rescans", "Looks at all submissions.", ["result"], registry=self.registry
        )
        self.live = LiveMetrics(self.registry)
        self.evidence = EvidenceMetrics(self.registry)

    def reconciled(self, result: str, seconds: float) -> None:
        """Count one piece of work."""
        self._reconciled.labels(_CONTROLLER, result).inc()
        self._seconds.observe(seconds)

    def verdict(self, status: Mapping[str, Any]) -> None:
        """Count a written verdict and its findings."""
        self._verdicts.labels(status["result"]).inc()
        for check in status.get("checks") or ():
            self._findings.labels(check["outcome"], check["reason"]).inc()

    def text(self) -> bytes:
        """The metrics in Prometheus' text format."""
        return generate_latest(self.registry)
