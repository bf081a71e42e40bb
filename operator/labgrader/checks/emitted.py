"""``emitted``: there are Events about an object.

Called through ``checks.registry``. Pure. Events belong to the object by its uid, so those about
an earlier one of the same name do not count. Whoever may write Events in the namespace may
write any; who wrote one is a text in it like the others (docs/reference/kinds/emitted.md).
"""

from labgrader.api.kinds import Emitted
from labgrader.checks.diagnosis.events import one_line
from labgrader.checks.diagnosis.presence import find
from labgrader.checks.diagnosis.shape import mapping, whole, words
from labgrader.checks.finding import Finding, cause, failed, passed
from labgrader.checks.patterns import is_found, pattern_problems
from labgrader.checks.problem import Problem
from labgrader.checks.scope import Scope
from labgrader.evidence.answers import Json
from labgrader.evidence.snapshot import Snapshot

_MOST_NAMED = 8


def problems(params: Emitted) -> tuple[Problem, ...]:
    """What makes the params unusable."""
    return pattern_problems(params.note, "note")


def judge(params: Emitted, scope: Scope, snapshot: Snapshot) -> Finding:
    """The object is there, and enough fitting Events are about it."""
    request, listed = scope.get(params.object), scope.all("Event")
    snapshot.together(request, listed)
    body = find(snapshot, request)
    if isinstance(body, Finding):
        return body
    about = [event for event in snapshot.objects(listed) if _uid(event) == body["metadata"]["uid"]]
    named = [event for event in about if event.get("reason") == params.reason]
    times = sum(_times(event) for event in named if _fits(params, event))
    kind, name = request.kind, request.name
    if times >= params.count.min:
        return passed("EventsThere", kind=kind, name=name, what=params.reason, times=times)
    finding = failed(
        "EventsMissing",
        kind=kind,
        name=name,
        namespace=request.namespace,
        expected=_written(params),
        min=params.count.min,
        times=times,
    )
    unfit = next((event for event in reversed(named) if not _fits(params, event)), None)
    if unfit is not None:
        return finding.because(cause("EventUnfit", seen=_seen(unfit)))
    if not named:
        return finding.because(cause("EventsSeen", seen=_reasons(about)))
    return finding


def _fits(params: Emitted, event: Json) -> bool:
    return (
        (params.type is None or event.get("type") == params.type)
        and (params.by is None or params.by in _components(event))
        and (params.note is None or is_found(params.note, _note(event)))
    )


def _uid(event: Json) -> str:
    return words(_about(event).get("uid"))


def _about(event: Json) -> Json:
    """What it is about: ``involvedObject`` in core/v1, ``regarding`` in events.k8s.io."""
    return mapping(event.get("involvedObject")) or mapping(event.get("regarding"))


def _note(event: Json) -> str:
    return words(event.get("message")) or words(event.get("note"))


def _components(event: Json) -> list[str]:
    """Who wrote it, in the forms of both APIs, old and new."""
    found = [
        words(event.get("reportingComponent")),
        words(event.get("reportingController")),
        words(mapping(event.get("source")).get("component")),
        words(mapping(event.get("deprecatedSource")).get("component")),
    ]
    return list(dict.fromkeys(name for name in found if name))


def _times(event: Json) -> int:
    """How often it happened: once, or as its series or its older count says."""
    counts = (
        mapping(event.get("series")).get("count"),
        event.get("count"),
        event.get("deprecatedCount"),
    )
    return max(1, *(whole(count) or 1 for count in counts))


def _written(params: Emitted) -> str:
    parts = [params.type or "", params.reason, f"/{params.note}/" if params.note else ""]
    by = f"({params.by})" if params.by else ""
    return " ".join(part for part in (*parts, by) if part)


def _seen(event: Json) -> str:
    parts = (event.get("type"), event.get("reason"), _note(event))
    said = " ".join(part for part in map(words, parts) if part)
    return one_line(f"{said} ({', '.join(_components(event)) or '-'})")


def _reasons(about: list[Json]) -> str:
    named = [name for name in dict.fromkeys(words(e.get("reason")) for e in about) if name]
    more = ", …" if len(named) > _MOST_NAMED else ""
    return one_line(", ".join(named[:_MOST_NAMED])) + more or "-"
