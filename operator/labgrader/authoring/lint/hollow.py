"""What earns points before anybody has done anything.

A rule of lint. Each check is really judged, by the engine and the judges that grade learners,
against a namespace as it is at the start: with what Kubernetes makes, and what the exercise gives,
as it stands in the file; and what that is worth is what a learner would be given for it. So a new
kind, a new way for an old one to pass, or to earn a part, needs no line here. What cannot be
answered without a cluster stays Unknown, and earns nothing.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress

from labgrader.api.exercise import ExerciseSpec
from labgrader.authoring.draft import Draft
from labgrader.checks.finding import Finding, Outcome, finding_credit
from labgrader.checks.scope import Scope
from labgrader.checks.tolerant import mapping
from labgrader.evidence.answers import Answer, Found, Items, Json, NotThere, Trouble
from labgrader.evidence.requests import GetObject, ListObjects, Look, ReadLog, Request
from labgrader.grading.look import Look as Judging
from labgrader.grading.score import earned, group_span, members
from labgrader.reporting.remarks import Remark

NAMESPACE = "untouched"
_MEND_PART = (
    "Ask for what is so from the start in expect, without which nothing is earned, or let the "
    "check need one that is not true at the start."
)
_MEND_GROUP = "Let its checks need one that is not true of an empty namespace."


def hollow(draft: Draft) -> Iterator[Remark]:
    """The checks and groups by which an untouched namespace earns points."""
    if draft.exercise is None:
        return
    spec = draft.exercise.spec
    findings = _at_start(spec)
    given = ", with what the exercise gives" if spec.given else ""
    for index, check in draft.checks:
        finding = findings[check.name]
        got = earned(check, finding)
        if not got:
            continue
        told = f"check {check.name} is true of a namespace where nobody has done anything{given}"
        mend = ""
        if finding.outcome is not Outcome.PASSED:
            told = f"check {check.name} earns {got} of its {check.points} points in a namespace"
            told += f" where nobody has done anything{given}"
            mend = _MEND_PART
        yield draft.remark("hollow-check", ["spec", "checks", index], told, mend)
    for index, group in enumerate(spec.groups):
        among = members(spec, group)
        if group.points is None:  # its checks have the points, and were looked at above
            continue
        got = group_span(group, among, findings).low
        if got:
            by = ", ".join(c.name for c in among if finding_credit(findings[c.name]))
            told = f"group {group.name} earns {got} of its {group.points} points in a namespace"
            told += f" where nobody has done anything{given}, by {by}"
            yield draft.remark("hollow-check", ["spec", "groups", index], told, _MEND_GROUP)


def _at_start(spec: ExerciseSpec) -> Mapping[str, Finding]:
    """What each check is found to be before any work."""
    judging = Judging(Scope(NAMESPACE, spec.given), UntouchedNamespace(spec.given))
    with suppress(StopIteration):  # it never waits: the namespace answers at once
        judging.judge(spec.checks).send(None)
    return judging.findings


class UntouchedNamespace:
    """The EvidenceSource of a namespace in which nobody has worked yet."""

    def __init__(self, given: Iterable[Json] = ()) -> None:
        self._given = tuple(map(_as_put, filter(_has_a_name, given)))

    async def gather(self, requests: Collection[Request]) -> Mapping[Request, Answer]:
        """An answer to each request."""
        return {request: _answer(request, self._given) for request in requests}

    async def changed(self, seen: Mapping[Look, Answer], within_ms: int) -> bool:  # noqa: ARG002 (the port's shape)
        """Nobody works here."""
        return False

    async def confirm(self, namespace: str) -> Answer:
        """It is there."""
        return Found({"metadata": {"name": namespace}})


def _answer(request: Request, given: tuple[Json, ...]) -> Answer:
    match request:
        case GetObject():
            there = _there(request, given)
            named = (body for body in there if body["metadata"]["name"] == request.name)
            return next((Found(body) for body in named), NotThere())
        case ListObjects():
            there = _there(request, given)
            return Items(tuple(body for body in there if _labelled(body, request)))
        case ReadLog():
            return NotThere()
    return Trouble("GraderError", "lint has no cluster", transient=False)


def _there(request: GetObject | ListObjects, given: tuple[Json, ...]) -> Iterator[Json]:
    """What Kubernetes itself puts into every namespace, and what the exercise gives."""
    names = {"ConfigMap": "kube-root-ca.crt", "ServiceAccount": "default"}
    if request.kind in names:
        yield _as_put({"metadata": {"name": names[request.kind]}})
    for body in given:
        if (body.get("apiVersion"), body.get("kind")) == (request.api_version, request.kind):
            yield body


def _labelled(body: Json, request: ListObjects) -> bool:
    labels = mapping(body["metadata"].get("labels"))
    return all(labels.get(name) == value for name, value in request.labels)


def _has_a_name(body: Json) -> bool:
    return isinstance(mapping(body.get("metadata")).get("name"), str)


def _as_put(body: Json) -> Json:
    """The object as the API server would tell it, as far as that is known here."""
    metadata = body["metadata"]
    own = {"namespace": NAMESPACE, "uid": f"uid-{body.get('kind')}-{metadata['name']}"}
    return {**body, "metadata": {**metadata, **own}}
