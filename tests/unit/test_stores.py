"""Writing into a pod and reading from it: what is the program's doing, and what the grader's trouble."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from aiohttp import web

from labgrader.cluster.errors import ApiError, ApiUnreachable
from labgrader.cluster.experiments import stores
from labgrader.cluster.experiments.hopeless import Hopeless
from labgrader.cluster.experiments.journal import Journal
from labgrader.cluster.experiments.permit import RUN_COMMANDS
from labgrader.cluster.experiments.storage import only_storage
from labgrader.cluster.experiments.stores import Store, has_settled, store
from labgrader.evidence.answers import Trouble
from labgrader.evidence.experiments import Commands, KeepData
from labgrader.evidence.keeping import Exchange
from tests.unit.clocks import Time
from tests.unit.servers import serving
from tests.unit.test_client import talking_to
from tests.unit.test_execution import EXIT_3, NO_PROGRAM, SUCCESS, ended

POD = {"metadata": {"name": "db-0", "namespace": "kim", "uid": "p-0"}, "status": {}}
BY_HTTP = KeepData(
    *("kim", "apps/v1", "StatefulSet", "db", "d", 60_000, 8080, "POST", "/data/{key}"), every=True
)
BY_COMMANDS = replace(
    BY_HTTP,
    port=0,
    method="",
    path="",
    commands=Commands("db", ("sh", "-c", "put {key} {value}"), ("get", "{key}")),
)


@dataclass
class Kubelet:
    """Ends each command in the same way, or answers each request in the same way."""

    messages: Sequence[bytes] = ()
    status: int = 101
    body: Any = None
    asked: list[Any] = field(default_factory=list)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        if request.path.endswith("/exec"):
            self.asked.append((request.query["container"], request.query.getall("command")))
        else:
            self.asked.append((request.method, request.path, await request.text()))
        if self.status != 101:
            return web.json_response(self.body, status=self.status)
        socket = web.WebSocketResponse(protocols=("v4.channel.k8s.io",))
        await socket.prepare(request)
        for message in self.messages:
            await socket.send_bytes(message)
        return socket


async def told(kubelet: Kubelet, experiment: KeepData, *, writes: bool) -> Exchange:
    async with serving(kubelet.answer) as address, talking_to(address) as client:
        made: Store = store(client, Journal(Time(7), 0), experiment)
        asked = made.write if writes else made.read
        return await asked(POD, "k-0", "secret-7")


async def test_commands_get_their_key_and_only_the_one_that_writes_the_value() -> None:
    kubelet = Kubelet([ended(SUCCESS)])
    written = await told(kubelet, BY_COMMANDS, writes=True)
    await told(kubelet, BY_COMMANDS, writes=False)
    assert kubelet.asked == [
        ("db", ["sh", "-c", "put k-0 secret-7"]),
        ("db", ["get", "k-0"]),
    ]
    assert written == Exchange(7, "p-0", "k-0", 0, held=True, exit_code=0)


@pytest.mark.parametrize(
    ("messages", "held", "code", "said"),
    [
        ([b"\x01 id | value\n 1  | secret-7\n", ended(SUCCESS)], True, 0, ""),
        ([b"\x01secret-", b"\x017", ended(SUCCESS)], True, 0, ""),
        ([b"\x01(0 rows)", ended(SUCCESS)], False, 0, "exit code 0: (0 rows)"),
        ([ended(SUCCESS)], False, 0, "exit code 0: -"),
        ([b"\x01secret-7", ended(EXIT_3)], False, 3, "exit code 3: secret-7"),
        ([b"\x02no such file", ended(EXIT_3)], False, 3, "exit code 3: no such file"),
        (
            [ended(NO_PROGRAM)],
            False,
            127,
            "exit code 127: no such program in the container",
        ),
        ([b"\x01" + b"x" * 3_000 + b"secret-7", ended(SUCCESS)], True, 0, ""),
        ([b"\x01" + b"x" * 3_000, ended(EXIT_3)], False, 3, "exit code 3: " + "x" * 287),
    ],
)
async def test_what_a_command_prints_is_what_it_holds(
    messages: list[bytes],
    held: bool,  # noqa: FBT001 (what must come of it)
    code: int,
    said: str,
) -> None:
    found = await told(Kubelet(messages), BY_COMMANDS, writes=False)
    assert found == Exchange(7, "p-0", "k-0", 0, held, said, code)


async def test_a_command_that_writes_need_not_print() -> None:
    failed = await told(Kubelet([b"\x02full", ended(EXIT_3)]), BY_COMMANDS, writes=True)
    assert (failed.went_well, failed.held, failed.error) == (False, False, "exit code 3: full")
    well = await told(Kubelet([ended(SUCCESS)]), BY_COMMANDS, writes=True)
    assert (well.went_well, well.held) == (True, True)


async def test_a_command_that_does_not_end_is_the_programs_doing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(stores, "_SECONDS", 0.2)

    class Hangs(Kubelet):
        async def answer(self, request: web.Request) -> web.StreamResponse:
            socket = await super().answer(request)
            assert isinstance(socket, web.WebSocketResponse)
            await socket.receive()
            return socket

    found = await told(Hangs(), BY_COMMANDS, writes=False)
    assert (found.exit_code, found.error, found.went_well) == (-1, "timeout (0.2 s)", False)


async def test_what_the_api_server_says_is_the_graders_trouble() -> None:
    with pytest.raises(Hopeless) as forbidden:
        await told(Kubelet(status=403), BY_COMMANDS, writes=True)
    trouble = forbidden.value.answer
    assert isinstance(trouble, Trouble)
    assert (trouble.reason, trouble.transient) == ("Forbidden", False)
    assert trouble.detail.startswith("run a command in pod db-0: ")
    with pytest.raises(Hopeless) as gone:
        await told(Kubelet(status=404), BY_COMMANDS, writes=True)
    assert isinstance(gone.value.answer, Trouble)
    assert (gone.value.answer.reason, gone.value.answer.transient) == ("ObjectReplaced", True)
    with pytest.raises(ApiError):
        await told(Kubelet(status=500), BY_COMMANDS, writes=True)
    with pytest.raises(ApiUnreachable, match="ended before the command"):
        await told(Kubelet([b"\x01cut"]), BY_COMMANDS, writes=True)


async def test_requests_go_to_the_pod_with_the_key_in_their_path() -> None:
    kubelet = Kubelet(status=200, body="has secret-7 in it")
    written = await told(kubelet, BY_HTTP, writes=True)
    read = await told(kubelet, BY_HTTP, writes=False)
    place = "/api/v1/namespaces/kim/pods/http:db-0:8080/proxy/data/k-0"
    assert kubelet.asked == [("POST", place, '"secret-7"'), ("GET", place, "")]
    assert (written, read) == (Exchange(7, "p-0", "k-0", 200, held=True),) * 2
    other = await told(Kubelet(status=200, body="secret-8"), BY_HTTP, writes=False)
    assert (other.went_well, other.held) == (True, False)


def test_commands_need_the_right_to_run_them() -> None:
    unused: Any = None
    assert store(unused, unused, BY_COMMANDS).rights == RUN_COMMANDS
    assert store(unused, unused, BY_HTTP).rights == ()


@pytest.mark.parametrize(
    ("status", "code", "settled"),
    [
        (200, -1, True),
        (404, -1, True),
        (499, -1, True),
        (500, -1, False),
        (0, -1, False),
        (0, 0, True),
        (0, 1, False),
        (0, 126, False),
        (0, 127, True),
    ],
)
def test_what_is_worth_asking_again(status: int, code: int, settled: bool) -> None:  # noqa: FBT001 (what must come of it)
    assert has_settled(Exchange(0, "p", "k", status, exit_code=code)) is settled


def classes(**provisioners: str) -> list[dict[str, Any]]:
    return [{"metadata": {"name": n}, "provisioner": p} for n, p in provisioners.items()]


LOCAL, OTHER, NONE = "rancher.io/local-path", "nfs.example.org", "kubernetes.io/no-provisioner"


@pytest.mark.parametrize(
    ("offered", "claims", "only"),
    [
        (classes(standard=LOCAL), {"data-db-0"}, f"standard: {LOCAL}"),
        (classes(slow=LOCAL, fast=LOCAL), {"data-db-0"}, ""),
        (classes(standard=LOCAL, fast=LOCAL), {"data-db-0"}, f"fast, standard: {LOCAL}"),
        (classes(standard=LOCAL, hand=NONE), {"data-db-0"}, f"standard: {LOCAL}"),
        (classes(standard=LOCAL, shared=OTHER), {"data-db-0"}, ""),
        (classes(standard=LOCAL), {"by-hand"}, ""),
        (classes(standard=LOCAL), {"data-db-0", "by-hand"}, ""),
        (classes(standard=LOCAL), set(), ""),
        (classes(standard=NONE), {"data-db-0"}, ""),
        ([], {"data-db-0"}, ""),
    ],
)
async def test_whether_there_was_other_storage(
    offered: list[dict[str, Any]], claims: set[str], only: str
) -> None:
    listed = [
        {"metadata": {"name": "data-db-0"}, "spec": {"storageClassName": "standard"}},
        {"metadata": {"name": "by-hand"}, "spec": {"storageClassName": ""}},
        {"metadata": {"name": "another"}, "spec": {"storageClassName": "shared"}},
    ]

    async def answer(request: web.Request) -> web.StreamResponse:
        items = offered if request.path.endswith("/storageclasses") else listed
        return web.json_response({"items": items})

    async with serving(answer) as address, talking_to(address) as client:
        assert await only_storage(client, "kim", claims) == only
