"""``matches``: an object has the fields that the exercise expects.

Called through ``checks.registry``. Pure; asks for the one object only.
"""

from labgrader.api.kinds import Matches
from labgrader.checks.diagnosis.presence import find
from labgrader.checks.expect.problems import tree_problems
from labgrader.checks.expect.size import comparable
from labgrader.checks.expect.tree import Difference, How, first_difference
from labgrader.checks.finding import Finding, failed, passed
from labgrader.checks.problem import Problem
from labgrader.checks.scope import Scope
from labgrader.evidence.requests import GetObject
from labgrader.evidence.snapshot import Snapshot


def problems(params: Matches) -> tuple[Problem, ...]:
    """What makes the expectation unusable."""
    return tree_problems(params.expect)


def judge(params: Matches, scope: Scope, snapshot: Snapshot) -> Finding:
    """The object is there and has all that is expected."""
    request = scope.get(params.object)
    found = find(snapshot, request)
    if isinstance(found, Finding):
        return found
    if not comparable(params.expect, found):
        kind, name, namespace = request.kind, request.name, request.namespace
        return failed("ObjectTooLarge", kind=kind, name=name, namespace=namespace)
    difference = first_difference(params.expect, found)
    if difference is None:
        return passed("FieldsMatch", kind=request.kind, name=request.name)
    return _differs(request, difference)


def _differs(request: GetObject, difference: Difference) -> Finding:
    kind, name, namespace = request.kind, request.name, request.namespace
    path, expected, seen = difference.path, difference.expected, difference.seen
    match difference.how:
        case How.MISSING:
            return failed(
                "FieldMissing",
                kind=kind,
                name=name,
                namespace=namespace,
                path=path,
                expected=expected,
            )
        case How.UNWANTED:
            return failed(
                "FieldUnwanted", kind=kind, name=name, namespace=namespace, path=path, seen=seen
            )
        case How.DIFFERENT:
            return failed(
                "FieldDiffers",
                kind=kind,
                name=name,
                namespace=namespace,
                path=path,
                expected=expected,
                seen=seen,
            )
        case How.NO_ITEM:
            return failed(
                "ItemMissing",
                kind=kind,
                name=name,
                namespace=namespace,
                path=path,
                expected=expected,
                seen=seen,
            )
        case How.TOO_FEW:
            return failed(
                "TooFewItems",
                kind=kind,
                name=name,
                namespace=namespace,
                path=path,
                expected=expected,
                seen=seen,
            )
        case How.ORDER:
            return failed(
                "OrderDiffers",
                kind=kind,
                name=name,
                namespace=namespace,
                path=path,
                expected=expected,
                seen=seen,
            )
