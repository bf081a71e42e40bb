"""Evidence of kept data: what came later is kept, and what was there before reads and looks as it did."""

from typing import Any

import pytest

from labgrader.evidence.answers import Answer
from labgrader.evidence.codec import decode, encode
from labgrader.evidence.experiments import Commands, KeepData
from labgrader.evidence.keeping import Exchange, Kept, Member
from labgrader.evidence.requests import Request
from labgrader.evidence.timeline import Timeline

PLAIN = KeepData(
    *("kim", "apps/v1", "StatefulSet", "db", "d", 60_000, 8080, "PUT", "/{key}"), every=True
)
COMMANDS = Commands("db", ("put", "{key}", "{value}"), ("get", "{key}"))
ABOUT = ("kim", "apps/v1", "StatefulSet", "db", "d", 60_000, 0, "", "")


@pytest.mark.parametrize(
    "request_",
    [
        PLAIN,
        KeepData(*ABOUT, every=False, commands=COMMANDS, drains=True),
        KeepData(*ABOUT, every=True, commands=COMMANDS),
    ],
)
def test_requests_are_read_as_they_were_written(request_: KeepData) -> None:
    assert decode(encode(request_, Request), Request) == request_


def test_what_was_asked_before_is_written_as_before() -> None:
    assert set(encode(PLAIN, Request)) == {
        *("type", "namespace", "apiVersion", "kind", "name", "uid", "withinMs"),
        *("port", "method", "path", "every"),
    }


def test_records_are_read_as_they_were_written() -> None:
    by_command = Exchange(1, "p", "k", 0, held=False, error="exit code 1: no", exit_code=1)
    by_request = Exchange(1, "p", "k", 200, held=True)
    record = Kept(
        Timeline(()),
        before=(Member("db-0", "p", (), node="node1"), Member("db-1", "q", ())),
        written=(by_command, by_request, Exchange(1, "p", "k", 0, held=True, exit_code=0)),
    )
    written: dict[str, Any] = encode(record, Answer)
    assert decode(written, Answer) == record
    assert set(written["before"][1]) == {"name", "uid", "claims", "seenMs", "readyMs"}
    assert set(written["written"][1]) == {"atMs", "pod", "key", "status", "held", "error"}


@pytest.mark.parametrize(
    ("status", "code", "well"),
    [
        (199, -1, False),
        (200, -1, True),
        (299, -1, True),
        (300, -1, False),
        (0, -1, False),
        (0, 0, True),
        (0, 1, False),
    ],
)
def test_what_went_well(status: int, code: int, well: bool) -> None:  # noqa: FBT001 (what must come of it)
    assert Exchange(0, "p", "k", status, exit_code=code).went_well is well
