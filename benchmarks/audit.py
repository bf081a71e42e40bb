"""How many requests were made in a stretch of time, by the API server's own account.

Counted are completed requests of the cluster's administrator, as whom all contestants come.
Not counted are watches, which do not end, leases, which are kept by the clock and not by the
grading, and what the driver asks itself.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from localcluster.audit import events

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
    counted = Counter(
        _what(event)
        for event in events(log, begun)
        if event["requestReceivedTimestamp"] <= until and _counts(event)
    )
    return dict(counted.most_common())


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
