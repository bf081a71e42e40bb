"""``scales``: an autoscaler adds replicas by itself under real load, and they become Ready.

Called through ``checks.registry``. Pure: the load is sent by ``cluster.experiments``.
"""

from collections.abc import Sequence
from typing import Any

from labgrader.api.base import format_duration
from labgrader.api.kinds import Scales
from labgrader.api.names import BUILT_IN_API_VERSIONS
from labgrader.checks.finding import Cause, Finding, cause, failed, passed, unknown
from labgrader.checks.heals import seconds, service_ports
from labgrader.checks.scope import Scope
from labgrader.evidence.answers import Json
from labgrader.evidence.requests import GetObject, HttpTarget, LoadAutoscaler
from labgrader.evidence.snapshot import Snapshot
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
    snapshot.together(autoscaler, scope.named("Service", params.load.service))
    hpa = snapshot.object(autoscaler)
    if hpa is None or "deletionTimestamp" in hpa["metadata"]:
        return failed("NoAutoscaler", name=params.autoscaler)
    unfit = _cannot_be_loaded(params, scope, snapshot) or _cannot_scale(
        params, hpa, scope, snapshot
    )
    if unfit is not None:
        return unfit
    timeline = snapshot.timeline(
        LoadAutoscaler(
            namespace=scope.namespace,
            autoscaler=params.autoscaler,
            uid=hpa["metadata"]["uid"],
            target=HttpTarget(
                scope.namespace, params.load.service, params.load.port, params.load.path
            ),
            concurrency=params.load.concurrency,
            replicas=params.up.to,
            within_ms=params.up.within,
        )
    )
    return _judge(params, hpa, timeline)


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
    reads = moment.utilization >= 0 and not moment.inactive
    return reads and moment.current < replicas <= moment.wanted


def _judge(params: Scales, hpa: Json, timeline: Timeline) -> Finding:
    about: Numbers = {
        "name": params.autoscaler,
        "to": str(params.up.to),
        "within": format_duration(params.up.within),
    }
    started_ms = timeline.when(LOAD_STARTED)
    if timeline.when(ALREADY_SCALED) is not None:
        return unknown("AlreadyScaled", **about)
    if started_ms is None:
        return _reads_nothing(timeline, about)
    during = [
        seen
        for seen in timeline.autoscaler
        if started_ms <= seen.at_ms <= started_ms + params.up.within
    ]
    at_ms = reached(during, params.up.to)
    if at_ms is not None:
        return passed("ScaledUp", **about, took=seconds(at_ms - started_ms))
    if any(seen.minimum >= params.up.to for seen in during):
        return failed("MinimumRaised", **about, minimum=max(seen.minimum for seen in during))
    return _not_scaled(hpa, timeline, during, about)


def _reads_nothing(timeline: Timeline, about: Numbers) -> Finding:
    inactive = next((seen.inactive for seen in reversed(timeline.autoscaler) if seen.inactive), "")
    return failed("AutoscalerReadsNoMetric", **about, why=inactive or "-")


def _not_scaled(
    hpa: Json, timeline: Timeline, during: Sequence[AutoscalerSeen], about: Numbers
) -> Finding:
    answered, refused = (_count(timeline, what) for what in (REQUESTS_ANSWERED, REQUESTS_FAILED))
    if refused and not answered:
        return failed("LoadNotServed", **about, sent=f"{refused:,}")
    wanted = max((seen.wanted for seen in during), default=0)
    numbers: Numbers = about | {
        "wanted": str(wanted),
        "ready": str(max((seen.ready for seen in during), default=0)),
        "sent": f"{answered + refused:,}",
    }
    if wanted >= int(about["to"]):
        if any(_adds(seen, int(about["to"])) for seen in during):
            return failed("ScaledButNotReady", **numbers)
        return failed("ScaledByHand", **numbers)
    peak = max((seen.utilization for seen in during), default=-1)
    if peak < 0:
        return _reads_nothing(timeline, about)
    return failed("NotScaledUp", **numbers).because(*_underused(hpa, peak))


def _underused(hpa: Json, peak: int) -> tuple[Cause, ...]:
    """The CPU stayed below what the autoscaler reacts to."""
    for metric in hpa["spec"].get("metrics") or ():
        target = (metric.get("resource") or {}).get("target") or {}
        bar = target.get("averageUtilization")
        if bar is not None and peak <= bar:
            return (cause("LoadBelowTarget", peak=peak, bar=bar),)
    return ()


def _count(timeline: Timeline, what: str) -> int:
    return sum(int(action.subject) for action in timeline.actions if action.what == what)


def _cannot_be_loaded(params: Scales, scope: Scope, snapshot: Snapshot) -> Finding | None:
    load = params.load
    found = snapshot.object(scope.named("Service", load.service))
    if found is None:
        return failed("LoadHasNoService", service=load.service, port=load.port)
    if load.port not in service_ports(found):
        ports = ", ".join(map(str, service_ports(found))) or "-"
        return failed("LoadHasNoPort", service=load.service, port=load.port, ports=ports)
    return None


def _cannot_scale(params: Scales, hpa: Json, scope: Scope, snapshot: Snapshot) -> Finding | None:
    """What makes the scale-up impossible, or possible without any load."""
    spec, to = hpa["spec"], params.up.to
    if spec["maxReplicas"] < to:
        return failed("MaximumTooLow", name=params.autoscaler, to=to, maximum=spec["maxReplicas"])
    if spec.get("minReplicas", 1) >= to:
        return failed("MinimumTooHigh", name=params.autoscaler, to=to, minimum=spec["minReplicas"])
    ref = spec["scaleTargetRef"]
    target = snapshot.object(_target(scope, ref))
    if target is None:
        return failed(
            "AutoscalerTargetMissing", name=params.autoscaler, kind=ref["kind"], target=ref["name"]
        )
    starved = _without_requests(hpa, target)
    if starved:
        return failed(
            "AutoscalerCannotMeasure", name=params.autoscaler, kind=ref["kind"], target=ref["name"]
        ).because(*starved)
    return None


def _target(scope: Scope, ref: Json) -> GetObject:
    api_version = ref.get("apiVersion") or BUILT_IN_API_VERSIONS.get(ref["kind"], "v1")
    return GetObject(scope.namespace, api_version, ref["kind"], ref["name"])


def _without_requests(hpa: Json, target: Json) -> tuple[Cause, ...]:
    """Containers without a CPU request: a share of nothing cannot be computed."""
    shares = [
        metric["resource"]
        for metric in hpa["spec"].get("metrics") or ()
        if metric["type"] == "Resource" and metric["resource"]["target"]["type"] == "Utilization"
    ]
    if not any(resource["name"] == "cpu" for resource in shares):
        return ()
    template = ((target.get("spec") or {}).get("template") or {}).get("spec") or {}
    return tuple(
        cause("NoCpuRequest", container=container["name"], target=target["metadata"]["name"])
        for container in template.get("containers") or ()
        if not _requests_cpu(container.get("resources") or {})
    )


def _requests_cpu(resources: Json) -> bool:
    return any("cpu" in (resources.get(part) or {}) for part in ("requests", "limits"))
