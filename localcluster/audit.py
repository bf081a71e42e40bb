"""What the audit log of a cluster made with `--audit` tells: requests, by the API server's clock.

Read by the benchmarks, the tools and the tests, as a witness that is independent of what they
measure. Must not know what the requests are for.
"""

import json
from collections.abc import Iterator
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any


def events(log: Path, since: float) -> Iterator[Any]:
    """The requests that were received from a moment on, in seconds since 1970, as they ended."""
    # The API server begins a new file when the log has become long.
    for file in sorted(log.parent.glob(f"{log.stem}*{log.suffix}"), key=_changed):
        if _changed(file) < since:
            continue
        with file.open("rb") as lines:
            for line in lines:
                if not line.endswith(b"\n"):  # still being written
                    continue
                event = json.loads(line)
                if received(event) >= since:
                    yield event


def received(event: Any) -> float:
    """When the API server got the request, in seconds since 1970."""
    return datetime.fromisoformat(event["requestReceivedTimestamp"]).timestamp()


def completed(event: Any) -> float:
    """When it had answered."""
    return datetime.fromisoformat(event["stageTimestamp"]).timestamp()


def is_about(event: Any, verb: str, resource: str, namespace: str) -> bool:
    """Whether it is that request; ``resource`` may name a subresource: ``pods/status``."""
    place = event.get("objectRef") or {}
    parts = filter(None, (place.get("resource"), place.get("subresource")))
    asked = (event["verb"], "/".join(parts), place.get("namespace"))
    return event["stage"] == "ResponseComplete" and asked == (verb, resource, namespace)


def became_ready(log: Path, namespace: str, since: float) -> dict[str, float]:
    """By the uids of pods, in order: when a kubelet's word that the pod is Ready was first kept."""
    found: dict[str, float] = {}
    for event in events(log, since):
        if is_about(event, "patch", "pods/status", namespace) and _says_ready(event):
            found.setdefault(event["requestObject"]["metadata"]["uid"], completed(event))
    return dict(sorted(found.items(), key=lambda item: item[1]))


def _says_ready(event: Any) -> bool:
    said = (event.get("requestObject") or {}).get("status") or {}
    conditions = said.get("conditions") or ()
    kept = event["responseStatus"]["code"] == HTTPStatus.OK
    return kept and any((c.get("type"), c.get("status")) == ("Ready", "True") for c in conditions)


def _changed(file: Path) -> float:
    return file.stat().st_mtime
