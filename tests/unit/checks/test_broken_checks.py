"""A check that its problems refuse is an Error where it is judged nevertheless."""

from typing import Any

import pytest

from labgrader.api.check import Check
from labgrader.checks.finding import error
from labgrader.checks.registry import KINDS
from labgrader.checks.scope import Scope
from labgrader.evidence.snapshot import Snapshot
from tests.unit.checks.test_unusable_params import DB, ODD, PEAK, POD, WEB

NODE = {"kind": "Node", "name": "n"}
CRON = {"kind": "CronJob", "name": "c"}
STORE = {"store": {"port": 80, "path": "/{key}"}, "within": "9s"}
DRAIN = {"service": "web", "port": 80, "slow": "/slow", "within": "9s"}
LIMITS = {"container": "web", "limits": {"cpu": "1"}, "within": "9s"}


@pytest.mark.parametrize(
    ("kind", "params", "reason", "told"),
    [
        ("claims", {"claim": "d", "usedBy": NODE}, "NotAWorkload", {"kind": "Node"}),
        ("claims", {"claim": "d", "usedBy": ODD}, "NotAWorkload", {"kind": "Deployment"}),
        ("configures", {"object": NODE, "image": {}}, "NotAWorkload", {"kind": "Node"}),
        ("drains", {"object": POD, **DRAIN}, "NothingHealsIt", {"kind": "Pod"}),
        ("drains", {"object": ODD, **DRAIN}, "NothingHealsIt", {"kind": "Deployment"}),
        ("logs", {"object": NODE, "include": "x"}, "NotAWorkload", {"kind": "Node"}),
        ("persists", {"object": POD, **STORE}, "NothingKeepsIt", {"kind": "Pod"}),
        ("persists", {"object": ODD, **STORE}, "NothingKeepsIt", {"kind": "Deployment"}),
        ("ready", {"object": NODE}, "NotAWorkload", {"kind": "Node"}),
        (
            "recommends",
            {"autoscaler": "a", "object": POD, "container": "c", "requestsFit": True},
            "NotAWorkload",
            {"kind": "Pod"},
        ),
        ("resizes", {"object": POD, **LIMITS}, "NothingToResize", {"kind": "Pod"}),
        ("resizes", {"object": ODD, **LIMITS}, "NothingToResize", {"kind": "Deployment"}),
        ("rolledOut", {"object": POD}, "NotAWorkload", {"kind": "Pod"}),
        ("routes", {"service": "w", "port": 80, "to": CRON}, "NotAWorkload", {"kind": "CronJob"}),
        (
            "scalesOnSchedule",
            {**PEAK, "object": POD},
            "ScheduleNotJudgeable",
            {"kind": "Pod", "zone": "UTC"},
        ),
        (
            "scalesOnSchedule",
            {**PEAK, "object": WEB, "timeZone": "Asia/Seul"},
            "ScheduleNotJudgeable",
            {"kind": "Deployment", "zone": "Asia/Seul"},
        ),
        (
            "scalesOnSchedule",
            {**PEAK, "object": {**DB, "apiVersion": "example.com/v1"}},
            "ScheduleNotJudgeable",
            {"kind": "StatefulSet", "zone": "UTC"},
        ),
    ],
)
def test_nothing_is_asked_for(kind: str, params: Any, reason: str, told: dict[str, str]) -> None:
    parsed = Check.model_validate({"name": "check", kind: params})
    finding = KINDS[kind].judge(parsed.params, Scope("kim"), Snapshot())
    assert finding == error(reason, **told)


@pytest.mark.parametrize(
    ("kind", "params"),
    [
        ("claims", {"claim": "d", "usedBy": CRON}),
        ("logs", {"object": CRON, "include": "x"}),
        ("persists", {"object": {**WEB, "apiVersion": "apps/v1"}, **STORE}),
        ("scalesOnSchedule", {**PEAK, "object": {**DB, "apiVersion": "apps/v1"}}),
        ("scalesOnSchedule", {**PEAK, "before": "24h"}),
    ],
)
def test_what_just_goes_is_no_problem(kind: str, params: Any) -> None:
    parsed = Check.model_validate({"name": "check", kind: params})
    assert KINDS[kind].problems(parsed.params) == ()
