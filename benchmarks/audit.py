"""How many requests were made in a stretch of time, by the API server's own account.

Counted are completed requests of the cluster's administrator, as whom all contestants come.
Not counted are watches, which do not end, leases, which are kept by the clock and not by the
grading, and what the driver asks itself.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

DRIVER = "labgrader-bench-driver"
_ADMIN_GROUP = "system:masters"
_API_SERVER = "system:apiserver"
"""The API server's requests to itself; it is of the same group."""


def now() -> str:
    """The moment, as the audit log writes it."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def requests(log: Path, since: str, until: str) -> Mapping[str, int]:
    """Requests by verb and resource, between two moments of ``now``."""
    begun = datetime.fromisoformat(since).timestamp()
    counted: Counter[str] = Counter()
    # The API server begins a new file when the log has become long.
    for file in log.parent.glob(f"{log.stem}*{log.suffix}"):
        if file.stat().st_mtime < begun:
            continue
        for event in _events(file):
            if since <= event["requestReceivedTimestamp"] <= until and _counts(event):
                counted[_what(event)] += 1
    return dict(counted.most_common())


def _events(file: Path) -> Iterator[Any]:
    with file.open("rb") as lines:
        for line in lines:
            if line.endswith(b"\n"):
                yield orjson.loads(line)


def _counts(event: Any) -> bool:
    return (
        event["stage"] == "ResponseComplete"
        and event["verb"] != "watch"
        and event.get("userAgent") != DRIVER
        and (event.get("objectRef") or {}).get("resource") != "leases"
        and _ADMIN_GROUP in event["user"].get("groups", ())
        and event["user"]["username"] != _API_SERVER
    )


def _what(event: Any) -> str:
    place = event.get("objectRef") or {}
    parts = [place.get("resource") or event["requestURI"].partition("?")[0]]
    parts += [place["subresource"]] if place.get("subresource") else []
    return f"{event['verb']} {'/'.join(parts)}"
