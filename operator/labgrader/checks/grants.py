"""What the RoleBindings and Roles of a namespace give to a subject.

Used by ``checks.allows``: it decides what a Role gives beyond the matrix, and explains what
the authorizer said. Rights from elsewhere (ClusterRoles, ClusterRoleBindings) are not seen
here. Pure.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, product

from labgrader.checks.api_groups import misplaced
from labgrader.checks.identity import Identity, is_named
from labgrader.evidence.answers import Json

ANY = "*"
_MOST_RIGHTS = 5000
_OF_LISTS = frozenset({"list", "watch", "deletecollection"})


@dataclass(frozen=True, slots=True)
class Right:
    """One verb on one resource; ``resource`` with its subresource, ``name`` empty for any."""

    verb: str
    group: str
    resource: str
    name: str = ""

    def __str__(self) -> str:
        full = self.resource
        plural, slash, sub = self.resource.partition("/")
        if self.group:
            full = f"{plural}.{self.group}{slash}{sub}"
        elif misplaced(self.group, plural):
            full += ' (apiGroup "")'
        return f"{self.verb} {full}" + (f" {self.name}" if self.name else "")

    def exists(self) -> bool:
        """Whether any request may need it.

        One for a subresource always names the object, and so is never about a whole list.
        """
        plural, slash, _ = self.resource.partition("/")
        return not (slash and self.verb in _OF_LISTS) and not misplaced(self.group, plural)

    def covers(self, other: "Right") -> bool:
        """Whether who has this right has the other, too."""
        return (
            self.verb in {ANY, other.verb}
            and self.group in {ANY, other.group}
            and _covers_resource(self.resource, other.resource)
            and self.name in {"", other.name}
        )


_APPS, _RBAC = "apps", "rbac.authorization.k8s.io"
FEARED = (
    *(Right(verb, "", "secrets") for verb in ("get", "list")),
    *(Right("list", "", resource) for resource in ("pods", "configmaps", "services", "events")),
    *(Right("get", "", resource) for resource in ("pods/log", "persistentvolumeclaims")),
    *(Right(verb, "", "pods") for verb in ("create", "delete")),
    *(Right("create", "", f"pods/{way}") for way in ("exec", "attach", "portforward")),
    *(Right(verb, "", "configmaps") for verb in ("create", "update", "delete")),
    *(Right(verb, _APPS, "deployments") for verb in ("list", "create", "patch", "delete")),
    *(Right("list", group, plural) for group, plural in (("batch", "jobs"), (_RBAC, "roles"))),
    *(Right(verb, _RBAC, "roles") for verb in ("create", "escalate", "bind")),
    Right("create", _RBAC, "rolebindings"),
    Right("create", "", "serviceaccounts/token"),
    Right("impersonate", "", "serviceaccounts"),
    Right(ANY, ANY, ANY),
)
"""What somebody who may do little must not be able to do, and what Kubernetes' own ClusterRoles
(view, edit, admin, cluster-admin) give that a narrower Role does not."""


def _covers_resource(rule: str, asked: str) -> bool:
    if rule in {ANY, asked}:
        return True
    plural, slash, sub = rule.partition("/")
    return plural == ANY and bool(slash) and asked.partition("/")[2] == sub


@dataclass(frozen=True, slots=True)
class Grants:
    """The bindings that name the subject, and the Roles of the namespace by name."""

    bindings: Sequence[Json]
    roles: Mapping[str, Json]
    strangers: Sequence[tuple[str, str]] = field(default=())
    """Bindings of a service account of this name in another namespace, and that namespace."""

    def bound_roles(self) -> Iterator[tuple[str, Json]]:
        """The Roles that are bound, by name, as far as they are there."""
        for name in dict.fromkeys(name for _, kind, name in self.references() if kind == "Role"):
            if name in self.roles:
                yield name, self.roles[name]

    def references(self) -> Iterator[tuple[str, str, str]]:
        """The name of each binding, and kind and name of what it binds."""
        for binding in self.bindings:
            ref = binding.get("roleRef") or {}
            yield _name(binding), str(ref.get("kind")), str(ref.get("name"))


def grants(
    who: Identity, namespace: str, bindings: Iterable[Json], roles: Iterable[Json]
) -> Grants:
    """What concerns the subject."""
    mine, strangers = [], []
    for binding in bindings:
        subjects = [bound for bound in binding.get("subjects") or () if bound]
        if any(is_named(who, bound, namespace) for bound in subjects):
            mine.append(binding)
            continue
        strangers += [
            (_name(binding), str(bound.get("namespace")))
            for bound in subjects
            if bound.get("kind") == "ServiceAccount"
            and who.user.startswith("system:serviceaccount:")
            and who.user.endswith(f":{bound.get('name')}")
        ]
    return Grants(mine, {_name(role): role for role in roles}, strangers)


def rights(role: Json) -> Iterator[Right]:
    """The rights that a Role lists, each once in a rule."""
    for rule in role.get("rules") or ():
        verbs, groups, resources = (
            _texts(rule.get(part)) for part in ("verbs", "apiGroups", "resources")
        )
        names = _texts(rule.get("resourceNames")) or ("",)
        for verb, group, resource, name in product(verbs, groups, resources, names):
            yield Right(verb, group, resource, name)


def gives(role: Json, right: Right) -> bool:
    """Whether the Role gives the right."""
    return any(given.covers(right) for given in islice(rights(role), _MOST_RIGHTS))


def excess(role: Json, allowed: Sequence[Right]) -> Right | None:
    """The first right of a Role that exists and nothing allowed covers; None where there is none.

    A Role that lists thousands of rights lists more than any exercise allows.
    """
    for count, given in enumerate(rights(role), start=1):
        if count > _MOST_RIGHTS:
            return given
        if given.exists() and not any(right.covers(given) for right in allowed):
            return given
    return None


def _texts(values: object) -> tuple[str, ...]:
    listed = values if isinstance(values, list | tuple) else ()
    return tuple(dict.fromkeys(str(value) for value in listed))


def _name(body: Json) -> str:
    return str((body.get("metadata") or {}).get("name"))
