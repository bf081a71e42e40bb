"""What a check may ask to see. Requests are values: equal requests are asked once.

Made by ``checks``; answered by an EvidenceSource. Must not say how a request is answered.
"""

from dataclasses import dataclass


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
class HttpTarget:
    """Where an HTTP request goes: a path on a port of a Service. Never a URL."""

    namespace: str
    service: str
    port: int
    path: str


@dataclass(frozen=True, slots=True)
class CallHttp:
    """One GET, sent as a client inside the cluster would send it."""

    target: HttpTarget


@dataclass(frozen=True, slots=True)
class DeletePod:
    """Experiment: delete one Ready pod of a workload and watch until it is replaced.

    ``pods`` are the uids of the workload's Ready pods before; ``clients`` is sampled at a
    constant rate meanwhile. ``within_ms`` ends the wait.
    """

    namespace: str
    api_version: str
    kind: str
    name: str
    uid: str
    within_ms: int
    clients: HttpTarget | None = None


@dataclass(frozen=True, slots=True)
class LoadAutoscaler:
    """Experiment: send load to a Service until its autoscaler has added replicas."""

    namespace: str
    autoscaler: str
    uid: str
    target: HttpTarget
    concurrency: int
    replicas: int
    within_ms: int


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

Experiment = DeletePod | LoadAutoscaler
"""Requests that disturb what runs in the namespace."""

Question = ReviewAccess | DryRun
"""Requests that ask the API server for its judgement; no watch tells that it changed."""

Request = Look | Question | ReadAnswer | CallHttp | Experiment | Evaluate
