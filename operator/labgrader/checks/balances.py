"""``balances``: fresh connections to a Service reach every Ready pod, each its share.

Called through ``checks.registry``. Pure: a probe pod sends the requests. Who answered is learnt
from the answers, and the answers from asking each pod itself (``checks.naming``); what share is
fair is counted out exactly (``checks.shares``).
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from labgrader.api.kinds import Balances
from labgrader.checks import clients
from labgrader.checks.diagnosis import reading
from labgrader.checks.diagnosis.behind import Behind, behind, outside, publishes
from labgrader.checks.diagnosis.conditions import is_ready
from labgrader.checks.diagnosis.events import one_line
from labgrader.checks.diagnosis.service import policies_on, without_endpoints
from labgrader.checks.finding import Cause, Finding, cause, failed, passed, unknown
from labgrader.checks.naming import mark, marks, naming_problems
from labgrader.checks.problem import Problem
from labgrader.checks.scope import Scope
from labgrader.checks.shares import FALSE_ALARM, accepted
from labgrader.evidence.experiments import MOST_BACKENDS, SpreadRequests
from labgrader.evidence.snapshot import Snapshot
from labgrader.evidence.traffic import Traffic

_LOST_PERCENT = 1
"""So many requests may get no answer: a connection may be lost where nobody is to blame."""

_OLD_RULES = frozenset(
    {
        "AffinityNotKept",
        "AnsweredByOther",
        "BackendsChange",
        "NotReadyAnswers",
        "RequestsLost",
        "Unbalanced",
    }
)
"""What is also seen while a node's proxy sends to the pods of a moment ago. It learns of pods later
than the API server tells of them, so this counts only where it is seen a second time."""

Numbers = dict[str, Any]


def problems(params: Balances) -> tuple[Problem, ...]:
    """What makes the params unusable."""
    return naming_problems(params.name)


def judge(params: Balances, scope: Scope, snapshot: Snapshot) -> Finding:
    """Enough Ready pods of this namespace behind the Service, and each gets its share."""
    seen = behind(scope, snapshot, params.service, params.port)
    if isinstance(seen, Finding):
        return seen
    unfit = _unfit(params, scope, snapshot, seen)
    if unfit is not None:
        return unfit
    target = clients.target(scope.namespace, params)
    request = SpreadRequests(target.namespace, target, params.requests, params.name.header or "")
    found = _counted(params, scope, snapshot, seen, snapshot.traffic(request))
    if found.reason not in _OLD_RULES:
        return found
    return _counted(params, scope, snapshot, seen, snapshot.traffic(replace(request, again=True)))


def _unfit(params: Balances, scope: Scope, snapshot: Snapshot, seen: Behind) -> Finding | None:
    """Why no requests need to be sent."""
    elsewhere = outside(scope, seen)
    if elsewhere is not None:
        return elsewhere
    if seen.service["spec"].get("clusterIP") == "None":
        return failed("HeadlessNoBalance", service=params.service, namespace=scope.namespace)
    ready = {e.pod["metadata"]["uid"] for e in seen.endpoints if e.pod and is_ready(e.pod)}
    if len(ready) < params.endpoints.min:
        finding = failed(
            "TooFewToChoose",
            service=params.service,
            namespace=scope.namespace,
            port=params.port,
            ready=len(ready),
            min=params.endpoints.min,
        )
        if not seen.service["spec"].get("selector"):
            return finding.because(cause("NoSelector", service=params.service))
        return finding.because(*without_endpoints(scope, snapshot, seen, seen.pods))
    if len(seen.endpoints) > MOST_BACKENDS:
        return failed(
            "TooManyToCount",
            service=params.service,
            namespace=scope.namespace,
            seen=len(seen.endpoints),
            most=MOST_BACKENDS,
        )
    return None


def _counted(
    params: Balances, scope: Scope, snapshot: Snapshot, seen: Behind, traffic: Traffic
) -> Finding:
    asked = [reply for reply in traffic.replies if reply.to < 0]
    lost = [reply for reply in asked if not reply.succeeded]
    numbers: Numbers = {
        "service": params.service,
        "namespace": scope.namespace,
        "url": clients.url(params),
        "sent": len(asked),
    }
    if not traffic.settled:
        return failed("BackendsChange", **numbers)
    if lost and len(lost) * 100 > _LOST_PERCENT * len(asked):
        pods = [endpoint.pod for endpoint in seen.endpoints if endpoint.pod]
        policies = reading.objects(snapshot, scope.all("NetworkPolicy"))
        return failed(
            "RequestsLost", **numbers, lost=len(lost), seen=clients.told(lost[-1])
        ).because(*policies_on(policies, pods))
    if not traffic.complete or not asked:
        return unknown("SamplerBehind", transient=True, detail=numbers["url"])
    ready = sum(backend.ready for backend in traffic.backends)
    if ready < params.endpoints.min:
        return failed("BackendsChange", **numbers)
    known = marks(params.name, traffic, numbers)
    if isinstance(known, Finding):
        return known
    counts: Counter[str] = Counter()
    for reply in asked:
        if not reply.succeeded:
            continue
        name = mark(params.name, traffic.said[reply.said])
        if name not in known:
            return failed("AnsweredByOther", **numbers, body=one_line(name) or "-")
        counts[known[name].uid] += 1
    return _judged(params, seen, traffic, counts, numbers)


def _judged(
    params: Balances, seen: Behind, traffic: Traffic, counts: Mapping[str, int], numbers: Numbers
) -> Finding:
    for backend in traffic.backends:
        if not backend.ready and counts[backend.uid]:
            count = counts[backend.uid]
            return failed("NotReadyAnswers", **numbers, pod=backend.name, count=count).because(
                *publishes(seen)
            )
    ready = [backend for backend in traffic.backends if backend.ready]
    numbers |= {"shares": ", ".join(f"{one.name}: {counts[one.uid]}" for one in ready)}
    if params.affinity == "ClientIP":
        if sum(count > 0 for count in counts.values()) == 1:
            return passed("AffinityKept", **numbers)
        return failed("AffinityNotKept", **numbers).because(*_no_affinity(seen))
    fair = accepted(sum(counts.values()), len(ready))
    numbers |= {"low": fair[0], "high": fair[-1], "ready": len(ready), "odds": f"{FALSE_ALARM:,}"}
    uneven = [one for one in ready if counts[one.uid] not in fair]
    if not fair[0]:
        return unknown("SamplerBehind", transient=True, detail=numbers["url"])
    if uneven:
        worst = min(uneven, key=lambda one: counts[one.uid])
        return failed("Unbalanced", **numbers, pod=worst.name, count=counts[worst.uid]).because(
            *_prefers(seen)
        )
    return passed("Balanced", **numbers)


def _no_affinity(seen: Behind) -> Iterator[Cause]:
    spec, name = seen.service["spec"], seen.service["metadata"]["name"]
    if spec.get("sessionAffinity", "None") != "ClientIP":
        yield cause("NoSessionAffinity", service=name)


def _prefers(seen: Behind) -> Iterator[Cause]:
    """What in the Service's own fields keeps requests from some of its pods."""
    spec, name = seen.service["spec"], seen.service["metadata"]["name"]
    if spec.get("sessionAffinity", "None") != "None":
        yield cause("HasSessionAffinity", service=name)
    for field in ("internalTrafficPolicy", "trafficDistribution"):
        if spec.get(field) not in {None, "Cluster"}:
            yield cause("PrefersNearPods", service=name, field=field, value=spec[field])
