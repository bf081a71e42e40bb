"""What cannot be asked of a Secret's values, of which only digests are gathered."""

from typing import Any

import pytest

from tests.unit.checks.test_unusable_params import found

SECRET = {"kind": "Secret", "name": "web"}
SAYS = "values of Secrets are never seen by the grader"


def places(expect: dict[str, Any], **more: Any) -> list[str]:
    """Where values are asked for."""
    told = found("matches", {"object": SECRET, "expect": expect, **more})
    assert all(reason == "Invalid" and SAYS in text for reason, text in told)
    return [text.split(": ")[0] for _, text in told]


@pytest.mark.parametrize(
    ("expect", "at"),
    [
        ({"data": {"password": "cGFzcw=="}}, ["data.password"]),
        ({"data": {"token": "~=^.{16,}$", "user": "!="}}, ["data.token", "data.user"]),
        ({"data": {"token": "=(present)"}}, ["data.token"]),
        ({"data": {"tls.crt": ">=2"}}, ['data["tls.crt"]']),
        ({"data": {"token": {"a": "(present)"}}}, ["data.token"]),
        ({"data": {"token": 1}}, ["data.token"]),
        ({"data": "!="}, ["data"]),
        ({"data": ["a"]}, ["data"]),
        ({"stringData": {"token": "x"}}, ["stringData.token"]),
        ({"type": "Opaque", "immutable": True, "metadata": {"labels": {"a": "b"}}}, []),
        ({"data": {"token": "(present)", "old": "(absent)"}}, []),
        ({"data": "(present)"}, []),
        ({"data": {}}, []),
    ],
)
def test_an_expectation_can_only_ask_whether_keys_are_there(
    expect: dict[str, Any], at: list[str]
) -> None:
    assert places(expect) == at


def test_clauses_ask_no_more_than_an_expectation() -> None:
    clauses = [{"expect": {"data": {"a": "(present)"}}}, {"expect": {"data": {"b": "x"}}}]
    assert places({"type": "Opaque"}, clauses=clauses) == ["data.b"]


def test_what_a_config_map_holds_is_seen() -> None:
    config = {"kind": "ConfigMap", "name": "web"}
    assert found("matches", {"object": config, "expect": {"data": {"password": "x"}}}) == []


def refused(expression: str, kind: str = "Secret", beside: str = "Secret") -> bool:
    params = {
        "select": {"kind": kind},
        "beside": [{"kind": beside, "variable": "others"}],
        "expression": expression,
    }
    told = found("satisfies", params)
    assert all(reason == "BadExpression" and SAYS in text for reason, text in told)
    return bool(told)


@pytest.mark.parametrize(
    "expression",
    [
        "object.data.password == 'x'",
        "object.data['password'] != ''",
        "size(object.data.token) >= 16",
        "object.data.token.size() >= 16",
        "object.data.token.matches('^.{16,}$')",
        "object.?data.?token.orValue('') != ''",
        "object.data[?'token'].orValue('') != ''",
        "object.data.?token.optMap(t, t == 'x').orValue(false)",
        "object.data.exists(key, object.data[key] == 'x')",
        "object.data.map(key, object.data[key]).exists(value, value == 'x')",
        "(has(object.data.a) ? object.data.a : '') == 'x'",
        "object.data.token in ['a', 'b']",
        "object.data.token in object.data",
        "'x' in [object.data.token]",
        "object.data.a + object.data.b == 'xy'",
        "object.data == {'token': 'x'}",
        "object.stringData.token == 'x'",
        "dyn(object)['data'].token == 'x'",
        "object.data.enabled == true",
        "objects.others.exists(o, o.data.token == object.metadata.name)",
        "objects.others[0].data.token == object.metadata.name",
        "objects['others'].filter(o, has(o.data.t))[0].data.t == object.type",
    ],
)
def test_an_expression_that_reads_values_is_refused(expression: str) -> None:
    assert refused(expression)


@pytest.mark.parametrize(
    "expression",
    [
        "has(object.data.token) && object.type == 'Opaque'",
        "'token' in object.data",
        "size(object.data) == 2 && object.data.size() > 0",
        "object.data.all(key, key.startsWith('web-'))",
        "object.data != {}",
        "object.?data.?token.hasValue()",
        "object.data.a != object.data.b",
        "objects.others.all(o, o.data == object.data || o.data.token != object.data.token)",
        "object.data.token in objects.others.map(o, o.data.token)",
        "object.metadata.labels.data == 'x'",
        "object.metadata['data'] == 'x'",
        "objects.others.exists(o, o.metadata.name == object.metadata.name)",
    ],
)
def test_an_expression_may_ask_for_keys_and_whether_two_values_are_equal(expression: str) -> None:
    assert not refused(expression)


def test_only_variables_that_hold_secrets_are_sealed() -> None:
    of_object, of_others = (
        "object.data.token == 'x'",
        "objects.others.exists(o, o.data.token == object.metadata.name)",
    )
    assert not refused(of_object, kind="ConfigMap")
    assert refused(of_others, kind="ConfigMap")
    assert refused(of_object, beside="ConfigMap")
    assert not refused(of_others, beside="ConfigMap")
