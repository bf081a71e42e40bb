"""The faults of ``heals``: what each asks of its params, which request makes it, what it did.

Called by ``checks.heals``, which judges the recovery; here is only what differs from fault to
fault. What a container or a drained node has to do with it, ``checks.persists`` asks, too. Pure.
"""

from collections.abc import Iterator

from labgrader.api.kinds import Heals
from labgrader.api.kinds.faults import INSIDE, OF_A_NODE, OF_OWN_CLUSTER
from labgrader.checks.diagnosis.budgets import budget_causes
from labgrader.checks.diagnosis.events import one_line
from labgrader.checks.diagnosis.faults import Unhealed
from labgrader.checks.diagnosis.policies import policy_causes
from labgrader.checks.diagnosis.presence import about
from labgrader.checks.diagnosis.workload import workload_causes
from labgrader.checks.disturbed import named
from labgrader.checks.finding import Cause, Finding, cause, failed, unknown
from labgrader.checks.problem import Problem
from labgrader.checks.recovery import (
    BUDGET_HELD,
    BUDGETS_CLASH,
    ENDS_BY_ITSELF,
    FAULT_REFUSED,
    NODE_CHOSEN,
    NOT_RENEWED,
    POD_DELETED,
    POD_DISTURBED,
    POD_RENEWED,
    RENEWED_WITHIN_MS,
    UNPLACED,
    Fault,
    bar,
)
from labgrader.checks.scope import Scope
from labgrader.evidence.answers import Json
from labgrader.evidence.experiments import DeletePod, Disturb, HttpTarget, Means
from labgrader.evidence.requests import GetObject
from labgrader.evidence.snapshot import Snapshot
from labgrader.evidence.timeline import Timeline

_KILL = ("kill", "-TERM", "1")
"""Ends most programs that run as process 1. KILL and STOP do not reach it from inside its pod."""
_ENDS_PODS = frozenset({"DeletePod", "EvictFromNode", "DrainNode"})
"""The faults by which pods are told to end, as they are in an update."""
_STAY_ON_THEIR_NODE = frozenset({"DrainNode", "StopNode"})


def problems(params: Heals) -> Iterator[Problem]:
    """Params that do not go with the fault."""
    fault = params.fault
    if params.by is not None and fault not in INSIDE:
        yield Problem("Invalid", f"by belongs to {' and '.join(sorted(INSIDE))}, not to {fault}")
    if fault == "FailLiveness" and params.by is None:
        yield Problem(
            "Invalid", "FailLiveness needs by: a command or a path that makes the app sick"
        )
    if params.share is not None and fault in OF_A_NODE:
        yield Problem("Invalid", f"{fault} disturbs every pod on one node; it takes no share")
    if params.isolation == "Clone" and fault in OF_OWN_CLUSTER:
        yield Problem("Invalid", f"{fault} is felt on the whole node; a copy keeps nobody from it")
    if params.share == 0:
        yield Problem("Invalid", "a share of 0 disturbs nothing")
    if fault in _STAY_ON_THEIR_NODE and params.object.kind == "DaemonSet":
        yield Problem(
            "Invalid", f"{fault} proves nothing of a DaemonSet: its pods stay on their node"
        )


def unreachable(params: Heals, workload: Json) -> Finding | None:
    """There is no such container to do it in."""
    return no_container(workload, _container(params, workload)) if params.fault in INSIDE else None


def no_container(workload: Json, wanted: str) -> Finding | None:
    """The finding that the workload's pods have no container of that name."""
    names = [one["name"] for one in workload["spec"]["template"]["spec"].get("containers") or ()]
    if wanted in names:
        return None
    return failed(
        "FaultContainerMissing",
        **about(workload),
        container=wanted or "-",
        containers=", ".join(names) or "-",
    )


def request(
    params: Heals, found: GetObject, workload: Json, clients: HttpTarget | None
) -> DeletePod | Disturb:
    """The experiment that makes the fault."""
    it = named(found, workload)
    if is_plain(params):
        return DeletePod(**it, within_ms=params.within, clients=clients)
    return Disturb(
        **it,
        within_ms=params.within,
        fault=params.fault,
        clients=clients,
        share=params.share or 0,
        means=_means(params, workload) if params.fault in INSIDE else None,
    )


def not_done(
    params: Heals, workload: Json, timeline: Timeline, scope: Scope, snapshot: Snapshot
) -> Finding | None:
    """The fault could not be made, for a reason that lies in what the learner wrote."""
    for action in timeline.actions:
        if action.what == FAULT_REFUSED:
            return failed(
                "FaultRefused", **about(workload), how=_how(params), said=action.subject
            ).because(*(policy_causes(scope, snapshot, workload) if _asks_by_http(params) else ()))
    return kept_by_budgets(params.within, workload, timeline, scope, snapshot)


def kept_by_budgets(
    within_ms: int, workload: Json, timeline: Timeline, scope: Scope, snapshot: Snapshot
) -> Finding | None:
    """The Eviction API did not let a pod go."""
    for action in timeline.actions:
        if action.what == BUDGETS_CLASH:
            return failed("BudgetsClash", **about(workload), said=action.subject).because(
                *budget_causes(scope, snapshot, workload, only_forbidding=False)
            )
        if action.what == BUDGET_HELD:
            return failed(
                "EvictionForbidden",
                **about(workload),
                node=node(timeline),
                said=action.subject,
                waited=bar(within_ms),
            ).because(*budget_causes(scope, snapshot, workload))
    return None


def not_renewed(
    params: Heals, workload: Json, timeline: Timeline, scope: Scope, snapshot: Snapshot
) -> Finding | None:
    """New pods, in place of such that were restarted lately, show nothing of the fault."""
    causes = (*unplaced(timeline, scope), *workload_causes(scope, snapshot, workload))
    if timeline.when(ENDS_BY_ITSELF) is not None:
        container = _container(params, workload)
        return failed("EndsByItself", **about(workload), container=container).because(*causes)
    if timeline.when(NOT_RENEWED) is None:
        return None
    last = timeline.pods[-1]  # they may be slow, or never come: nobody knows
    return unknown(
        "NotRenewed",
        **about(workload),
        pods=", ".join(a.subject for a in timeline.actions if a.what == POD_RENEWED),
        waited=bar(RENEWED_WITHIN_MS),
        ready=len(last.ready),
        wanted=last.wanted,
    ).because(*causes)


def is_plain(params: Heals) -> bool:
    """One pod is deleted: the texts of the first findings tell that by themselves."""
    return params.fault == "DeletePod" and params.share is None


def untouched(params: Heals, workload: Json, timeline: Timeline, fault: Fault) -> Finding | None:
    """A process that was told to end, and runs on as if nothing had been said."""
    last = timeline.pods[-1]
    if params.fault != "KillProcess" or fault.restarted(last) or not fault.uids <= set(last.ready):
        return None
    return failed(
        "ProcessGoesOn",
        **about(workload),
        container=_container(params, workload),
        how=_how(params),
        within=bar(params.within),
    )


def unhealed(params: Heals, workload: Json, timeline: Timeline, fault: Fault) -> Unhealed:
    """What diagnosis needs to know of a fault that was not recovered from."""
    return Unhealed(
        params.fault,
        workload,
        params.within,
        _container(params, workload),
        fault.uids,
        frozenset(fault.restarted(timeline.pods[-1])),
    )


def ending(params: Heals, timeline: Timeline) -> dict[str, int]:
    """The pods that were told to end, by their uids, and when."""
    if params.fault not in _ENDS_PODS:
        return {}
    told = {POD_DELETED, POD_DISTURBED}
    return {one.subject: one.at_ms for one in timeline.actions if one.what in told}


def unplaced(timeline: Timeline, scope: Scope) -> tuple[Cause, ...]:
    """What the scheduler said of a new pod while the experiment lasted; one is named."""
    told = (a.subject.partition(" ") for a in timeline.actions if a.what == UNPLACED)
    return tuple(
        cause("Unschedulable", pod=pod, namespace=scope.namespace, detail=one_line(why))
        for pod, _, why in list(told)[:1]
    )


def done(params: Heals, timeline: Timeline, fault: Fault, workload: Json) -> tuple[Cause, ...]:
    """What was done, as a sentence; the plain deletion of one pod is told by the finding itself."""
    count = len(fault.uids)
    match params.fault:
        case "DeletePod":
            return () if params.share is None else (cause("PodsDeleted", count=count),)
        case "KillProcess":
            container = _container(params, workload)
            return (cause("ProcessEnded", count=count, container=container, how=_how(params)),)
        case "FailLiveness":
            return (cause("AppMadeSick", count=count, how=_how(params)),)
        case "EvictFromNode":
            return (cause("PodsEvicted", count=count, node=node(timeline)),)
        case "DrainNode":
            return (drained(count, timeline),)
        case _:
            return (cause("NodeSwitchedOff", count=count, node=node(timeline)),)


def drained(count: int, timeline: Timeline) -> Cause:
    """That a node was drained, and of how many pods."""
    return cause("NodeDrained", count=count, node=node(timeline))


def _means(params: Heals, workload: Json) -> Means:
    by, container = params.by, _container(params, workload)
    if by is None:
        return Means(container, command=_KILL)
    return Means(container, by.command or (), by.port or 0, by.path or "")


def _how(params: Heals) -> str:
    by = params.by
    means = (
        Means("", _KILL) if by is None else Means("", by.command or (), by.port or 0, by.path or "")
    )
    return str(means)


def _asks_by_http(params: Heals) -> bool:
    return params.by is not None and params.by.path is not None


def _container(params: Heals, workload: Json) -> str:
    """The container that the exercise names, or the first."""
    by = params.by
    return (None if by is None else by.container) or first_container(workload)


def first_container(workload: Json) -> str:
    """The name of the first container; empty where there is none."""
    containers = workload["spec"]["template"]["spec"].get("containers") or ()
    return str(containers[0]["name"]) if containers else ""


def node(timeline: Timeline) -> str:
    """The node whose pods were disturbed."""
    chosen = (action.subject for action in timeline.actions if action.what == NODE_CHOSEN)
    return next(chosen, "-")
