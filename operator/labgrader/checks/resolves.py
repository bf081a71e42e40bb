"""``resolves``: the cluster's DNS answers to a Service's name with what the Service stands for.

Called through ``checks.registry``. Pure. What is right follows from the objects: the Service's
own address, its pods' addresses, its alias or the number of its port; the name is then looked up
as pods of the namespace do, and must say the same.
"""

from collections.abc import Iterator
from dataclasses import replace

from labgrader.api.kinds import Resolves
from labgrader.checks import sources
from labgrader.checks.connects import egress_policies
from labgrader.checks.diagnosis import reading
from labgrader.checks.diagnosis.kinds import WORKLOADS, is_workload
from labgrader.checks.diagnosis.presence import find
from labgrader.checks.finding import Finding, failed, passed, unknown
from labgrader.checks.problem import Problem
from labgrader.checks.scope import Scope
from labgrader.checks.service_names import right_answer
from labgrader.evidence.answers import KeptOut, LookedUp
from labgrader.evidence.requests import LookUp, Origin
from labgrader.evidence.snapshot import Snapshot

_MOST_SHOWN = 6


def problems(params: Resolves) -> tuple[Problem, ...]:
    """What makes the params unusable."""
    return tuple(_problems(params))


def hollow(params: Resolves) -> bool:
    """A name that must not be there is none where nobody has done anything."""
    return not params.found


def judge(params: Resolves, scope: Scope, snapshot: Snapshot) -> Finding:
    """The name stands for what the Service is."""
    if not params.found:
        return _must_not_be(params, scope, snapshot)
    service = find(snapshot, scope.named("Service", params.service))
    if isinstance(service, Finding):
        return service
    right = right_answer(params, scope, snapshot, service)
    if isinstance(right, Finding):
        return right
    request = _request(params, scope, right.record)
    answer = snapshot.looked_up(request)
    if isinstance(answer, KeptOut):
        return sources.kept_out(scope, snapshot, answer)
    if answer.status in {"timeout", "failed"}:
        return _silent(params, request, answer, scope, snapshot)
    if answer.status == "none":
        return failed(
            "NameNotFound", dns=request.name, namespace=scope.namespace, service=params.service
        )
    seen = _seen(answer, right.record)
    if seen != right.values:
        return failed(
            "NameLeadsElsewhere",
            dns=request.name,
            namespace=scope.namespace,
            service=params.service,
            expected=_listed(right.values),
            seen=_listed(seen),
        )
    return passed("NameResolves", dns=answer.name or request.name, seen=_listed(seen))


def _request(params: Resolves, scope: Scope, record: str) -> LookUp:
    start = sources.origin(params.from_, scope) if params.from_ else Origin()
    name = f"{params.host}.{params.service}" if params.host else params.service
    if params.port_name:
        name = f"_{params.port_name}._tcp.{name}"
    return LookUp(start, scope.namespace, name, record)


def _must_not_be(params: Resolves, scope: Scope, snapshot: Snapshot) -> Finding:
    request = _request(params, scope, "srv" if params.port_name else "address")
    answer = snapshot.looked_up(request)
    if isinstance(answer, KeptOut):
        return sources.kept_out(scope, snapshot, answer)
    if answer.status in {"timeout", "failed"}:
        return _silent(params, request, answer, scope, snapshot)
    if answer.status == "found":
        seen = _listed(_seen(answer, request.record))
        return failed("NameIsThere", dns=answer.name, namespace=scope.namespace, seen=seen)
    return passed("NameNotThere", dns=request.name)


def _silent(
    params: Resolves, request: LookUp, answer: LookedUp, scope: Scope, snapshot: Snapshot
) -> Finding:
    """No answer: the learner's policies may keep the pod from asking; else it is not their doing.

    A policy may well let the pod ask, so that DNS answers others at the same time is asked, too.
    """
    start = request.origin
    if answer.status == "timeout" and params.from_ and start.namespace == scope.namespace:
        policies, elsewhere = scope.all("NetworkPolicy"), replace(request, origin=Origin())
        snapshot.together(policies, elsewhere)
        held = egress_policies(reading.objects(snapshot, policies), start)
        if held and _is_answered(snapshot.looked_up(elsewhere)):
            return failed(
                "NameServerOutOfReach",
                dns=request.name,
                labelskind=sources.labels(start),
                namespace=scope.namespace,
            ).because(*held)
    detail = f"{request.name}: {answer.status}"
    return unknown("NameServerSilent", transient=True, detail=detail)


def _is_answered(answer: LookedUp | KeptOut) -> bool:
    return isinstance(answer, LookedUp) and answer.status in {"found", "none"}


def _seen(answer: LookedUp, record: str) -> frozenset[str]:
    match record:
        case "alias":
            return frozenset({answer.alias.rstrip(".").lower()})
        case "srv":
            return frozenset(str(port) for _, port in answer.services)
    return frozenset(answer.addresses)


def _listed(values: frozenset[str]) -> str:
    shown = sorted(values)
    more = ", …" if len(shown) > _MOST_SHOWN else ""
    return (", ".join(shown[:_MOST_SHOWN]) + more) or "-"


def _problems(params: Resolves) -> Iterator[Problem]:
    if params.from_ is not None:
        yield from sources.source_problems(params.from_)
    expectations = {
        "pods": params.pods,
        "external": params.external,
        "host": params.host,
        "portName": params.port_name,
    }
    set_ = [name for name, value in expectations.items() if value is not None]
    if len(set_) > 1:
        yield Problem("Invalid", f"set one of {', '.join(expectations)}, not {' and '.join(set_)}")
    if not params.found and {"pods", "external"} & set(set_):
        yield Problem("Invalid", "a name that must not be found stands for nothing")
    if params.pods is not None and not is_workload(params.pods):
        known = ", ".join(WORKLOADS)
        yield Problem("Invalid", f"resolves knows {known}, not {params.pods.kind}")
