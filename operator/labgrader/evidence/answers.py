"""What came back for a request.

Made by an EvidenceSource, read by ``checks`` through ``Snapshot``. Must not judge.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from labgrader.evidence.keeping import Kept
from labgrader.evidence.timeline import Timeline
from labgrader.evidence.traffic import Traffic

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Found:
    """The object, exactly as the API server gave it (Secrets' values replaced by digests)."""

    object: Json


@dataclass(frozen=True, slots=True)
class NotThere:
    """The API server says that there is no such object."""


@dataclass(frozen=True, slots=True)
class Items:
    """The objects of a list, in the server's order, and the version the list was read at."""

    objects: tuple[Json, ...]
    version: str = ""


@dataclass(frozen=True, slots=True)
class LogLines:
    """The last lines of a log, oldest first."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What the authorizer says. ``note`` is what went wrong meanwhile, such as a missing role."""

    allowed: bool
    note: str = ""


@dataclass(frozen=True, slots=True)
class Admitted:
    """The API server would take the object."""


@dataclass(frozen=True, slots=True)
class Refused:
    """The API server would not take the object: HTTP status, reason, and its sentence."""

    status: int
    reason: str
    message: str


@dataclass(frozen=True, slots=True)
class Answered:
    """What the learner wrote."""

    text: str


@dataclass(frozen=True, slots=True)
class TimeRead:
    """A moment, as Kubernetes writes it (RFC 3339, UTC)."""

    at: str


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """An HTTP answer: status, and the start of the body as text."""

    status: int
    body: str


@dataclass(frozen=True, slots=True)
class NoHttpAnswer:
    """No HTTP answer came: ``refused``, ``timeout``, ``reset``, ``unreachable`` or ``not-http``."""

    why: str


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of the connections: ``open``, ``timeout``, ``refused`` or ``unreachable`` each.

    Oldest first, and only those that were sent once policies had time to take effect.
    """

    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LookedUp:
    """What the cluster's DNS said: ``found``, ``none``, ``timeout`` or ``failed``.

    ``name`` is the whole name that was found. ``addresses``, ``alias`` and ``services`` (target
    and port) are what stands there.
    """

    status: str
    name: str = ""
    addresses: tuple[str, ...] = ()
    alias: str = ""
    services: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Enforcement:
    """Whether a NetworkPolicy of the grader's own was enforced on its own pods."""

    enforced: bool


@dataclass(frozen=True, slots=True)
class KeptOut:
    """The API server did not take a probe pod in a namespace, and what it said."""

    namespace: str
    message: str


class Obstacle(StrEnum):
    """Why an expression has no value for an object."""

    NOT_THERE = "not-there"
    """It touches what is not there; the detail is the path."""
    HIDDEN = "hidden"
    """It touches what is not there, which hides what it would say of the rest; the detail is the path."""
    NO_VALUE = "no-value"
    """What is there does not fit, such as a text where a number is compared."""
    TOO_MUCH = "too-much"
    """It would take more steps than one evaluation may."""
    NO_ORDER = "no-order"
    """It depends on the order of a map's keys, and a map has none."""


@dataclass(frozen=True, slots=True)
class Value:
    """What an expression says of one object: true, false, or why neither.

    ``seen`` are the paths that it reads with what stands there.
    """

    satisfied: bool
    obstacle: Obstacle | None = None
    detail: str = ""
    seen: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Values:
    """The values of an expression for the objects of the request, in their order."""

    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class NotEvaluated:
    """The evaluation broke: it hung or crashed and was ended. The check is broken."""

    why: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """The grader could not look. Never the learner's failure.

    ``reason`` is a Reason of an Unknown finding; ``transient`` trouble may be gone at the
    next try. ``detail`` is the technical text for the instructor.
    """

    reason: str
    detail: str
    transient: bool


@dataclass(frozen=True, slots=True)
class Hindered:
    """The learner's own objects kept the grader from looking (a policy, a quota, a finalizer)."""

    reason: str
    params: tuple[tuple[str, str], ...]


Answer = (
    Found
    | NotThere
    | Items
    | LogLines
    | HttpAnswer
    | NoHttpAnswer
    | Timeline
    | Traffic
    | Kept
    | Values
    | NotEvaluated
    | Reviewed
    | Admitted
    | Refused
    | Answered
    | TimeRead
    | Tried
    | LookedUp
    | Enforcement
    | KeptOut
    | Trouble
    | Hindered
)
