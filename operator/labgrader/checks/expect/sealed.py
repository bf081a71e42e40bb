"""What an expectation asks of a Secret's values, which nobody but their owner sees.

Called by ``checks.matches``. Digests stand for the values once they are gathered, so that comparing
them judges the digest: the right value fails, and a pattern passes anything. Pure.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from labgrader.checks.expect.operators import ABSENT, PRESENT
from labgrader.checks.expect.places import into
from labgrader.checks.problem import Problem

SEALED_KIND = "Secret"
"""Whatever its API group: ``cluster.objects`` seals by the kind."""
UNSEEN = "values of Secrets are never seen by the grader"
_PARTS = ("data", "stringData")
_INSTEAD = (
    f'{UNSEEN}: ask with "{PRESENT}" or "{ABSENT}" whether the key is there, '
    "with configures which container reads it, or how the program behaves that does"
)


def sealed_problems(*trees: Mapping[str, Any]) -> tuple[Problem, ...]:
    """Every place below a Secret's data where something else than being there is asked."""
    return tuple(
        Problem("Invalid", f"{path}: {_INSTEAD}")
        for tree in trees
        for part in _PARTS
        if part in tree
        for path in _asked(tree[part], part)
    )


def _asked(expected: Any, part: str) -> Iterator[str]:
    if not isinstance(expected, Mapping):
        if not _only_whether(expected):
            yield part
        return
    for key, value in expected.items():
        if not _only_whether(value):
            yield into(part, str(key))


def _only_whether(expected: Any) -> bool:
    """Null is told as what it is, elsewhere."""
    return expected is None or (isinstance(expected, str) and expected in {PRESENT, ABSENT})
