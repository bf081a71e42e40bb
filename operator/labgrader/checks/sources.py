"""The pod that a check lets a probe take the place of: as a request, and as people call it.

Used by ``connects`` and ``resolves``. Pure. What keeps such a pod out of a namespace counts
against the learner only where learners write the rules that did.
"""

import re
from collections.abc import Iterator

from labgrader.api.kinds import Source
from labgrader.api.names import GROUP, RULES_ROLE
from labgrader.checks.diagnosis import reading
from labgrader.checks.diagnosis.refusals import refusal
from labgrader.checks.diagnosis.service import labels_text
from labgrader.checks.diagnosis.shape import mapping
from labgrader.checks.finding import Finding, failed, unknown
from labgrader.checks.problem import Problem
from labgrader.checks.scope import Scope
from labgrader.evidence.answers import KeptOut
from labgrader.evidence.requests import Origin
from labgrader.evidence.snapshot import Snapshot

NO_LABELS = "NoLabels"
OUTSIDE = "OutsideNamespace"
"""Stand for what has no name of its own in params whose name ends in ``kind``."""
_KEY = re.compile(
    r"([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?"
)
_VALUE = re.compile(r"([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?")
_RULES_OF_LEARNERS = frozenset({"QuotaExceeded", "QuotaWantsLimits", "LimitRangeRefuses"})


def origin(source: Source, scope: Scope) -> Origin:
    """Where the probe pod stands, and with which labels."""
    namespace = "" if source.outside else source.namespace or scope.namespace
    return Origin(namespace, tuple(sorted(source.labels.items())))


def labels(place: Origin) -> str:
    """The pod's labels as people write them, or the word for none."""
    return labels_text(dict(place.labels)) if place.labels else NO_LABELS


def where(place: Origin) -> str:
    """The pod's namespace, or the word for one of the grader's own."""
    return place.namespace or OUTSIDE


def source_problems(source: Source) -> Iterator[Problem]:
    """What makes the source unusable."""
    if source.outside and source.namespace:
        yield Problem(
            "Invalid", "from: outside is no namespace of the course; name one or the other"
        )
    for key, value in source.labels.items():
        if not _KEY.fullmatch(key) or not _VALUE.fullmatch(value):
            yield Problem("Invalid", f"from: no pod can carry the label {key}={value}")
        if key.partition("/")[0].endswith(GROUP):
            yield Problem("Invalid", f"from: the label {key} is the grader's own")


def kept_out(scope: Scope, snapshot: Snapshot, answer: KeptOut) -> Finding:
    """No probe pod can stand there: the learner's doing only where learners write such rules."""
    why = refusal(answer.message)
    if why.reason in _RULES_OF_LEARNERS and _learners_write_rules(scope, snapshot, answer):
        return failed("ProbeKeptOut", namespace=answer.namespace).because(why)
    return unknown("ProbeNotAdmitted", detail=f"{answer.namespace}: {answer.message}")


def _learners_write_rules(scope: Scope, snapshot: Snapshot, answer: KeptOut) -> bool:
    if answer.namespace != scope.namespace:
        return False
    bindings = reading.objects(snapshot, scope.all("RoleBinding"))
    return any(mapping(body.get("roleRef")).get("name") == RULES_ROLE for body in bindings)
