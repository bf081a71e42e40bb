"""Params of ``configures``: what a workload's template says about each of its containers."""

from typing import Annotated, Literal

from pydantic import Field

from labgrader.api.base import HttpPath, LabelName, Model, ObjectName, ObjectRef, Port

QUANTITY_PATTERN = r"^[0-9]+([.][0-9]+)?([numkMGTPE]|[KMGTPE]i)?$"
REGISTRY_PATTERN = r"^[a-z0-9]([-a-z0-9._/:]*[a-z0-9])?$"
ENV_PATTERN = r"^[A-Za-z_][-A-Za-z0-9_.]*$"
KEY_PATTERN = r"^[A-Za-z0-9_.][-A-Za-z0-9_.]*$"
CAPABILITY_PATTERN = r"^[A-Z][A-Z_]*$"

Quantity = Annotated[str, Field(min_length=1, max_length=20, pattern=QUANTITY_PATTERN)]
"""An amount as Kubernetes writes it: 250m, 64Mi, 1.5."""


class Amount(Model):
    """A range of amounts. With neither bound: anything above zero."""

    min: Quantity | None = None
    """At least so much, as a quantity: 10m, 16Mi."""
    max: Quantity | None = None
    """At most so much, as a quantity: 500m, 128Mi."""


class Limits(Model):
    """A range of whole numbers."""

    min: Annotated[int, Field(ge=0, le=86400)] | None = None
    """At least this."""
    max: Annotated[int, Field(ge=0, le=86400)] | None = None
    """At most this."""


class Probe(Model):
    """One probe. What is left out may be anything."""

    kind: Literal["httpGet", "exec", "tcpSocket", "grpc"] | None = None
    """How it asks: httpGet, exec, tcpSocket or grpc."""
    path: HttpPath | None = None
    """The path that an httpGet probe asks for."""
    port: Port | None = None
    """The port's number; the learner may write the name of a container port that has it."""
    initial_delay_seconds: Limits | None = None
    """How long after the start it begins."""
    period_seconds: Limits | None = None
    """How often it asks."""
    timeout_seconds: Limits | None = None
    """How long an answer may take."""
    failure_threshold: Limits | None = None
    """How many failures in a row count."""


class Probes(Model):
    """The probes that each container must have."""

    readiness: Probe | None = None
    """The readiness probe."""
    liveness: Probe | None = None
    """The liveness probe."""
    startup: Probe | None = None
    """The startup probe."""


class Resources(Model):
    """Amounts of the resources that Kubernetes itself knows."""

    cpu: Amount | None = None
    """CPU, such as 250m."""
    memory: Amount | None = None
    """Memory, such as 64Mi."""
    ephemeral_storage: Amount | None = None
    """Space for logs and other files that go with the container."""


class ImagePolicy(Model):
    """Where images may come from and how exactly they are named.

    Always asked: a tag that is not latest, or a digest.
    """

    registries: Annotated[
        tuple[Annotated[str, Field(min_length=1, max_length=253, pattern=REGISTRY_PATTERN)], ...],
        Field(max_length=10),
    ] = ()
    """Registries, or folders of them, that images may come from: docker.io/library,
    registry.example.edu/labs. An image without a registry comes from docker.io. Empty: any."""
    digest: bool = False
    """The image must be named by its digest (@sha256:…)."""


class EnvSource(Model):
    """Where a variable's value must come from."""

    kind: Literal["Secret", "ConfigMap"]
    """Secret or ConfigMap."""
    name: ObjectName | None = None
    """The object's name; any where left out."""
    key: Annotated[str, Field(min_length=1, max_length=253, pattern=KEY_PATTERN)] | None = None
    """The key in it; any where left out."""


class Env(Model):
    """An environment variable whose value must not stand in the template."""

    name: Annotated[str, Field(min_length=1, max_length=253, pattern=ENV_PATTERN)]
    """The variable."""
    from_: EnvSource = Field(alias="from")
    """Where its value comes from, by valueFrom or by envFrom."""


class Security(Model):
    """What the containers' effective security contexts must be.

    A container's own setting goes before its pod's; what neither sets has Kubernetes' default.
    """

    run_as_non_root: bool | None = None
    """runAsNonRoot; true also refuses the user 0."""
    read_only_root_filesystem: bool | None = None
    """readOnlyRootFilesystem."""
    allow_privilege_escalation: bool | None = None
    """allowPrivilegeEscalation; Kubernetes' default is true."""
    privileged: bool | None = None
    """privileged."""
    drop: Annotated[
        tuple[Annotated[str, Field(min_length=1, max_length=63, pattern=CAPABILITY_PATTERN)], ...],
        Field(max_length=20),
    ] = ()
    """Capabilities that must be dropped, such as ALL, and not be added again. Beside ALL,
    NET_BIND_SERVICE may be added."""
    seccomp: Literal["RuntimeDefault", "Localhost"] | None = None
    """The type of the seccomp profile: RuntimeDefault or Localhost."""


class MountSource(Model):
    """What a mounted volume must be made of."""

    kind: Literal["ConfigMap", "Secret", "PersistentVolumeClaim", "EmptyDir"]
    """ConfigMap, Secret (also as parts of a projected volume), PersistentVolumeClaim or
    EmptyDir."""
    name: ObjectName | None = None
    """The object's name, or that of a StatefulSet's volumeClaimTemplate; any where left out."""


class Mount(Model):
    """A volume that must be mounted."""

    path: HttpPath
    """The mountPath."""
    from_: MountSource | None = Field(default=None, alias="from")
    """What the volume is made of; anything where left out."""
    read_only: bool | None = None
    """Whether the container can only read it. ConfigMaps, Secrets, projected volumes and images
    always are so."""


class Configures(Model):
    """The workload's containers are set up as good practice wants it."""

    object: ObjectRef
    """A Deployment, StatefulSet, DaemonSet, ReplicaSet, Pod, Job or CronJob."""
    containers: Annotated[tuple[LabelName, ...], Field(max_length=20)] = ()
    """The containers to look at, by name. Empty: all of them, and sidecars; ordinary init
    containers only for image and security."""
    probes: Probes | None = None
    """The probes."""
    requests: Resources | None = None
    """The requests; a limit without a request counts as both."""
    limits: Resources | None = None
    """The limits."""
    qos: Literal["Guaranteed", "Burstable", "BestEffort"] | None = None
    """The QoS class that Kubernetes derives from all containers: Guaranteed, Burstable or
    BestEffort."""
    image: ImagePolicy | None = None
    """The image policy; {} asks only for a tag that is not latest."""
    env: Annotated[tuple[Env, ...], Field(max_length=20)] = ()
    """Variables that must come from a Secret or a ConfigMap."""
    security: Security | None = None
    """The security context."""
    mounts: Annotated[tuple[Mount, ...], Field(max_length=20)] = ()
    """The volumes."""
