"""Which volumes a container mounts, and what they are made of.

Called by ``checks.configures`` and ``checks.claims``. The volumeClaimTemplates of a
StatefulSet are volumes of its pods, before volumes of the same name.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from labgrader.api.kinds import Mount
from labgrader.checks.expect.places import shown
from labgrader.checks.finding import Cause, cause
from labgrader.checks.hygiene.difference import Place, compared
from labgrader.checks.hygiene.references import Objects, Reference
from labgrader.checks.tolerant import at, maps, text
from labgrader.evidence.answers import Json

_KINDS = (
    ("configMap", "ConfigMap", "name"),
    ("secret", "Secret", "secretName"),
    ("persistentVolumeClaim", "PersistentVolumeClaim", "claimName"),
)
_OPTIONAL = frozenset({"ConfigMap", "Secret"})
# The kubelet mounts these so whatever the mount says: pkg/volume/{configmap,secret,projected,
# downwardapi} and image volumes.
_NEVER_WRITTEN = _OPTIONAL | {
    "downwardAPI",
    "serviceAccountToken",
    "clusterTrustBundle",
    "podCertificate",
    "image",
}


@dataclass(frozen=True, slots=True)
class Source:
    """What a volume is made of. ``kind`` is as Kubernetes names the object, or the volume's type."""

    kind: str
    name: str = ""
    read_only: bool = False
    optional: bool = False

    def __str__(self) -> str:
        return f"{self.kind} {self.name}".strip()


Volumes = Mapping[str, tuple[Source, ...]]
"""By name; a projected volume may have several sources."""


def volumes_of(workload: Json, spec: Json) -> Volumes:
    """The volumes of the workload's pods."""
    own = {text(volume.get("name")): _sources(volume) for volume in maps(spec.get("volumes"))}
    claims = (text(at(claim, "metadata", "name")) for claim in claim_templates(workload))
    return own | {name: (Source("PersistentVolumeClaim", name),) for name in claims if name}


def claim_templates(workload: Json) -> tuple[Json, ...]:
    """The volumeClaimTemplates of a StatefulSet; none of anything else."""
    if workload.get("kind") != "StatefulSet":
        return ()
    return maps(at(workload, "spec", "volumeClaimTemplates"))


def mount_references(wanted: Mount, container: Json, volumes: Volumes) -> set[Reference]:
    """What ``mount_difference`` will read."""
    mount = _mount(wanted, container)
    sources = () if mount is None else _fitting(wanted, mount, volumes)
    return {Reference(s.kind, s.name) for s in sources if s.optional and s.name}


def mount_difference(
    wanted: Mount, place: Place, container: Json, volumes: Volumes, objects: Objects
) -> Iterator[Cause]:
    """In what the mount is not as wanted; nothing where it is."""
    mount = _mount(wanted, container)
    if mount is None:
        paths = [text(mount.get("mountPath")) for mount in maps(container.get("volumeMounts"))]
        yield cause(
            "MountAbsent",
            kind=place.kind,
            name=place.name,
            namespace=place.namespace,
            container=place.container,
            path=wanted.path,
            seen=shown(", ".join(paths)) if paths else "-",
        )
        return
    sources = _fitting(wanted, mount, volumes)
    if wanted.from_ is not None and not sources:
        others = volumes.get(text(mount.get("name")), ())
        yield cause(
            "MountFromElsewhere",
            kind=place.kind,
            name=place.name,
            namespace=place.namespace,
            container=place.container,
            path=wanted.path,
            expected=f"{wanted.from_.kind} {wanted.from_.name or ''}".strip(),
            seen=shown(", ".join(str(source) for source in others)) if others else "-",
        )
        return
    if sources and not any(not s.optional or objects.exists(s.kind, s.name) for s in sources):
        yield cause(
            "MountEmpty",
            kind=place.kind,
            name=place.name,
            namespace=place.namespace,
            container=place.container,
            path=wanted.path,
            source=shown(", ".join(str(source) for source in sources)),
        )
    read_only = _read_only(mount, sources)
    if wanted.read_only not in {None, read_only}:
        field = f"volumeMounts[{wanted.path}].readOnly"
        yield compared(place, field, str(wanted.read_only).lower(), read_only)


def _mount(wanted: Mount, container: Json) -> Json | None:
    for mount in maps(container.get("volumeMounts")):
        if _clean(mount.get("mountPath")) == _clean(wanted.path):
            return mount
    return None


def _fitting(wanted: Mount, mount: Json, volumes: Volumes) -> tuple[Source, ...]:
    """The sources of the mounted volume that are wanted."""
    sources = volumes.get(text(mount.get("name")), ())
    if wanted.from_ is None:
        return sources
    kind, name = wanted.from_.kind, wanted.from_.name
    return tuple(s for s in sources if s.kind == kind and name in {None, s.name})


def _read_only(mount: Json, sources: tuple[Source, ...]) -> bool:
    return mount.get("readOnly") is True or (
        bool(sources) and all(s.read_only or s.kind in _NEVER_WRITTEN for s in sources)
    )


def _sources(volume: Json) -> tuple[Source, ...]:
    if volume.get("projected") is not None:
        parts = maps(at(volume, "projected", "sources"))
        return tuple(source for part in parts for source in _plain(part, "name"))
    return _plain(volume)


def _plain(volume: Json, named_by: str = "") -> tuple[Source, ...]:
    for field, kind, key in _KINDS:
        value: Any = volume.get(field)
        if value is not None:
            name = text(at(value, named_by or key))
            return (
                Source(
                    kind,
                    name,
                    read_only=at(value, "readOnly") is True,
                    optional=at(value, "optional") is True and kind in _OPTIONAL,
                ),
            )
    if volume.get("emptyDir") is not None:
        return (Source("EmptyDir"),)
    other = next((str(key) for key in volume if key != "name"), "")
    if not other:
        return (Source("EmptyDir"),)
    return (Source(other, read_only=at(volume, other, "readOnly") is True),)


def _clean(path: Any) -> str:
    return text(path).rstrip("/") or text(path)
