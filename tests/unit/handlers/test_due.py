"""What a submission needs follows from its spec and status alone."""

from typing import Any

import pytest

from labgrader.handlers.due import Due, due


def body(status: dict[str, Any] | None, attempt: int = 1, generation: int = 1) -> dict[str, Any]:
    return {
        "metadata": {"generation": generation},
        "spec": {"attempt": attempt},
        "status": status,
    }


DONE = {"attempt": 1, "observedGeneration": 1}
SHOWN = {"attempt": 0, "observedGeneration": 1, "result": "Pending"}
CHECKED = DONE | {"checks": [{"name": "a"}]}


@pytest.mark.parametrize(
    ("seen", "again", "expected"),
    [
        (body(None), False, Due.GRADE),
        (body({"attempt": 1, "result": "Grading"}), False, Due.RESUME),
        (body(DONE | {"result": "Passed"}), False, Due.NOTHING),
        (body(DONE | {"result": "Failed"}), True, Due.NOTHING),
        (body(DONE | {"result": "Passed"}, attempt=2, generation=2), False, Due.GRADE),
        (body(DONE | {"result": "Passed"}, generation=2), False, Due.RENDER),
        (body(None, attempt=0), False, Due.SHOW),
        (body(SHOWN, attempt=0), False, Due.NOTHING),
        (body(SHOWN, attempt=0), True, Due.SHOW),
        (body(SHOWN, attempt=0, generation=2), False, Due.SHOW),
        (body(SHOWN | {"result": "Stalled"}, attempt=0), False, Due.NOTHING),
        (body(SHOWN | {"live": {}}, attempt=0), False, Due.NOTHING),
        (body(SHOWN, attempt=1, generation=2), False, Due.GRADE),
        (body({"live": {}}), False, Due.GRADE),
        (body(DONE | {"result": "Stalled"}), False, Due.NOTHING),
        (body(DONE | {"result": "Stalled"}), True, Due.GRADE),
        (body(DONE | {"result": "Inconclusive"}), False, Due.NOTHING),
        (body(DONE | {"result": "Inconclusive"}), True, Due.GRADE),
        (body(DONE | {"result": "Stalled"}, generation=3), False, Due.GRADE),
        (body(CHECKED | {"result": "Stalled"}, generation=3), False, Due.RENDER),
        (body(CHECKED | {"result": "Stalled"}), True, Due.GRADE),
    ],
)
def test_due(seen: dict[str, Any], again: bool, expected: Due):  # noqa: FBT001 (a case)
    assert due(seen, again=again) is expected


def test_a_submission_that_is_being_deleted_needs_nothing() -> None:
    seen = body(None)
    seen["metadata"]["deletionTimestamp"] = "2026-01-01T00:00:00Z"
    assert due(seen, again=True) is Due.NOTHING
