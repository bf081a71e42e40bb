"""Faults inside a container: who does not answer refuses, unless it was only just started again."""

from dataclasses import dataclass, field
from typing import Any, cast

import pytest
from aiohttp import web

from labgrader.cluster.clock import SystemClock
from labgrader.cluster.experiments.bell import Bell
from labgrader.cluster.experiments.faults import inside
from labgrader.cluster.experiments.faults.act import Means
from labgrader.cluster.experiments.faults.inside import Inside
from labgrader.cluster.experiments.hopeless import Hopeless
from labgrader.cluster.experiments.journal import Journal
from labgrader.cluster.experiments.site import Site
from labgrader.evidence import experiments
from labgrader.evidence.answers import Trouble
from tests.unit.servers import serving
from tests.unit.test_client import talking_to

EXIT = experiments.Means("web", port=8080, path="/exit")
KILL = experiments.Disturb("kim", "apps/v1", "Deployment", "web", "d", 60_000, "KillProcess")
REFUSED = "error trying to reach service: dial tcp 10.1.0.7:8080: connect: connection refused"


def pod(restarts: int = 0, *, ready: bool = True, uid: str = "p") -> dict[str, Any]:
    return {
        "metadata": {"name": "web-1", "namespace": "kim", "uid": uid},
        "status": {
            "containerStatuses": [{"name": "web", "restartCount": restarts}],
            "conditions": [{"type": "Ready", "status": str(ready)}],
        },
    }


@dataclass
class Cluster:
    """Answers for the pod's app, and tells of the pod: the last word again and again."""

    status: int
    message: str
    pods: list[dict[str, Any] | None]
    asked: list[str] = field(default_factory=list)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        if request.path.endswith("/exit"):
            if not self.message:
                return web.Response(status=self.status)
            said = {"kind": "Status", "apiVersion": "v1", "message": self.message}
            return web.json_response(said, status=self.status)
        self.asked.append(request.path)
        now = self.pods.pop(0) if len(self.pods) > 1 else self.pods[0]
        if now is None:
            return web.json_response({"kind": "Status", "reason": "NotFound"}, status=404)
        return web.json_response(now)


async def struck(cluster: Cluster) -> Journal:
    clock = SystemClock()
    journal = Journal(clock, clock.now_ms())
    async with serving(cluster.answer) as address, talking_to(address) as client:
        act = Inside(Means(client, journal, Bell(), KILL), 0, EXIT, ends_process=True)
        await act.strike(cast("Site", None), [pod()], 0)
    return journal


@pytest.fixture(autouse=True)
def _without_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inside, "_BETWEEN_LOOKS", 0)


async def test_a_pod_that_stays_as_it_is_and_does_not_answer_refuses() -> None:
    cluster = Cluster(503, REFUSED, [pod()])
    journal = await struck(cluster)
    assert [(one.what, one.subject) for one in journal.actions] == [
        ("fault-refused", "pod web-1: refused")
    ]
    assert cluster.asked == ["/api/v1/namespaces/kim/pods/web-1"] * 8


@pytest.mark.parametrize(
    "later",
    [pod(1), pod(ready=False), pod(uid="other"), None],
    ids=["started again", "not Ready", "another", "gone"],
)
async def test_a_pod_that_was_just_started_again_is_no_refusal(
    later: dict[str, Any] | None,
) -> None:
    with pytest.raises(Hopeless) as raised:
        await struck(Cluster(503, REFUSED, [pod(), later]))
    detail = "pod web-1 was started again just then"
    assert raised.value.answer == Trouble("ObjectReplaced", detail, transient=True)


async def test_an_app_that_answers_with_an_error_refuses_at_once() -> None:
    cluster = Cluster(404, "", [pod(1)])
    journal = await struck(cluster)
    assert journal.actions[-1].subject == "pod web-1: HTTP 404"
    assert cluster.asked == []
