"""Whether an environment variable comes from a Secret or a ConfigMap.

Called by ``checks.configures``. Of an optional reference and of envFrom, which only may bring
the variable, the object's keys are read. A Secret's values are never needed, and no value of a
variable gets into a message.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from labgrader.api.kinds import Env
from labgrader.checks.expect.places import shown
from labgrader.checks.finding import Cause, cause
from labgrader.checks.hygiene.difference import Place, compared
from labgrader.checks.hygiene.references import Objects, Reference
from labgrader.checks.tolerant import at, mapping, maps, text
from labgrader.evidence.answers import Json

_REFERENCES: Mapping[str, str] = MappingProxyType(
    {"Secret": "secretKeyRef", "ConfigMap": "configMapKeyRef"}
)
_SOURCES: Mapping[str, str] = MappingProxyType({"Secret": "secretRef", "ConfigMap": "configMapRef"})
_MOST_SOURCES = 50
"""So many of a container's envFrom are looked at, the last ones: they go before the others."""


def env_references(wanted: Env, container: Json) -> set[Reference]:
    """What ``env_difference`` will read."""
    entry = _last_entry(wanted, container)
    if entry is None:
        return {Reference(kind, name) for kind, name, _ in _sources(wanted, container)}
    optional = (
        Reference(kind, text(at(entry, "valueFrom", field, "name")))
        for kind, field in _REFERENCES.items()
        if at(entry, "valueFrom", field, "optional")
    )
    return {reference for reference in optional if reference.name}


def env_difference(wanted: Env, place: Place, container: Json, objects: Objects) -> Iterator[Cause]:
    """In what the variable is not as wanted; nothing where it is."""
    entry = _last_entry(wanted, container)
    if entry is not None:
        yield from _entry(wanted, place, entry, objects)
        return
    for kind, name, key in _sources(wanted, container):
        if objects.hold(kind, name, key):
            yield from _origin(wanted, place, kind, name, key)
            return
    yield cause(
        "EnvAbsent",
        kind=place.kind,
        name=place.name,
        namespace=place.namespace,
        container=place.container,
        variable=wanted.name,
        expected=_expected(wanted),
    )


def _last_entry(wanted: Env, container: Json) -> Json | None:
    """Of two entries of one name the later counts, and both count before envFrom."""
    entries = [e for e in maps(container.get("env")) if e.get("name") == wanted.name]
    return entries[-1] if entries else None


def _sources(wanted: Env, container: Json) -> tuple[tuple[str, str, str], ...]:
    """Kind, name and key of everything in envFrom that may bring the variable, the last first.

    None where nothing of it can be what is wanted: then nothing needs to be read.
    """
    found = []
    for source in tuple(reversed(maps(container.get("envFrom"))))[:_MOST_SOURCES]:
        prefix = text(source.get("prefix"))
        if wanted.name.startswith(prefix):
            key = wanted.name.removeprefix(prefix)
            named = ((kind, text(at(source, field, "name"))) for kind, field in _SOURCES.items())
            found += [(kind, name, key) for kind, name in named if name]
    return tuple(found) if any(_is_wanted(wanted, *origin) for origin in found) else ()


def _entry(wanted: Env, place: Place, entry: Json, objects: Objects) -> Iterator[Cause]:
    given = mapping(entry.get("valueFrom"))
    for kind, field in _REFERENCES.items():
        reference = mapping(given.get(field))
        if not reference:
            continue
        name, key = text(reference.get("name")), text(reference.get("key"))
        different = tuple(_origin(wanted, place, kind, name, key))
        yield from different
        if not different and reference.get("optional") and not objects.hold(kind, name, key):
            yield cause(
                "EnvKeyAbsent",
                kind=place.kind,
                name=place.name,
                namespace=place.namespace,
                container=place.container,
                variable=wanted.name,
                source=_told(kind, name, key),
            )
        return
    if given:
        field = f"env[{wanted.name}].valueFrom"
        yield compared(place, field, _expected(wanted), shown(next(iter(given))))
        return
    yield cause(
        "EnvPlain",
        kind=place.kind,
        name=place.name,
        namespace=place.namespace,
        container=place.container,
        variable=wanted.name,
        expected=_expected(wanted),
    )


def _origin(wanted: Env, place: Place, kind: str, name: str, key: str) -> Iterator[Cause]:
    """What differs where the variable does come from a Secret or a ConfigMap."""
    if not _is_wanted(wanted, kind, name, key):
        seen = shown(_told(kind, name, key))
        yield compared(place, f"env[{wanted.name}]", _expected(wanted), seen)


def _is_wanted(wanted: Env, kind: str, name: str, key: str) -> bool:
    source = wanted.from_
    return kind == source.kind and source.name in {None, name} and source.key in {None, key}


def _expected(wanted: Env) -> str:
    return _told(wanted.from_.kind, wanted.from_.name or "", wanted.from_.key or "")


def _told(kind: str, name: str, key: str) -> str:
    """An object and its key in few words: ``Secret web[token]``."""
    return f"{kind} {name}".strip() + (f"[{key}]" if key else "")
