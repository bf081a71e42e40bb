"""A namespace in which things come and go by the clock, for tests of what is watched."""

from collections.abc import Mapping
from typing import Any

from labgrader.checks.scope import Scope
from labgrader.evidence.answers import Answer, Found, HttpAnswer, Items, NotThere, Trouble
from labgrader.evidence.experiments import HttpTarget
from labgrader.evidence.requests import CallHttp, GetObject, ListObjects, Request
from labgrader.grading.plan import Plan, plan
from labgrader.grading.run import Graded, grade_on_record
from tests.unit.grading.worlds import (
    SharedClock,
    Timetable,
    config_map,
    exercise,
    found,
)

DOWN = Trouble("ApiUnreachable", "connection refused", transient=True)
FORBIDDEN = Trouble("Forbidden", "no", transient=False)
NONE = NotThere()
EVENTUALLY = {"eventually": {"within": "60s"}}
CONSISTENTLY = {"consistently": {"for": "30s"}}
NEVER = {"never": {"for": "30s"}}
STABLE = {"stableAfter": {"within": "60s", "for": "20s"}}

Script = Mapping[str, list[tuple[float, Answer]]]


async def graded(planned: Plan, script: Script) -> tuple[Graded, Timetable]:
    clock = SharedClock()
    times: dict[Request, list[tuple[int, Answer]]] = {
        config_map(name): [(int(at * 1000), answer) for at, answer in told]
        for name, told in script.items()
    }
    world = Timetable(clock, times)
    return await grade_on_record(planned, Scope("kim"), world, clock), world


async def outcome(checks: list[dict[str, Any]], script: Script, **spec: Any) -> dict[str, str]:
    done, _ = await graded(plan(exercise(*checks, **spec)), script)
    return {name: finding.reason for name, finding in done.findings.items()}


def there(name: str, *times: float) -> Script:
    """There, gone, there again…, by the times."""
    states: list[Answer] = [found(name), NONE]
    return {name: [(at, states[number % 2]) for number, at in enumerate(times)]}


def _pod(name: str) -> dict[str, Any]:
    return {
        "metadata": {"name": name, "namespace": "kim", "uid": name, "labels": {"app": "web"}},
        "status": {"phase": "Running", "podIP": "10.0.0.1", "podIPs": [{"ip": "10.0.0.1"}]},
        "spec": {"containers": [{"name": "web"}]},
    }


SERVICE = {
    "apiVersion": "v1",
    "kind": "Service",
    "metadata": {"name": "web", "namespace": "kim", "uid": "s"},
    "spec": {"selector": {"app": "web"}, "clusterIP": "10.1.0.1", "ports": [{"port": 80}]},
}
SLICE = {
    "metadata": {
        "name": "web-1",
        "namespace": "kim",
        "uid": "e",
        "labels": {
            "kubernetes.io/service-name": "web",
            "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io",
        },
        "ownerReferences": [
            {"apiVersion": "v1", "kind": "Service", "name": "web", "uid": "s", "controller": True}
        ],
    },
    "addressType": "IPv4",
    "ports": [{"port": 80}],
    "endpoints": [
        {
            "addresses": ["10.0.0.1"],
            "conditions": {"ready": True, "serving": True},
            "targetRef": {"kind": "Pod", "name": "web-1", "namespace": "kim", "uid": "web-1"},
        }
    ],
}


def _serving() -> dict[Request, list[tuple[int, Answer]]]:
    slices = (("kubernetes.io/service-name", "web"),)
    return {
        GetObject("kim", "v1", "Service", "web"): [(0, Found(SERVICE))],
        ListObjects("kim", "discovery.k8s.io/v1", "EndpointSlice", slices): [(0, Items((SLICE,)))],
        ListObjects("kim", "v1", "Pod"): [(0, Items((_pod("web-1"),)))],
        ListObjects("kim", "v1", "Pod", (("app", "web"),)): [(0, Items((_pod("web-1"),)))],
        CallHttp(HttpTarget("kim", "web", 80, "/")): [(0, HttpAnswer(200, "x"))],
    }


SERVING = _serving()
