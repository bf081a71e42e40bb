"""``recommends``: a VerticalPodAutoscaler recommends resources for a workload's container.

Called through ``checks.registry``. Pure, and only looks: what is recommended, and why nothing is,
stands in the status, which the recommender writes through a subresource of its own.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from labgrader.api.kinds import Recommended, Recommends
from labgrader.checks.diagnosis.presence import find
from labgrader.checks.expect.places import shown
from labgrader.checks.expect.quantity import parse_quantity
from labgrader.checks.finding import Cause, Finding, cause, error, failed, passed, unknown
from labgrader.checks.hygiene.difference import amount_holds, bounds
from labgrader.checks.hygiene.problems import amount_complaints
from labgrader.checks.hygiene.resources import requests_of
from labgrader.checks.hygiene.template import RUNS_PODS, pod_spec, runs_pods
from labgrader.checks.moments import moment
from labgrader.checks.problem import Problem
from labgrader.checks.scope import Scope
from labgrader.checks.tolerant import at, mapping, maps, text
from labgrader.evidence.answers import Json
from labgrader.evidence.requests import GetObject, ReadTime
from labgrader.evidence.snapshot import Snapshot

API_VERSION, KIND = "autoscaling.k8s.io/v1", "VerticalPodAutoscaler"
_RESOURCES = ("cpu", "memory")
_NO_MODE = frozenset({"Auto", "Recreate"})
"""What an autoscaler does that is not told what to do: Auto by its older versions' name."""
_PATIENCE = timedelta(minutes=3)
"""A recommender looks at everything each minute."""
_LONGEST = 300

Numbers = dict[str, Any]


def problems(params: Recommends) -> tuple[Problem, ...]:
    """What makes the params unusable."""
    wrong = list(amount_complaints("target", params.target))
    if not _has_template(params):
        known = ", ".join(kind for kind in RUNS_PODS if kind != "Pod")
        wrong.insert(0, f"recommends knows {known}, not {params.object.kind}")
    if params.target == Recommended():
        wrong.append("target: set cpu, memory or both")
    return tuple(Problem("Invalid", what) for what in wrong)


def judge(params: Recommends, scope: Scope, snapshot: Snapshot) -> Finding:
    """It is for the workload, recommends what was asked, and the requests fit."""
    if not _has_template(params):
        return error("NotAWorkload", kind=params.object.kind)
    wanted = scope.get(params.object)
    autoscaler = GetObject(scope.namespace, API_VERSION, KIND, params.autoscaler)
    snapshot.together(autoscaler, wanted)
    vpa, workload = find(snapshot, autoscaler), find(snapshot, wanted)
    if isinstance(vpa, Finding):
        return vpa
    if isinstance(workload, Finding):
        return workload
    about: Numbers = {
        "autoscaler": params.autoscaler,
        "namespace": scope.namespace,
        "kind": wanted.kind,
        "name": wanted.name,
        "container": params.container,
    }
    return (
        _written(params, wanted, vpa, about)
        or _nothing(params, vpa, workload, about, snapshot)
        or _outside(params, _recommended(params, vpa), about)
        or _unfit(params, _recommended(params, vpa), workload, about)
        or passed("Recommended", **about, target=_told(_recommended(params, vpa)))
    )


def _written(params: Recommends, wanted: GetObject, vpa: Json, about: Numbers) -> Finding | None:
    """Its spec: whom it is for, and what it does."""
    ref = mapping(at(vpa, "spec", "targetRef"))
    seen = (_group(text(ref.get("apiVersion"))), ref.get("kind"), ref.get("name"))
    if seen != (_group(wanted.api_version), wanted.kind, wanted.name):
        told = (text(ref.get(part)) or "-" for part in ("apiVersion", "kind", "name"))
        return failed("RecommendsForOther", **about, seen=shown(" ".join(told)))
    mode = text(at(vpa, "spec", "updatePolicy", "updateMode"))
    if params.update_mode in {None, mode} or (not mode and params.update_mode in _NO_MODE):
        return None
    return failed("UpdateModeOther", **about, wanted=params.update_mode, seen=shown(mode or "-"))


def _nothing(
    params: Recommends, vpa: Json, workload: Json, about: Numbers, snapshot: Snapshot
) -> Finding | None:
    """There is no recommendation for the container."""
    if _recommended(params, vpa):
        return None
    conditions = maps(at(vpa, "status", "conditions"))
    if not conditions:
        born = moment(text(vpa["metadata"].get("creationTimestamp")))
        if moment(snapshot.time(ReadTime())) - born >= _PATIENCE:
            return unknown("NoRecommender", **about)
        return failed("NotRecommended", **about).because(cause("NotLookedAtYet"))
    return failed("NotRecommended", **about).because(*_why(params, vpa, workload, conditions))


def _why(
    params: Recommends, vpa: Json, workload: Json, conditions: tuple[Json, ...]
) -> Iterator[Cause]:
    names = [text(one.get("name")) for one in maps(pod_spec(workload).get("containers"))]
    if params.container not in names:
        yield cause("TemplateHasOnly", there=shown(", ".join(names) or "-"))
    if _is_left_out(params, vpa):
        yield cause("ContainerLeftOut", container=params.container)
    said = {text(one.get("type")): one for one in conditions}
    if _holds(said.get("NoPodsMatched")):
        yield cause("NoPodsToMeasure")
    for kind, status in (("ConfigUnsupported", "True"), ("RecommendationProvided", "False")):
        told = mapping(said.get(kind))
        words = text(told.get("message")) or text(told.get("reason"))
        if told.get("status") == status:
            yield cause(
                "RecommenderSays", condition=f"{kind}={status}", said=words[:_LONGEST] or "-"
            )


def _is_left_out(params: Recommends, vpa: Json) -> bool:
    """Its policy for the container, or else for all, is Off."""
    policies = maps(at(vpa, "spec", "resourcePolicy", "containerPolicies"))
    modes = {text(one.get("containerName")): one.get("mode") for one in policies}
    return modes.get(params.container, modes.get("*")) == "Off"


def _outside(params: Recommends, recommended: Json, about: Numbers) -> Finding | None:
    """What is recommended is not in the ranges that are asked for."""
    target = mapping(recommended.get("target"))
    for resource in _RESOURCES if params.target is not None else ():
        amount = getattr(params.target, resource)
        if amount is not None and not amount_holds(amount, target.get(resource)):
            about = about | {"resource": resource, "expected": bounds(amount)}
            return failed("RecommendationOutside", **about, seen=_amount(target.get(resource, "-")))
    return None


def _unfit(params: Recommends, recommended: Json, workload: Json, about: Numbers) -> Finding | None:
    """The requests are below what is needed, or above what is useful."""
    if not params.requests_fit:
        return None
    containers = maps(pod_spec(workload).get("containers"))
    own = next((one for one in containers if one.get("name") == params.container), {})
    requests, looked_at = requests_of(own), 0
    for resource in _RESOURCES:
        least, most = (at(recommended, part, resource) for part in ("lowerBound", "upperBound"))
        low, high = parse_quantity(least), parse_quantity(most)
        if low is None or high is None:
            continue
        looked_at += 1
        asked = parse_quantity(requests.get(resource))
        about = about | {"resource": resource, "lower": least, "upper": most}
        if asked is None:
            return failed("RequestMissing", **about)
        if not low <= asked <= high:
            return failed("RequestOutside", **about, seen=requests[resource])
    return None if looked_at else failed("RecommendationWithoutBounds", **about)


def _recommended(params: Recommends, vpa: Json) -> Json:
    """What is recommended for the container; empty where nothing is."""
    listed = maps(at(vpa, "status", "recommendation", "containerRecommendations"))
    found = (one for one in listed if one.get("containerName") == params.container)
    one = next(found, {})
    return one if mapping(one.get("target")) else {}


def _told(recommended: Json) -> str:
    target = mapping(recommended.get("target"))
    known = (f"{name}={_amount(target[name])}" for name in _RESOURCES if name in target)
    return ", ".join(known) or "-"


def _amount(seen: Any) -> str:
    """An amount as people write it; what is none, shortened."""
    return shown(seen) if parse_quantity(seen) is None else str(seen)


def _holds(condition: Json | None) -> bool:
    return mapping(condition).get("status") == "True"


def _group(api_version: str) -> str:
    return api_version.rpartition("/")[0]


def _has_template(params: Recommends) -> bool:
    return runs_pods(params.object) and params.object.kind != "Pod"
