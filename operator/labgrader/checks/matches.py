"""``matches``: an object has the fields that the exercise expects.

Called through ``checks.registry``. Pure; asks for the one object only.
"""

from collections.abc import Sequence
from dataclasses import replace

from labgrader.api.kinds import Clause, Matches
from labgrader.checks.diagnosis.presence import find
from labgrader.checks.expect.problems import tree_problems
from labgrader.checks.expect.sealed import SEALED_KIND, sealed_problems
from labgrader.checks.expect.size import comparable
from labgrader.checks.expect.tree import Difference, How, first_difference
from labgrader.checks.finding import FULL_CREDIT, Finding, cause, failed, passed
from labgrader.checks.problem import Problem
from labgrader.checks.scope import Scope
from labgrader.evidence.answers import Json
from labgrader.evidence.requests import GetObject
from labgrader.evidence.snapshot import Snapshot


def problems(params: Matches) -> tuple[Problem, ...]:
    """What makes the expectation unusable."""
    clauses = params.clauses or ()
    trees = [params.expect] if params.expect is not None else []
    trees += [clause.expect for clause in clauses]
    found = tree_problems(*trees)
    if params.object.kind == SEALED_KIND:
        found += sealed_problems(*trees)
    if params.expect is None and len(clauses) == 1:
        alone = "one clause alone earns all or nothing; write it as expect"
        return (*found, Problem("PointlessRule", alone))
    return found


def judge(params: Matches, scope: Scope, snapshot: Snapshot) -> Finding:
    """The object is there and has all that is expected; each clause earns its share."""
    request = scope.get(params.object)
    found = find(snapshot, request)
    if isinstance(found, Finding):
        return found
    clauses = params.clauses or ()
    if not comparable([params.expect, *(clause.expect for clause in clauses)], found):
        kind, name, namespace = request.kind, request.name, request.namespace
        return failed("ObjectTooLarge", kind=kind, name=name, namespace=namespace)
    if params.expect is not None:
        difference = first_difference(params.expect, found)
        if difference is not None:
            return _differs(request, difference)
    return _by_clause(clauses, request, found)


def _by_clause(clauses: Sequence[Clause], request: GetObject, found: Json) -> Finding:
    """What the clauses come to: the first difference is told, and the others' weight is earned."""
    differences = [first_difference(clause.expect, found) for clause in clauses]
    first = next((difference for difference in differences if difference is not None), None)
    if first is None:
        return passed("FieldsMatch", kind=request.kind, name=request.name)
    held = [c.weight for c, d in zip(clauses, differences, strict=True) if d is None]
    finding = _differs(request, first)
    credit = sum(held) * FULL_CREDIT // sum(clause.weight for clause in clauses)
    return replace(finding, credit=credit).because(
        cause("ClausesHeld", held=len(held), total=len(clauses))
    )


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
