"""The Event that tells a verdict, as plain JSON. Called by ``handlers.announce``. Pure."""

from collections.abc import Mapping
from typing import Any

from labgrader.api.status import Result

_NORMAL = (
    Result.PENDING.value,
    Result.PASSED.value,
    Result.FAILED.value,
    Result.GRADING.value,
)


def event(
    body: Mapping[str, Any], status: Mapping[str, Any], now: str, identity: str
) -> dict[str, Any]:
    """An Event about a Submission. Its name follows from what it tells, so it is written once."""
    metadata = body["metadata"]
    result = status["result"]
    ready = next(c for c in status["conditions"] if c["type"] == "Ready")
    score = f": {status['score']} of {status['maxScore']} points" if "score" in status else ""
    return {
        "apiVersion": "v1",
        "kind": "Event",
        "metadata": {
            "name": f"{metadata['name'][:200]}.{metadata['resourceVersion']}",
            "namespace": metadata["namespace"],
        },
        "involvedObject": {
            "apiVersion": body["apiVersion"],
            "kind": body["kind"],
            "name": metadata["name"],
            "namespace": metadata["namespace"],
            "uid": metadata["uid"],
        },
        "type": "Normal" if result in _NORMAL else "Warning",
        "reason": "Graded" if "score" in status else ready["reason"],
        "message": f"{result}{score}. {ready['message']}"[:1024],
        "source": {"component": "labgrader"},
        "reportingComponent": "labgrader",
        "reportingInstance": identity,
        "firstTimestamp": now,
        "lastTimestamp": now,
        "count": 1,
    }
