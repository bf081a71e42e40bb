"""An autoscaler and its Deployment under load: what was seen of them, and what `scales` finds."""

from typing import Any

from labgrader.api.kinds import Scales
from labgrader.checks.finding import Finding
from labgrader.checks.scales import judge
from labgrader.checks.scope import Scope
from labgrader.evidence.answers import Answer, Found, Items, NotThere, Trouble
from labgrader.evidence.experiments import HttpTarget, LoadAutoscaler
from labgrader.evidence.requests import GetObject, Request
from labgrader.evidence.snapshot import Snapshot
from labgrader.evidence.timeline import Action, AutoscalerSeen, Timeline
from tests.support.sentences import told_whole

SCOPE = Scope("kim")
PARAMS = Scales.model_validate(
    {
        "autoscaler": "web",
        "load": {"service": "web", "port": 80, "path": "/burn"},
        "up": {"to": 3, "within": "180s"},
    }
)
EXPERIMENT = LoadAutoscaler(
    "kim", "web", "h", HttpTarget("kim", "web", 80, "/burn"), 8, replicas=3, within_ms=180_000
)
SERVICE = {
    "metadata": {"name": "web", "namespace": "kim", "uid": "s"},
    "spec": {"selector": {"app": "web"}, "ports": [{"port": 80}]},
}
UTILIZATION = {
    "type": "Resource",
    "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 60}},
}
STARTED_MS = 5_000


def hpa(**spec: Any) -> dict[str, Any]:
    return {
        "kind": "HorizontalPodAutoscaler",
        "metadata": {"name": "web", "namespace": "kim", "uid": "h"},
        "spec": {
            "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"},
            "minReplicas": 1,
            "maxReplicas": 5,
            "metrics": [UTILIZATION],
            **spec,
        },
    }


def deployment(resources: dict[str, Any] | None = None) -> dict[str, Any]:
    wanted = {"requests": {"cpu": "50m"}} if resources is None else resources
    return {
        "kind": "Deployment",
        "metadata": {"name": "web", "namespace": "kim", "uid": "d"},
        "spec": {
            "replicas": 1,
            "template": {"spec": {"containers": [{"name": "web", "resources": wanted}]}},
        },
    }


def found(
    timeline: Timeline | None = None,
    autoscaler: dict[str, Any] | None = None,
    target: dict[str, Any] | None = None,
    **lists: tuple[dict[str, Any], ...],
) -> Finding:
    answers: dict[Request, Answer] = {
        SCOPE.named("HorizontalPodAutoscaler", "web"): Found(autoscaler or hpa()),
        SCOPE.named("Service", "web"): Found(SERVICE),
        SCOPE.named("Deployment", "web"): Found(target or deployment()),
        SCOPE.named("Deployment", "other"): NotThere(),
        GetObject("kim", "apps/v1", "deployment", "web"): Trouble(
            "KindNotServed", "deployment (apps/v1)", transient=False
        ),
        SCOPE.named("StatefulSet", "web"): Trouble("Forbidden", "no right", transient=False),
        SCOPE.all("EndpointSlice", {"kubernetes.io/service-name": "web"}): Items(()),
    }
    for kind in ("Pod", "ReplicaSet", "Event", "NetworkPolicy", "HorizontalPodAutoscaler"):
        answers[SCOPE.all(kind)] = Items(lists.get(kind, ()))
    if timeline is not None:
        answers[EXPERIMENT] = timeline
    return told_whole(judge(PARAMS, SCOPE, Snapshot(answers)))


IDLE = AutoscalerSeen(100, current=1, wanted=1, minimum=1, ready=1, utilization=3)
ADDS = AutoscalerSeen(20_000, current=1, wanted=4, minimum=1, ready=1, utilization=240)
THERE = AutoscalerSeen(31_500, current=4, wanted=4, minimum=1, ready=3, utilization=120)


def loaded(*seen: AutoscalerSeen, answered: int = 900, lost: int = 0) -> Timeline:
    return Timeline(
        actions=(
            Action(STARTED_MS, "load-started"),
            Action(185_000, "requests-answered", str(answered)),
            Action(185_000, "requests-failed", str(lost)),
        ),
        autoscaler=seen,
        ended_ms=185_000,
    )
