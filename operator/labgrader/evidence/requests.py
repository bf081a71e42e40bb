"""What a check may ask to see. Requests are values: equal requests are asked once.

Made by ``checks``; answered by an EvidenceSource. Must not say how a request is answered.
"""

from dataclasses import dataclass

from labgrader.evidence.experiments import Experiment, HttpTarget, Probing


@dataclass(frozen=True, slots=True)
class GetObject:
    """One named object."""

    namespace: str
    api_version: str
    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class ListObjects:
    """All objects of a kind in a namespace that carry the labels."""

    namespace: str
    api_version: str
    kind: str
    labels: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ReadLog:
    """The last lines of a container's log; of its previous run where ``previous``.

    Where they are more than ``max_bytes``, the last of them are cut off.
    """

    namespace: str
    pod: str
    container: str
    previous: bool = False
    lines: int = 20
    max_bytes: int = 65_536


@dataclass(frozen=True, slots=True)
class ReviewAccess:
    """Whether a subject may do something, asked of the API server's authorizer.

    ``namespace`` is empty for a question about the whole cluster.
    """

    user: str
    groups: tuple[str, ...]
    namespace: str
    verb: str
    group: str
    resource: str
    subresource: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class DryRun:
    """What the API server would say to an object that ``user`` creates. Nothing is created.

    ``manifest`` is its JSON, whose namespace is ``namespace`` whatever it says itself.
    """

    namespace: str
    api_version: str
    kind: str
    manifest: str
    user: str


@dataclass(frozen=True, slots=True)
class ReadAnswer:
    """What the learner answered to a question. The engine knows; no cluster is asked."""

    name: str


@dataclass(frozen=True, slots=True)
class ReadTime:
    """What time it is, by the grader's clock. A record keeps it for who judges again."""


@dataclass(frozen=True, slots=True)
class CallHttp:
    """One GET, sent as a client inside the cluster would send it."""

    target: HttpTarget


@dataclass(frozen=True, slots=True)
class Origin:
    """Whose place a probe takes: a pod with ``labels`` in ``namespace``.

    Without a namespace it is a pod in one of the grader's own.
    """

    namespace: str = ""
    labels: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class TryFlow:
    """TCP connections to the address of a Service or pod that the check has looked up."""

    origin: Origin
    address: str
    port: int


@dataclass(frozen=True, slots=True)
class LookUp:
    """A DNS name, looked up as pods of ``namespace`` do: through their search path.

    ``record`` is ``address``, ``alias`` or ``srv``.
    """

    origin: Origin
    namespace: str
    name: str
    record: str = "address"


@dataclass(frozen=True, slots=True)
class ProvePolicies:
    """Whether the cluster's network enforces NetworkPolicies, shown by a policy of our own."""


@dataclass(frozen=True, slots=True)
class Evaluate:
    """A computation: a CEL expression over each of some objects, beside others.

    ``objects`` and ``beside`` are JSON with sorted keys. The answer follows from the request
    alone, on any machine, so a record of evidence may keep it or have it computed again
    (docs/decisions/0014-expressions.md).
    """

    expression: str
    objects: tuple[str, ...]
    beside: str = "{}"


Look = GetObject | ListObjects | ReadLog
"""Requests that only read the API server."""

Question = ReviewAccess | DryRun
"""Requests that ask the API server for its judgement; no watch tells that it changed."""

Errand = TryFlow | LookUp | ProvePolicies
"""Requests that are sent from probe pods."""

Request = (
    Look | Question | ReadAnswer | ReadTime | CallHttp | Errand | Probing | Experiment | Evaluate
)
