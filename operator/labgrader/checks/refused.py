"""Which rule of the cluster refused an object, from what the API server said.

Used by ``checks.rejects``. The forms are those of Kubernetes' own admission plugins. Told apart
are rules, which are what a check is about, and all else that keeps an object out: it is
invalid, or its creator has no right to create it. Pure.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from labgrader.api.kinds import Refuser
from labgrader.checks.diagnosis.events import one_line
from labgrader.checks.expect.operators import pattern
from labgrader.evidence.answers import Refused

INVALID, ACCESS, OTHER = "Invalid", "Access", "Other"
"""What is no rule: the object itself, the creator's rights, anything else."""

_UNPROCESSABLE, _BAD_REQUEST = 422, 400
# Free text of a policy or webhook may quote any other form, so these two are tried first.
_FORMS: Mapping[str, re.Pattern[str]] = MappingProxyType(
    {
        "Webhook": re.compile(r'^admission webhook "(?P<name>[^"]+)" denied the request'),
        "ValidatingAdmissionPolicy": re.compile(
            r"(^| is forbidden: )ValidatingAdmissionPolicy '(?P<name>[^']+)'"
            r"( with binding '[^']+')? denied request: "
        ),
        ACCESS: re.compile(r' is forbidden: User "[^"]*" cannot \S+ resource "'),
        "ResourceQuota": re.compile(
            r" is forbidden: (exceeded|failed) quota: (?P<name>[^:,]+)[:,]"
        ),
        "PodSecurity": re.compile(r' is forbidden: violates PodSecurity "(?P<name>[^":]+)'),
        "LimitRange": re.compile(
            r" is forbidden: \[?((maximum|minimum) \S+ usage per |\S+ max limit to request ratio per )"
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Who refused, its name where the API server tells it, and its words."""

    by: str
    name: str
    message: str

    @property
    def detail(self) -> str:
        """Its words, for a sentence."""
        return one_line(self.message)

    @property
    def is_rule(self) -> bool:
        """Whether a rule refused, and not something else got in the way."""
        return self.by not in {INVALID, ACCESS, OTHER}

    def is_by(self, wanted: Refuser | None) -> bool:
        """Whether this is the refusal that the check wants."""
        if not self.is_rule or wanted is None:
            return self.is_rule
        if wanted.kind != self.by or wanted.name not in {None, self.name}:
            return False
        return wanted.message is None or pattern(wanted.message).search(self.message) is not None


def refusal(said: Refused) -> Refusal:
    """Who refused."""
    for by, form in _FORMS.items():
        found = form.search(said.message)
        if found is not None:
            name = found.groupdict().get("name") or ""
            return Refusal(by, name.strip(), said.message)
    invalid = said.status in {_UNPROCESSABLE, _BAD_REQUEST}
    return Refusal(INVALID if invalid else OTHER, "", said.message)
