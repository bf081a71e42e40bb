"""What is told of expectations that nothing can meet, or that mean nothing, word by word."""

from typing import Any

import pytest

from tests.unit.checks.test_unusable_params import DB, WEB, found

PUT = {"port": 80, "path": "/{key}"}
NO_PATTERN = "RE2 does not take the pattern"


@pytest.mark.parametrize(
    ("change", "texts"),
    [
        ({}, []),
        (
            {"object": {"kind": "DaemonSet", "name": "db"}},
            ["persists knows StatefulSet and Deployment, not DaemonSet"],
        ),
        (
            {"store": {"port": 80, "path": "/x"}},
            ["store.path: write {key} where the key belongs"],
        ),
        ({"identity": True}, []),
        ({"object": WEB, "ordered": True}, ["identity and ordered belong to a StatefulSet"]),
        ({"object": WEB, "identity": True}, ["identity and ordered belong to a StatefulSet"]),
        ({"object": WEB}, []),
    ],
)
def test_persists(change: dict[str, Any], texts: list[str]) -> None:
    params = {"object": DB, "store": PUT, "within": "9s", **change}
    assert found("persists", params) == [("Invalid", text) for text in texts]


@pytest.mark.parametrize(
    ("change", "texts"),
    [
        ({}, []),
        ({"minMatches": 2, "match": "count", "count": {"min": 1, "max": 1}}, []),
        ({"match": "count"}, ["count goes with match: count, and only with it"]),
        ({"count": {"min": 1}}, ["count goes with match: count, and only with it"]),
        (
            {"match": "count", "count": {"min": 2, "max": 1}},
            ["count: min is above max, so nothing can pass"],
        ),
        (
            {"beside": [{"kind": kind, "variable": "x"} for kind in ("Pod", "Service")]},
            ["beside: two selections have one variable"],
        ),
        ({"message": {"ko": "가" * 500, "en": "a" * 500}}, []),
        ({"message": {"ko": "가" * 501}}, ["message: over 500 letters; write one sentence"]),
        ({"message": {"en": "a" * 501}}, ["message: over 500 letters; write one sentence"]),
    ],
)
def test_satisfies(change: dict[str, Any], texts: list[str]) -> None:
    params = {"select": {"kind": "Pod"}, "expression": "object.a == 1", **change}
    assert found("satisfies", params) == [("Invalid", text) for text in texts]


@pytest.mark.parametrize(
    ("expression", "texts"),
    [
        ("true", ["the expression says nothing about object"]),
        (
            "object.a",
            ["the expression must be true or false by itself: compare, like object.x == true"],
        ),
        ("size(object)", ["the expression must be true or false, and this is int"]),
        ("objects.x == object.a", ["objects.x is no variable of beside"]),
        (
            "object.t.getHours('Asia/Seoul') == 1",
            ["getHours() takes no time zone here: machines differ in what they know of them"],
        ),
        ("object.t.getHours() == 1", []),
        (
            "object.a.matches(object.b)",
            ["the expression may take too many steps already for an ordinary object"],
        ),
        (
            "{'a': object}.map(k, k)[0] == 'a'",
            ["the expression depends on the order of a map's keys, and a map has none"],
        ),
        ("a == object", ["line 1, column 1: undeclared reference to 'a'"]),
    ],
)
def test_expressions(expression: str, texts: list[str]) -> None:
    params = {"select": {"kind": "Pod"}, "expression": expression}
    told = [("BadExpression", f"expression: {text}") for text in texts]
    assert found("satisfies", params) == told


def right(*verbs: str, where: str = "Namespace", allowed: bool = True) -> dict[str, Any]:
    return {"verbs": verbs, "resources": ["pods"], "where": where, "allowed": allowed}


@pytest.mark.parametrize(
    ("access", "texts"),
    [
        ([right("get")], []),
        ([right("get", where="Cluster", allowed=False)], []),
        (
            [right("get", where="Cluster")],
            [
                (
                    "access in the whole cluster can only be expected not to be allowed: learners"
                    " cannot grant it"
                )
            ],
        ),
        (
            [right("get", "list"), right("watch", "list", allowed=False)],
            ["access says both yes and no to list pods"],
        ),
        ([right("get"), right("get", where="Cluster", allowed=False)], []),
    ],
)
def test_allows(access: list[dict[str, Any]], texts: list[str]) -> None:
    params = {"subject": {"kind": "ServiceAccount", "name": "bot"}, "access": access}
    assert found("allows", params) == [("Invalid", text) for text in texts]


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ({"kind": "ServiceAccount", "name": "Bot"}, "'Bot' is no name of a ServiceAccount"),
        ({"kind": "User", "name": "a\tb"}, "'a\\tb' holds what cannot be printed"),
    ],
)
def test_subjects(subject: dict[str, Any], text: str) -> None:
    params = {"subject": subject, "access": [right("get")]}
    assert found("allows", params) == [("Invalid", f"subject: {text}")]


def manifest(**more: Any) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "x"}, **more}


@pytest.mark.parametrize(
    ("body", "texts"),
    [
        (manifest(), []),
        (manifest(metadata={"generateName": "x-"}), []),
        (manifest(kind="pod x"), ["the manifest needs a kind, such as Pod"]),
        (manifest(kind=None), ["the manifest needs a kind, such as Pod"]),
        (manifest(kind="ClusterRole"), ["a ClusterRole lies in no namespace"]),
        (manifest(apiVersion="a b"), ["the manifest needs an apiVersion, such as v1 or apps/v1"]),
        (manifest(metadata={}), ["the manifest needs metadata.name"]),
        (manifest(metadata="x"), ["the manifest needs metadata.name"]),
        (
            manifest(metadata={"name": "x", "namespace": "y"}),
            ["leave metadata.namespace out; it is the learner's"],
        ),
        (manifest(data="x" * 32_768), ["the manifest has over 32,768 bytes"]),
    ],
)
@pytest.mark.parametrize("part", ["refused", "admitted"])
def test_rejects(part: str, body: dict[str, Any], texts: list[str]) -> None:
    assert found("rejects", {part: body}) == [("Invalid", f"{part}: {text}") for text in texts]


def test_who_refuses_needs_something_to_refuse() -> None:
    by = {"kind": "ResourceQuota", "message": "("}
    assert found("rejects", {"admitted": manifest(), "by": by}) == [
        ("Invalid", "by says who refuses, but nothing is to be refused"),
        ("BadPattern", "by.message: RE2 does not take '('"),
    ]


OPTIONS = [{"name": name, "text": {"en": name, "ko": name}} for name in ("a", "b")]


@pytest.mark.parametrize(
    ("form", "reason", "text"),
    [
        (
            {"choice": {"options": [OPTIONS[0]] * 2, "right": "a"}},
            "Invalid",
            "two options have the same name",
        ),
        (
            {"choice": {"options": OPTIONS, "right": "c"}},
            "Invalid",
            "right names something that is no option",
        ),
        (
            {"choices": {"options": OPTIONS, "right": ["a", "c"]}},
            "Invalid",
            "right names something that is no option",
        ),
        (
            {"choices": {"options": OPTIONS, "right": ["a", "a"]}},
            "Invalid",
            "right names an option twice",
        ),
        ({"pattern": "("}, "BadPattern", NO_PATTERN),
        ({"pattern": "a*"}, "Invalid", "the pattern takes an empty answer"),
    ],
)
def test_asks(form: dict[str, Any], reason: str, text: str) -> None:
    params = {"name": "q", "question": {"en": "?", "ko": "?"}, **form}
    assert found("asks", params) == [(reason, text)]


@pytest.mark.parametrize(
    ("expect", "texts"),
    [
        (
            [{"type": "A"}, {"type": "B"}, {"type": "A"}, {"type": "B"}],
            ["expect names the condition A twice", "expect names the condition B twice"],
        ),
        ([{"type": "A", "reason": "(absent)"}], ['A: a reason cannot be "(absent)"']),
        (
            [{"type": "A", "reason": "(absent)"}, {"type": "A", "reason": ">=x"}],
            [
                "expect names the condition A twice",
                'A: a reason cannot be "(absent)"',
                (
                    "A.reason: '>=x' compares with no quantity such as 2, 250m or 64Mi; for the text"
                    " itself write '=>=x'"
                ),
            ],
        ),
        ([{"type": "A", "reason": "Fine"}, {"type": "B"}], []),
    ],
)
def test_conditions(expect: list[dict[str, Any]], texts: list[str]) -> None:
    params = {"object": WEB, "expect": expect}
    assert found("conditions", params) == [("Invalid", text) for text in texts]


def test_scales() -> None:
    points = [{"at": "90", "percent": 0}, {"at": "99", "percent": 100}]
    params = {
        "autoscaler": "web",
        "load": {"service": "web", "port": 80},
        "up": {"to": 3, "within": "9s"},
        "down": {"within": "9s"},
        "maxDirectionChanges": 0,
        "curve": {"of": "availability", "points": points},
    }
    assert found("scales", params) == [
        ("Invalid", "scales measures scaleUpTime and errorShare, not availability"),
        (
            "Invalid",
            (
                "going down after the load is a direction change: maxDirectionChanges must be 1 or more"
                " where down is asked for"
            ),
        ),
    ]
    assert found("scales", params | {"curve": None, "maxDirectionChanges": 1}) == []


def test_balances() -> None:
    clients = {"service": "web", "port": 80}
    name = {"header": "X-Pod", "field": "pod"}
    assert found("balances", {**clients, "name": name}) == [
        ("Invalid", "name: set at most one of header, field and pattern")
    ]
    assert found("balances", {**clients, "name": {"pattern": "x"}}) == [
        ("Invalid", "name.pattern: put what is the name into brackets: ^pod ([^ ]+)")
    ]
    assert found("balances", {**clients, "name": {"pattern": "(x)"}}) == []


@pytest.mark.parametrize(
    ("kind", "params", "path"),
    [
        ("logs", {"object": WEB, "include": "("}, "include"),
        ("logs", {"object": WEB, "exclude": "("}, "exclude"),
        ("emitted", {"object": WEB, "reason": "x", "note": "("}, "note"),
        ("balances", {"service": "web", "port": 80, "name": {"pattern": "("}}, "name.pattern"),
        ("answers", {"service": "web", "port": 80, "body": "~=("}, "body"),
        (
            "rolledOut",
            {"object": WEB, "image": {"container": "a", "before": "x", "now": "~=("}},
            "image.now",
        ),
        (
            "rolledOut",
            {"object": WEB, "image": {"container": "a", "now": "x", "before": "~=("}},
            "image.before",
        ),
    ],
)
def test_patterns(kind: str, params: dict[str, Any], path: str) -> None:
    assert found(kind, params) == [("BadPattern", f"{path}: {NO_PATTERN} '(': missing ): (")]
