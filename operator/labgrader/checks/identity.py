"""Whom the API server takes a subject for: user name and groups.

Used by ``checks.allows`` and ``checks.rejects``. Pure.
"""

import re
from dataclasses import dataclass

from labgrader.api.base import NAME_PATTERN
from labgrader.api.kinds import Creator, Subject
from labgrader.api.names import DRY_RUN_ROLE
from labgrader.checks.problem import Problem
from labgrader.evidence.answers import Json

_EVERYBODY = "system:authenticated"


@dataclass(frozen=True, slots=True)
class Identity:
    """A user name, empty where only groups are meant, and groups."""

    user: str
    groups: tuple[str, ...]


def identity(subject: Subject | Creator, namespace: str) -> Identity:
    """Who the subject is in the target namespace."""
    match subject.kind:
        case "ServiceAccount":
            everybody = ("system:serviceaccounts", f"system:serviceaccounts:{namespace}")
            return Identity(account(namespace, subject.name), (*everybody, _EVERYBODY))
        case "User":
            return Identity(subject.name, (_EVERYBODY,))
    return Identity("", tuple(dict.fromkeys((subject.name, _EVERYBODY))))


def account(namespace: str, name: str) -> str:
    """The user name of a service account."""
    return f"system:serviceaccount:{namespace}:{name}"


def stand_in(namespace: str) -> str:
    """The account with a learner's rights, which `labgrader namespace --dry-run` binds."""
    return account(namespace, DRY_RUN_ROLE)


def subject_problems(subject: Subject | Creator) -> tuple[Problem, ...]:
    """What makes the subject unusable."""
    if subject.kind == "ServiceAccount" and not re.fullmatch(NAME_PATTERN, subject.name):
        return (Problem("Invalid", f"subject: {subject.name!r} is no name of a ServiceAccount"),)
    if not subject.name.isprintable():
        return (Problem("Invalid", f"subject: {subject.name!r} holds what cannot be printed"),)
    return ()


def is_named(who: Identity, bound: Json, namespace: str) -> bool:
    """Whether a RoleBinding's subject means this identity."""
    kind, name = bound.get("kind"), bound.get("name")
    if kind == "ServiceAccount":
        where = bound.get("namespace") or namespace
        return who.user == account(str(where), str(name))
    if kind == "User":
        return bool(who.user) and name == who.user
    return kind == "Group" and name in who.groups
