"""What is read from an audit log, which others are measured by."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from localcluster.audit import became_ready, completed, events, received

MIDNIGHT = 1767225600.0  # 2026-01-01T00:00:00Z


def moment(second: float) -> str:
    return f"2026-01-01T00:00:{second:09.6f}Z"


def said_ready(second: float, uid: str, *, ready: str = "True", **other: Any) -> dict[str, Any]:
    conditions = [{"type": "ContainersReady", "status": "True"}, {"type": "Ready", "status": ready}]
    return {
        "stage": "ResponseComplete",
        "verb": "patch",
        "objectRef": {"resource": "pods", "subresource": "status", "namespace": "kim"},
        "requestReceivedTimestamp": moment(second),
        "stageTimestamp": moment(second + 0.002),
        "responseStatus": {"code": 200},
        "requestObject": {"metadata": {"uid": uid}, "status": {"conditions": conditions}},
    } | other


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "audit.log"


def write(log: Path, *said: dict[str, Any]) -> None:
    log.write_text("".join(json.dumps(event) + "\n" for event in said))


def test_a_pod_is_ready_from_the_first_time_that_this_was_kept(log: Path) -> None:
    elsewhere = {"resource": "pods", "subresource": "status", "namespace": "lee"}
    write(
        log,
        said_ready(1, "before"),
        said_ready(3, "other", objectRef=elsewhere),
        said_ready(4, "b", ready="False"),
        said_ready(5, "b", responseStatus={"code": 409}),
        said_ready(6, "b"),
        said_ready(7, "b"),
        said_ready(5.5, "a"),
    )
    ready = became_ready(log, "kim", MIDNIGHT + 2)
    assert list(ready) == ["a", "b"]
    assert ready["b"] == pytest.approx(MIDNIGHT + 6.002, abs=1e-6)


def test_what_is_cut_off_or_rotated_away_before_is_left_out(log: Path) -> None:
    write(log, said_ready(1, "a"), said_ready(2, "b"))
    with log.open("a") as more:
        more.write('{"cut off')
    old = log.with_name("audit-2025.log")
    write(old, said_ready(2, "never"))
    os.utime(old, (MIDNIGHT - 9, MIDNIGHT - 9))
    [only] = events(log, MIDNIGHT + 1.5)
    assert received(only) == MIDNIGHT + 2
    assert completed(only) == pytest.approx(MIDNIGHT + 2.002, abs=1e-6)
