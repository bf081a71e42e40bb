"""What makes an expectation unusable, found before anything is graded.

Called by ``checks.matches`` and ``checks.answers``. The limits keep one check from costing
the grader much.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from labgrader.checks.expect.operators import ABSENT, complaint
from labgrader.checks.expect.places import into, item, label
from labgrader.checks.expect.size import below
from labgrader.checks.problem import Problem

MAX_NODES = 2000
MAX_DEPTH = 32
_SAY = 'write "(absent)" where nothing may be in it, "(present)" where something must be'


def tree_problems(*trees: Mapping[str, Any]) -> tuple[Problem, ...]:
    """The problems of a check's trees, each with its path; only their size where that is one."""
    nodes, depth = _size(trees[0] if len(trees) == 1 else trees)
    if nodes > MAX_NODES:
        return (Problem("ExpectTooLarge", f"expect has over {MAX_NODES:,} values and keys"),)
    if depth > MAX_DEPTH:
        return (Problem("ExpectTooLarge", f"expect is nested deeper than {MAX_DEPTH} levels"),)
    return tuple(problem for tree in trees for problem in _problems(tree, ""))


def scalar_problems(expected: str, path: str) -> tuple[Problem, ...]:
    """The problem of one text, at most."""
    found = complaint(expected)
    if found is None:
        return ()
    reason, text = found
    return (Problem(reason, f"{path}: {text}"),)


def _size(expected: Any) -> tuple[int, int]:
    """Nodes and depth, without recursion; counting ends a little above the limits."""
    nodes, deepest, waiting = 0, 0, [(expected, 1)]
    while waiting and nodes <= MAX_NODES and deepest <= MAX_DEPTH:
        value, depth = waiting.pop()
        nodes, deepest = nodes + 1, max(deepest, depth)
        waiting.extend((below, depth + 1) for below in below(value))
    return nodes, deepest


def _problems(expected: Any, path: str) -> Iterator[Problem]:
    if isinstance(expected, dict):
        for key, value in expected.items():
            yield from _problems(value, into(path, str(key)))
    elif isinstance(expected, list | tuple):
        if not expected:  # any list fulfils it
            yield Problem("Invalid", f"{path}: [] fits any list; {_SAY}")
        for index, value in enumerate(expected):
            at = item(path, label(value), index)
            if value == ABSENT:
                yield Problem("Invalid", f'{at}: an item of a list cannot be expected "(absent)"')
            yield from _problems(value, at)
    elif expected is None:
        yield Problem("Invalid", f'{path}: null expects nothing; write "(absent)"')
    elif isinstance(expected, str):
        yield from scalar_problems(expected, path)
