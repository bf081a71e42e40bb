"""The web of the corpus after a fault: what was recorded, and what `heals` finds."""

from typing import Any

from labgrader.evidence.timeline import Action, PodsSeen, Timeline
from tests.support.corpus import patched, shared_objects
from tests.unit.checks.namespaces import Judged
from tests.unit.checks.test_corpus import Recorded

WEB = {"kind": "Deployment", "name": "web"}
SICK = {"path": "/sick", "port": 8080}
BEFORE = PodsSeen(0, ("p-web-1", "p-web-2"), (), 2)
DOWN = PodsSeen(2_000, ("p-web-2",), ("p-web-1",), 2)
LIVENESS = {"httpGet": {"path": "/healthz", "port": 8080}, "periodSeconds": 2}
BUDGET = {
    "apiVersion": "policy/v1",
    "kind": "PodDisruptionBudget",
    "metadata": {"name": "web", "namespace": "kim", "uid": "b"},
    "spec": {"minAvailable": 2, "selector": {"matchLabels": {"app": "web"}}},
    "status": {"disruptionsAllowed": 0, "expectedPods": 2},
}


def heals(fault: str, **more: Any) -> dict[str, Any]:
    return {"object": WEB, "fault": fault, "within": "30s", **more}


def record(*actions: tuple[int, str, str], seen: tuple[PodsSeen, ...] = (DOWN,)) -> Timeline:
    return Timeline(tuple(Action(*action) for action in actions), (BEFORE, *seen), ended_ms=31_000)


DISTURBED = (1_000, "pod-disturbed", "p-web-1")


def judged(
    params: dict[str, Any],
    timeline: Timeline | None,
    *more: dict[str, Any],
    template: dict[str, Any] | None = None,
    container: dict[str, Any] | None = None,
    **changes: Any,
) -> Judged:
    """The verdict on the web of the corpus, changed by merge patches."""
    known = shared_objects()
    spec = {"containers": {0: container or {}}, **(template or {})}
    web = patched(known["web"], {"spec": {"template": {"spec": spec}}, **changes})
    pods = [known[name] for name in ("web-rs", "web-1", "web-2")]
    others = [
        one for one in pods if one["metadata"]["uid"] not in {m["metadata"]["uid"] for m in more}
    ]
    return Recorded([web, *others, *more], record=timeline).judge(heals=params)


def told(found: Judged) -> str:
    assert found.says("ko") != found.says("en")
    return found.says("en")
