"""Whether a container's effective security context is as wanted.

Called by ``checks.configures``. A container's own setting goes before its pod's, where the pod
has such a setting at all; what neither sets has Kubernetes' default.
"""

from collections.abc import Iterator
from typing import Any

from labgrader.api.kinds import Security
from labgrader.checks.finding import Cause
from labgrader.checks.hygiene.difference import Place, compared
from labgrader.checks.tolerant import at, texts
from labgrader.evidence.answers import Json

_FLAGS = (
    ("run_as_non_root", "runAsNonRoot", False),
    ("read_only_root_filesystem", "readOnlyRootFilesystem", False),
    ("allow_privilege_escalation", "allowPrivilegeEscalation", True),
    ("privileged", "privileged", False),
)
"""The param, Kubernetes' name, and its default."""
_OF_PODS_TOO = frozenset({"runAsNonRoot", "runAsUser", "seccompProfile"})
_ALL = "ALL"
_HARMLESS = frozenset({"NET_BIND_SERVICE"})
"""What Pod Security's level restricted lets containers add."""


def security_differences(
    wanted: Security, place: Place, container: Json, spec: Json
) -> Iterator[Cause]:
    """Everything in which the context is not as wanted."""
    for param, name, default in _FLAGS:
        flag, seen = getattr(wanted, param), _effective(container, spec, name)
        if flag is not None and (default if seen is None else seen) is not flag:
            yield compared(place, f"securityContext.{name}", _word(flag), seen)
    user = _effective(container, spec, "runAsUser")
    if wanted.run_as_non_root and user == 0:
        yield compared(place, "securityContext.runAsUser", ">0", user)
    if (wanted.drop or wanted.seccomp) and wanted.privileged is None and _privileged(container):
        yield compared(place, "securityContext.privileged", _word(flag=False), seen=True)
    if wanted.drop:
        yield from _capabilities(tuple(map(_bare, wanted.drop)), place, container)
    if wanted.seccomp is not None:
        seen = at(_effective(container, spec, "seccompProfile"), "type")
        if seen != wanted.seccomp:
            yield compared(place, "securityContext.seccompProfile.type", wanted.seccomp, seen)


def _effective(container: Json, spec: Json, name: str) -> Any:
    own = at(container, "securityContext", name)
    if own is None and name in _OF_PODS_TOO:
        return at(spec, "securityContext", name)
    return own


def _capabilities(wanted: tuple[str, ...], place: Place, container: Json) -> Iterator[Cause]:
    capabilities = at(container, "securityContext", "capabilities")
    dropped = {_bare(name) for name in texts(at(capabilities, "drop"))}
    lacking = [name for name in wanted if name not in dropped]
    if lacking and _ALL not in dropped:
        seen = at(capabilities, "drop")
        field = "securityContext.capabilities.drop"
        yield compared(place, field, ", ".join(wanted), seen or None)
    back = [
        name
        for name in texts(at(capabilities, "add"))
        if _bare(name) in wanted or (_ALL in wanted and _bare(name) not in _HARMLESS)
    ]
    if back:
        yield compared(place, "securityContext.capabilities.add", "[]", back)


def _privileged(container: Json) -> bool:
    """It then has all capabilities and no seccomp profile, whatever else stands there."""
    return at(container, "securityContext", "privileged") is True


def _bare(name: str) -> str:
    return name.upper().removeprefix("CAP_")


def _word(flag: object) -> str:
    return "true" if flag else "false"
