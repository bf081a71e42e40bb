"""``exists``: an object is there and is not being deleted.

Called through ``checks.registry``. Pure.
"""

from labgrader.api.kinds import Exists
from labgrader.checks.diagnosis.presence import find
from labgrader.checks.finding import Finding, passed
from labgrader.checks.scope import Scope
from labgrader.evidence.snapshot import Snapshot


def judge(params: Exists, scope: Scope, snapshot: Snapshot) -> Finding:
    """The object is there."""
    request = scope.get(params.object)
    found = find(snapshot, request)
    if isinstance(found, Finding):
        return found
    return passed("ObjectThere", kind=request.kind, name=request.name)
