"""RE2 patterns that a check searches texts for, without any operator before them.

Used by ``logs`` and ``emitted``, whose texts are searched and never compared.
"""

from labgrader.checks.expect.operators import complaint, pattern
from labgrader.checks.problem import Problem

_SIGN = "~="


def pattern_problems(text: str | None, path: str) -> tuple[Problem, ...]:
    """The problem of one pattern, at most."""
    found = None if text is None else complaint(_SIGN + text)
    return () if found is None else (Problem(found[0], f"{path}: {found[1]}"),)


def is_found(text: str, line: str) -> bool:
    """Whether the pattern is found in the line."""
    return pattern(text).search(line) is not None
