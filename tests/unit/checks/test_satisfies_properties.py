"""Whatever an object holds, ``satisfies`` judges it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labgrader.checks.finding import Outcome
from tests.unit.checks.namespaces import Namespace
from tests.unit.checks.objects import config_map

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(-1e6, 1e6)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from("ab한") | st.text("xyz"), inner, max_size=3)
    ),
    max_leaves=12,
)
EXPRESSIONS = (
    "object.a == 1",
    "object.a.all(x, x.b.exists(y, y == object.b))",
    "object.a.map(x, x.b).filter(y, y > 1).size() < object.b",
    "object.a.matches(object.b) || object.a.contains(object.b)",
    "object.?a.?b.orValue(object.b) in object.a",
    "(has(object.a) ? object.a : object.b).exists_one(x, quantity(x) > quantity(object.b))",
    "object.a[0].b['한'] + object.b == object.a[object.b]",
    "timestamp(object.a) < timestamp(object.b) && duration(object.a) < duration('1h')",
)


@pytest.mark.slow
@given(st.sampled_from(EXPRESSIONS), VALUES, VALUES, st.sampled_from(["all", "any", "none"]))
def test_no_object_makes_it_raise(expression: str, a: Any, b: Any, match: str) -> None:
    body = {**config_map("odd"), "a": a, "b": b}
    params = {"select": {"kind": "ConfigMap"}, "expression": expression, "match": match}
    judged = Namespace([body]).judge(satisfies=params)
    assert judged.finding.outcome in {Outcome.PASSED, Outcome.FAILED, Outcome.ERROR}
    if judged.finding.outcome is Outcome.ERROR:
        hidden = {"FieldHides"} if match == "none" else set()
        assert judged.finding.reason in {"ExpressionWithoutOrder"} | hidden
    judged.says("ko")
