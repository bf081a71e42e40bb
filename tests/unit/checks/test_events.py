"""Events as a cluster may hold them: reason and message are optional there, as is a time."""

from typing import Any

import pytest

from labgrader.checks.diagnosis.events import about, latest, one_line
from tests.unit.checks.namespaces import Namespace
from tests.unit.checks.objects import Body, deployment, event, replica_set, stateful_set

WEB = deployment()
UID = WEB["metadata"]["uid"]


def without(body: Body, *fields: str) -> Body:
    return {key: value for key, value in body.items() if key not in fields}


def test_an_event_without_a_reason_is_about_nothing() -> None:
    told = event(WEB, "FailedCreate", "no")
    assert about([without(told, "reason"), told], UID, "FailedCreate") == (told,)
    assert latest([without(told, "reason")], UID, "FailedCreate") is None


@pytest.mark.parametrize(
    ("times", "last"),
    [
        ({"series": {"lastObservedTime": "2026-03-03T00:00:00Z"}}, "new"),
        ({"lastTimestamp": "2026-03-03T00:00:00Z"}, "new"),
        ({"lastTimestamp": None, "eventTime": "2026-03-03T00:00:00.000001Z"}, "new"),
        ({"lastTimestamp": "2026-01-01T00:00:00Z"}, "old"),
        ({"lastTimestamp": None, "metadata": {"creationTimestamp": "2026-03-03T00:00:00Z"}}, "new"),
        ({"lastTimestamp": None, "metadata": {}}, "old"),
    ],
)
def test_the_latest_is_the_one_that_was_seen_last(times: dict[str, Any], last: str) -> None:
    old = {**event(WEB, "FailedCreate", "old"), "lastTimestamp": "2026-03-02T00:00:00Z"}
    new = {**event(WEB, "FailedCreate", "new"), **times}
    found = latest([new, old], UID, "FailedCreate")
    assert found is not None
    assert found["message"] == last


@pytest.mark.parametrize("holder", ["condition", "condition of its ReplicaSet", "event"])
def test_a_refusal_that_says_nothing_is_told_as_such(holder: str) -> None:
    failure = {"type": "ReplicaFailure", "status": "True"}
    objects: list[Body]
    match holder:
        case "condition":
            objects = [deployment(status={"availableReplicas": 0, "conditions": [failure]})]
        case "condition of its ReplicaSet":
            web = deployment(status={"availableReplicas": 0})
            objects = [web, replica_set(web, conditions=[failure])]
        case _:
            web = stateful_set("web", status={"availableReplicas": 0})
            objects = [web, without(event(web, "FailedCreate", ""), "message")]
    kind = objects[0]["kind"]
    judged = Namespace(objects).judge(ready={"object": {"kind": kind, "name": "web"}})
    assert judged.causes == ("PodsRefused",)


def test_a_long_text_is_cut_and_a_runtimes_words_are_taken_from_their_end() -> None:
    assert one_line("a\n  b.\n") == "a b"
    assert one_line("x" * 501) == "x" * 499 + "…"
    assert one_line("x" * 500) == "x" * 500
    assert one_line("runc: unable to start container process: exec: no such file") == (
        "exec: no such file"
    )
