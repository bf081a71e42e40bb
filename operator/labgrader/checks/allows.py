"""``allows``: a subject may do what it needs, and nothing that it must not.

Called through ``checks.registry``. Pure. The API server's authorizer decides; the Roles and
RoleBindings of the target namespace only explain, and show what lies beyond the matrix.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from labgrader.api.kinds import Access, Allows
from labgrader.checks.diagnosis import reading
from labgrader.checks.diagnosis.events import one_line
from labgrader.checks.diagnosis.presence import find
from labgrader.checks.finding import Cause, Finding, cause, failed, passed
from labgrader.checks.grants import ANY, FEARED, Grants, Right, excess, gives, grants
from labgrader.checks.identity import Identity, identity, subject_problems
from labgrader.checks.problem import Problem
from labgrader.checks.scope import Scope
from labgrader.evidence.requests import GetObject, ReviewAccess
from labgrader.evidence.snapshot import Snapshot

_VERBS = ("get", "list", "watch", "create", "update", "patch", "delete", "deletecollection", ANY)
_ELSEWHERE = "default"  # where a binding lands that was made without a namespace
_EVERYWHERE = ""
_MOST_QUESTIONS = 300
_MOST_SHOWN = 5


@dataclass(frozen=True, slots=True)
class _Asked:
    """One question: a right, where, and the answer that is expected.

    ``place`` is None for the target namespace. ``feared`` is asked whatever the matrix says.
    """

    right: Right
    place: str | None
    allowed: bool
    feared: bool = False

    def request(self, who: Identity, namespace: str) -> ReviewAccess:
        resource, _, subresource = self.right.resource.partition("/")
        return ReviewAccess(
            user=who.user,
            groups=who.groups,
            namespace=namespace if self.place is None else self.place,
            verb=self.right.verb,
            group=self.right.group,
            resource=resource,
            subresource=subresource,
            name=self.right.name,
        )


def problems(params: Allows) -> tuple[Problem, ...]:
    """What makes the matrix unusable."""
    return tuple(_problems(params))


def hollow(params: Allows) -> bool:
    """Whether it is true of a subject that may do nothing."""
    return not any(row.allowed for row in params.access)


def judge(params: Allows, scope: Scope, snapshot: Snapshot) -> Finding:
    """The authorizer answers every question as expected, and no Role gives more."""
    who = identity(params.subject, scope.namespace)
    asked = _questions(params, scope.namespace)
    requests = {question: question.request(who, scope.namespace) for question in asked}
    account = _account(params, scope)
    lists = (scope.all("RoleBinding"), scope.all("Role")) if params.nothing_beyond else ()
    snapshot.together(*account, *requests.values(), *lists)
    for request in account:
        found = find(snapshot, request)
        if isinstance(found, Finding):
            return found
    answers = {question: snapshot.reviewed(request) for question, request in requests.items()}
    wrong = [q for q in asked if answers[q].allowed is not q.allowed]
    notes = [one_line(answers[q].note) for q in wrong if answers[q].note]
    matrix = [q for q in wrong if not q.feared]
    if matrix:
        return _wrong(params, who, matrix, notes, scope, snapshot)
    beyond = _beyond(params, who, scope, snapshot) if params.nothing_beyond else None
    if beyond is not None:  # names the Role and the rule, so it is told before what is feared
        return beyond
    if wrong:
        return _wrong(params, who, wrong, notes, scope, snapshot)
    yes = sum(q.allowed for q in asked)
    return passed("AccessAsExpected", **_about(params, scope), yes=yes, no=len(asked) - yes)


def _account(params: Allows, scope: Scope) -> tuple[GetObject, ...]:
    """A service account must be there: a binding may name one that is not."""
    if params.subject.kind != "ServiceAccount":
        return ()
    return (scope.named("ServiceAccount", params.subject.name),)


def _questions(params: Allows, namespace: str) -> list[_Asked]:
    """The matrix, and what else is asked where nothing may lie beyond it; each once."""
    asked: dict[tuple[Right, str | None], _Asked] = {}
    for row in params.access:
        place = _EVERYWHERE if row.where == "Cluster" else None
        for right in _rights(row):
            asked.setdefault((right, place), _Asked(right, place, row.allowed))
    if params.nothing_beyond:
        for right in _others(params):
            asked.setdefault((right, None), _Asked(right, None, allowed=False))
        for right, place in _feared(params, namespace):
            asked.setdefault((right, place), _Asked(right, place, allowed=False, feared=True))
    return list(asked.values())


def _feared(params: Allows, namespace: str) -> Iterator[tuple[Right, str | None]]:
    """What a role gives that is wider than asked, and what is allowed in places of others."""
    allowed = _allowed(params)
    for right in FEARED:
        if not any(given.covers(right) for given in allowed):
            yield right, None
    for right in allowed:
        yield right, _EVERYWHERE
        if namespace != _ELSEWHERE:
            yield right, _ELSEWHERE


def _others(params: Allows) -> Iterator[Right]:
    """Common verbs, and wildcards, on the same resources and on all of the same groups."""
    allowed = _allowed(params)
    rows = [row for row in params.access if row.where == "Namespace"]
    things = dict.fromkeys((row.group, resource) for row in rows for resource in row.resources)
    things |= dict.fromkeys((row.group, ANY) for row in rows)
    for group, resource in things:
        for verb in _VERBS:
            right = Right(verb, group, resource)
            if right.exists() and not any(given.covers(right) for given in allowed):
                yield right


def _allowed(params: Allows) -> list[Right]:
    return [right for row in params.access if row.allowed for right in _rights(row)]


def _rights(row: Access) -> Iterator[Right]:
    for verb in row.verbs:
        for resource in row.resources:
            yield Right(verb, row.group, resource, row.name or "")


def _wrong(
    params: Allows,
    who: Identity,
    wrong: Sequence[_Asked],
    notes: Sequence[str],
    scope: Scope,
    snapshot: Snapshot,
) -> Finding:
    """What is denied is told before what is too much, and that before what reaches too far."""
    found = _grants(who, scope, snapshot)
    denied = [q.right for q in wrong if q.allowed]
    if denied:
        return failed("AccessDenied", **_about(params, scope), what=_listed(denied)).because(
            *_why_denied(params, found, denied[0], scope),
            *(cause("AuthorizerSays", said=said) for said in notes[:1]),
        )
    here = [q.right for q in wrong if q.place is None]
    if here:
        return failed("AccessTooWide", **_about(params, scope), what=_listed(here)).because(
            *_why_given(found, here[0])
        )
    everywhere = [q.right for q in wrong if q.place == _EVERYWHERE]
    if everywhere:
        return failed("AccessEverywhere", **_about(params, scope), what=_listed(everywhere))
    what = _listed([q.right for q in wrong])
    return failed("AccessElsewhere", **_about(params, scope), elsewhere=_ELSEWHERE, what=what)


def _grants(who: Identity, scope: Scope, snapshot: Snapshot) -> Grants:
    lists = (scope.all("RoleBinding"), scope.all("Role"))
    snapshot.together(*lists)
    bindings, roles = (reading.objects(snapshot, request) for request in lists)
    return grants(who, scope.namespace, bindings, roles)


def _beyond(params: Allows, who: Identity, scope: Scope, snapshot: Snapshot) -> Finding | None:
    bindings, roles = (snapshot.objects(scope.all(kind)) for kind in ("RoleBinding", "Role"))
    allowed = _allowed(params)
    for name, role in grants(who, scope.namespace, bindings, roles).bound_roles():
        more = excess(role, allowed)
        if more is not None:
            return failed("RoleGivesMore", **_about(params, scope), role=name, what=more)
    return None


def _why_denied(params: Allows, found: Grants, right: Right, scope: Scope) -> tuple[Cause, ...]:
    subject = params.subject
    if not found.bindings:
        if found.strangers:
            binding, elsewhere = found.strangers[0]
            return (
                cause(
                    "BindingElsewhere",
                    binding=binding,
                    account=subject.name,
                    elsewhere=elsewhere,
                    namespace=scope.namespace,
                ),
            )
        return (cause("NoBinding", subject_kind=subject.kind, subject=subject.name),)
    causes = []
    for binding, kind, name in found.references():
        if kind != "Role":
            causes.append(cause("BoundClusterRole", binding=binding, role=name))
        elif name not in found.roles:
            causes.append(cause("BoundRoleMissing", binding=binding, role=name))
        elif not gives(found.roles[name], right):
            causes.append(cause("RoleLacks", role=name, what=right))
    return tuple(causes[:_MOST_SHOWN])


def _why_given(found: Grants, right: Right) -> tuple[Cause, ...]:
    for name, role in found.bound_roles():
        if gives(role, right):
            return (cause("RoleGives", role=name, what=right),)
    for binding, kind, name in found.references():
        if kind != "Role":
            return (cause("BoundClusterRole", binding=binding, role=name),)
    return (cause("GivenFromElsewhere"),)


def _listed(rights: Sequence[Right]) -> str:
    more = ", …" if len(rights) > _MOST_SHOWN else ""
    return ", ".join(str(right) for right in rights[:_MOST_SHOWN]) + more


def _about(params: Allows, scope: Scope) -> dict[str, Any]:
    return {
        "subject_kind": params.subject.kind,
        "subject": params.subject.name,
        "namespace": scope.namespace,
    }


def _problems(params: Allows) -> Iterator[Problem]:
    yield from subject_problems(params.subject)
    seen: dict[tuple[Right, str], bool] = {}
    for row in params.access:
        if row.where == "Cluster" and row.allowed:
            yield Problem(
                "Invalid",
                "access in the whole cluster can only be expected not to be allowed: "
                "learners cannot grant it",
            )
        for right in _rights(row):
            if seen.setdefault((right, row.where), row.allowed) is not row.allowed:
                yield Problem("Invalid", f"access says both yes and no to {right}")
    count = sum(not question.feared for question in _questions(params, _ELSEWHERE))
    if count > _MOST_QUESTIONS:
        yield Problem("Invalid", f"access asks {count} questions; {_MOST_QUESTIONS} are possible")
