"""The learner's NetworkPolicies that may keep clients away from a workload.

Called by ``heals`` and ``scales`` when no client gets an answer.
"""

from labgrader.checks.diagnosis import reading
from labgrader.checks.diagnosis.ownership import chain, pods_of
from labgrader.checks.diagnosis.service import policies_on
from labgrader.checks.finding import Cause
from labgrader.checks.scope import Scope
from labgrader.evidence.answers import Json
from labgrader.evidence.snapshot import Snapshot


def policy_causes(scope: Scope, snapshot: Snapshot, workload: Json) -> tuple[Cause, ...]:
    """The policies that restrict what may reach the workload's pods."""
    policies, lists = scope.all("NetworkPolicy"), chain(scope, workload["kind"])
    snapshot.together(policies, *lists)
    pods, *replica_sets = (reading.objects(snapshot, request) for request in lists)
    chosen = pods_of(workload, pods, *replica_sets)
    return policies_on(reading.objects(snapshot, policies), chosen)
