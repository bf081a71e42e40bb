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
    Found,
    Hindered,
    HttpAnswer,
    Items,
    Json,
    LogLines,
    NoHttpAnswer,
    NotEvaluated,
    NotThere,
    Refused,
    Reviewed,
    Trouble,
    Values,
)
from labgrader.evidence.documented import is_named, shaped
from labgrader.evidence.requests import (
    CallHttp,
    DryRun,
    Evaluate,
    Experiment,
    GetObject,
    ListObjects,
    ReadAnswer,
    ReadLog,
    Request,
    ReviewAccess,
)
from labgrader.evidence.timeline import Timeline

T = TypeVar("T")


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
    """Answers by request."""

    answers: Mapping[Request, Answer] = field(default_factory=dict)

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
        body = _expect(answer, Found).object
        names = {"name": request.name, "namespace": request.namespace}
        return shaped(request.api_version, request.kind, body, **names)

    def objects(self, request: ListObjects) -> tuple[Json, ...]:
        """The listed objects."""
        listed = _expect(self._answer(request), Items).objects
        bodies = [
            shaped(request.api_version, request.kind, body, namespace=request.namespace)
            for body in listed
        ]
        return tuple(body for body in bodies if is_named(body))

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

    def http(self, request: CallHttp) -> HttpAnswer | NoHttpAnswer:
        """The HTTP answer, or why there is none."""
        answer = self._answer(request)
        if isinstance(answer, NoHttpAnswer):
            return answer
        return _expect(answer, HttpAnswer)

    def values(self, request: Evaluate) -> Values | NotEvaluated:
        """The values of an expression, or why it has none."""
        answer = self._answer(request)
        if isinstance(answer, NotEvaluated):
            return answer
        return _expect(answer, Values)

    def timeline(self, request: Experiment) -> Timeline:
        """The record of the experiment."""
        return _expect(self._answer(request), Timeline)

    def _answer(self, request: Request) -> Answer:
        self.together(request)
        answer = self.answers[request]
        if isinstance(answer, Trouble):
            raise CouldNotLook(answer)
        if isinstance(answer, Hindered):
            raise LearnerHindered(answer)
        return answer


def _expect(answer: Answer, of: type[T]) -> T:
    if not isinstance(answer, of):
        raise TypeError(f"an EvidenceSource answered with {answer!r} where {of.__name__} is due")
    return answer
