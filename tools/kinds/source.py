"""What a judge's source says: the reasons it may give, and the requests it may make.

Read from the source and not from running it, so that every reason is found, also those of
trouble that no test makes. Followed are the functions and classes that the judge reaches
within ``labgrader.checks``. Used by ``page`` and by the test that holds it against the corpus.
"""

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import get_args

import labgrader
from labgrader.evidence.requests import Request

_SOURCE = Path(labgrader.__file__).parent
_CHECKS = "labgrader.checks"
_REQUESTS = frozenset({"labgrader.evidence.requests", "labgrader.evidence.experiments"})
_DIAGNOSIS, _SCOPE = f"{_CHECKS}.diagnosis", (f"{_CHECKS}.scope", "Scope")
REQUESTS: Mapping[str, type] = {request.__name__: request for request in get_args(Request)}
_OUTCOMES: Mapping[str, str] = {
    "passed": "Passed",
    "failed": "Failed",
    "unknown": "Unknown",
    "error": "Error",
    "skipped": "Skipped",
    "cause": "",
}
Place = tuple[str, str]
"""A module, and a name at its top level."""


@dataclass(frozen=True)
class Said:
    """What a judge may do.

    ``verdicts`` are reasons with their outcome, ``causes`` explain one; ``diagnosed`` are those
    causes that kinds share, because ``checks.diagnosis`` finds them.
    """

    verdicts: Mapping[str, str]
    causes: frozenset[str]
    diagnosed: frozenset[str]
    requests: frozenset[str]


@dataclass
class _Module:
    defined: dict[str, list[ast.AST]] = field(default_factory=dict)
    imported: dict[str, Place] = field(default_factory=dict)


@cache
def said_by(judge_module: str) -> Said:
    """What the ``judge`` of this module, with all that it calls, may say and ask."""
    todo, seen = [(judge_module, "judge")], set[Place]()
    found: set[tuple[str, str, bool]] = set()
    while todo:
        place = todo.pop()
        if place in seen:
            continue
        seen.add(place)
        if place[0] not in _REQUESTS:
            reasons, reached = _here(place)
            found |= {(*reason, place[0].startswith(_DIAGNOSIS)) for reason in reasons}
            todo += reached
    verdicts = {reason: outcome for reason, outcome, _ in sorted(found) if outcome}
    causes = {reason for reason, outcome, _ in found if not outcome}
    diagnosed = {r for r, o, shared in found if not o and shared}
    requests = {name for module, name in seen if module in _REQUESTS and name in REQUESTS}
    return Said(verdicts, frozenset(causes - diagnosed), frozenset(diagnosed), frozenset(requests))


@cache
def _here(place: Place) -> tuple[frozenset[tuple[str, str]], tuple[Place, ...]]:
    """The reasons that stand under a name, and what is used there. Most kinds share much."""
    module, nodes = place[0], [*_definitions(place)]
    reasons = (reason for node in nodes for reason in _reasons(node, _module(module)))
    return frozenset(reasons), tuple(one for node in nodes for one in _reached(node, module))


@cache
def _module(name: str) -> _Module:
    path = _SOURCE.joinpath(*name.split(".")[1:])
    path = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    found = _Module()
    for node in ast.parse(path.read_text("utf-8")).body:
        for target in _targets(node):
            found.defined.setdefault(target, []).append(node)
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                found.imported[alias.asname or alias.name] = _place(node.module, alias.name)
    return found


def _definitions(place: Place) -> Iterator[ast.AST]:
    """What stands under a name; ``Scope.named`` is a method."""
    module, name = place
    owner, _, method = name.partition(".")
    for node in _module(module).defined.get(owner, ()):
        if not method:
            yield node
        elif isinstance(node, ast.ClassDef):
            yield from (n for n in node.body if isinstance(n, ast.FunctionDef) and n.name == method)


def _place(module: str, name: str) -> Place:
    """A name that is imported; its own name is empty where it is a module."""
    below = _SOURCE.joinpath(*module.split(".")[1:], name)
    if module.startswith("labgrader") and (below.is_dir() or below.with_suffix(".py").exists()):
        return f"{module}.{name}", ""
    return module, name


def _targets(node: ast.stmt) -> Iterator[str]:
    match node:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.Assign(targets=targets):
            for target in targets:
                yield from (n.id for n in ast.walk(target) if isinstance(n, ast.Name))
        case ast.AnnAssign(target=ast.Name(id=name)):
            yield name


def _reached(node: ast.AST, module: str) -> Iterator[Place]:
    """What a definition uses, as far as it lies in the checks or is a request."""
    own = _module(module)
    for below in _without_annotations(node):
        match below:
            case ast.Attribute(value=ast.Name(id="scope") | ast.Attribute(attr="scope"), attr=attr):
                yield _SCOPE[0], f"{_SCOPE[1]}.{attr}"
                continue
            case ast.Attribute(value=ast.Name(id=name), attr=attr) if (
                own.imported.get(name, ("", "-"))[1] == ""
            ):
                place = own.imported[name][0], attr
            case ast.Name(id=name) if name in own.defined:
                place = module, name
            case ast.Name(id=name) if name in own.imported:
                place = own.imported[name]
            case _:
                continue
        place = _home(place)
        if place[0].startswith(_CHECKS) or place[0] in _REQUESTS:
            yield place


def _without_annotations(node: ast.AST) -> Iterator[ast.AST]:
    """All below ``node`` but types: who takes a value has not made it."""
    todo = [node]
    while todo:
        below = todo.pop()
        yield below
        for name, value in ast.iter_fields(below):
            if name not in {"annotation", "returns"}:
                values = value if isinstance(value, list) else [value]
                todo += [inner for inner in values if isinstance(inner, ast.AST)]


def _home(place: Place) -> Place:
    """Where a name is defined, if a package only passes it on."""
    module, name = place
    if module.startswith(_CHECKS) and name and name not in _module(module).defined:
        passed_on = _module(module).imported.get(name)
        return _home(passed_on) if passed_on else place
    return place


def _reasons(node: ast.AST, module: _Module) -> Iterator[tuple[str, str]]:
    assigned = _assigned(node)
    for name, nodes in module.defined.items():
        for one in nodes:
            if isinstance(one, ast.Assign):
                assigned.setdefault(name, []).append(one.value)
    for below in ast.walk(node):
        if isinstance(below, ast.Call) and isinstance(below.func, ast.Name) and below.args:
            outcome = _OUTCOMES.get(below.func.id)
            if outcome is not None:
                yield from ((r, outcome) for r in _literals([below.args[0]], assigned))


def _assigned(node: ast.AST) -> dict[str, list[ast.expr]]:
    found: dict[str, list[ast.expr]] = {}
    for below in ast.walk(node):
        if isinstance(below, ast.Assign):
            for target in below.targets:
                if isinstance(target, ast.Name):
                    found.setdefault(target.id, []).append(below.value)
    return found


def _literals(values: Iterable[ast.expr], assigned: Mapping[str, list[ast.expr]]) -> Iterator[str]:
    for value in values:
        match value:
            case ast.Constant(value=str(reason)):
                yield reason
            case ast.IfExp(body=first, orelse=second):
                yield from _literals((first, second), assigned)
            case ast.Name(id=name):
                yield from _literals(assigned.get(name, ()), {})
