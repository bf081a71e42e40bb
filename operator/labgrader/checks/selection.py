"""The objects that a Selection means, or the finding that there are not enough.

Called by check kinds that speak about several objects. Pure; asks for one object by name, for
a list otherwise, and for the owners where the selection names one. What is being deleted does
not count, nor does what Kubernetes itself puts into every namespace, or ``labgrader namespace``
into a learner's; the account that it makes is told by the binding that it makes, so that one is
asked for along with ServiceAccounts.
"""

from collections.abc import Iterable

from labgrader.api.names import (
    BUILT_IN_API_VERSIONS,
    DISTURB_ROLE,
    DRY_RUN_ROLE,
    LEARNER_ROLE,
    PROBE_ROLE,
    RULES_ROLE,
    STAND_IN_BINDING,
)
from labgrader.api.selection import Selection
from labgrader.checks.diagnosis.ownership import pods_of
from labgrader.checks.diagnosis.presence import find, is_being_deleted
from labgrader.checks.finding import Cause, Finding, cause, failed
from labgrader.checks.scope import Scope, UnknownKind
from labgrader.checks.tolerant import mapping
from labgrader.evidence.answers import Json
from labgrader.evidence.requests import GetObject, ListObjects, Look
from labgrader.evidence.snapshot import Snapshot

_EVERYWHERE = frozenset({("ConfigMap", "kube-root-ca.crt"), ("ServiceAccount", "default")})
_OUR_BINDINGS = frozenset(
    {(role, role) for role in (DISTURB_ROLE, DRY_RUN_ROLE, LEARNER_ROLE, PROBE_ROLE, RULES_ROLE)}
    | {(STAND_IN_BINDING, LEARNER_ROLE)}
)
"""The RoleBindings with which a learner's namespace is opened, each with its ClusterRole."""
_ACCOUNT = "ServiceAccount"
_MOST_NAMES = 5


def requests(selection: Selection, scope: Scope) -> tuple[Look, ...]:
    """What is asked for first, so that several selections are read in one round."""
    asked: list[Look] = [_first(selection, scope)]
    if selection.kind == _ACCOUNT and selection.name is None:
        asked.append(_login(scope))
    if selection.owner is not None:
        asked.append(scope.get(selection.owner))
        if _through_replica_sets(selection):
            asked.append(scope.all("ReplicaSet"))
    return tuple(asked)


def selected(
    selection: Selection, scope: Scope, snapshot: Snapshot, at_least: int = 1
) -> tuple[Json, ...] | Finding:
    """The objects, by name, each with its kind and apiVersion; or why there are too few."""
    first = _first(selection, scope)
    if isinstance(first, GetObject):
        found = find(snapshot, first)
        if isinstance(found, Finding):
            return found
        there: tuple[Json, ...] = (found,)
    else:
        there = tuple(_counted(selection, scope, snapshot, first))
    matching = tuple(body for body in there if _labelled(selection, body))
    if selection.owner is not None:
        owned = _owned(selection, scope, snapshot, matching)
        if isinstance(owned, Finding):
            return owned
        matching = owned
    if len(matching) < at_least:
        return _too_few(selection, scope, matching, at_least).because(
            *_others(selection, scope, snapshot, matching)
        )
    named = ({"apiVersion": first.api_version, "kind": first.kind, **body} for body in matching)
    return tuple(sorted(named, key=lambda body: str(body["metadata"]["name"])))


def _first(selection: Selection, scope: Scope) -> GetObject | ListObjects:
    api_version = selection.api_version or BUILT_IN_API_VERSIONS.get(selection.kind)
    if api_version is None:
        raise UnknownKind(selection.kind)
    if selection.name is not None:
        return GetObject(scope.namespace, api_version, selection.kind, selection.name)
    return ListObjects(
        scope.namespace, api_version, selection.kind, tuple(sorted(selection.labels.items()))
    )


def _counted(
    selection: Selection, scope: Scope, snapshot: Snapshot, request: ListObjects
) -> Iterable[Json]:
    snapshot.together(*requests(selection, scope))
    listed = snapshot.objects(request)
    login = _logged_in(snapshot, scope) if selection.kind == _ACCOUNT else frozenset()
    return (
        body
        for body in listed
        if not is_being_deleted(body)
        and (selection.kind, body["metadata"]["name"]) not in _EVERYWHERE
        and not (selection.kind == "RoleBinding" and _is_ours(body))
        and body["metadata"]["name"] not in login
    )


def _is_ours(binding: Json) -> bool:
    ref = mapping(binding.get("roleRef"))
    bound = (binding["metadata"]["name"], ref.get("name"))
    return ref.get("kind") == "ClusterRole" and bound in _OUR_BINDINGS


def _login(scope: Scope) -> GetObject:
    """The binding whose subject is the learner."""
    return scope.named("RoleBinding", LEARNER_ROLE)


def _logged_in(snapshot: Snapshot, scope: Scope) -> frozenset[object]:
    """The ServiceAccounts of the namespace as which its learner works: one at most."""
    binding = snapshot.object(_login(scope))
    if binding is None or not _is_ours(binding):
        return frozenset()
    subjects = map(mapping, binding.get("subjects") or ())
    return frozenset(
        subject.get("name")
        for subject in subjects
        if subject.get("kind") == _ACCOUNT and subject.get("namespace") == scope.namespace
    )


def _labelled(selection: Selection, body: Json) -> bool:
    labels = body["metadata"].get("labels") or {}
    return all(labels.get(name) == value for name, value in selection.labels.items())


def _through_replica_sets(selection: Selection) -> bool:
    return (
        selection.owner is not None
        and selection.owner.kind == "Deployment"
        and selection.kind == "Pod"
    )


def _owned(
    selection: Selection, scope: Scope, snapshot: Snapshot, bodies: tuple[Json, ...]
) -> tuple[Json, ...] | Finding:
    if selection.owner is None:
        return bodies
    owner = find(snapshot, scope.get(selection.owner))
    if isinstance(owner, Finding):
        return owner
    if _through_replica_sets(selection):
        return pods_of(owner, bodies, snapshot.objects(scope.all("ReplicaSet")))
    uid = owner["metadata"]["uid"]
    return tuple(
        body
        for body in bodies
        if any(
            reference.get("uid") == uid
            for reference in body["metadata"].get("ownerReferences") or ()
        )
    )


def _too_few(selection: Selection, scope: Scope, found: tuple[Json, ...], at_least: int) -> Finding:
    return failed(
        "TooFewSelected",
        kind=selection.kind,
        namespace=scope.namespace,
        which=which(selection),
        min=at_least,
        found=len(found),
    )


def which(selection: Selection) -> str:
    """What a selection asks for beyond the kind, as one types it: empty where nothing."""
    parts = [f"{name}={value}" for name, value in sorted(selection.labels.items())]
    if selection.name is not None:
        parts.insert(0, f"name={selection.name}")
    if selection.owner is not None:
        parts.append(f"owner={selection.owner.kind}/{selection.owner.name}")
    return f" ({', '.join(parts)})" if parts else ""


def _others(
    selection: Selection, scope: Scope, snapshot: Snapshot, found: tuple[Json, ...]
) -> tuple[Cause, ...]:
    """Objects of the kind that the selection leaves out, where it asks for labels or an owner."""
    if selection.name is not None or not (selection.labels or selection.owner):
        return ()
    plain = Selection(api_version=selection.api_version, kind=selection.kind)
    listed = _counted(plain, scope, snapshot, _list(plain, scope))
    taken = {body["metadata"]["name"] for body in found}
    names = sorted(n for body in listed if (n := body["metadata"]["name"]) not in taken)
    if not names:
        return ()
    more = ", …" if len(names) > _MOST_NAMES else ""
    return (cause("NotSelected", kind=selection.kind, names=", ".join(names[:_MOST_NAMES]) + more),)


def _list(selection: Selection, scope: Scope) -> ListObjects:
    first = _first(selection, scope)
    return ListObjects(first.namespace, first.api_version, first.kind)
