"""Dry runs and access reviews on the wire: what is sent, and what answers come to."""

import json
from typing import Any

import orjson
import pytest
from aiohttp import web
from kubernetes.aio.client.configuration import Configuration

from labgrader.cluster.access import AccessReviews
from labgrader.cluster.client import Client
from labgrader.cluster.dry_run import DryRuns
from labgrader.cluster.errors import ApiError
from labgrader.cluster.resources import Resources
from labgrader.evidence.answers import Admitted, Answer, Refused, Reviewed, Trouble
from labgrader.evidence.requests import DryRun, ReviewAccess

MANIFEST = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "x", "namespace": "lee"}}
REQUEST = DryRun("kim", "v1", "Pod", json.dumps(MANIFEST), "system:serviceaccount:kim:builder")
REVIEW = ReviewAccess("jane", ("devs",), "kim", "get", "", "pods", "log", "web")


class Server:
    """An API server that keeps what it is sent and answers one thing."""

    def __init__(self, code: int = 201, **body: Any) -> None:
        self.code, self.body = code, body
        self.seen: list[tuple[str, str, dict[str, str], Any]] = []
        self.as_user: list[str] = []

    async def answer(self, request: web.Request) -> web.StreamResponse:
        sent = orjson.loads(await request.read())
        self.seen.append((request.method, request.path, dict(request.query), sent))
        self.as_user.append(request.headers.get("Impersonate-User", ""))
        return web.Response(status=self.code, body=orjson.dumps(self.body))

    async def ask(self, request: DryRun | ReviewAccess) -> Answer:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self.answer)
        runner = web.AppRunner(app, shutdown_timeout=0)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0]
        try:
            async with Client(Configuration(host=f"http://{host}:{port}")) as client:
                if isinstance(request, ReviewAccess):
                    return await AccessReviews(client).ask(request)
                return await DryRuns(client, Resources(client)).ask(request)
        finally:
            await runner.cleanup()


def status(code: int, reason: str, message: str) -> Server:
    return Server(code, kind="Status", apiVersion="v1", reason=reason, message=message)


async def test_every_dry_run_is_one_and_in_the_target_namespace() -> None:
    server = Server()
    assert await server.ask(REQUEST) == Admitted()
    [(method, path, query, sent)] = server.seen
    assert (method, path) == ("POST", "/api/v1/namespaces/kim/pods")
    assert query["dryRun"] == "All"
    assert sent["metadata"] == {"name": "x", "namespace": "kim"}
    assert server.as_user == ["system:serviceaccount:kim:builder"]


@pytest.mark.parametrize("metadata", [None, [], "x", {}])
async def test_odd_metadata_still_lies_in_the_target_namespace(metadata: Any) -> None:
    server = Server()
    odd = json.dumps({**MANIFEST, "metadata": metadata})
    await server.ask(DryRun("kim", "v1", "Pod", odd, "x"))
    assert server.seen[0][2]["dryRun"] == "All"
    assert server.seen[0][3]["metadata"]["namespace"] == "kim"


QUOTA = 'pods "x" is forbidden: exceeded quota: compute, requested: pods=1'
QUOTING = 'admission webhook "a.b" denied the request: x is forbidden: status unknown for quota: c'


@pytest.mark.parametrize(
    ("server", "expected"),
    [
        (status(403, "Forbidden", QUOTA), Refused(403, "Forbidden", QUOTA)),
        (
            status(422, "Invalid", 'Pod "x" is invalid'),
            Refused(422, "Invalid", 'Pod "x" is invalid'),
        ),
        (status(409, "AlreadyExists", 'pods "x" already exists'), Admitted()),
        (
            status(403, "Forbidden", QUOTING),
            Refused(403, "Forbidden", QUOTING),
        ),
        (
            status(500, "", 'admission webhook "a.b" denied the request: no'),
            Refused(500, "", 'admission webhook "a.b" denied the request: no'),
        ),
    ],
)
async def test_what_is_said_of_the_object(server: Server, expected: Answer) -> None:
    assert await server.ask(REQUEST) == expected


@pytest.mark.parametrize(
    ("server", "reason", "transient"),
    [
        (
            status(
                403,
                "Forbidden",
                'serviceaccounts "builder" is forbidden: User "system:serviceaccount:labgrader-system'
                ':labgrader" cannot impersonate resource "serviceaccounts" in API group ""',
            ),
            "Forbidden",
            False,
        ),
        (
            status(400, "BadRequest", 'admission webhook "a.b" does not support dry run'),
            "WebhookWithoutDryRun",
            False,
        ),
        (status(404, "NotFound", 'namespaces "kim" not found'), "TargetMissing", False),
        (status(404, "NotFound", "the server could not find it"), "KindNotServed", False),
        (
            status(
                403,
                "Forbidden",
                'pods "x" is forbidden: unable to create new content in namespace kim because it is'
                " being terminated",
            ),
            "TargetTerminating",
            False,
        ),
        (
            status(
                403,
                "Forbidden",
                'pods "x" is forbidden: status unknown for quota: compute, resources: limits.memory',
            ),
            "QuotaNotCounted",
            True,
        ),
        (status(401, "Unauthorized", "Unauthorized"), "Forbidden", False),
        (status(429, "TooManyRequests", "later"), "ApiOverloaded", True),
        (
            status(500, "InternalError", 'failed calling webhook "a.b": refused'),
            "ApiOverloaded",
            True,
        ),
    ],
)
async def test_the_graders_own_trouble(server: Server, reason: str, *, transient: bool) -> None:
    answer = await server.ask(REQUEST)
    assert isinstance(answer, Trouble), answer
    assert (answer.reason, answer.transient) == (reason, transient)


async def test_an_access_review_names_who_and_what() -> None:
    server = Server(status={"allowed": True})
    assert await server.ask(REVIEW) == Reviewed(allowed=True)
    [(method, path, query, sent)] = server.seen
    assert (method, path, query) == (
        "POST",
        "/apis/authorization.k8s.io/v1/subjectaccessreviews",
        {},
    )
    assert sent["spec"] == {
        "user": "jane",
        "groups": ["devs"],
        "resourceAttributes": {
            "namespace": "kim",
            "verb": "get",
            "resource": "pods",
            "subresource": "log",
            "name": "web",
        },
    }
    assert server.as_user == [""]


async def test_an_authorizer_that_says_nothing_allows_nothing() -> None:
    note = 'RBAC: role.rbac.authorization.k8s.io "x" not found'
    seen = await Server(status={"allowed": False, "evaluationError": note}).ask(REVIEW)
    assert seen == Reviewed(allowed=False, note=note)
    assert await Server().ask(REVIEW) == Reviewed(allowed=False)


async def test_a_missing_right_to_ask_is_trouble() -> None:
    denied = status(403, "Forbidden", "cannot create resource subjectaccessreviews")
    answer = await denied.ask(REVIEW)
    assert isinstance(answer, Trouble)
    assert (answer.reason, answer.transient) == ("Forbidden", False)
    assert "subjectaccessreviews" in answer.detail


def test_no_other_status_is_taken_for_granted() -> None:
    from labgrader.cluster.dry_run import refusal  # noqa: PLC0415 (one test's)

    for code in (402, 405, 406, 410, 413, 415):
        assert isinstance(refusal(ApiError(code, "Odd", "odd"), "x"), Refused)
