"""``connects``: connections come about where they must, and do not where they must not.

Called through ``checks.registry``. Pure. That a connection fails proves a policy only where the
same address answers somebody else at the same time, and where the cluster enforces policies at
all; that one comes about counts against the learner only there, too.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from labgrader.api.kinds import Connects
from labgrader.api.kinds.connects import Destination, Flow
from labgrader.checks import sources
from labgrader.checks.diagnosis import reading
from labgrader.checks.diagnosis.kinds import WORKLOADS, is_workload
from labgrader.checks.diagnosis.service import policies_on, refusing
from labgrader.checks.diagnosis.shape import mapping, words
from labgrader.checks.finding import Cause, Finding, cause, failed, passed, unknown
from labgrader.checks.problem import Problem
from labgrader.checks.reaching import Place, looks, place_of
from labgrader.checks.scope import Scope
from labgrader.evidence.answers import Json, KeptOut
from labgrader.evidence.requests import Origin, ProvePolicies, TryFlow
from labgrader.evidence.snapshot import Snapshot

_OPEN, _REFUSED = "open", "refused"
_Pairs = Sequence[tuple[Flow, Place]]


def problems(params: Connects) -> tuple[Problem, ...]:
    """What makes the flows unusable, or unable to prove anything."""
    return tuple(_problems(params))


def judge(params: Connects, scope: Scope, snapshot: Snapshot) -> Finding:
    """Every flow that must come about does; then the others are judged."""
    wanted = dict.fromkeys(one for flow in params.flows for one in looks(flow.to, scope))
    snapshot.together(*wanted)
    pairs: list[tuple[Flow, Place]] = []
    for flow in params.flows:
        place = place_of(flow.to, scope, snapshot)
        if isinstance(place, Finding):
            return place
        pairs.append((flow, place))
    return _kept_out(pairs, scope, snapshot) or _judge(pairs, scope, snapshot)


def _kept_out(pairs: _Pairs, scope: Scope, snapshot: Snapshot) -> Finding | None:
    """The finding that a probe pod cannot stand where it must. Asks for everything at once."""
    requests = [one for flow, place in pairs for one in _requests(flow, place, scope)]
    denies = any(not flow.allowed for flow, _ in pairs)
    snapshot.together(*requests, *((ProvePolicies(),) if denies else ()))
    for request in requests:
        answer = snapshot.flow(request)
        if isinstance(answer, KeptOut):
            return sources.kept_out(scope, snapshot, answer)
    return None


def _judge(pairs: _Pairs, scope: Scope, snapshot: Snapshot) -> Finding:
    """First what must pass: only then is it known that the rest could be reached at all."""
    allowed = [(flow, place) for flow, place in pairs if flow.allowed]
    denied = [(flow, place) for flow, place in pairs if not flow.allowed]
    for flow, place in allowed:
        blocked = _must_pass(flow, place, scope, snapshot)
        if blocked is not None:
            return blocked
    if denied and not snapshot.policies_enforced():
        return unknown("PolicyNotEnforced")
    for flow, place in denied:
        passes = _must_not_pass(flow, place, scope, snapshot)
        if passes is not None:
            return passes
    return passed("FlowsAsExpected", allowed=len(allowed), denied=len(denied))


def _requests(flow: Flow, place: Place, scope: Scope) -> tuple[TryFlow, ...]:
    start = sources.origin(flow.from_, scope)
    return tuple(TryFlow(start, address, port) for address, port in place.addresses)


def _words(request: TryFlow, snapshot: Snapshot) -> tuple[str, ...]:
    answer = snapshot.flow(request)
    return () if isinstance(answer, KeptOut) else answer.words


def _must_pass(flow: Flow, place: Place, scope: Scope, snapshot: Snapshot) -> Finding | None:
    for request in _requests(flow, place, scope):
        said = _words(request, snapshot)
        if not said or set(said) != {_OPEN}:
            return _blocked(request, said, place, scope, snapshot)
    return None


def _blocked(
    request: TryFlow, said: tuple[str, ...], place: Place, scope: Scope, snapshot: Snapshot
) -> Finding:
    """Why connections do not come about that must.

    That nobody listens is the learner's doing. What gets lost may be lost by a sick node or by
    a policy of the cluster's; it is the learner's doing only where a policy here may be why.
    """
    told: dict[str, Any] = {
        "labelskind": sources.labels(request.origin),
        "wherekind": sources.where(request.origin),
        "to": place.name,
        "namespace": scope.namespace,
    }
    listed = scope.all("NetworkPolicy")
    explains_only = _REFUSED in said
    policies = reading.objects(snapshot, listed) if explains_only else snapshot.objects(listed)
    held = _policies(policies, request.origin, place, scope)
    if _REFUSED not in said and not held:
        return unknown("FlowLost", transient=True, seen=", ".join(said) or "-", **told)
    if _OPEN in said or not said:
        return failed("FlowUnsteady", opened=said.count(_OPEN), tries=len(said), **told)
    if _REFUSED in said:
        listening = () if place.entry is None else (place.entry,)
        refused = [refusing(entry, pod) for entry in listening for pod in place.pods[:1]]
        return failed("FlowRefused", **told).because(*refused, *held)
    return failed("FlowTimesOut" if "timeout" in said else "FlowUnreachable", **told).because(*held)


def _must_not_pass(flow: Flow, place: Place, scope: Scope, snapshot: Snapshot) -> Finding | None:
    for request in _requests(flow, place, scope):
        said = _words(request, snapshot)
        if said and _OPEN not in said:
            continue
        policies = reading.objects(snapshot, scope.all("NetworkPolicy"))
        return failed(
            "FlowPasses",
            labelskind=sources.labels(request.origin),
            wherekind=sources.where(request.origin),
            to=place.name,
            namespace=scope.namespace,
        ).because(*_why_open(policies, place, scope))
    return None


def _policies(
    policies: Sequence[Json], start: Origin, place: Place, scope: Scope
) -> tuple[Cause, ...]:
    """The policies on either end: what comes in there, and what goes out here."""
    found = policies_on(policies, place.pods)
    if start.namespace != scope.namespace:
        return found
    return (*found, *egress_policies(policies, start))


def egress_policies(policies: Sequence[Json], start: Origin) -> tuple[Cause, ...]:
    """The policies that restrict what pods with these labels may reach."""
    probe = {"metadata": {"labels": dict(start.labels)}}
    names = sorted(
        words(policy["metadata"].get("name"))
        for policy in policies
        if _restricts_egress(mapping(policy.get("spec")))
        and _may_choose(mapping(policy.get("spec")).get("podSelector"), probe)
    )
    return (cause("PoliciesHoldBack", names=", ".join(names)),) if names else ()


def _restricts_egress(spec: Json) -> bool:
    types = spec.get("policyTypes")
    return "Egress" in types if isinstance(types, list | tuple) else "egress" in spec


def _may_choose(selector: object, pod: Json) -> bool:
    """Whether the selector may choose the pod; expressions are taken to do so."""
    wanted = mapping(mapping(selector).get("matchLabels"))
    return all(pod["metadata"]["labels"].get(key) == value for key, value in wanted.items())


def _why_open(policies: Sequence[Json], place: Place, scope: Scope) -> tuple[Cause, ...]:
    if not policies:
        return (cause("NoPolicies", namespace=scope.namespace),)
    return policies_on(policies, place.pods) or (
        cause("NoPolicyChooses", to=place.name, namespace=scope.namespace),
    )


def _problems(params: Connects) -> Iterator[Problem]:
    for flow in params.flows:
        yield from sources.source_problems(flow.from_)
        if (flow.to.service is None) == (flow.to.object is None):
            yield Problem("Invalid", "to: name a service or an object, one of them")
        if flow.to.object is not None and not is_workload(flow.to.object):
            known = ", ".join(WORKLOADS)
            yield Problem("Invalid", f"to: connects knows {known}, not {flow.to.object.kind}")
    reached = {flow.to for flow in params.flows if flow.allowed}
    for flow in params.flows:
        if not flow.allowed and flow.to not in reached:
            yield Problem(
                "Invalid",
                f"{_shown(flow.to)} must not be reached: let the check also say from where it "
                "must be, since what nobody reaches may just be down",
            )
    asked = [(_key(flow), flow.to) for flow in params.flows]
    if len(set(asked)) < len(asked):
        yield Problem("Invalid", "two flows are from the same pod to the same place")


def _key(flow: Flow) -> tuple[object, ...]:
    return flow.from_.namespace, flow.from_.outside, tuple(sorted(flow.from_.labels.items()))


def _shown(to: Destination) -> str:
    named = f"Service {to.service}" if to.object is None else f"{to.object.kind} {to.object.name}"
    return f"{named}, port {to.port},"
