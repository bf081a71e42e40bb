"""``absent``: an object is not there. One that is still being deleted is still there.

Called through ``checks.registry``. Pure.
"""

from labgrader.api.kinds import Absent
from labgrader.checks.diagnosis.presence import holding, is_being_deleted
from labgrader.checks.finding import Finding, failed, passed
from labgrader.checks.scope import Scope
from labgrader.evidence.snapshot import Snapshot


def judge(params: Absent, scope: Scope, snapshot: Snapshot) -> Finding:
    """The object is not there."""
    request = scope.get(params.object)
    kind, name, namespace = request.kind, request.name, request.namespace
    body = snapshot.object(request)
    if body is None:
        return passed("ObjectAbsent", kind=kind, name=name)
    if is_being_deleted(body):
        return failed("StillBeingDeleted", kind=kind, name=name, namespace=namespace).because(
            *holding(body)
        )
    return failed("StillThere", kind=kind, name=name, namespace=namespace)
