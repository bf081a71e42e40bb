"""Prometheus metrics of live grading: ``labgrader_live_*``.

Part of ``reporting.metrics``; counted by ``handlers.live``. Labels never name a learner.
"""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram


class LiveMetrics:
    """What live grading does, and what it leaves out."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.submissions = Gauge(
            "labgrader_live_submissions", "Submissions that are followed.", registry=registry
        )
        self.left_out = Counter(
            "labgrader_live_left_out",
            "Submissions not followed because there are too many.",
            registry=registry,
        )
        self.watches = Gauge(
            "labgrader_live_watches", "Kinds that are watched or should be.", registry=registry
        )
        self.changes = Counter(
            "labgrader_live_changes",
            "Changes that concern a followed submission.",
            registry=registry,
        )
        self.looks = Counter(
            "labgrader_live_looks", "Looks at a namespace.", ["result"], registry=registry
        )
        self.writes = Counter(
            "labgrader_live_writes", "Writes of status.live.", ["result"], registry=registry
        )
        self.seconds = Histogram(
            "labgrader_live_seconds",
            "From the first change to the written status.",
            buckets=(0.05, 0.1, 0.2, 0.3, 0.5, 1, 2, 5, 15),
            registry=registry,
        )
