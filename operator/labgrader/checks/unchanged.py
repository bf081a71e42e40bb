"""``unchanged``: an object that the exercise gave is still as it was given.

Called through ``checks.registry``. Pure; asks for the one object only. What counts is what the
object says, not which object it is: one that was deleted and made again in the same words is
unchanged (docs/decisions/0024-given-objects.md).
"""

from collections.abc import Mapping
from typing import Any

from labgrader.api.kinds import Unchanged
from labgrader.checks.diagnosis.presence import find
from labgrader.checks.expect.exact import Looks, expectation, first_change, place_of
from labgrader.checks.expect.size import comparable
from labgrader.checks.expect.tree import Difference, How
from labgrader.checks.finding import Finding, cause, error, failed, passed
from labgrader.checks.scope import Scope
from labgrader.evidence.requests import GetObject
from labgrader.evidence.snapshot import Snapshot


def judge(params: Unchanged, scope: Scope, snapshot: Snapshot) -> Finding:
    """The object is there, has all that was given, and nothing was added where that matters."""
    given = scope.given_as(params.object)
    if given is None:
        return error("NothingGiven", kind=params.object.kind, name=params.object.name)
    request = scope.get(params.object)
    kind, name, namespace = request.kind, request.name, request.namespace
    found = find(snapshot, request)
    if isinstance(found, Finding):
        return found.because(cause("WasGiven", kind=kind, name=name), *found.causes)
    looks = looks_of(params)
    if not comparable(_written(given, looks), found):
        return failed("ObjectTooLarge", kind=kind, name=name, namespace=namespace)
    change = first_change(given, found, looks)
    if change is None:
        return passed("AsGiven", kind=kind, name=name)
    return _changed(request, change)


def _changed(request: GetObject, change: Difference) -> Finding:
    kind, name, namespace, path = request.kind, request.name, request.namespace, change.path
    seen = change.seen
    expected = change.expected.removeprefix("=")  # by which texts are made literal
    if change.how is How.UNWANTED:
        return failed(
            "GivenAddedTo", kind=kind, name=name, namespace=namespace, path=path, seen=seen
        )
    if change.how in {How.MISSING, How.NO_ITEM}:
        return failed(
            "GivenTakenAway",
            kind=kind,
            name=name,
            namespace=namespace,
            path=path,
            expected=expected,
        )
    return failed(
        "GivenChanged",
        kind=kind,
        name=name,
        namespace=namespace,
        path=path,
        expected=expected,
        seen=seen,
    )


def looks_of(params: Unchanged) -> Looks:
    """Which places of the object the check is about."""
    return Looks(
        tuple(place_of(path) for path in params.fields),
        tuple(place_of(path) for path in params.leaving_out),
    )


def _written(given: Mapping[str, Any], looks: Looks) -> list[Any]:
    """Everything that is compared, to tell its size."""
    return [expectation(given, looks), given]
