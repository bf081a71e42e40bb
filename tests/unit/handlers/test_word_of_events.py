"""The grader on the word of an event: what it reads anew, and what guards its write."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest

from labgrader.cluster.clock import SystemClock
from labgrader.cluster.errors import ApiError, ApiUnreachable
from labgrader.evidence.answers import Answer, Found, Items, NotThere
from labgrader.evidence.requests import ListObjects, Request
from labgrader.handlers.gate import Gate
from labgrader.handlers.grader import Grader
from labgrader.handlers.known import Known
from labgrader.handlers.queue import Key

KEY = Key("course", "kim-lab")
EXISTS = {"exists": {"object": {"kind": "ConfigMap", "name": "c"}}}
HEALS = {
    "heals": {
        "object": {"kind": "Deployment", "name": "web"},
        "fault": "DeletePod",
        "within": "10s",
    }
}


def body(version: int = 1, **spec: Any) -> dict[str, Any]:
    metadata = {
        "name": "kim-lab",
        "namespace": "course",
        "uid": "u",
        "generation": 1,
        "resourceVersion": str(version),
    }
    told = {"exerciseRef": {"name": "lab"}, "learner": "kim", "targetNamespace": "kim"}
    return {
        "apiVersion": "labgrader.dev/v1alpha1",
        "kind": "Submission",
        "metadata": metadata,
        "spec": {**told, "attempt": 1, **spec},
    }


@dataclass
class Stored:
    """The API server's copy of one Submission: stale writes are refused, as there."""

    now: dict[str, Any]
    reads: int = 0
    written: list[Mapping[str, Any]] = field(default_factory=list)

    async def submission(self, _namespace: str, _name: str) -> Any:
        self.reads += 1
        return self.now

    async def write_status(self, of: Any, status: Any) -> Any:
        if of["metadata"]["resourceVersion"] != self.now["metadata"]["resourceVersion"]:
            raise ApiError(409, "Conflict", "the object has been modified")
        self.written.append(status)
        return {**self.now, "status": status}


class Empty:
    """A namespace with nothing in it."""

    async def gather(self, requests: Any) -> Mapping[Request, Answer]:
        return {r: Items(()) if isinstance(r, ListObjects) else NotThere() for r in requests}

    async def confirm(self, _namespace: str) -> Answer:
        return Found({})

    async def calm(self, _namespace: str) -> None:
        pass


def grader(stored: Stored, check: Mapping[str, Any]) -> Grader:
    known = Known()
    for name in ("course", "kim"):
        known.see_namespace(
            {"metadata": {"name": name, "labels": {"labgrader.dev/course": "course"}}}
        )
    text = {"en": "t"}
    checks = [{"name": "only", "points": 10, **check}]
    known.see_exercise(
        {
            "metadata": {"name": "lab", "namespace": "course", "uid": "e", "generation": 1},
            "spec": {"title": text, "task": text, "settle": "0s", "checks": checks},
        }
    )
    evidence = SimpleNamespace(source=Empty(), laboratory=Empty())
    return Grader(stored, known, evidence, Gate(1), SystemClock())  # type: ignore[arg-type]


def nothing() -> None:
    pass


async def test_looks_on_the_word_of_an_event_and_writes_once() -> None:
    stored = Stored(body())
    verdict = await grader(stored, EXISTS).work_on(KEY, nothing, again=False, given=body())
    assert verdict is not None
    assert (stored.reads, [status["result"] for status in stored.written]) == (0, ["Failed"])


async def test_reads_what_it_is_to_disturb() -> None:
    stored = Stored(
        body() | {"status": {"attempt": 1, "observedGeneration": 1, "result": "Passed"}}
    )
    verdict = await grader(stored, HEALS).work_on(KEY, nothing, again=False, given=body())
    assert verdict is None  # graded already, which the event did not know
    assert (stored.reads, stored.written) == (1, [])


@pytest.mark.parametrize(("attempt", "results"), [(1, ["Failed"]), (2, [])])
async def test_a_write_on_an_old_word_is_refused(attempt: int, results: list[str]) -> None:
    stored = Stored(body(2, attempt=attempt))
    await grader(stored, EXISTS).work_on(KEY, nothing, again=False, given=body(1))
    assert stored.reads == 1
    assert [status["result"] for status in stored.written] == results


@pytest.mark.parametrize("result", ["Passed", "Failed", "Stalled"])
async def test_an_old_word_does_not_replace_a_verdict(result: str) -> None:
    """A slow watch brings the object as it was before it was graded on the re-scan's word."""
    graded = {"attempt": 1, "observedGeneration": 1, "result": result, "checks": [{}]}
    stored = Stored(body(2) | {"status": graded})
    verdict = await grader(stored, EXISTS).work_on(KEY, nothing, again=False, given=body(1))
    assert verdict is None
    assert stored.written == []


async def test_a_refusal_on_an_old_word_does_not_replace_a_verdict_either() -> None:
    graded = {"attempt": 1, "observedGeneration": 1, "result": "Passed", "checks": [{}]}
    stored = Stored(body(2) | {"status": graded})
    worker = grader(stored, EXISTS)
    labels = {"labgrader.dev/course": "other"}
    worker.known.see_namespace({"metadata": {"name": "kim", "labels": labels}})
    assert await worker.work_on(KEY, nothing, again=False, given=body(1)) is None
    assert stored.written == []


async def test_a_write_that_got_through_unanswered_is_still_the_verdict() -> None:
    class Unanswered(Stored):
        async def write_status(self, of: Any, status: Any) -> Any:
            written = await super().write_status(of, status)
            if len(self.written) == 1:
                self.now = {**written, "metadata": {**of["metadata"], "resourceVersion": "2"}}
                raise ApiUnreachable("the connection broke")
            return written

    stored = Unanswered(body(1))
    verdict = await grader(stored, EXISTS).work_on(KEY, nothing, again=False, given=body(1))
    assert verdict is not None
    assert verdict.status["result"] == "Failed"


async def test_a_verdict_outlasts_a_server_that_is_too_busy_to_be_read() -> None:
    """Without it everything is done again, experiments too."""

    class Busy(Stored):
        async def submission(self, namespace: str, name: str) -> Any:
            read = await super().submission(namespace, name)
            if self.reads == 1:
                raise ApiError(503, "ServiceUnavailable", "etcdserver: leader changed")
            return read

    stored = Busy(body(2))
    verdict = await grader(stored, EXISTS).work_on(KEY, nothing, again=False, given=body(1))
    assert verdict is not None
    assert [status["result"] for status in stored.written] == ["Failed"]
