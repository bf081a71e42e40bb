"""Why the API server refuses to let a workload's controller make pods.

Called by ``diagnosis.workload`` with the message of a ReplicaFailure condition or of a
FailedCreate event; the forms are those of the admission plugins of Kubernetes.
"""

import re

from labgrader.checks.diagnosis.events import one_line
from labgrader.checks.finding import Cause, cause

_LONGEST = 4_000
"""So much of a message is read: what it says stands in front, and webhooks may write any amount."""
_FORBIDDEN = re.compile(r'.*?pods? "[^"]*" is forbidden: ', re.DOTALL)
_EXCEEDED = re.compile(r"exceeded quota: (?P<quota>[^,]+), (?P<detail>.*)", re.DOTALL)
_UNSPECIFIED = re.compile(r"failed quota: (?P<quota>[^:]+): (?P<detail>.*)", re.DOTALL)
_SECURITY = re.compile(
    r'violates PodSecurity "(?P<level>[^":]+)(?::[^"]*)?": (?P<detail>.*)', re.DOTALL
)
_ACCOUNT = re.compile(r'serviceaccount "(?P<account>[^"]+)" not found')
_RANGE = re.compile(
    r"(maximum|minimum) \S+ (usage|limit|request)|max limit to request ratio|must be (less|equal)"
)


def refusal(message: str) -> Cause:
    """The cause behind a refused pod."""
    said = message[:_LONGEST]
    if begun := _FORBIDDEN.match(said):
        said = said[begun.end() :]
    if found := _EXCEEDED.search(said):
        return cause("QuotaExceeded", quota=found["quota"], detail=one_line(found["detail"]))
    if found := _UNSPECIFIED.search(said):
        return cause("QuotaWantsLimits", quota=found["quota"], detail=one_line(found["detail"]))
    if found := _SECURITY.search(said):
        return cause("PodSecurityRefuses", level=found["level"], detail=one_line(found["detail"]))
    if found := _ACCOUNT.search(said):
        return cause("ServiceAccountMissing", account=found["account"])
    if _RANGE.search(said):
        return cause("LimitRangeRefuses", detail=one_line(said.strip("[]")))
    return cause("PodsRefused", detail=one_line(said))
