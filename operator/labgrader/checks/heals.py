"""``heals``: a workload comes back by itself after a pod was deleted, and clients notice little.

Called through ``checks.registry``. Pure: the experiment is run by ``cluster.experiments``.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from labgrader.api.base import format_duration, format_share
from labgrader.api.kinds import Availability, Heals
from labgrader.checks.finding import FULL_CREDIT, Cause, Finding, cause, failed, passed, unknown
from labgrader.checks.problem import Problem
from labgrader.checks.recovery import Fault, Served, credit, fault, healed_at, served
from labgrader.checks.scope import Scope
from labgrader.evidence.answers import Json
from labgrader.evidence.requests import DeletePod, HttpTarget
from labgrader.evidence.snapshot import Snapshot
from labgrader.evidence.timeline import Timeline

Numbers = dict[str, Any]

WORKLOADS = ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet")


def problems(params: Heals) -> tuple[Problem, ...]:
    """What makes the params unusable."""
    return tuple(_problems(params))


def judge(params: Heals, scope: Scope, snapshot: Snapshot) -> Finding:
    """Whole before; one pod deleted; whole again within the time, with enough answers meanwhile."""
    request = scope.get(params.object)
    if params.availability is not None:
        snapshot.together(request, scope.named("Service", params.availability.service))
    workload = snapshot.object(request)
    if workload is None or "deletionTimestamp" in workload["metadata"]:
        return failed("NothingToHeal", kind=request.kind, name=request.name)
    unfit = _not_whole(workload) or _unreachable(params, scope, snapshot)
    if unfit is not None:
        return unfit
    timeline = snapshot.timeline(
        DeletePod(
            namespace=request.namespace,
            api_version=request.api_version,
            kind=request.kind,
            name=request.name,
            uid=workload["metadata"]["uid"],
            within_ms=params.within,
            clients=_clients(params.availability, scope),
        )
    )
    return _judge(params, workload, timeline)


def _judge(params: Heals, workload: Json, timeline: Timeline) -> Finding:
    about: Numbers = {"kind": params.object.kind, "name": params.object.name}
    deletion = fault(timeline)
    if deletion is None:
        return _not_disturbed(params, timeline, about)
    healed_ms = healed_at(timeline, deletion)
    if healed_ms is None or healed_ms - deletion.at_ms > params.within:
        return _not_healed(params, timeline, deletion, about)
    took_ms = healed_ms - deletion.at_ms
    numbers: Numbers = about | {"took": seconds(took_ms), "within": format_duration(params.within)}
    if params.availability is not None:
        seen = served(timeline.samples, deletion.at_ms, healed_ms)
        if not timeline.kept_rate or not seen.sent:
            return unknown("SamplerTooSlow", transient=True, **numbers)
        numbers |= _counted(params.availability, seen)
        if not seen.reaches(params.availability.min):
            return failed("HealedButUnavailable", **numbers).because(*_fragile(workload))
        return _graded(params, took_ms, "HealedAvailable", numbers)
    return _graded(params, took_ms, "Healed", numbers)


def _graded(params: Heals, took_ms: int, reason: str, numbers: Numbers) -> Finding:
    earned = FULL_CREDIT if params.curve is None else credit(params.curve, took_ms)
    if earned >= FULL_CREDIT:
        return passed(reason, **numbers)
    return failed("HealedSlowly", credit=earned, share=format_share(earned), **numbers)


def _not_disturbed(params: Heals, timeline: Timeline, about: Numbers) -> Finding:
    """The experiment ended before it deleted anything: what it saw was enough."""
    if params.availability is not None and timeline.samples:
        if not timeline.kept_rate:
            return unknown("SamplerTooSlow", transient=True, **about)
        seen = served(timeline.samples, 0, timeline.ended_ms)
        return failed(
            "UnavailableBefore", **about, **_counted(params.availability, seen), **_why(timeline)
        )
    ready = len(timeline.pods[-1].ready) if timeline.pods else 0
    wanted = timeline.pods[-1].wanted if timeline.pods else 0
    return failed("NotWholeBefore", **about, ready=ready, wanted=wanted)


def _not_healed(params: Heals, timeline: Timeline, deletion: Fault, about: Numbers) -> Finding:
    last = timeline.pods[-1]
    if last.wanted < deletion.before.wanted:
        return unknown(
            "ScaledMeanwhile",
            transient=True,
            **about,
            before=deletion.before.wanted,
            after=last.wanted,
        )
    return failed(
        "NotHealed",
        **about,
        within=format_duration(params.within),
        wanted=deletion.before.wanted,
        ready=len(set(last.ready) - {deletion.uid}),
    )


def _not_whole(workload: Json) -> Finding | None:
    ready, wanted, whole = replicas(workload)
    if whole:
        return None
    return failed(
        "NotWholeBefore",
        kind=workload["kind"],
        name=workload["metadata"]["name"],
        ready=ready,
        wanted=wanted,
    )


def _unreachable(params: Heals, scope: Scope, snapshot: Snapshot) -> Finding | None:
    """Why clients cannot even be pointed at the Service."""
    if params.availability is None:
        return None
    service, port = params.availability.service, params.availability.port
    found = snapshot.object(scope.named("Service", service))
    if found is None:
        return failed("ClientsHaveNoService", service=service, port=port)
    ports = service_ports(found)
    if port not in ports:
        offered = ", ".join(map(str, ports)) or "-"
        return failed("ClientsHaveNoPort", service=service, port=port, ports=offered)
    return None


def replicas(workload: Json) -> tuple[int, int, bool]:
    """Ready and wanted replicas, and whether the present version is rolled out and Ready."""
    spec, status = workload.get("spec") or {}, workload.get("status") or {}
    current = status.get("observedGeneration", 0) >= workload["metadata"].get("generation", 0)
    if workload["kind"] == "DaemonSet":
        wanted, ready = status.get("desiredNumberScheduled", 0), status.get("numberReady", 0)
        existing = status.get("currentNumberScheduled", 0)
    else:
        wanted, ready = spec.get("replicas", 1), status.get("readyReplicas", 0)
        existing = status.get("replicas", 0)
    return ready, wanted, current and 0 < wanted == ready == existing


def service_ports(found: Json) -> tuple[int, ...]:
    """The ports that a Service offers."""
    return tuple(port["port"] for port in (found.get("spec") or {}).get("ports") or ())


def seconds(milliseconds: int) -> str:
    """Seconds with one digit, rounded up: what missed a bar must not read as if it met it."""
    tenths = -(-milliseconds // 100)
    return f"{tenths // 10}.{tenths % 10}"


def _clients(availability: Availability | None, scope: Scope) -> HttpTarget | None:
    if availability is None:
        return None
    return HttpTarget(scope.namespace, availability.service, availability.port, availability.path)


def _counted(availability: Availability, seen: Served) -> Numbers:
    return {
        "service": availability.service,
        "port": str(availability.port),
        "path": availability.path,
        "min": format_share(availability.min),
        "sent": f"{seen.sent:,}",
        "failed": f"{seen.failed:,}",
        "gap": seconds(seen.longest_gap_ms),
    }


def _why(timeline: Timeline) -> Numbers:
    last = next(sample for sample in reversed(timeline.samples) if not sample.succeeded)
    return {"seen": f"HTTP {last.status}" if last.status else last.error}


def _fragile(workload: Json) -> Iterator[Cause]:
    """Why clients notice the loss of one pod, as far as the workload itself shows it."""
    _, wanted, _ = replicas(workload)
    if wanted == 1:
        yield cause("OneReplica", kind=workload["kind"], name=workload["metadata"]["name"])
    for container in workload["spec"]["template"]["spec"].get("containers") or ():
        if container.get("ports") and "readinessProbe" not in container:
            yield cause(
                "NoReadinessProbe",
                kind=workload["kind"],
                name=workload["metadata"]["name"],
                container=container["name"],
            )


def _problems(params: Heals) -> Iterator[Problem]:
    if params.object.kind not in WORKLOADS:
        yield Problem(
            "KindCannotHeal",
            f"heals takes a {', '.join(WORKLOADS[:-1])} or {WORKLOADS[-1]},"
            f" not a {params.object.kind}",
        )
    if params.within <= 0:
        yield Problem("NoTimeToHeal", "within must be longer than 0s")
    times = [point.at for point in params.curve.points] if params.curve else []
    if any(left >= right for left, right in pairwise(times)):
        yield Problem(
            "CurveNotAscending",
            f"the curve's times must ascend, not {', '.join(map(format_duration, times))}",
        )
