"""The Snapshot: every answer that a grading has, and the ways in which checks read it.

Built by ``grading.run``, read by ``checks``. Reading what is not there raises
MissingEvidence, which tells the engine what to gather; so a check needs no second function
that repeats what it reads, and a snapshot that is judged again later says by itself what it
lacks (docs/decisions/0003-evidence-on-demand.md). No I/O.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from labgrader.evidence.answers import (
    Admitted,
    Answer,
    Answered,
    Enforcement,
    Found,
    Hindered,
    HttpAnswer,
    Items,
    Json,
    KeptOut,
    LogLines,
    LookedUp,
    NoHttpAnswer,
    NotEvaluated,
    NotThere,
    Refused,
    Reviewed,
    TimeRead,
    Tried,
    Trouble,
    Values,
)
from labgrader.evidence.documented import is_named, shaped
from labgrader.evidence.experiments import Experiment, KeepData, OnCopy, SpreadRequests
from labgrader.evidence.keeping import Kept
from labgrader.evidence.requests import (
    CallHttp,
    DryRun,
    Evaluate,
    GetObject,
    ListObjects,
    LookUp,
    ProvePolicies,
    ReadAnswer,
    ReadLog,
    ReadTime,
    Request,
    ReviewAccess,
    TryFlow,
)
from labgrader.evidence.timeline import Timeline
from labgrader.evidence.traffic import Traffic

T = TypeVar("T")
Held = dict[Request, tuple[Answer, tuple[Json, ...]]]


class MissingEvidence(Exception):
    """The snapshot holds no answer to these requests."""

    def __init__(self, requests: Iterable[Request]) -> None:
        self.requests = tuple(requests)
        super().__init__(f"no answer to {self.requests}")


class CouldNotLook(Exception):
    """The evidence is trouble: the finding is Unknown."""

    def __init__(self, trouble: Trouble) -> None:
        self.trouble = trouble
        super().__init__(trouble.detail)


class LearnerHindered(Exception):
    """The learner's own objects kept the grader out: the finding is Failed."""

    def __init__(self, hindered: Hindered) -> None:
        self.hindered = hindered
        super().__init__(hindered.reason)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Answers by request.

    ``held`` keeps what was held to its shape already, with the answer that it was: many checks
    read the same objects. Whoever makes several snapshots of one grading hands it on.
    """

    answers: Mapping[Request, Answer] = field(default_factory=dict)
    held: Held = field(default_factory=dict)

    def together(self, *requests: Request) -> None:
        """Ask for several at once, so that they are gathered concurrently."""
        missing = [request for request in requests if request not in self.answers]
        if missing:
            raise MissingEvidence(missing)

    def object(self, request: GetObject) -> Json | None:
        """The object, or None where there is none."""
        answer = self._answer(request)
        if isinstance(answer, NotThere):
            return None
        names = {"name": request.name, "namespace": request.namespace}
        return self._held(request, answer, (_expect(answer, Found).object,), names)[0]

    def objects(self, request: ListObjects) -> tuple[Json, ...]:
        """The listed objects."""
        answer = self._answer(request)
        names = {"namespace": request.namespace}
        return self._held(request, answer, _expect(answer, Items).objects, names)

    def log(self, request: ReadLog) -> tuple[str, ...]:
        """The log's last lines; none where the container is gone."""
        answer = self._answer(request)
        if isinstance(answer, NotThere):
            return ()
        return _expect(answer, LogLines).lines

    def reviewed(self, request: ReviewAccess) -> Reviewed:
        """What the authorizer says."""
        return _expect(self._answer(request), Reviewed)

    def dry_run(self, request: DryRun) -> Admitted | Refused:
        """What the API server says to the object."""
        answer = self._answer(request)
        if isinstance(answer, Refused):
            return answer
        return _expect(answer, Admitted)

    def answered(self, request: ReadAnswer) -> str | None:
        """What the learner wrote; None where there is no answer."""
        answer = self._answer(request)
        if isinstance(answer, NotThere):
            return None
        return _expect(answer, Answered).text

    def time(self, request: ReadTime) -> str:
        """What time it is."""
        return _expect(self._answer(request), TimeRead).at

    def http(self, request: CallHttp) -> HttpAnswer | NoHttpAnswer:
        """The HTTP answer, or why there is none."""
        answer = self._answer(request)
        if isinstance(answer, NoHttpAnswer):
            return answer
        return _expect(answer, HttpAnswer)

    def flow(self, request: TryFlow) -> Tried | KeptOut:
        """What came of the connections, or why no probe pod could stand there."""
        answer = self._answer(request)
        if isinstance(answer, KeptOut):
            return answer
        return _expect(answer, Tried)

    def looked_up(self, request: LookUp) -> LookedUp | KeptOut:
        """What DNS said, or why no probe pod could stand there."""
        answer = self._answer(request)
        if isinstance(answer, KeptOut):
            return answer
        return _expect(answer, LookedUp)

    def policies_enforced(self) -> bool:
        """Whether the cluster enforces NetworkPolicies."""
        return _expect(self._answer(ProvePolicies()), Enforcement).enforced

    def values(self, request: Evaluate) -> Values | NotEvaluated:
        """The values of an expression, or why it has none."""
        answer = self._answer(request)
        if isinstance(answer, NotEvaluated):
            return answer
        return _expect(answer, Values)

    def timeline(self, request: Experiment) -> Timeline:
        """The record of the experiment."""
        return _expect(self._answer(request), Timeline)

    def kept(self, request: KeepData | OnCopy) -> Kept:
        """The record of what was written and read back."""
        return _expect(self._answer(request), Kept)

    def traffic(self, request: SpreadRequests) -> Traffic:
        """The record of many requests."""
        return _expect(self._answer(request), Traffic)

    def _held(
        self,
        request: GetObject | ListObjects,
        answer: Answer,
        bodies: Iterable[Json],
        names: Mapping[str, str],
    ) -> tuple[Json, ...]:
        known = self.held.get(request)
        if known is not None and known[0] is answer:
            return known[1]
        well = (shaped(request.api_version, request.kind, body, **names) for body in bodies)
        found = tuple(body for body in well if is_named(body))
        self.held[request] = answer, found
        return found

    def _answer(self, request: Request) -> Answer:
        answer = self.answers.get(request)
        if answer is None:
            raise MissingEvidence([request])
        if isinstance(answer, Trouble):
            raise CouldNotLook(answer)
        if isinstance(answer, Hindered):
            raise LearnerHindered(answer)
        return answer


def _expect(answer: Answer, of: type[T]) -> T:
    if not isinstance(answer, of):
        raise TypeError(f"an EvidenceSource answered with {answer!r} where {of.__name__} is due")
    return answer
