"""Where in an expression a missing field hides what is said of everything else."""

import pytest

from labgrader.checks.cel.engine import compiled
from labgrader.checks.cel.hiding import hidden
from labgrader.checks.cel.syntax import Field


def fields(expression: str) -> set[str]:
    """The fields that are read where one that is missing hides the rest."""
    return {tree.field for tree in hidden(compiled(expression).tree) if isinstance(tree, Field)}


@pytest.mark.parametrize(
    ("expression", "found"),
    [
        ("object.spec.a == 1", set()),
        ("object.spec.a == 1 || object.spec.b == 2", set()),
        ("object.l.exists(x, x.a == 1)", set()),
        ("object.l.all(x, x.a == 1)", set()),
        ("object.l.filter(x, x.a == 1).size() > 0", {"a"}),
        ("object.l.exists_one(x, x.a == 1)", {"a"}),
        ("object.l.map(x, x.a.b)[0] == 1", {"a", "b"}),
        ("object.a + object.b > 1", {"a", "b"}),
        ("object.a + 1 > 1", set()),
        ("object.a - object.b > 1", {"a", "b"}),
        ("object.a * object.b > 1", set()),
        ("'x' + object.a == 'xy'", set()),
        ("object.a + 'x' + object.b == 'axb'", set()),
        ("1 in [object.a, object.b]", {"a", "b"}),
        ("1 in [object.a]", set()),
        ("(object.a == 1 ? object.b : object.c) == 2", {"a"}),
        ("object.l.exists(x, x.m.filter(y, y.a == 1).size() > 0)", {"a"}),
    ],
)
def test_what_is_gone_with_a_field_that_is_missing(expression: str, found: set[str]) -> None:
    assert fields(expression) == found
