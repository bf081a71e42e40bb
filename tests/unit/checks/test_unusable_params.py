"""What is told of params that cannot be used, word by word, kind by kind."""

from typing import Any

import pytest

from labgrader.api.check import Check
from labgrader.checks.problem import Problem
from labgrader.checks.registry import KINDS

WEB = {"kind": "Deployment", "name": "web"}
DB = {"kind": "StatefulSet", "name": "db"}
AGENT = {"kind": "DaemonSet", "name": "agent"}
POD = {"kind": "Pod", "name": "web"}
ODD = {"kind": "Deployment", "apiVersion": "example.com/v1", "name": "web"}
TIMES = [{"at": "0s", "percent": 100}, {"at": "9s", "percent": 0}]
SHARES = [{"at": "90", "percent": 0}, {"at": "99", "percent": 100}]
CLIENTS = {"service": "web", "port": 80}
FOUR = "Deployment, StatefulSet, DaemonSet and ReplicaSet"
FIVE = "Deployment, StatefulSet, DaemonSet, ReplicaSet, Pod"
RUNS = "Deployment, StatefulSet, DaemonSet, ReplicaSet, Pod, Job, CronJob"
PEAK = {"cronJob": "up", "object": WEB, "peak": "09:00", "before": "5m", "to": 3, "within": "1m"}
UPDATE = {
    "object": WEB,
    "to": {"container": "web", "image": "web:2"},
    "within": "9s",
    "availability": {**CLIENTS, "min": "99"},
}


def found(kind: str, params: dict[str, Any]) -> list[tuple[str, str]]:
    parsed = Check.model_validate({"name": "check", kind: params})
    problems = KINDS[kind].problems(parsed.params)
    assert all(isinstance(problem, Problem) for problem in problems)
    return [(problem.reason, problem.text) for problem in problems]


def heals(fault: str = "DeletePod", **more: Any) -> dict[str, Any]:
    return {"object": WEB, "fault": fault, "within": "9s", **more}


@pytest.mark.parametrize(
    ("params", "texts"),
    [
        (heals(), []),
        (heals(object=POD), [f"heals knows {FOUR}, not Pod"]),
        (
            heals(by={"command": ["x"]}),
            ["by belongs to FailLiveness and KillProcess, not to DeletePod"],
        ),
        (
            heals("FailLiveness"),
            ["FailLiveness needs by: a command or a path that makes the app sick"],
        ),
        (
            heals("StopNode", share="50"),
            ["StopNode disturbs every pod on one node; it takes no share"],
        ),
        (
            heals("DrainNode", isolation="Clone"),
            ["DrainNode is felt on the whole node; a copy keeps nobody from it"],
        ),
        (heals(share="0"), ["a share of 0 disturbs nothing"]),
        (
            heals("StopNode", object=AGENT),
            ["StopNode proves nothing of a DaemonSet: its pods stay on their node"],
        ),
        (
            heals(curve={"of": "availability", "points": SHARES}),
            ["heals measures recoveryTime, not availability"],
        ),
        (
            heals(
                curve={"of": "errorShare", "points": SHARES}, availability={**CLIENTS, "min": "9"}
            ),
            ["heals measures recoveryTime and availability and longestGap, not errorShare"],
        ),
        (
            heals(
                curve={"of": "availability", "points": SHARES}, availability={**CLIENTS, "min": "9"}
            ),
            [],
        ),
        (
            heals(
                curve={"of": "longestGap", "points": TIMES}, availability={**CLIENTS, "min": "9"}
            ),
            [],
        ),
    ],
)
def test_heals(params: dict[str, Any], texts: list[str]) -> None:
    assert found("heals", params) == [("Invalid", text) for text in texts]


def flow(to: dict[str, Any], *, allowed: bool = True, **source: Any) -> dict[str, Any]:
    return {"from": source, "to": {"port": 80, **to}, "allowed": allowed}


@pytest.mark.parametrize(
    ("flows", "texts"),
    [
        ([flow({"service": "web"})], []),
        ([flow({})], ["to: name a service or an object, one of them"]),
        (
            [flow({"service": "web", "object": WEB})],
            ["to: name a service or an object, one of them"],
        ),
        (
            [flow({"object": {"kind": "Job", "name": "j"}})],
            [f"to: connects knows {FIVE}, not Job"],
        ),
        (
            [flow({"service": "web"}, allowed=False), flow({"service": "db"})],
            [
                (
                    "Service web, port 80, must not be reached: let the check also say from where it"
                    " must be, since what nobody reaches may just be down"
                )
            ],
        ),
        (
            [flow({"object": WEB}, allowed=False)],
            [
                (
                    "Deployment web, port 80, must not be reached: let the check also say from where it"
                    " must be, since what nobody reaches may just be down"
                )
            ],
        ),
        (
            [flow({"service": "web"}, labels={"a": "1", "b": "2"})] * 2,
            ["two flows are from the same pod to the same place"],
        ),
        (
            [
                flow({"service": "web"}, labels={"a": "1"}),
                flow({"service": "web"}, labels={"a": "2"}),
            ],
            [],
        ),
        (
            [flow({"service": "web"}, outside=True), flow({"service": "web"}, namespace="other")],
            [],
        ),
        (
            [flow({"service": "web"}, outside=True, namespace="other")],
            ["from: outside is no namespace of the course; name one or the other"],
        ),
        (
            [flow({"service": "web"}, labels={"-a": "1"})],
            ["from: no pod can carry the label -a=1"],
        ),
        (
            [flow({"service": "web"}, labels={"a": "-"})],
            ["from: no pod can carry the label a=-"],
        ),
    ],
)
def test_connects(flows: list[dict[str, Any]], texts: list[str]) -> None:
    assert found("connects", {"flows": flows}) == [("Invalid", text) for text in texts]


@pytest.mark.parametrize(
    ("params", "texts"),
    [
        ({}, []),
        (
            {"pods": WEB, "external": "example.com"},
            ["set one of pods, external, host, portName, not pods and external"],
        ),
        (
            {"host": "db-0", "portName": "http"},
            ["set one of pods, external, host, portName, not host and portName"],
        ),
        ({"host": "db-0", "found": False}, []),
        ({"portName": "http"}, []),
        ({"pods": WEB, "found": False}, ["a name that must not be found stands for nothing"]),
        (
            {"external": "example.com", "found": False},
            ["a name that must not be found stands for nothing"],
        ),
        ({"pods": {"kind": "Job", "name": "j"}}, [f"resolves knows {FIVE}, not Job"]),
        (
            {"from": {"outside": True, "namespace": "other"}},
            ["from: outside is no namespace of the course; name one or the other"],
        ),
        (
            {"from": {"labels": {"x.labgrader.dev/y": "1"}}},
            ["from: the label x.labgrader.dev/y is the grader's own"],
        ),
    ],
)
def test_resolves(params: dict[str, Any], texts: list[str]) -> None:
    assert found("resolves", {"service": "web", **params}) == [("Invalid", t) for t in texts]


def rolled(**more: Any) -> dict[str, Any]:
    return {"object": WEB, **more}


@pytest.mark.parametrize(
    ("params", "problems"),
    [
        (rolled(), []),
        (rolled(object=POD), ["rolledOut knows Deployment, StatefulSet, DaemonSet, not Pod"]),
        (
            rolled(object=ODD),
            ["rolledOut knows Deployment, StatefulSet, DaemonSet, not example.com/v1 Deployment"],
        ),
        (rolled(finished=False), ["nothing is asked of the rollout"]),
        (rolled(object=DB, paused=False), ["a StatefulSet cannot be paused"]),
        (
            rolled(strategy={"type": "Recreate", "maxSurge": "1"}),
            ["maxSurge means something only with RollingUpdate"],
        ),
        (
            rolled(object=AGENT, strategy={"type": "OnDelete", "maxUnavailable": "1"}),
            ["maxUnavailable means something only with RollingUpdate"],
        ),
        (rolled(object=DB, strategy={"maxSurge": "1"}), ["a StatefulSet has no maxSurge"]),
        (rolled(strategy={"type": "OnDelete"}), ["a Deployment has no strategy OnDelete"]),
        (
            rolled(object=DB, strategy={"type": "Recreate"}),
            ["a StatefulSet has no strategy Recreate"],
        ),
        (rolled(object=DB, strategy={"type": "OnDelete"}), []),
        (rolled(strategy={"type": "RollingUpdate", "maxSurge": "1"}), []),
    ],
)
def test_rolled_out(params: dict[str, Any], problems: list[str]) -> None:
    assert found("rolledOut", params) == [("Invalid", text) for text in problems]


@pytest.mark.parametrize(
    ("kind", "params", "text"),
    [
        ("ready", {"object": {"kind": "Job", "name": "j"}}, f"ready knows {FIVE}, not Job"),
        ("ready", {"object": ODD}, f"ready knows {FIVE}, not example.com/v1 Deployment"),
        (
            "ready",
            {"object": POD, "replicas": {"min": 2}},
            "a Pod is one replica, so replicas.min cannot be 2",
        ),
        (
            "routes",
            {"service": "web", "port": 80, "to": {"kind": "Job", "name": "j"}},
            f"routes knows {FIVE}, not Job",
        ),
        (
            "claims",
            {"claim": "d", "usedBy": {"kind": "Node", "name": "n"}},
            f"claims knows {RUNS}, not Node",
        ),
        (
            "claims",
            {"claim": "d", "usedBy": ODD},
            f"claims knows {RUNS}, not example.com/v1 Deployment",
        ),
        (
            "logs",
            {"object": {"kind": "Node", "name": "n"}, "include": "x"},
            f"logs knows {RUNS}, not Node",
        ),
        (
            "scalesOnSchedule",
            {**PEAK, "object": POD},
            "scalesOnSchedule knows Deployment and StatefulSet, not Pod",
        ),
        (
            "resizes",
            {"object": POD, "container": "web", "limits": {"cpu": "2"}, "within": "1m"},
            f"resizes knows {FOUR}, not Pod",
        ),
        (
            "scalesOnSchedule",
            {**PEAK, "timeZone": "Asia/Seul"},
            "there is no time zone Asia/Seul",
        ),
        ("scalesOnSchedule", {**PEAK, "before": "25h"}, "before is longer than a day"),
        (
            "updatesWithoutDowntime",
            {**UPDATE, "object": {**WEB, "apiVersion": "apps/v2"}},
            "updates are made to a Deployment, not to a Deployment",
        ),
        (
            "updatesWithoutDowntime",
            {**UPDATE, "object": DB},
            "updates are made to a Deployment, not to a StatefulSet",
        ),
    ],
)
def test_kinds_that_are_not_known(kind: str, params: dict[str, Any], text: str) -> None:
    assert found(kind, params) == [("Invalid", text)]
