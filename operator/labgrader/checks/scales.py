"""``scales``: an autoscaler adds replicas by itself under real load, and they become Ready.

Called through ``checks.registry``. Pure: the load is sent by ``cluster.experiments``.
"""

from collections.abc import Sequence
from typing import Any

from labgrader.api.kinds import Scales
from labgrader.api.names import BUILT_IN_API_VERSIONS
from labgrader.checks.diagnosis import reading
from labgrader.checks.diagnosis.behind import behind
from labgrader.checks.diagnosis.ownership import chain, pods_of
from labgrader.checks.diagnosis.policies import policy_causes
from labgrader.checks.diagnosis.presence import find
from labgrader.checks.diagnosis.workload import workload_causes
from labgrader.checks.finding import Cause, Finding, cause, failed, passed, unknown
from labgrader.checks.recovery import bar, seconds
from labgrader.checks.scope import Scope
from labgrader.checks.tolerant import at, mapping, maps, text
from labgrader.evidence.answers import Json
from labgrader.evidence.requests import GetObject, HttpTarget, LoadAutoscaler
from labgrader.evidence.snapshot import CouldNotLook, Snapshot
from labgrader.evidence.timeline import AutoscalerSeen, Timeline

Numbers = dict[str, Any]

LOAD_STARTED = "load-started"
ALREADY_SCALED = "already-scaled"
REQUESTS_ANSWERED = "requests-answered"
"""The action, after the load, whose subject is how many of its requests were answered."""
REQUESTS_FAILED = "requests-failed"


def judge(params: Scales, scope: Scope, snapshot: Snapshot) -> Finding:
    """Below before; load; the autoscaler itself wants enough replicas, and they are Ready."""
    autoscaler = scope.named("HorizontalPodAutoscaler", params.autoscaler)
    load = params.load
    seen = behind(scope, snapshot, load.service, load.port, autoscaler)
    hpa = find(snapshot, autoscaler)
    if isinstance(hpa, Finding):
        return hpa
    target = _target(hpa, snapshot)
    if target is None:
        return failed("AutoscalerTargetMissing", **_about(params, hpa))
    unfit = _cannot_scale(params, hpa, target, scope, snapshot)
    if unfit is not None:
        return unfit
    if isinstance(seen, Finding):
        return seen
    timeline = snapshot.timeline(
        LoadAutoscaler(
            namespace=scope.namespace,
            autoscaler=params.autoscaler,
            uid=hpa["metadata"]["uid"],
            target=HttpTarget(scope.namespace, load.service, load.port, load.path),
            concurrency=load.concurrency,
            replicas=params.up.to,
            within_ms=params.up.within,
        )
    )
    return _judge(params, hpa, target, timeline, scope, snapshot)


def reached(seen: Sequence[AutoscalerSeen], replicas: int) -> int | None:
    """When the autoscaler had scaled to so many Ready replicas; None where it had not.

    ``seen`` begins with the load. The autoscaler must have been seen adding replicas itself,
    on a metric that it reads: replicas set by hand, or demanded by a raised minReplicas, are
    nobody's reaction to load.
    """
    added = False
    for moment in seen:
        if moment.minimum >= replicas:
            return None
        added = added or _adds(moment, replicas)
        if added and moment.wanted >= replicas and moment.ready >= replicas:
            return moment.at_ms
    return None


def _adds(moment: AutoscalerSeen, replicas: int) -> bool:
    return reads(moment) and moment.current < replicas <= moment.wanted


def reads(moment: AutoscalerSeen) -> bool:
    """The autoscaler reads a metric, and acts on it."""
    return moment.utilization >= 0 and not moment.inactive


def target_of(hpa: Json) -> GetObject | None:
    """The request for what the autoscaler scales; None where the reference leads nowhere.

    Like the autoscaler, it goes by the group of a built-in kind, not by the version.
    """
    ref = hpa["spec"]["scaleTargetRef"]
    written, built_in = ref.get("apiVersion", ""), BUILT_IN_API_VERSIONS.get(ref["kind"])
    if built_in is not None and _group(written) != _group(built_in):
        return None
    return GetObject(hpa["metadata"]["namespace"], built_in or written, ref["kind"], ref["name"])


def _target(hpa: Json, snapshot: Snapshot) -> Json | None:
    """What the autoscaler scales, if there is such a thing.

    A kind that the cluster does not have is a typing error of the learner's, like a wrong name.
    """
    request = target_of(hpa)
    try:
        return None if request is None else snapshot.object(request)
    except CouldNotLook as error:
        if error.trouble.reason != "KindNotServed":
            raise
        return None


def _group(api_version: str) -> str:
    return api_version.rpartition("/")[0]


def _judge(
    params: Scales, hpa: Json, target: Json, timeline: Timeline, scope: Scope, snapshot: Snapshot
) -> Finding:
    about = _about(params, hpa)
    started_ms = timeline.when(LOAD_STARTED)
    if timeline.when(ALREADY_SCALED) is not None:  # by an earlier load, perhaps our own
        return unknown("AlreadyScaled", transient=True, **about)
    if started_ms is None:
        return failed("AutoscalerReadsNothing", **about, said=_said(timeline.autoscaler))
    during = [
        seen
        for seen in timeline.autoscaler
        if started_ms <= seen.at_ms <= started_ms + params.up.within
    ]
    before = [seen for seen in timeline.autoscaler if seen.at_ms < started_ms]
    answered, lost = (_count(timeline, what) for what in (REQUESTS_ANSWERED, REQUESTS_FAILED))
    about |= {"sent": f"{answered + lost:,}", "url": _url(params)}
    if lost and not answered:  # whatever scaled it, it was no load that it serves
        return failed("LoadNotServed", **about).because(*policy_causes(scope, snapshot, target))
    at_ms = reached(during, params.up.to)
    until = [seen for seen in during if at_ms is None or seen.at_ms <= at_ms]
    if any(seen.minimum >= params.up.to for seen in until):
        return failed("MinimumRaised", **about, minimum=max(seen.minimum for seen in until))
    if len({seen.rules for seen in (*before[-1:], *until)}) > 1:
        return failed("AutoscalerChanged", **about)
    if at_ms is not None:
        return passed("ScaledUp", **about, took=seconds(at_ms - started_ms))
    seen = (*before[-1:], *during)
    return _not_reached(params, hpa, target, seen, about, scope, snapshot)


def _not_reached(
    params: Scales,
    hpa: Json,
    target: Json,
    seen: Sequence[AutoscalerSeen],
    about: Numbers,
    scope: Scope,
    snapshot: Snapshot,
) -> Finding:
    """Requests were answered, but the autoscaler did not come so far.

    ``seen`` begins with what held when the load began: what never changed is not seen again.
    """
    wanted = max(moment.wanted for moment in seen)
    about |= {"wanted": wanted, "ready": max(moment.ready for moment in seen)}
    if any(_adds(moment, params.up.to) for moment in seen[1:]):
        return failed("ScaledButNotReady", **about).because(
            *workload_causes(scope, snapshot, target)
        )
    if wanted >= params.up.to:
        return failed("ScaledByHand", **about)
    if not reads(seen[-1]):  # the load began while it read: what measures may be starved by it
        return unknown("MetricsLost", transient=True, **about, said=_said(seen))
    peak = max(moment.utilization for moment in seen)
    return failed("NotScaledUp", **about).because(*_underused(hpa, peak))


def _said(seen: Sequence[AutoscalerSeen]) -> str:
    """Why the autoscaler does not act, in its own last word."""
    return next((moment.inactive for moment in reversed(seen) if moment.inactive), "-")


def _underused(hpa: Json, peak: int) -> tuple[Cause, ...]:
    """The CPU stayed below what the autoscaler reacts to."""
    for metric in hpa["spec"].get("metrics") or ():
        target = at(metric, "resource", "target", "averageUtilization")
        if target is not None and peak <= target:
            return (cause("LoadBelowTarget", peak=peak, target=target),)
    return ()


def _count(timeline: Timeline, what: str) -> int:
    return sum(int(action.subject) for action in timeline.actions if action.what == what)


def _cannot_scale(
    params: Scales, hpa: Json, target: Json, scope: Scope, snapshot: Snapshot
) -> Finding | None:
    """What makes the scale-up impossible, or possible without any load."""
    spec, to, about = hpa["spec"], params.up.to, _about(params, hpa)
    if spec["maxReplicas"] < to:
        return failed("MaximumTooLow", **about, maximum=spec["maxReplicas"])
    if spec.get("minReplicas", 1) >= to:
        return failed("MinimumTooHigh", **about, minimum=spec["minReplicas"])
    starved = _starved(hpa, target, scope, snapshot)
    if starved:
        return failed("AutoscalerCannotRead", **about).because(*starved)
    return None


def _starved(hpa: Json, target: Json, scope: Scope, snapshot: Snapshot) -> tuple[Cause, ...]:
    """Containers without a CPU request, where the autoscaler computes a share of requests.

    The pods are asked where the template has none: a LimitRange may have set it.
    """
    shares = [
        at(metric, "resource", "name")
        for metric in maps(hpa["spec"].get("metrics"))
        if at(metric, "resource", "target", "type") == "Utilization"
    ]
    template = mapping(at(target, "spec", "template", "spec"))
    if "cpu" not in shares or not _without_request(template):
        return ()
    lists = chain(scope, target["kind"])
    snapshot.together(*lists)
    pods, *replica_sets = (reading.objects(snapshot, request) for request in lists)
    specs = [pod["spec"] for pod in pods_of(target, pods, *replica_sets)] or [template]
    name = target["metadata"]["name"]
    return tuple(
        cause("NoCpuRequest", container=container, kind=target["kind"], name=name)
        for container in dict.fromkeys(name for spec in specs for name in _without_request(spec))
    )


def _without_request(pod_spec: Json) -> list[str]:
    """The containers that request no CPU; a limit counts as a request."""
    if _requests_cpu(pod_spec.get("resources")):
        return []
    return [
        text(container.get("name"))
        for container in maps(pod_spec.get("containers"))
        if not _requests_cpu(container.get("resources"))
    ]


def _requests_cpu(resources: Any) -> bool:
    return any("cpu" in mapping(at(resources, part)) for part in ("requests", "limits"))


def _url(params: Scales) -> str:
    return f"http://{params.load.service}:{params.load.port}{params.load.path}"


def _about(params: Scales, hpa: Json) -> Numbers:
    ref = hpa["spec"]["scaleTargetRef"]
    return {
        "autoscaler": params.autoscaler,
        "namespace": hpa["metadata"]["namespace"],
        "kind": ref["kind"],
        "name": ref["name"],
        "to": params.up.to,
        "within": bar(params.up.within),
    }
