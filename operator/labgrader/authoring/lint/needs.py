"""``needs`` that name no check, a check below, or each other in a circle.

A rule of lint. Works on what the file says and not on the model, which refuses at the first
of these and cannot say what was meant.
"""

import difflib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from labgrader.authoring.draft import Draft
from labgrader.reporting.remarks import Remark

_Place = tuple[str, int]
NO_EARLIER = "which is no earlier check"
"""How the model's own sentence ends, which says the same with less."""


def needs(draft: Draft) -> Iterator[Remark]:
    """Every need that cannot be followed."""
    checks = _checks(draft.document.value)
    order = {name: index for index, (name, _) in reversed(list(enumerate(checks)))}
    graph = {name: tuple(wanted.values()) for name, wanted in checks if name}
    for index, (name, wanted) in enumerate(checks):
        for place, need in wanted.items():
            path = ("spec", "checks", index, *place)
            if need not in order:
                near = difflib.get_close_matches(need, list(order), n=1)
                told = f"check {name} needs {need}, and there is no such check"
                told += f"; did you mean {near[0]}?" if near else ""
                yield draft.remark("needs-unknown", path, told)
            elif _leads(graph, need, name):
                told = f"check {name} needs {need}, which needs {name} in turn"
                if need == name:
                    told = f"check {name} needs itself"
                yield draft.remark("needs-cycle", path, told)
            elif order[need] > index:
                told = f"check {name} needs {need}, which stands below it"
                yield draft.remark("needs-order", path, told)


def _checks(body: Mapping[str, Any]) -> list[tuple[str, Mapping[_Place, str]]]:
    """Name and needs of each check, as far as they can be read."""
    spec = body.get("spec")
    checks = spec.get("checks") if isinstance(spec, Mapping) else None
    if not isinstance(checks, list):
        return []
    found: list[tuple[str, Mapping[_Place, str]]] = []
    for check in checks:
        raw = check if isinstance(check, Mapping) else {}
        listed = {
            ("needs", number): need if isinstance(need, str) else ""
            for number, need in enumerate(_list(raw.get("needs")))
        }
        for number, need in enumerate(_list(raw.get("needsAtLeast"))):
            told = need.get("check") if isinstance(need, Mapping) else None
            listed["needsAtLeast", number] = told if isinstance(told, str) else ""
        found.append((str(raw.get("name", "")), listed))
    return found


def _list(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else ()


def _leads(graph: Mapping[str, Sequence[str]], start: str, end: str) -> bool:
    """Whether following needs from ``start`` arrives at ``end``."""
    waiting, seen = [start], set()
    while waiting:
        name = waiting.pop()
        if name == end:
            return True
        if name not in seen:
            seen.add(name)
            waiting.extend(graph.get(name, ()))
    return False
