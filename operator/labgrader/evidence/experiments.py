"""What a check may ask to be tried, and where clients send their requests.

Made by ``checks``; conducted by ``cluster.experiments``, each by a trial of its own. Requests are
values: equal ones are asked once. Must not say how anything is tried.
"""

from dataclasses import dataclass, field

from labgrader.evidence.timeline import LATER


@dataclass(frozen=True, slots=True)
class HttpTarget:
    """Where an HTTP request goes: a path on a port of a Service. Never a URL."""

    namespace: str
    service: str
    port: int
    path: str


@dataclass(frozen=True, slots=True)
class DeletePod:
    """Experiment: delete one Ready pod of a workload and watch until it is replaced.

    ``clients`` is sampled at a constant rate meanwhile. ``within_ms`` ends the wait.
    """

    namespace: str
    api_version: str
    kind: str
    name: str
    uid: str
    within_ms: int
    clients: HttpTarget | None = None


@dataclass(frozen=True, slots=True)
class Means:
    """How something is done to a container: a command in it, or a GET at a port of its pod."""

    container: str
    command: tuple[str, ...] = ()
    port: int = 0
    path: str = ""

    def __str__(self) -> str:
        return " ".join(self.command) if self.command else f"GET :{self.port}{self.path}"


@dataclass(frozen=True, slots=True)
class Disturb:
    """Experiment: another fault, or more pods, watched in the same way until the recovery.

    ``fault`` is the API's word for it; ``share`` (milli-percent) of the Ready pods meet it at
    once, one where it is 0. ``means`` is there for the faults inside a container.
    """

    namespace: str
    api_version: str
    kind: str
    name: str
    uid: str
    within_ms: int
    fault: str
    clients: HttpTarget | None = None
    share: int = 0
    means: Means | None = None


@dataclass(frozen=True, slots=True)
class Update:
    """Experiment: update a Deployment's template, watch pods and clients, and put it back.

    New is the ``image`` of a ``container``, or the value of an ``annotation``. It is watched until
    the new version has taken over (``then`` is empty), for all of ``within_ms`` (``hold``), or
    until the old version has taken over again after an undo (``undo``).
    """

    namespace: str
    api_version: str
    kind: str
    name: str
    uid: str
    within_ms: int
    clients: HttpTarget
    container: str = ""
    image: str = ""
    annotation: str = ""
    then: str = ""


@dataclass(frozen=True, slots=True)
class LoadAutoscaler:
    """Experiment: send load to a Service until its autoscaler has added replicas.

    ``hold_ms`` is for how long the load goes on after that; ``down_within_ms`` for how long the
    autoscaler is watched after the load, until it has come back.
    """

    namespace: str
    autoscaler: str
    uid: str
    target: HttpTarget
    concurrency: int
    replicas: int
    within_ms: int
    hold_ms: int = field(default=0, metadata=LATER)
    down_within_ms: int = field(default=0, metadata=LATER)


@dataclass(frozen=True, slots=True)
class RunCronJob:
    """Experiment: run a CronJob's Job now, and watch the workload whose replicas it raises.

    ``replicas`` are the workload's before, ``minimums`` the minReplicas of its autoscalers, by
    name: what is put back afterwards. ``to`` Ready replicas end the wait, or ``within_ms``.
    Where so many are there already, they are first taken down to ``down_to``, which is -1 else.
    """

    namespace: str
    cron_job: str
    cron_uid: str
    api_version: str
    kind: str
    name: str
    uid: str
    replicas: int
    minimums: tuple[tuple[str, int], ...]
    to: int
    within_ms: int
    down_to: int = field(default=-1, metadata=LATER)


@dataclass(frozen=True, slots=True)
class ResizePod:
    """Experiment: give one container of a running pod other limits, and watch what becomes of it.

    ``cpu`` and ``memory`` are the limits, empty where they stay. ``before`` is the JSON of the
    container's resources, which are put back. The workload is the pod's.
    """

    namespace: str
    api_version: str
    kind: str
    name: str
    pod: str
    pod_uid: str
    container: str
    cpu: str
    memory: str
    before: str
    within_ms: int


@dataclass(frozen=True, slots=True)
class DrainPod:
    """Experiment: tell one Ready pod to stop while it has requests under way.

    They are sent to the pod's own address and ask for ``slow``; ``clients`` is sampled at a
    constant rate meanwhile. ``within_ms`` is how long the pod may take to be gone.
    """

    namespace: str
    api_version: str
    kind: str
    name: str
    uid: str
    within_ms: int
    clients: HttpTarget
    slow: str


@dataclass(frozen=True, slots=True)
class Commands:
    """Two commands in a container: one keeps ``{value}`` under ``{key}``, the other prints it."""

    container: str
    write: tuple[str, ...]
    read: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KeepData:
    """Experiment: write something into each pod of a workload, delete pods, and read it back.

    ``path`` holds ``{key}``; it is written with ``method`` and read with GET, at each pod's own
    address. Where there are ``commands``, they write and read, and the port is 0. ``every`` says
    that all pods are deleted at once, and not only the oldest; ``drains`` that a node is cordoned
    instead, and the pods on it are evicted.
    """

    namespace: str
    api_version: str
    kind: str
    name: str
    uid: str
    within_ms: int
    port: int
    method: str
    path: str
    every: bool
    commands: Commands | None = field(default=None, metadata=LATER)
    drains: bool = field(default=False, metadata=LATER)


MOST_BACKENDS = 40
"""So many pods behind a Service at most can be told apart by their answers."""


@dataclass(frozen=True, slots=True)
class SpreadRequests:
    """Many GETs to a Service, each over a connection of its own, by a probe pod.

    Every pod behind the Service is asked at its own address, too. ``header`` is the header of
    the answers that is recorded; the start of the body where it is empty. ``again`` is for a
    second time, a while after the first. Disturbs nothing.
    """

    namespace: str
    target: HttpTarget
    requests: int
    header: str = ""
    again: bool = field(default=False, metadata=LATER)


OnWorkload = DeletePod | Disturb | LoadAutoscaler | Update | DrainPod | KeepData
"""Experiments that can be tried on a copy of their workload as well."""


@dataclass(frozen=True, slots=True)
class OnCopy:
    """Experiment: another one, tried on a copy of its workload in a namespace of the grader's.

    What ``of`` says is about the learner's own objects, as everywhere; ``namespace`` is theirs.
    """

    namespace: str
    of: OnWorkload


Experiment = (
    DeletePod
    | Disturb
    | LoadAutoscaler
    | Update
    | RunCronJob
    | ResizePod
    | DrainPod
    | KeepData
    | OnCopy
)
"""Requests that disturb what runs in the namespace, or a copy of it."""

Probing = SpreadRequests
"""Requests that take a probe pod, and disturb nothing."""
