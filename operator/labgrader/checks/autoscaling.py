"""What the Timeline of a loaded autoscaler measures: when it had scaled, when it came back, what turned.

Called by ``checks.scales`` to judge, and by ``cluster.experiments`` to know when the experiment
has seen enough: one definition for both. Must not decide outcomes.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from labgrader.api.names import BUILT_IN_API_VERSIONS
from labgrader.evidence.answers import Json
from labgrader.evidence.requests import GetObject
from labgrader.evidence.timeline import AutoscalerSeen, LoadSeen, Timeline

LOAD_STARTED = "load-started"
LOAD_ENDED = "load-ended"
ALREADY_SCALED = "already-scaled"
REQUESTS_ANSWERED = "requests-answered"
"""The action, after the load, whose subject is how many of its requests were answered."""
REQUESTS_FAILED = "requests-failed"
_LATE_MS = 250
"""A load generator whose seconds are longer by this, and one in four of them, sends no load worth
the name, and what it loads gets no CPU either."""
_ONE_IN = 4


def reached(seen: Sequence[AutoscalerSeen], replicas: int) -> int | None:
    """When the autoscaler had scaled to so many Ready replicas; None where it had not.

    ``seen`` begins with the load. The autoscaler must have been seen adding replicas itself,
    on a metric that it reads: replicas set by hand, or demanded by a raised minReplicas, are
    nobody's reaction to load.
    """
    added = False
    for moment in seen:
        if moment.minimum >= replicas:
            return None
        added = added or adds(moment, replicas)
        if added and moment.wanted >= replicas and moment.ready >= replicas:
            return moment.at_ms
    return None


def adds(moment: AutoscalerSeen, replicas: int) -> bool:
    """The autoscaler itself goes from fewer to so many replicas."""
    return reads(moment) and moment.current < replicas <= moment.wanted


def reads(moment: AutoscalerSeen) -> bool:
    """The autoscaler reads a metric, and acts on it."""
    return moment.utilization >= 0 and not moment.inactive


def sees(moment: AutoscalerSeen) -> bool:
    """The autoscaler reads one of its metrics at least, whether or not it may act on it now.

    While it cannot read another one, it acts only to add replicas, and otherwise calls itself
    inactive.
    """
    if reads(moment):
        return True
    lacks_one = moment.inactive.startswith("FailedGet") and moment.inactive.endswith("Metric")
    return lacks_one and any(metric.percent >= 0 for metric in moment.metrics)


def base(before: Iterable[AutoscalerSeen]) -> int:
    """To how many replicas it is to come back, by what held when the load began."""
    return max((max(one.current, one.wanted, one.minimum) for one in before), default=1)


def returned(seen: Sequence[AutoscalerSeen], replicas: int, since_ms: int) -> int | None:
    """When, from ``since_ms`` on, it had come back to so few replicas; None where it had not.

    ``seen`` begins when it had scaled up. It must have been seen removing replicas itself: those
    that somebody else takes away, it does not stop wanting.
    """
    removed = False
    ends = [*(later.at_ms for later in seen[1:]), None]
    for moment, end_ms in zip(seen, ends, strict=True):
        removed = removed or moment.wanted < moment.current
        few = moment.wanted <= replicas and moment.ready <= replicas
        if removed and few and (end_ms is None or end_ms > since_ms):
            return max(moment.at_ms, since_ms)
    return None


def direction_changes(seen: Iterable[AutoscalerSeen]) -> int:
    """How often the wanted replicas turned: from more to fewer, or from fewer to more."""
    steps = [later.wanted - earlier.wanted for earlier, later in pairwise(seen)]
    ways = [step > 0 for step in steps if step]
    return sum(later != earlier for earlier, later in pairwise(ways))


@dataclass(frozen=True, slots=True)
class Lost:
    """Requests that failed: how many of how many, when the first and the last, and how."""

    sent: int
    failed: int
    from_ms: int
    until_ms: int
    error: str

    def exceeds(self, share: int) -> bool:
        """More than this share (milli-percent) of the requests failed."""
        return self.failed * 100_000 > share * self.sent

    @property
    def share(self) -> int:
        """The share of the requests that failed, in milli-percent, rounded up."""
        return -(-self.failed * 100_000 // self.sent) if self.sent else 0


def lost(timeline: Timeline) -> Lost:
    """What became of the load's requests; the load tells of them once a second."""
    answered, failed = (count(timeline, what) for what in (REQUESTS_ANSWERED, REQUESTS_FAILED))
    started_ms = timeline.when(LOAD_STARTED) or 0
    begun = LoadSeen(started_ms, 0, 0)
    failing = [
        (earlier.at_ms, later)
        for earlier, later in pairwise((begun, *timeline.load))
        if later.failed > earlier.failed
    ]
    if not failing:
        return Lost(answered + failed, failed, 0, 0, "-")
    first_ms, (_, last) = failing[0][0] - started_ms, failing[-1]
    return Lost(answered + failed, failed, first_ms, last.at_ms - started_ms, last.error or "-")


def count(timeline: Timeline, what: str) -> int:
    """The sum of what such actions counted."""
    return sum(int(action.subject) for action in timeline.actions if action.what == what)


def starved_load(timeline: Timeline) -> bool:
    """The load generator itself had no CPU to send load with, for a good part of the time."""
    late = [seen for seen in timeline.load if seen.late_ms > _LATE_MS]
    return bool(late) and _ONE_IN * len(late) >= len(timeline.load)


def target_of(hpa: Json) -> GetObject | None:
    """The request for what the autoscaler scales; None where the reference leads nowhere.

    Like the autoscaler, it goes by the group of a built-in kind, not by the version.
    """
    ref = hpa["spec"]["scaleTargetRef"]
    written, built_in = ref.get("apiVersion", ""), BUILT_IN_API_VERSIONS.get(ref["kind"])
    if built_in is not None and _group(written) != _group(built_in):
        return None
    return GetObject(hpa["metadata"]["namespace"], built_in or written, ref["kind"], ref["name"])


def _group(api_version: str) -> str:
    return api_version.rpartition("/")[0]
