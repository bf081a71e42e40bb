"""Checks that are true before anybody has done anything.

A rule of lint. Each check is really judged, by the engine and the judges that grade learners,
against a namespace as Kubernetes makes it: so a new kind, or a new way for an old one to pass,
needs no line here. What cannot be answered without a cluster stays Unknown, and passes nothing.
"""

from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress

from labgrader.authoring.draft import Draft
from labgrader.checks.finding import Outcome
from labgrader.checks.scope import Scope
from labgrader.evidence.answers import Answer, Found, Items, NotThere, Trouble
from labgrader.evidence.requests import GetObject, ListObjects, Look, ReadLog, Request
from labgrader.grading.look import Look as Judging
from labgrader.reporting.remarks import Remark

NAMESPACE = "untouched"


def hollow(draft: Draft) -> Iterator[Remark]:
    """The checks with points that an untouched namespace earns."""
    if draft.exercise is None:
        return
    judging = Judging(Scope(NAMESPACE), UntouchedNamespace())
    with suppress(StopIteration):  # it never waits: the namespace answers at once
        judging.judge(draft.exercise.spec.checks).send(None)
    for index, check in draft.checks:
        finding = judging.findings.get(check.name)
        if check.points and finding is not None and finding.outcome is Outcome.PASSED:
            told = f"check {check.name} is true of a namespace where nobody has done anything"
            yield draft.remark("hollow-check", ["spec", "checks", index], told)


class UntouchedNamespace:
    """The EvidenceSource of a namespace that has just been made."""

    async def gather(self, requests: Collection[Request]) -> Mapping[Request, Answer]:
        """An answer to each request."""
        return {request: _answer(request) for request in requests}

    async def changed(self, seen: Mapping[Look, Answer], within_ms: int) -> bool:  # noqa: ARG002 (the port's shape)
        """Nobody works here."""
        return False

    async def confirm(self, namespace: str) -> Answer:
        """It is there."""
        return Found({"metadata": {"name": namespace}})


def _answer(request: Request) -> Answer:
    match request:
        case GetObject():
            made = (o for o in _made(request.kind) if o["metadata"]["name"] == request.name)
            return next((Found(body) for body in made), NotThere())
        case ListObjects():
            return Items(() if request.labels else tuple(_made(request.kind)))
        case ReadLog():
            return NotThere()
    return Trouble("GraderError", "lint has no cluster", transient=False)


def _made(kind: str) -> Iterator[Mapping[str, dict[str, str]]]:
    """What Kubernetes itself puts into every namespace."""
    names = {"ConfigMap": "kube-root-ca.crt", "ServiceAccount": "default"}
    if kind in names:
        metadata = {"name": names[kind], "namespace": NAMESPACE, "uid": f"uid-{names[kind]}"}
        yield {"metadata": metadata}
