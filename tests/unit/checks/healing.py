"""A Deployment whose pod was deleted, what was seen of it, and what `heals` finds."""

from typing import Any

from labgrader.api.kinds import Heals
from labgrader.checks.finding import Finding
from labgrader.checks.heals import judge
from labgrader.checks.scope import Scope
from labgrader.evidence.answers import Answer, Found, Items, NotThere
from labgrader.evidence.experiments import DeletePod, HttpTarget
from labgrader.evidence.requests import Request
from labgrader.evidence.snapshot import Snapshot
from labgrader.evidence.timeline import Action, PodsSeen, Sample, Timeline
from tests.support.sentences import told_whole

SCOPE = Scope("kim")
WEB = {"kind": "Deployment", "name": "web"}
AVAILABILITY = {"service": "web", "port": 80, "path": "/", "min": "99"}
DELETED_MS = 1_000


def heals(**more: Any) -> Heals:
    return Heals.model_validate({"object": WEB, "fault": "DeletePod", "within": "60s", **more})


def deployment(
    replicas: int = 2, ready: int | None = None, *, probe: bool = True
) -> dict[str, Any]:
    container: dict[str, Any] = {"name": "web", "ports": [{"containerPort": 8080}]}
    if probe:
        container["readinessProbe"] = {"httpGet": {"path": "/healthz", "port": 8080}}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "web", "namespace": "kim", "uid": "d", "generation": 3},
        "spec": {
            "replicas": replicas,
            "selector": {"matchLabels": {"app": "web"}},
            "template": {"spec": {"containers": [container]}},
        },
        "status": {
            "observedGeneration": 3,
            "replicas": replicas,
            "readyReplicas": replicas if ready is None else ready,
        },
    }


SERVICE = {
    "apiVersion": "v1",
    "kind": "Service",
    "metadata": {"name": "web", "namespace": "kim", "uid": "s"},
    "spec": {"selector": {"app": "web"}, "ports": [{"port": 80, "targetPort": 8080}]},
}


def experiment(*, clients: bool) -> DeletePod:
    target = HttpTarget("kim", "web", 80, "/") if clients else None
    return DeletePod("kim", "apps/v1", "Deployment", "web", "d", 60_000, target)


def snapshot(workload: dict[str, Any] | None, timeline: Timeline | None) -> Snapshot:
    answers: dict[Request, Answer] = {
        SCOPE.named("Deployment", "web"): Found(workload) if workload else NotThere(),
        SCOPE.named("Service", "web"): Found(SERVICE),
        SCOPE.all("EndpointSlice", {"kubernetes.io/service-name": "web"}): Items(()),
    }
    for kind in ("Pod", "ReplicaSet", "Event", "Deployment", "NetworkPolicy"):
        answers[SCOPE.all(kind)] = Items(())
    if timeline is not None:
        answers[experiment(clients=False)] = answers[experiment(clients=True)] = timeline
    return Snapshot(answers)


def pods(at_ms: int, ready: str, others: str = "", wanted: int = 2) -> PodsSeen:
    return PodsSeen(at_ms, tuple(ready), tuple(others), wanted)


def timeline(*seen: PodsSeen, deleted: str = "a", **more: Any) -> Timeline:
    return Timeline(
        actions=(Action(DELETED_MS, "pod-deleted", deleted),), pods=seen, ended_ms=61_000, **more
    )


BEFORE = pods(900, "ab")
DOWN = pods(1_040, "b", "ac")
UP = pods(15_200, "bc", "a")


def found(params: Heals, seen: Timeline | None, workload: dict[str, Any] | None = None) -> Finding:
    return told_whole(judge(params, SCOPE, snapshot(workload or deployment(), seen)))


def told(finding: Finding) -> dict[str, str]:
    return dict(finding.params)


def samples(*, lost: range = range(0), count: int = 400) -> tuple[Sample, ...]:
    """One every 50 ms from the deletion on."""
    return tuple(
        Sample(DELETED_MS + 50 * n, 0, 0 if n in lost else 200, "refused" if n in lost else "")
        for n in range(count)
    )
