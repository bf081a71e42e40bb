"""Judge recorded evidence again, with the exercise as it is now.

Called by ``cli.regrade``. Nothing is looked at: what the evidence lacks is Unknown with the
reason EvidenceMissing, and stays so. Only computations are made anew, of what the evidence
shows. A check that was watched is judged at each of the looks that were kept. The same evidence and the same exercise give the same findings on any machine. No I/O of
its own.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from labgrader.api.base import format_duration
from labgrader.api.check import Check
from labgrader.checks.finding import Finding, error
from labgrader.checks.over_time import Seen, interrupted, standing
from labgrader.checks.recovery import fault, healed_at
from labgrader.checks.registry import Phase
from labgrader.checks.scope import Scope
from labgrader.evidence.answers import Answer, Trouble
from labgrader.evidence.experiments import (
    DeletePod,
    Disturb,
    DrainPod,
    KeepData,
    LoadAutoscaler,
    OnCopy,
    ResizePod,
    RunCronJob,
    SpreadRequests,
    Update,
)
from labgrader.evidence.record import Record, Stretch
from labgrader.evidence.requests import (
    CallHttp,
    DryRun,
    Errand,
    Evaluate,
    GetObject,
    ListObjects,
    LookUp,
    Origin,
    ProvePolicies,
    Question,
    ReadAnswer,
    ReadLog,
    ReadTime,
    Request,
    ReviewAccess,
    TryFlow,
)
from labgrader.evidence.snapshot import Held, MissingEvidence
from labgrader.evidence.source import Evaluator
from labgrader.evidence.timeline import Timeline
from labgrader.grading.look import blocked, from_trouble, judge_one
from labgrader.grading.plan import Plan
from labgrader.grading.run import counts_against

_MAX_ROUNDS = 100


async def judge_again(
    plan: Plan, namespace: str, record: Record, evaluator: Evaluator
) -> dict[str, Finding]:
    """A finding for each check of the learner's plan, by name, in the exercise's order."""
    seen: dict[str, Finding] = {}
    findings: dict[str, Finding] = {}
    for phase in Phase:
        for check in plan.phase(phase):  # needs come earlier in the list, and in no later phase
            # What was judged had what it needs by then; that may have been excused only later.
            found = blocked(check, seen if check.name in record.checks else findings)
            if not isinstance(found, Finding):
                scope = Scope(namespace, plan.exercise.spec.given)
                settle = plan.exercise.spec.settle
                found = await _found(check, scope, settle, record, evaluator)
            seen[check.name] = found
            findings[check.name] = _excused(check, found, record)
    return {check.name: findings[check.name] for check in plan.exercise.spec.checks}


async def _found(
    check: Check, scope: Scope, settle: int, record: Record, evaluator: Evaluator
) -> Finding:
    rule = check.over_time
    if rule is None:
        return await _judge(check, scope, record.answers_for(check.name), evaluator)
    stretches = record.stretches(check.name) or (
        Stretch(0, 0, 1, record.answers_for(check.name)),  # it was not watched then
    )
    seen = []
    for one in stretches:
        finding = await _judge(check, scope, dict(one.answers), evaluator)
        seen.append(Seen(finding, one.at_ms, one.until_ms, one.times))
    told = standing(rule, settle, seen)
    if isinstance(told, Finding):
        return told
    lasting = format_duration(rule.longest(settle))
    lost = Trouble("EvidenceMissing", f"looks at check {check.name} for {lasting}", transient=False)
    return interrupted(seen) or from_trouble(lost)


async def _judge(
    check: Check, scope: Scope, answers: dict[Request, Answer], evaluator: Evaluator
) -> Finding:
    held: Held = {}
    for _ in range(_MAX_ROUNDS):
        try:
            return judge_one(check, scope, answers, set(), held)
        except MissingEvidence as lack:
            for request in lack.requests:
                if isinstance(request, Evaluate):
                    answers[request] = await evaluator.evaluate(request)
                else:
                    answers[request] = _stand_in(request, answers) or _missing(request)
    return error("CheckBroken", check=check.name, why="it asks forever")


def _stand_in(asked: Request, answers: Mapping[Any, Answer]) -> Answer | None:
    """A recorded experiment that was given another time, and shows all that is asked for.

    It does where it was given more time, or where the workload had healed before its time was
    over; so an instructor can move ``within`` without disturbing learners again.
    """
    if isinstance(asked, OnCopy):
        on_copies = {r.of: a for r, a in answers.items() if isinstance(r, OnCopy)}
        return _stand_in(asked.of, on_copies)
    if not isinstance(asked, DeletePod | Disturb):
        return None
    for request, answer in answers.items():
        if not isinstance(request, type(asked)) or not isinstance(answer, Timeline):
            continue
        same = replace(request, within_ms=asked.within_ms) == asked
        if same and (request.within_ms >= asked.within_ms or _seen_to_its_end(answer)):
            return answer
    return None


def _seen_to_its_end(timeline: Timeline) -> bool:
    deletion = fault(timeline)
    return deletion is None or healed_at(timeline, deletion) is not None


def _excused(check: Check, finding: Finding, record: Record) -> Finding:
    """The finding, unless the namespace was in trouble when the check looked at it."""
    trouble = record.excused.get(check.name)
    if trouble is None and check.name not in record.checks:
        trouble = next(iter(record.excused.values()), None)  # a new check saw the same moment
    return finding if trouble is None or not counts_against(finding) else from_trouble(trouble)


def _missing(request: Request) -> Trouble:
    return Trouble("EvidenceMissing", _told(request), transient=False)


def _told(request: Request) -> str:  # noqa: C901 (one line for each request)
    """What the evidence lacks, as an instructor would say it."""
    match request:
        case GetObject():
            return f"{request.kind} {request.name} in {request.namespace}"
        case ListObjects():
            return _listed(request)
        case ReadLog():
            return f"log of pod {request.pod} in {request.namespace}"
        case CallHttp(target=target) | SpreadRequests(target=target):
            return f"GET {target.service}.{target.namespace}:{target.port}{target.path}"
        case TryFlow() | LookUp() | ProvePolicies():
            return _errand(request)
        case ReviewAccess() | DryRun():
            return _question(request)
        case ReadAnswer():
            return f"answer to the question {request.name}"
        case ReadTime():
            return "time of the grading"
        case (
            DeletePod()
            | Disturb()
            | LoadAutoscaler()
            | Update()
            | RunCronJob()
            | ResizePod()
            | DrainPod()
            | KeepData()
        ):
            return f"experiment {type(request).__name__} in {request.namespace}"
        case OnCopy():
            return f"experiment {type(request.of).__name__} on a copy from {request.namespace}"
        case Evaluate():
            raise TypeError("a computation lacks nothing")


def _listed(request: ListObjects) -> str:
    labels = ",".join(f"{name}={value}" for name, value in request.labels)
    chosen = f" with {labels}" if labels else ""
    return f"list of {request.kind} in {request.namespace}{chosen}"


def _question(request: Question) -> str:
    match request:
        case ReviewAccess():
            where = f"in {request.namespace}" if request.namespace else "in the whole cluster"
            return f"whether {request.user} may {request.verb} {_resource(request)} {where}"
        case DryRun():
            return f"dry run of a {request.kind} in {request.namespace} as {request.user}"


def _errand(request: Errand) -> str:
    match request:
        case TryFlow():
            where = _origin(request.origin)
            return f"connections to {request.address}:{request.port} from {where}"
        case LookUp():
            return f"DNS name {request.name} as seen by {_origin(request.origin)}"
        case ProvePolicies():
            return "whether the cluster enforces NetworkPolicies"


def _origin(origin: Origin) -> str:
    labels = ",".join(f"{name}={value}" for name, value in origin.labels) or "no labels"
    return f"a pod with {labels} in {origin.namespace or 'a namespace of the grader'}"


def _resource(request: ReviewAccess) -> str:
    resource = "/".join(filter(None, (request.resource, request.subresource)))
    return f"{resource} {request.name}" if request.name else resource
