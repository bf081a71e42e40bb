"""A namespace made of objects, logs and one HTTP answer, in which checks are judged.

It answers requests as the API server does, as often as the check asks, so tests exercise
judges the way the engine does, and see how many rounds they take.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from labgrader.api.check import Check
from labgrader.checks.cel.evaluate import evaluate
from labgrader.checks.finding import Finding
from labgrader.checks.registry import KINDS
from labgrader.checks.scope import Scope
from labgrader.evidence.answers import (
    Admitted,
    Answer,
    Answered,
    Enforcement,
    Found,
    HttpAnswer,
    Items,
    KeptOut,
    LogLines,
    LookedUp,
    NoHttpAnswer,
    NotThere,
    Reviewed,
    TimeRead,
    Tried,
    Trouble,
)
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
    ReadAnswer,
    ReadLog,
    ReadTime,
    Request,
    ReviewAccess,
    TryFlow,
)
from labgrader.evidence.snapshot import MissingEvidence, Snapshot
from labgrader.reporting.messages import message
from tests.support.sentences import told_whole
from tests.unit.checks.objects import NAMESPACE, Body

FORBIDDEN = Trouble("Forbidden", "list events in kim", transient=False)


@dataclass(frozen=True)
class Judged:
    """A finding, and what was asked for in each round."""

    finding: Finding
    rounds: tuple[tuple[Request, ...], ...]

    @property
    def causes(self) -> tuple[str, ...]:
        return tuple(cause.reason for cause in self.finding.causes)

    @property
    def params(self) -> dict[str, str]:
        return dict(self.finding.params)

    def says(self, lang: str) -> str:
        return message(self.finding, lang)


@dataclass
class Namespace:
    objects: list[Body] = field(default_factory=list)
    logs: dict[str, list[str]] = field(default_factory=dict)
    """Last log lines by pod, or by ``pod/container``, with ``/previous`` for an earlier run."""
    http: HttpAnswer | NoHttpAnswer | None = None
    trouble: Mapping[str, Trouble] = field(default_factory=dict)
    """What cannot be read, by kind ("Log" for logs, "Access" for access reviews)."""
    access: Callable[[ReviewAccess], bool] = lambda _: False
    """What the authorizer says."""
    now: str = "2026-11-27T03:00:00Z"
    """The time of the grading: a Friday, at noon in Seoul."""
    note: str = ""
    """What the authorizer adds."""
    dry_run: Callable[[DryRun], Answer] = lambda _: Admitted()
    """What the API server says to an object."""
    given: Mapping[str, str] = field(default_factory=dict)
    """The learner's answers by question."""
    gave: tuple[Body, ...] = ()
    """What the exercise has put there."""
    flows: Mapping[str, str | list[str]] = field(default_factory=dict)
    """What comes of connections, by ``labels``, or ``labels > address:port``."""
    enforced: bool = True
    """Whether policies are enforced."""
    dns: Mapping[str, Any] = field(default_factory=dict)
    """What DNS says of a name, or of ``labels > name``: a LookedUp's fields, or its status alone."""
    kept_out: str = ""
    """What the API server says to a probe pod in the learner's namespace."""

    def judge(self, **check: Any) -> Judged:
        parsed = Check.model_validate({"name": "check", **check})
        answers: dict[Request, Answer] = {}
        rounds: list[tuple[Request, ...]] = []
        while True:
            try:
                finding = KINDS[parsed.kind].judge(
                    parsed.params, Scope(NAMESPACE, self.gave), Snapshot(answers)
                )
            except MissingEvidence as missing:
                rounds.append(missing.requests)
                answers |= {request: self._answer(request) for request in missing.requests}
            else:
                return Judged(told_whole(finding, answers), tuple(rounds))

    def _answer(self, request: Request) -> Answer:
        match request:
            case GetObject():
                return self.trouble.get(request.kind) or self._get(request)
            case ListObjects():
                return self.trouble.get(request.kind) or self._list(request)
            case ReadLog():
                lines = self._log(request)
                there = NotThere() if lines is None else LogLines(tuple(lines))
                return self.trouble.get("Log") or there
            case Evaluate():
                return evaluate(request)
            case ReviewAccess():
                return self.trouble.get("Access") or Reviewed(self.access(request), self.note)
            case DryRun():
                return self.dry_run(request)
            case ReadAnswer() | ReadTime():
                return self._known(request)
            case CallHttp():
                assert self.http is not None, "the check must not ask for this"
                return self.http
            case TryFlow() | LookUp() | ProvePolicies():
                return self._errand(request)
        raise AssertionError(f"{request} is no look and no probe")

    def _known(self, request: ReadAnswer | ReadTime) -> Answer:
        """What no cluster says."""
        if isinstance(request, ReadTime):
            return TimeRead(self.now)
        text = self.given.get(request.name)
        return NotThere() if text is None else Answered(text)

    def _errand(self, request: Errand) -> Answer:
        match request:
            case TryFlow():
                return self._kept_out(request.origin) or self._tried(request)
            case LookUp():
                return self._kept_out(request.origin) or self._looked_up(request)
        return self.trouble.get("Control") or Enforcement(self.enforced)

    def _kept_out(self, origin: Origin) -> Answer | None:
        stays_out = self.kept_out and origin.namespace
        return KeptOut(origin.namespace, self.kept_out) if stays_out else None

    def _tried(self, request: TryFlow) -> Answer:
        """Three connections that end alike, unless each is given."""
        origin = _called(request.origin)
        said = self.flows.get(f"{origin} > {request.address}:{request.port}")
        said = said or self.flows[origin]
        return Tried((said,) * 3 if isinstance(said, str) else tuple(said))

    def _looked_up(self, request: LookUp) -> Answer:
        assert request.namespace == NAMESPACE
        said = self.dns.get(request.name, "none")
        said = self.dns.get(f"{_called(request.origin)} > {request.name}", said)
        if isinstance(said, str):
            return LookedUp(said)
        whole = f"{request.name}.{NAMESPACE}.svc.cluster.local"
        parts = {name: tuple(value) for name, value in said.items() if name != "alias"}
        parts["services"] = tuple((t, p) for t, p in said.get("services", ()))
        return LookedUp("found", whole, alias=said.get("alias", ""), **parts)

    def _log(self, request: ReadLog) -> list[str] | None:
        place = f"{request.pod}/{request.container}"
        keys = (f"{place}/previous",) if request.previous else (place,)
        return next((self.logs[k] for k in (*keys, request.pod) if k in self.logs), None)

    def _get(self, request: GetObject) -> Answer:
        for body in self.objects:
            if (body["kind"], body["metadata"]["name"]) == (request.kind, request.name):
                assert body["apiVersion"] == request.api_version
                return Found(body)
        return NotThere()

    def _list(self, request: ListObjects) -> Answer:
        """Items of lists carry neither kind nor apiVersion, as from a real server."""
        found = [
            {key: value for key, value in body.items() if key not in {"kind", "apiVersion"}}
            for body in self.objects
            if body["kind"] == request.kind
            and dict(request.labels).items() <= (body["metadata"].get("labels") or {}).items()
        ]
        return Items(tuple(found))


def _called(origin: Origin) -> str:
    """Where a probe pod stands: its labels, behind its namespace where that is not the learner's."""
    labels = ",".join(f"{name}={value}" for name, value in origin.labels) or "-"
    place = "" if origin.namespace == NAMESPACE else origin.namespace or "outside"
    return f"{place}/{labels}" if place else labels
