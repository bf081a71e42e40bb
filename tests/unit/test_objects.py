"""Reading logs from a server on the loopback: what is asked for, and what comes of the answer."""

import pytest
from aiohttp import web
from kubernetes.aio.client.configuration import Configuration

from labgrader.cluster.client import Client
from labgrader.cluster.objects import Objects
from labgrader.cluster.resources import Resources
from labgrader.evidence.answers import Answer, Items, LogLines, NotThere
from labgrader.evidence.requests import ListObjects, ReadLog
from tests.unit.servers import serving
from tests.unit.test_client import talking_to


async def read(request: ReadLog, status: int, body: str) -> tuple[Answer, dict[str, str]]:
    asked: dict[str, str] = {}

    async def answers(got: web.Request) -> web.StreamResponse:
        asked.update({"path": got.path, **got.query})
        return web.Response(status=status, text=body)

    async with (
        serving(answers) as address,
        Client(Configuration(host=f"http://{address}")) as client,
    ):
        return await Objects(client, Resources(client), b"key").look(request), asked


async def test_a_log_is_read_within_its_limits() -> None:
    request = ReadLog("kim", "web-1", "web", previous=True, lines=7, max_bytes=999)
    answer, asked = await read(request, 200, "one\ntwo\n")
    assert answer == LogLines(("one", "two"))
    assert asked == {
        "path": "/api/v1/namespaces/kim/pods/web-1/log",
        "container": "web",
        "tailLines": "7",
        "limitBytes": "999",
        "previous": "true",
    }


@pytest.mark.parametrize(
    ("body", "lines"),
    [
        ("", ()),
        ("\n", ("",)),
        ("one", ("one",)),
        ("one\r\n\ntwo\n", ("one", "", "two")),
        ("a\u2028b\x0bc\x0cd\n", ("a\u2028b\x0bc\x0cd",)),
    ],
)
async def test_only_a_line_feed_ends_a_line(body: str, lines: tuple[str, ...]) -> None:
    answer, _ = await read(ReadLog("kim", "web-1", "web"), 200, body)
    assert answer == LogLines(lines)


@pytest.mark.parametrize("status", [400, 404])
async def test_a_container_that_has_not_run_has_no_log(status: int) -> None:
    answer, _ = await read(ReadLog("kim", "web-1", "web"), status, "{}")
    assert answer == NotThere()


GUARD = {
    "validatingadmissionpolicies": {"failurePolicy": "Fail"},
    "validatingadmissionpolicybindings": {
        "policyName": "labgrader-probes",
        "validationActions": ["Deny"],
    },
}


@pytest.mark.parametrize(("guarded", "seen"), [(True, ["web-1"]), (False, ["web-1", "probe"])])
async def test_probe_pods_are_nobodys_work_where_nobody_else_can_make_them(
    guarded: bool,  # noqa: FBT001
    seen: list[str],
) -> None:
    """Without the policy the label is only what a learner wrote."""

    async def answers(got: web.Request) -> web.StreamResponse:
        plural = got.path.split("/")[-2]
        if plural in GUARD and guarded:
            return web.json_response({"spec": GUARD[plural]})
        if got.path == "/api/v1/namespaces/kim/pods":
            probe = {"name": "probe", "labels": {"labgrader.dev/probe": "true"}}
            bodies = [{"metadata": {"name": "web-1", "labels": None}}, {"metadata": probe}]
            return web.json_response({"metadata": {"resourceVersion": "1"}, "items": bodies})
        if got.path == "/api/v1":
            pods = {"name": "pods", "kind": "Pod", "namespaced": True, "verbs": ["list"]}
            return web.json_response({"resources": [pods]})
        return web.json_response({"message": "no"}, status=404)

    async with serving(answers) as address, talking_to(address) as client:
        objects = Objects(client, Resources(client), b"key")
        answer = await objects.look(ListObjects("kim", "v1", "Pod"))
    assert isinstance(answer, Items)
    assert [body["metadata"]["name"] for body in answer.objects] == seen
