"""A server with Kim's namespace that keeps what it is given, and a trial on a copy there."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web

from labgrader.cluster.client import Client
from labgrader.cluster.clock import SystemClock
from labgrader.cluster.experiments.bell import Bell
from labgrader.cluster.experiments.copies import trial as copies
from labgrader.cluster.experiments.debts import Debts, pay
from labgrader.cluster.experiments.headroom import Headroom
from labgrader.cluster.experiments.hopeless import Hopeless
from labgrader.cluster.experiments.journal import Journal
from labgrader.cluster.experiments.site import Site
from labgrader.cluster.resources import Resources
from labgrader.evidence.answers import Answer, Hindered, HttpAnswer, Trouble
from labgrader.evidence.experiments import DeletePod, HttpTarget, OnCopy
from labgrader.evidence.requests import CallHttp
from labgrader.evidence.timeline import Timeline
from tests.unit.kims_objects import Json, service, workload
from tests.unit.servers import serving
from tests.unit.test_client import talking_to
from tests.unit.test_debts import Kept
from tests.unit.test_records import RECORD

PLACE = "labgrader-copy-1"
CORE, APPS = "/api/v1/namespaces", "/apis/apps/v1/namespaces"
TARGET = HttpTarget("kim", "web", 80, "/")
DELETION = DeletePod("kim", "apps/v1", "Deployment", "web", "uid-web", 60_000, TARGET)
EMPTY = {"kind": "List", "apiVersion": "v1", "metadata": {"resourceVersion": "1"}}
WHOLE = {"replicas": 2, "readyReplicas": 2, "observedGeneration": 3}


def everything(**container: Any) -> Json:
    """Kim's namespace: a Deployment that is whole, and its Service."""
    body = workload(**container) | {"status": WHOLE}
    return {
        f"{CORE}/kim": {"metadata": {"name": "kim", "labels": {}}},
        f"{APPS}/kim/deployments/web": body,
        f"{CORE}/kim/services/web": service(),
        **{f"{CORE}/kim/pods/web-{n}": _pod("kim", n, "uid-web") for n in range(2)},
    }


@dataclass
class Server:
    """Objects by path. A copied Deployment is whole where ``works`` says so."""

    objects: Json = field(default_factory=everything)
    lacking: str = "nothing"
    unreadable: str = "(?!)"
    refuses: str = "(?!)"
    bound: bool = True
    works: bool = True
    doing: list[str] = field(default_factory=list)
    before_answer: Callable[[str], Any] | None = None

    async def answer(self, request: web.Request) -> web.StreamResponse:
        path = request.path
        if "watch" in request.query:
            response = web.StreamResponse()
            await response.prepare(request)
            await asyncio.Event().wait()
        if request.method == "POST":
            return await self._create(path, await request.json())
        if request.method == "DELETE":
            self.doing.append(f"DELETE {path}")
            gone = path.removeprefix("/api/v1")  # a namespace goes with all that is in it
            self.objects = {at: one for at, one in self.objects.items() if gone not in at}
            return web.json_response({})
        if re.search(self.unreadable, path):
            return _status(403, "may not be read")
        if path in self.objects:
            return web.json_response(self.objects[path])
        if re.search(r"/(namespaces|[a-z]+s)$", path) and not path.endswith(f"{CORE}/kim"):
            return web.json_response({**EMPTY, "items": self._listed(request)})
        return _status(404, "not there")

    def _listed(self, request: web.Request) -> list[Json]:
        there = [o for at, o in self.objects.items() if at.rpartition("/")[0] == request.path]
        chosen = request.query.get("fieldSelector", "")
        return [one for one in there if chosen in ("", f"metadata.name={one['metadata']['name']}")]

    async def _create(self, path: str, body: Json) -> web.Response:
        if path.endswith("selfsubjectaccessreviews"):
            asked = body["spec"]["resourceAttributes"]
            what = f"{asked['verb']} {asked['resource']} {asked.get('namespace', '')}".strip()
            there = self.bound or PLACE not in what
            return web.json_response({"status": {"allowed": there and self.lacking not in what}})
        if path.endswith("selfsubjectreviews"):
            return web.json_response({"status": {"userInfo": {"username": "the-operator"}}})
        name = body["metadata"]["name"]
        self.doing.append(f"POST {path}/{name}")
        if self.before_answer is not None:
            await self.before_answer(path)
        if re.search(self.refuses, path):
            return _status(403, "a webhook says no")
        if path.endswith("rolebindings"):
            self.bound = True
        status = WHOLE if self.works else {"replicas": 2, "observedGeneration": 3}
        namespace = path.split("/")[-2]
        metadata = {**body["metadata"], "namespace": namespace, "uid": f"new-{name}"}
        self.objects[f"{path}/{name}"] = {**body, "metadata": metadata, "status": status}
        for number in range(2 if self.works and path.endswith("deployments") else 0):
            self.objects[f"{CORE}/{namespace}/pods/web-{number}"] = _pod(
                namespace, number, "new-web"
            )
        if path == CORE:
            self.objects[f"{CORE}/{name}/serviceaccounts/default"] = {"metadata": {"name": "x"}}
        return web.json_response(self.objects[f"{path}/{name}"])


def _pod(namespace: str, number: int, owner: str) -> Json:
    owners = [{"uid": owner, "controller": True}]
    metadata = {"name": f"web-{number}", "namespace": namespace, "uid": f"{namespace}-{number}"}
    ready = {"conditions": [{"type": "Ready", "status": "True"}]}
    return {"metadata": {**metadata, "ownerReferences": owners}, "status": ready}


def _status(code: int, message: str) -> web.Response:
    return web.json_response({"kind": "Status", "message": message}, status=code)


@dataclass
class Dialer:
    """Answers for the learner's Service."""

    answer: Answer = field(default_factory=lambda: HttpAnswer(200, ""))

    async def call(self, request: CallHttp) -> Answer:
        assert request == CallHttp(TARGET)
        return self.answer


@dataclass
class Inner:
    """An experiment that only notes where it is."""

    experiment: DeletePod
    steps: list[Any]
    journal: Journal
    hindered: Hindered | None

    async def check(self) -> None:
        self.steps.append("check")
        if self.hindered is not None:
            raise Hopeless(self.hindered)

    async def conduct(self, site: Site) -> Timeline:
        self.steps += [site.record.owes, self.experiment]
        return self.journal.timeline()


@dataclass
class Desk:
    """A trial on a copy, and what becomes of it."""

    client: Client
    steps: list[Any] = field(default_factory=list)
    kept: Kept = field(default_factory=Kept)
    dialer: Dialer = field(default_factory=Dialer)
    hindered: Hindered | None = None

    def __post_init__(self) -> None:
        self.journal, self.bell = Journal(SystemClock(), SystemClock().now_ms()), Bell()

        def inner(_c: Any, _r: Any, journal: Journal, _b: Any, of: Any) -> Inner:
            return Inner(of, self.steps, journal, self.hindered)

        self.debts = Debts(self.kept, RECORD)
        self.trial = copies.CopyTrial(
            {DeletePod: inner},
            *(self.client, Resources(self.client), self.journal, self.bell),
            OnCopy("kim", DELETION),
        )

    async def run(self) -> Timeline:
        headroom = Headroom(self.client, SystemClock())
        site = Site(
            *(self.client, self.journal, self.bell, self.debts, (), "image", "nonce"),
            *(headroom, self.dialer),
        )
        await self.trial.check()
        answer = await self.trial.conduct(site)
        assert isinstance(answer, Timeline)
        return answer

    async def trouble(self) -> Trouble:
        with pytest.raises(Hopeless) as error:
            await self.run()
        assert isinstance(error.value.answer, Trouble)
        return error.value.answer

    async def pay(self) -> None:
        for debt in self.debts.record.owes:
            await pay(self.client, debt, None)


@asynccontextmanager
async def desk(server: Server) -> AsyncIterator[Desk]:
    async with serving(server.answer) as address, talking_to(address) as client:
        yield Desk(client)
