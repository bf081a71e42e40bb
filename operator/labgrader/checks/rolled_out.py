"""``rolledOut``: a workload is updated as the exercise asks, it has been, and it is finished.

Called through ``checks.registry``. Pure; asks for the workload, its pods, and what keeps the
versions of its template. Whether it is finished is judged by ``checks.ready``.
"""

from typing import Any

from labgrader.api.kinds import ImageChange, Ready, RolledOut
from labgrader.checks import ready
from labgrader.checks.diagnosis.events import one_line
from labgrader.checks.diagnosis.ownership import chain
from labgrader.checks.diagnosis.presence import find
from labgrader.checks.diagnosis.revisions import (
    History,
    containers_in,
    history,
    image_in,
    kept,
    revisions_in,
)
from labgrader.checks.diagnosis.shape import mapping, whole, words
from labgrader.checks.diagnosis.surge import ROLLING, SURGE, UNAVAILABLE, replacement
from labgrader.checks.expect.operators import holds
from labgrader.checks.expect.problems import scalar_problems
from labgrader.checks.finding import Cause, Finding, Outcome, cause, error, failed, passed, unknown
from labgrader.checks.problem import Problem
from labgrader.checks.scope import Scope
from labgrader.evidence.answers import Json
from labgrader.evidence.requests import GetObject
from labgrader.evidence.snapshot import Snapshot

_KNOWN = ("Deployment", "StatefulSet", "DaemonSet")
_MOST_IMAGES = 5


def problems(params: RolledOut) -> tuple[Problem, ...]:
    """What makes the params unusable."""
    ref, strategy = params.object, params.strategy
    if not _knows(params):
        seen = f"{ref.api_version} {ref.kind}" if ref.api_version else ref.kind
        return (Problem("Invalid", f"rolledOut knows {', '.join(_KNOWN)}, not {seen}"),)
    found: list[str] = []
    if strategy is not None:
        numbers = {SURGE: strategy.max_surge, UNAVAILABLE: strategy.max_unavailable}
        given = [field for field, number in numbers.items() if number is not None]
        if given and strategy.type not in {None, ROLLING}:
            found.append(f"{given[0]} means something only with RollingUpdate")
        if strategy.max_surge is not None and ref.kind == "StatefulSet":
            found.append("a StatefulSet has no maxSurge")
        if strategy.type == ("OnDelete" if ref.kind == "Deployment" else "Recreate"):
            found.append(f"a {ref.kind} has no strategy {strategy.type}")
    if params.paused is not None and ref.kind != "Deployment":
        found.append(f"a {ref.kind} cannot be paused")
    asked = (params.paused, strategy, params.image, params.revisions, params.rolled_back)
    if not params.finished and asked == (None,) * len(asked):
        found.append("nothing is asked of the rollout")
    image = params.image
    return (
        *(Problem("Invalid", text) for text in found),
        *(scalar_problems(image.before, "image.before") if image else ()),
        *(scalar_problems(image.now, "image.now") if image else ()),
    )


def judge(params: RolledOut, scope: Scope, snapshot: Snapshot) -> Finding:
    """Everything that is asked for holds of the workload, and its rollout is finished."""
    if not _knows(params):
        return error("NotAWorkload", kind=params.object.kind)
    request = scope.get(params.object)
    keepers = revisions_in(scope, request.kind)
    pods = [ask for ask in chain(scope, request.kind) if ask != keepers]
    snapshot.together(request, keepers, *pods)
    workload = find(snapshot, request)
    if isinstance(workload, Finding):
        return workload
    wrong = _configured_otherwise(params, request, workload)
    if wrong is not None:
        return wrong
    past = history(workload, snapshot.objects(keepers))
    wrong = _happened_otherwise(params, request, workload, past)
    if wrong is not None:
        return wrong
    if params.finished and not params.paused:
        finished = ready.judge(Ready(object=params.object), scope, snapshot)
        if finished.outcome is not Outcome.PASSED:
            return finished
    return passed(
        "RolledOutAsAsked", kind=request.kind, name=request.name, revisions=max(1, past.count)
    )


def _configured_otherwise(params: RolledOut, request: GetObject, workload: Json) -> Finding | None:
    """What the workload itself says otherwise than asked."""
    about: dict[str, Any] = {
        "kind": request.kind,
        "name": request.name,
        "namespace": request.namespace,
    }
    if params.strategy is not None:
        seen = replacement(workload)
        numbers = {
            SURGE: params.strategy.max_surge,
            UNAVAILABLE: params.strategy.max_unavailable,
        }
        asked = {field: number for field, number in numbers.items() if number is not None}
        type_ = params.strategy.type or (ROLLING if asked else None)
        if type_ not in {None, seen.type}:
            return failed("StrategyDiffers", **about, expected=type_, seen=seen.type)
        for field, number in asked.items():
            if not seen.holds(number, field):
                return failed(
                    "RolloutNumberDiffers",
                    **about,
                    field=field,
                    expected=number,
                    seen=seen.written(field),
                    pods=seen.pods(field),
                    replicas=seen.replicas,
                )
    is_paused = workload["spec"].get("paused") is True
    if params.paused is True and not is_paused:
        return failed("NotPaused", **about)
    if params.paused is False and is_paused:
        return failed("StillPaused", **about)
    return None


def _happened_otherwise(
    params: RolledOut, request: GetObject, workload: Json, past: History
) -> Finding | None:
    """What the kept versions of the template tell otherwise than asked."""
    about: dict[str, Any] = {
        "kind": request.kind,
        "name": request.name,
        "namespace": request.namespace,
    }
    if _is_behind(workload, past) and _asks_for_past(params):
        return unknown("NotObservedYet", transient=True, **about)
    pruned = _pruned(request, workload, past)
    if params.image is not None:
        wrong = _image(params.image, request, workload, past)
        if wrong is not None:
            return wrong
    least = 0 if params.revisions is None else params.revisions.min
    if past.count < least:
        return failed("TooFewRevisions", **about, min=least, seen=past.count).because(*pruned)
    if params.rolled_back is True and not past.is_rolled_back:
        return failed("NotRolledBack", **about).because(*pruned)
    if params.rolled_back is False and past.is_rolled_back:
        return failed("RolledBack", **about)
    return None


def _asks_for_past(params: RolledOut) -> bool:
    asked = (params.image, params.revisions, params.rolled_back)
    return any(value is not None for value in asked)


def _is_behind(workload: Json, past: History) -> bool:
    """The controller has not looked at the present template, so its version is not there yet."""
    observed = whole(mapping(workload.get("status")).get("observedGeneration")) or 0
    return past.present is None and observed < workload["metadata"].get("generation", 0)


def _image(image: ImageChange, request: GetObject, workload: Json, past: History) -> Finding | None:
    """Failed where the container's image is not the one, or was never the other."""
    about: dict[str, Any] = {
        "kind": request.kind,
        "name": request.name,
        "namespace": request.namespace,
        "container": image.container,
    }
    template = mapping(workload["spec"].get("template"))
    now = image_in(template, image.container)
    if now is None:
        names = ", ".join(words(found.get("name")) for found in containers_in(template))
        return failed("ContainerNotThere", **about, seen=names or "-")
    if not holds(image.now, now):
        return failed("ImageNow", **about, expected=image.now, seen=one_line(now))
    earlier = [found for r in past.others if (found := r.image(image.container)) is not None]
    earlier = [found for found in dict.fromkeys(earlier) if found != now]
    if any(holds(image.before, found) for found in earlier):
        return None
    shown = one_line(", ".join(earlier[-_MOST_IMAGES:])) or "-"
    return failed(
        "ImageBefore", **about, expected=image.before, now=one_line(now), seen=shown
    ).because(*_pruned(request, workload, past))


def _pruned(request: GetObject, workload: Json, past: History) -> tuple[Cause, ...]:
    """Earlier versions may be gone, where as many are there as are kept."""
    limit = kept(workload)
    if len(past.others) < limit:
        return ()
    return (cause("HistoryPruned", kind=request.kind, name=request.name, limit=limit),)


def _knows(params: RolledOut) -> bool:
    return params.object.kind in _KNOWN and params.object.api_version in {None, "apps/v1"}
