"""`resizes`: which pod, with which resources, and what the kubelet then says."""

from typing import Any

import orjson
import pytest
from pydantic import ValidationError

from labgrader.api.kinds import Resizes
from labgrader.checks.finding import Outcome
from labgrader.checks.resizes import problems
from labgrader.checks.resizing import has_limits, wanted
from labgrader.evidence.answers import Answer
from labgrader.evidence.experiments import ResizePod
from labgrader.evidence.requests import Request
from labgrader.evidence.timeline import Action, Timeline
from tests.unit.checks.namespaces import Judged, Namespace
from tests.unit.checks.objects import Body, meta

PARAMS: dict[str, Any] = {
    "object": {"kind": "ReplicaSet", "name": "web"},
    "container": "web",
    "limits": {"cpu": "300m"},
    "within": "30s",
}
SET: Body = {
    "apiVersion": "apps/v1",
    "kind": "ReplicaSet",
    "metadata": meta("web"),
    "spec": {"replicas": 2},
}
RESOURCES = {"limits": {"cpu": "200m", "memory": "64Mi"}, "requests": {"cpu": "50m"}}


def pod(name: str, born: str, *, ready: bool = True, **container: Any) -> Body:
    written = {"name": "web", "resources": RESOURCES, **container}
    conditions = [{"type": "Ready", "status": str(ready)}]
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": meta(name, SET, creationTimestamp=born),
        "spec": {"containers": [written]},
        "status": {
            "conditions": conditions,
            "containerStatuses": [{"name": "web", "ready": ready}],
        },
    }


OLD = pod("web-old", "2026-03-01T00:00:00Z")
NEW = pod("web-new", "2026-03-02T00:00:00Z")
SICK = pod("web-sick", "2026-02-01T00:00:00Z", ready=False)


class Tried(Namespace):
    """A namespace in which a pod was resized."""

    timeline = Timeline(actions=())
    ran: ResizePod | None = None

    def _answer(self, request: Request) -> Answer:
        if isinstance(request, ResizePod):
            self.ran = request
            return self.timeline
        return super()._answer(request)


def tried(*actions: Action, objects: tuple[Body, ...] = (SET, NEW, OLD, SICK)) -> Tried:
    namespace = Tried(list(objects))
    namespace.timeline = Timeline(actions=(Action(100, "resize-asked"), *actions))
    return namespace


def judged(*actions: Action, objects: tuple[Body, ...] = (SET, OLD), **params: Any) -> Judged:
    return tried(*actions, objects=objects).judge(resizes=PARAMS | params)


DONE = (Action(900, "resize-done"), Action(1_400, "ready-again"))


def test_the_oldest_ready_pod_is_resized_and_its_resources_are_kept() -> None:
    namespace = tried(*DONE)
    found = namespace.judge(resizes=PARAMS)
    assert found.finding.outcome is Outcome.PASSED
    assert namespace.ran is not None
    assert (namespace.ran.pod, namespace.ran.cpu, namespace.ran.memory) == ("web-old", "300m", "")
    assert orjson.loads(namespace.ran.before) == RESOURCES
    assert "was Ready after 1.3 s (allowed: 30 s), with 0 restarts" in found.says("en")
    assert "1.3초 만에 그대로 실행되고 준비되었습니다" in found.says("ko")


@pytest.mark.parametrize(
    ("before", "limits", "after"),
    [
        pytest.param(
            RESOURCES,
            {"cpu": "300m"},
            {"limits": {"cpu": "300m", "memory": "64Mi"}, "requests": {"cpu": "50m"}},
            id="burstable",
        ),
        pytest.param(
            {"limits": {"cpu": "1"}, "requests": {"cpu": "1000m"}},
            {"cpu": "2"},
            {"limits": {"cpu": "2"}, "requests": {"cpu": "2"}},
            id="guaranteed",
        ),
        pytest.param({}, {"memory": "1Gi"}, {"limits": {"memory": "1Gi"}}, id="nothing before"),
    ],
)
def test_a_pod_keeps_its_class(before: Body, limits: dict[str, str], after: Body) -> None:
    assert wanted(before, limits) == after


def test_limits_are_compared_as_quantities() -> None:
    status = {"resources": {"limits": {"cpu": "0.3", "memory": "64Mi"}}}
    assert has_limits(status, {"cpu": "300m"})
    assert not has_limits(status, {"cpu": "300m", "memory": "65Mi"})
    assert not has_limits({}, {"cpu": "300m"})


def test_a_restart_is_explained_by_the_policy_of_what_changed() -> None:
    policies = [
        {"resourceName": "cpu", "restartPolicy": "RestartContainer"},
        {"resourceName": "memory", "restartPolicy": "RestartContainer"},
    ]
    own = pod("web-1", "2026-03-01T00:00:00Z", resizePolicy=policies)
    found = judged(Action(500, "restarted"), *DONE, objects=(SET, own))
    assert (found.finding.reason, found.causes) == ("ResizedByRestart", ("ResizePolicyRestarts",))
    assert "Its resizePolicy for cpu is RestartContainer." in found.says("en")
    assert "cpu의 resizePolicy가 RestartContainer입니다." in found.says("ko")


@pytest.mark.parametrize(("restarts", "passes"), [(0, False), (1, True), (2, False)])
def test_one_restart_where_it_is_asked_for(restarts: int, passes: bool) -> None:  # noqa: FBT001
    found = judged(*[Action(500, "restarted")] * restarts, *DONE, restart=True)
    assert (found.finding.outcome is Outcome.PASSED) == passes


def test_without_a_ready_pod_nothing_is_disturbed() -> None:
    found = judged(objects=(SET, SICK))
    assert found.finding.reason == "NoPodToResize"


def test_params_that_cannot_be_judged_are_problems() -> None:
    of_pod = PARAMS | {"object": {"kind": "Pod", "name": "web"}}
    assert len(problems(Resizes.model_validate(of_pod))) == 1
    assert problems(Resizes.model_validate(PARAMS)) == ()
    with pytest.raises(ValidationError, match="limit of cpu"):
        Resizes.model_validate(PARAMS | {"limits": {}})
