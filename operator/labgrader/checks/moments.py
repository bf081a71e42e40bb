"""Times that the API server wrote. Called by checks that compare them. Pure."""

from datetime import UTC, datetime

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
_FAR_OFF = 2200


def moment(written: str) -> datetime:
    """The time; long ago for what is none, or none of our days."""
    try:
        found = datetime.fromisoformat(written).replace(tzinfo=UTC)  # it writes no other zone
    except ValueError:
        return _LONG_AGO
    return found if _LONG_AGO.year <= found.year <= _FAR_OFF else _LONG_AGO
