"""What the checks would come to now, while the learner works. It counts for nothing.

Called by ``handlers.live`` whenever something changed. Answers that are still current are handed
in, so that only what changed is asked again. Questions are left out: their answers are no object
that changes, and telling at once which is right would give it away.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from labgrader.api.check import Check
from labgrader.api.names import GROUP
from labgrader.checks.finding import Finding, Outcome, unknown
from labgrader.checks.registry import KINDS, Phase
from labgrader.checks.scope import Scope
from labgrader.evidence.answers import Answer, Trouble
from labgrader.evidence.requests import (
    DryRun,
    Evaluate,
    GetObject,
    ListObjects,
    ReadLog,
    Request,
    ReviewAccess,
)
from labgrader.evidence.source import EvidenceSource
from labgrader.grading.look import Look
from labgrader.grading.plan import Plan

ASKS, EMITTED, EVENT = "asks", "emitted", "Event"

KindKey = tuple[str, str]
"""apiVersion and kind."""
_RULES: tuple[KindKey, ...] = (
    ("rbac.authorization.k8s.io/v1", "Role"),
    ("rbac.authorization.k8s.io/v1", "RoleBinding"),
)
_LIMITS: tuple[KindKey, ...] = (("v1", "LimitRange"), ("v1", "ResourceQuota"))


@dataclass(frozen=True, slots=True)
class LiveView:
    """The findings of one submission's live checks, in the exercise's order.

    ``answers`` are all that they were made from; ``asked`` says who read which.
    """

    plan: Plan
    findings: Mapping[str, Finding]
    answers: Mapping[Request, Answer]
    asked: Mapping[str, Collection[Request]]
    kinds: Mapping[str, frozenset[KindKey]]
    """For each check the kinds of objects on which its finding hangs."""

    @property
    def unsettled(self) -> bool:
        """Whether it may change with no object doing: a log grew, trouble passed."""
        read = any(isinstance(r, ReadLog) for asked in self.asked.values() for r in asked)
        return read or self.troubled

    @property
    def troubled(self) -> bool:
        """Whether something could not be looked at that may be possible a little later."""
        return any(isinstance(a, Trouble) and a.transient for a in self.answers.values())

    def without(self, refused: Callable[[KindKey], str | None]) -> "LiveView":
        """The same, but what hangs on a kind that cannot be followed is Unknown, and why."""
        found = dict(self.findings)
        for name, kinds in self.kinds.items():
            for kind in sorted(kinds):
                why = refused(kind)
                if why is not None and found[name].outcome is not Outcome.SKIPPED:
                    found[name] = unknown("CannotWatch", kind=kind[1], detail=why)
        return replace(self, findings=found)


def live_checks(plan: Plan) -> tuple[Check, ...]:
    """The checks that are shown."""
    return tuple(check for check in plan.phase(Phase.OBSERVE) if check.kind != ASKS)


async def look_now(
    plan: Plan, namespace: str, source: EvidenceSource, kept: Mapping[Request, Answer]
) -> LiveView:
    """Judge on what is kept, asking for what is not."""
    undecided = {
        check.name: unknown("NotAskedNow")
        for check in plan.exercise.spec.checks
        if KINDS[check.kind].phase is Phase.OBSERVE and check.kind == ASKS
    }
    look = Look(Scope(namespace), source, answers=dict(kept), findings=dict(undecided))
    checks = live_checks(plan)
    await look.judge(checks)
    asked = {check.name: frozenset(look.asked.get(check.name, ())) for check in checks}
    read = {request for requests in asked.values() for request in requests}
    return LiveView(
        plan=plan,
        findings={check.name: look.findings[check.name] for check in checks},
        answers={r: a for r, a in look.answers.items() if r in read},
        asked=asked,
        kinds={check.name: frozenset(_kinds(check, asked[check.name])) for check in checks},
    )


def _kinds(check: Check, asked: Iterable[Request]) -> Iterable[KindKey]:
    for request in asked:
        match request:
            case GetObject() | ListObjects() if not _is_ours(request) and (
                request.kind != EVENT or check.kind == EMITTED
            ):
                yield request.api_version, request.kind
            case ReviewAccess():
                yield from _RULES
            case DryRun():
                yield from _LIMITS


def _is_ours(request: GetObject | ListObjects) -> bool:
    """Whether it is of a kind that the grader writes itself, which must not wake it."""
    return request.api_version.startswith(f"{GROUP}/")


def can_be_kept(request: Request, answer: Answer) -> bool:
    """Whether an answer stays true until a watch says otherwise."""
    if isinstance(answer, Trouble):
        return False
    if isinstance(request, GetObject | ListObjects):
        return request.kind != EVENT and not _is_ours(request)
    return isinstance(request, Evaluate)  # which follows from the request alone


def concerns(request: Request, kind: KindKey, name: str) -> bool:
    """Whether a change of this object may change the answer."""
    match request:
        case GetObject():
            return (request.api_version, request.kind, request.name) == (*kind, name)
        case ListObjects():
            return (request.api_version, request.kind) == kind
        case ReviewAccess():
            return kind in _RULES
        case DryRun():
            return kind in _LIMITS
    return False
