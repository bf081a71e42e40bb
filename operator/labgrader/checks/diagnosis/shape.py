"""Reading JSON of which nobody has checked the shape.

The API server holds built-in kinds to their types, but a custom resource's status, an Event's
numbers or a ControllerRevision's data may be anything. What has another shape than is asked
for is not there. Called by judges and diagnosis.
"""

from collections.abc import Mapping
from typing import Any

from labgrader.evidence.answers import Json


def mapping(value: Any) -> Json:
    """The value where it is a map; else an empty one."""
    return value if isinstance(value, Mapping) else {}


def items(value: Any) -> tuple[Json, ...]:
    """The maps in a list; none where it is no list."""
    found = value if isinstance(value, list | tuple) else ()
    return tuple(item for item in found if isinstance(item, Mapping))


def words(value: Any) -> str:
    """The value where it is a text; else an empty one."""
    return value if isinstance(value, str) else ""


def whole(value: Any) -> int | None:
    """The value where it is a whole number."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None
