"""Params of ``persists`` that nothing can be kept by, each told in a sentence of its own."""

from typing import Any

import pytest

from tests.unit.checks.test_unusable_params import AGENT, DB, WEB, found

KEPT = {"port": 80, "path": "/{key}"}
WRITE, READ = ["put", "{key}", "{value}"], ["get", "{key}"]
BOTH = "store.exec.write: write {key} and {value} where the key and the value belong"


def persists(store: dict[str, Any] = KEPT, **more: Any) -> dict[str, Any]:
    return {"object": DB, "store": store, "within": "9s", **more}


def commands(write: list[str], read: list[str], **more: Any) -> dict[str, Any]:
    return {"exec": {"write": write, "read": read}, **more}


@pytest.mark.parametrize(
    ("params", "texts"),
    [
        (persists(), []),
        (persists(object=AGENT), ["persists knows StatefulSet and Deployment, not DaemonSet"]),
        (persists({**KEPT, "path": "/key"}), ["store.path: write {key} where the key belongs"]),
        (persists(commands(WRITE, READ)), []),
        (persists(commands(["put", "{value}"], READ)), [BOTH]),
        (persists(commands(["put", "{key}"], READ)), [BOTH]),
        (persists(commands(["put {key}={value}"], ["get:{key}"])), []),
        (
            persists(commands(WRITE, ["get"])),
            ["store.exec.read: write {key} where the key belongs"],
        ),
        (
            persists(commands(WRITE, ["echo", "{value}", "{key}"])),
            ["store.exec.read: what it prints must come from the program; leave {value} out"],
        ),
        (
            persists(commands(WRITE, READ, method="POST")),
            ["store.method belongs to path and port, not to exec"],
        ),
        (persists(object=WEB, identity=True), ["identity and ordered belong to a StatefulSet"]),
        (persists(delete="DrainNode", identity=True), []),
        (
            persists(delete="DrainNode", ordered=True),
            ["ordered is seen where all pods are deleted, not with DrainNode"],
        ),
        (
            persists(delete="DrainNode", isolation="Clone"),
            ["DrainNode is felt on the whole node; a copy keeps nobody from it"],
        ),
    ],
)
def test_persists(params: dict[str, Any], texts: list[str]) -> None:
    assert found("persists", params) == [("Invalid", text) for text in texts]
