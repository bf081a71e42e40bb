"""Why a HorizontalPodAutoscaler cannot scale, or could scale without any load, as its rules stand.

Called by ``scales`` before load is sent, and when the autoscaler did not do what it should.
Defaults are Kubernetes' own (https://kubernetes.io/docs/concepts/workloads/autoscaling/).
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from labgrader.api.kinds import Scales
from labgrader.checks.autoscaling import target_of
from labgrader.checks.diagnosis import reading
from labgrader.checks.diagnosis.ownership import chain, pods_of
from labgrader.checks.diagnosis.presence import is_being_deleted
from labgrader.checks.expect.quantity import parse_quantity
from labgrader.checks.finding import Cause, Finding, cause, failed
from labgrader.checks.metrics import METRICS_MISSING, metrics_of
from labgrader.checks.recovery import bar
from labgrader.checks.scope import Scope
from labgrader.checks.tolerant import at, mapping, maps, text
from labgrader.evidence.answers import Json
from labgrader.evidence.snapshot import Snapshot
from labgrader.evidence.timeline import AutoscalerSeen, MetricSeen, Timeline

Numbers = dict[str, Any]

_DOWN_SECONDS = 300
"""How long an autoscaler waits before it removes replicas, where its rules do not say."""
_SYNC_SECONDS = 30
"""Two rounds of the autoscaler: so much earlier than the end of the load may its last wish for
many replicas be."""
_ALL = 100
_SAID = {"AmbiguousSelector": "SelectorAmbiguous", "ScalingDisabled": "ScaledToNothing"}


def about_it(params: Scales, hpa: Json) -> Numbers:
    """What every message about it says."""
    ref = hpa["spec"]["scaleTargetRef"]
    return {
        "autoscaler": params.autoscaler,
        "namespace": hpa["metadata"]["namespace"],
        "kind": ref["kind"],
        "name": ref["name"],
        "to": params.up.to,
        "within": bar(params.up.within),
        "metrics": ", ".join(metric.label for metric in metrics_of(hpa)) or "-",
    }


def unfit(
    params: Scales, hpa: Json, target: Json, scope: Scope, snapshot: Snapshot
) -> Finding | None:
    """What makes the scale-up or the way back impossible, or possible without any load."""
    spec, to, about = hpa["spec"], params.up.to, about_it(params, hpa)
    least, most = spec.get("minReplicas", 1), spec["maxReplicas"]
    if least == most:
        return failed("NoRoomToScale", **about, replicas=most)
    if most < to:
        return failed("MaximumTooLow", **about, maximum=most)
    if least >= to:
        return failed("MinimumTooHigh", **about, minimum=least)
    if params.metric is not None and all(one.name != params.metric for one in metrics_of(hpa)):
        return failed("ScalesOnOther", **about, wanted=params.metric)
    others = _rivals(hpa, scope, snapshot)
    if others:
        return failed("AutoscalersCompete", **about, others=", ".join(others))
    missing = _starved(hpa, target, scope, snapshot)
    if missing:
        return failed("AutoscalerCannotRead", **about).because(*missing)
    return _too_slow(params, hpa, about)


def _too_slow(params: Scales, hpa: Json, about: Numbers) -> Finding | None:
    """Its rules do not let it be in time, whatever happens."""
    up, down = params.up.within, params.down
    if _disabled(hpa, "scaleUp") or 1000 * _stabilization(hpa, "scaleUp") >= up:
        return failed("CannotScaleUpInTime", **about).because(*unhurried(hpa, "scaleUp", up))
    if down is None:
        return None
    sure_ms = 1000 * (_stabilization(hpa, "scaleDown") - _SYNC_SECONDS)
    if _disabled(hpa, "scaleDown") or sure_ms >= down.within:
        return failed("CannotScaleDownInTime", **about, down=bar(down.within)).because(
            *unhurried(hpa, "scaleDown", down.within)
        )
    return None


def _stabilization(hpa: Json, way: str) -> int:
    """For how many seconds it holds on to the highest (down) or lowest (up) of its wishes."""
    written = at(hpa, "spec", "behavior", way, "stabilizationWindowSeconds")
    if isinstance(written, int) and not isinstance(written, bool):
        return written
    return _DOWN_SECONDS if way == "scaleDown" else 0


def _disabled(hpa: Json, way: str) -> bool:
    """Its rules forbid it to scale this way."""
    return text(at(hpa, "spec", "behavior", way, "selectPolicy")) == "Disabled"


def _rivals(hpa: Json, scope: Scope, snapshot: Snapshot) -> tuple[str, ...]:
    """The other autoscalers of the same workload: then none of them acts.

    Where they cannot be listed, the experiment shows it: the autoscaler says so itself.
    """
    own = target_of(hpa)
    others = (
        other
        for other in reading.objects(snapshot, scope.all("HorizontalPodAutoscaler"))
        if other["metadata"]["uid"] != hpa["metadata"]["uid"] and not is_being_deleted(other)
    )
    return tuple(sorted(text(one["metadata"]["name"]) for one in others if target_of(one) == own))


def _starved(hpa: Json, target: Json, scope: Scope, snapshot: Snapshot) -> tuple[Cause, ...]:
    """Containers without a request of a resource of which the autoscaler computes a share.

    The pods are asked where the template has none: a LimitRange may have set it.
    """
    shares = [one for one in metrics_of(hpa) if one.is_resource and one.shares]
    template = mapping(at(target, "spec", "template", "spec"))
    lacking = [one for one in shares if _without_request(template, one.name, one.container)]
    if not lacking or len(lacking) < len(metrics_of(hpa)):
        return ()  # it scales on the others
    lists = chain(scope, target["kind"])
    snapshot.together(*lists)
    pods, *replica_sets = (reading.objects(snapshot, request) for request in lists)
    specs = [pod["spec"] for pod in pods_of(target, pods, *replica_sets)] or [template]
    found = [
        [
            (container, one.name)
            for spec in specs
            for container in _without_request(spec, one.name, one.container)
        ]
        for one in lacking
    ]
    about = {"kind": target["kind"], "name": target["metadata"]["name"]}
    return tuple(
        cause("NoRequest", container=container, resource=resource, **about)
        for container, resource in dict.fromkeys(pair for pairs in found for pair in pairs)
        if all(found)
    )


def requested(target: Json) -> int:
    """What one pod of the workload requests of CPU, in milli-CPU, as its template says."""
    template = mapping(at(target, "spec", "template", "spec"))
    whole = _cpu(template.get("resources"))
    each = [_cpu(one.get("resources")) for one in maps(template.get("containers"))]
    return int(1000 * (whole or sum(each, Fraction(0))))


def silent(hpa: Json, timeline: Timeline) -> Iterator[Cause]:
    """Why it reads nothing: what its condition ScalingActive means, and says."""
    last = timeline.autoscaler[-1] if timeline.autoscaler else None
    if last is None:
        return
    if last.inactive in _SAID:
        yield Cause(_SAID[last.inactive])
    missing = {action.subject for action in timeline.actions if action.what == METRICS_MISSING}
    read = {metric.name for metric in last.metrics if metric.percent >= 0}
    for metric in metrics_of(hpa):
        if metric.label in read:
            continue
        if metric.api in missing:
            yield cause("MetricsApiMissing", metric=metric.label, api=metric.api)
        elif not metric.is_resource and last.inactive == f"FailedGet{metric.sort}Metric":
            yield cause("MetricUnknown", metric=metric.label, api=metric.api)
    if last.why:
        yield cause("AutoscalerSays", said=last.why)


def unread(seen: AutoscalerSeen) -> Iterator[Cause]:
    """Metrics that it does not read: with one of them, it takes nothing back."""
    for metric in seen.metrics:
        if metric.percent < 0:
            yield cause("MetricUnread", metric=metric.name)


def underused(hpa: Json, seen: Sequence[AutoscalerSeen]) -> Iterator[Cause]:
    """Everything stayed below what the autoscaler reacts to."""
    if not any(moment.metrics for moment in seen):
        yield from _underused_cpu(hpa, max(moment.utilization for moment in seen))
        return
    peaks = _peaks(seen)
    if any(peak.percent > _ALL for peak in peaks.values()):
        return
    for metric in metrics_of(hpa):
        peak = peaks.get(metric.label)
        if peak is None or peak.percent < 0:
            continue
        if metric.name == "cpu" and metric.shares and not metric.container:
            share = at(metric.source, "target", "averageUtilization")
            yield cause("LoadBelowTarget", peak=peak.value.removesuffix(" %"), target=share)
        else:
            about = {"metric": metric.label, "peak": peak.value, "target": metric.bar}
            yield cause("MetricBelowTarget", **about)


def _peaks(seen: Sequence[AutoscalerSeen]) -> dict[str, MetricSeen]:
    found: dict[str, MetricSeen] = {}
    for metric in (one for moment in seen for one in moment.metrics):
        if metric.name not in found or metric.percent > found[metric.name].percent:
            found[metric.name] = metric
    return found


def _underused_cpu(hpa: Json, peak: int) -> Iterator[Cause]:
    """What a record says that knows only of CPU, as those of the first format do."""
    for metric in maps(hpa["spec"].get("metrics")):
        target = at(metric, "resource", "target", "averageUtilization")
        if target is not None and peak <= target:
            yield cause("LoadBelowTarget", peak=peak, target=target)
            return


def unhurried(hpa: Json, way: str, within_ms: int) -> Iterator[Cause]:
    """Rules that make it wait too long, or that forbid it."""
    seconds = _stabilization(hpa, way)
    if _disabled(hpa, way):
        yield cause("PolicyDisabled", way=way)
    elif 1000 * seconds >= within_ms:
        yield cause("StabilizationTooLong", way=way, seconds=seconds)


def paced(hpa: Json, way: str, within_ms: int, replicas: int) -> Iterator[Cause]:
    """Policies by which a change of so many replicas takes longer, one step after the other.

    Kubernetes lets what was added within a policy's period go at once, so a failure is explained
    by this, and never foretold.
    """
    for policy in maps(at(hpa, "spec", "behavior", way, "policies")):
        period, value = _count(policy.get("periodSeconds")), _count(policy.get("value"))
        if policy.get("type") != "Pods" or not period or not value:
            continue
        if value * (within_ms // (1000 * period) + 1) < replicas:
            yield cause("PolicyTooSlow", way=way, value=value, seconds=period)


def _count(value: Any) -> int:
    """The number itself where it is above zero; 0 for anything else."""
    return value if isinstance(value, int) and value > 0 else 0


def unready(target: Json) -> Iterator[Cause]:
    """Containers that get requests before they can answer them."""
    about = {"kind": target["kind"], "name": target["metadata"]["name"]}
    for container in maps(at(target, "spec", "template", "spec", "containers")):
        if container.get("ports") and "readinessProbe" not in container:
            yield cause("NoReadinessProbe", **about, container=text(container.get("name")))


def _without_request(pod_spec: Json, resource: str, only: str) -> list[str]:
    """The containers, or the only one asked about, that do not request it; a limit counts."""
    if not only and _requests(pod_spec.get("resources"), resource):
        return []
    return [
        text(container.get("name"))
        for container in maps(pod_spec.get("containers"))
        if only in {"", container.get("name")}
        and not _requests(container.get("resources"), resource)
    ]


def _requests(resources: Any, resource: str) -> bool:
    return any(resource in mapping(at(resources, part)) for part in ("requests", "limits"))


def _cpu(resources: Any) -> Fraction:
    asked = at(resources, "requests", "cpu")
    quantity = parse_quantity(at(resources, "limits", "cpu") if asked is None else asked)
    return quantity or Fraction(0)
