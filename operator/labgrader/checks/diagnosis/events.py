"""Events about one object. Called by diagnosis only: events explain, they prove nothing."""

from collections.abc import Sequence

from labgrader.evidence.answers import Json

_LONGEST = 500
_WRAPPED = "unable to start container process: "


def latest(events: Sequence[Json], uid: str, *reasons: str) -> Json | None:
    """The latest event of one of these reasons about the object."""
    found = about(events, uid, *reasons)
    return found[-1] if found else None


def about(events: Sequence[Json], uid: str, *reasons: str) -> tuple[Json, ...]:
    """The events of these reasons about the object, the latest last."""
    chosen = [
        event
        for event in events
        if event.get("reason") in reasons and event["involvedObject"].get("uid") == uid
    ]
    return tuple(sorted(chosen, key=_when))


def one_line(text: str) -> str:
    """A technical text for a message: one line, not too long, without a full stop.

    Of what a container runtime says only the end is kept, which names the cause.
    """
    line = " ".join(text.rpartition(_WRAPPED)[2].split()).rstrip(".")
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"


def _when(event: Json) -> str:
    series = event.get("series") or {}
    times = (
        series.get("lastObservedTime"),
        event.get("lastTimestamp"),
        event.get("eventTime"),
        event["metadata"].get("creationTimestamp"),
    )
    return next((str(time) for time in times if time), "")
