"""Reading fields that may be missing, null, or of another type than Kubernetes documents.

Called by everything that reads a template here: a template is what a learner wrote, and what
is odd in it must become a message. Must not judge.
"""

from collections.abc import Mapping
from typing import Any

from labgrader.evidence.answers import Json


def at(value: Any, *path: str) -> Any:
    """The value below; None where there is none."""
    for key in path:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


def mapping(value: Any) -> Json:
    """The map itself; an empty one for anything else."""
    return value if isinstance(value, Mapping) else {}


def maps(value: Any) -> tuple[Json, ...]:
    """The maps in a list."""
    return tuple(item for item in value if isinstance(item, Mapping)) if _listed(value) else ()


def texts(value: Any) -> tuple[str, ...]:
    """The texts in a list."""
    return tuple(item for item in value if isinstance(item, str)) if _listed(value) else ()


def text(value: Any) -> str:
    """The text itself; an empty one for anything else."""
    return value if isinstance(value, str) else ""


def _listed(value: Any) -> bool:
    return isinstance(value, list | tuple)
