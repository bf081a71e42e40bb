"""What is wrong with the objects that an exercise gives, found when the exercise is seen."""

import json
from typing import Any

import pytest
import yaml
from hypothesis import given as examples
from hypothesis import strategies as st
from pydantic import ValidationError

from labgrader.api.exercise import LabExercise
from labgrader.api.given import GIVEN_KINDS, MOST_GIVEN
from labgrader.api.names import BUILT_IN_API_VERSIONS
from labgrader.authoring.draft import draft
from labgrader.authoring.lint.hollow import hollow
from labgrader.authoring.source import Document, Source
from labgrader.grading.given import given_problems
from labgrader.grading.plan import content_hash, problems
from tests.unit.grading.worlds import exercise, exists

CONFIG = {
    "apiVersion": "v1",
    "kind": "ConfigMap",
    "metadata": {"name": "shop"},
    "data": {"GREETING": "hello"},
}
KEEPS = {
    "name": "keeps",
    "points": 5,
    "needs": ["a"],
    "unchanged": {"object": {"kind": "ConfigMap", "name": "shop"}},
}


def found(*given: Any, check: dict[str, Any] | None = None, **spec: Any) -> list[str]:
    checks = (exists("a"), *((check,) if check else ()))
    return [f"{p.reason}: {p.text}" for p in problems(exercise(*checks, given=given, **spec))]


def config(**metadata: Any) -> dict[str, Any]:
    return {**CONFIG, "metadata": {"name": "shop", **metadata}}


def test_what_can_be_given_is_no_problem() -> None:
    others = [
        {"apiVersion": version, "kind": kind, "metadata": {"name": "x"}}
        for kind, version in GIVEN_KINDS.items()
    ]
    labelled = config(labels={"team": "blue"}, annotations={"note": "x"})
    assert found(labelled, *others, check=KEEPS, givenReadyWithin="60s") == []


def test_kinds_that_give_rights_or_reach_further_cannot_be_given() -> None:
    assert {kind: BUILT_IN_API_VERSIONS[kind] for kind in GIVEN_KINDS} == GIVEN_KINDS
    for kind in ("Role", "RoleBinding", "ClusterRole", "Namespace", "Node", "Widget", "List"):
        body = {"apiVersion": "v1", "kind": kind, "metadata": {"name": "x"}}
        (told,) = found(body)
        assert told.startswith(f"Invalid: given[0]: {kind} cannot be given; these can: ConfigMap")


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (CONFIG | {"apiVersion": "v2"}, "a ConfigMap has the apiVersion v1, not v2"),
        (CONFIG | {"metadata": {}}, "the ConfigMap needs metadata.name"),
        (CONFIG | {"metadata": "shop"}, "the ConfigMap needs metadata.name"),
        (config(name="Shop"), "'Shop' is no name of an object"),
        (config(name="x" * 254), f"{'x' * 80!r} is no name of an object"),
        (config(name="kube-root-ca.crt"), "ConfigMap kube-root-ca.crt is in every namespace"),
        (config(namespace="kim"), "leave metadata.namespace out; it is the learner's"),
        (config(finalizers=["x/y"]), "leave metadata.finalizers out"),
        (config(generateName="shop-"), "leave metadata.generateName out"),
        (config(labels={"labgrader.dev/learner": "kim"}), "labgrader.dev/learner is labgrader's"),
        (config(labels={"tier": 3}), "metadata.labels.tier must be a text; put it in quotes"),
        (config(labels=["tier"]), "metadata.labels must be a map of texts"),
        (CONFIG | {"data": {"PORT": 8080}}, "data.PORT must be a text; put it in quotes"),
        (CONFIG | {"data": {"PORT": None}}, "data.PORT must be a text"),
        (CONFIG | {"status": {}}, "leave status out"),
        (CONFIG | {"immutable": None}, "null gives nothing; leave the field out"),
        (
            {
                "apiVersion": "v1",
                "kind": "Secret",
                "metadata": {"name": "t"},
                "type": "kubernetes.io/service-account-token",
            },
            "would hold somebody's rights",
        ),
    ],
)
def test_what_the_api_server_would_refuse_or_nobody_should_give(body: Any, told: str) -> None:
    assert any(text.startswith("Invalid: given[0]: ") and told in text for text in found(body))


def test_given_twice_too_large_too_deep_and_too_many() -> None:
    assert found(CONFIG, CONFIG) == ["Invalid: given[1]: ConfigMap shop is given twice"]
    large = CONFIG | {"data": {"x": "가" * 22_000}}
    (told,) = found(large)
    assert "bytes of JSON; 65,536 are allowed" in told
    deep: Any = "end"
    for _ in range(40):
        deep = {"a": deep}
    assert found(CONFIG | {"spec": deep}) == ["Invalid: given[0]: nested deeper than 32 levels"]
    with pytest.raises(ValidationError):
        found(*[CONFIG] * (MOST_GIVEN + 1))


def test_waiting_must_be_for_something_and_not_for_long() -> None:
    assert found(givenReadyWithin="60s") == [
        "PointlessRule: givenReadyWithin is set, but nothing is given"
    ]
    assert found(CONFIG, givenReadyWithin="11m") == [
        "Invalid: givenReadyWithin: at most 10m can be waited for"
    ]


@pytest.mark.parametrize(
    ("params", "told"),
    [
        ({"object": {"kind": "ConfigMap", "name": "other"}}, "ConfigMap other is none of the obj"),
        (
            {"object": {"apiVersion": "v2", "kind": "ConfigMap", "name": "shop"}},
            "given ConfigMap shop has the apiVersion v1",
        ),
        (
            {"object": {"kind": "Secret", "name": "shop"}},
            "values of Secrets are never seen by the grader",
        ),
        (
            {"object": {"kind": "ConfigMap", "name": "shop"}, "fields": ["data.OTHER"]},
            "data.OTHER is not set in given ConfigMap shop",
        ),
        (
            {"object": {"kind": "ConfigMap", "name": "shop"}, "leavingOut": ["data"]},
            "nothing of given ConfigMap shop is left to compare",
        ),
    ],
)
def test_a_check_that_asks_about_what_is_not_given(params: Any, told: str) -> None:
    secret = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "shop"}}
    (seen,) = found(CONFIG, secret, check=KEEPS | {"unchanged": params})
    assert seen.startswith("Invalid: check keeps: ")
    assert told in seen


def test_unchanged_is_hollow() -> None:
    alone = {name: value for name, value in KEEPS.items() if name != "needs"}
    assert ["HollowCheck" in text for text in found(CONFIG, check=alone)] == [True]
    assert found(CONFIG, check={**alone, "points": 0, "required": True}) == []


def test_what_is_given_exists_before_any_work_and_is_not_absent() -> None:
    there = {"name": "b", "points": 5, "exists": {"object": {"kind": "ConfigMap", "name": "shop"}}}
    gone = {"name": "b", "points": 5, "absent": {"object": {"kind": "ConfigMap", "name": "shop"}}}
    assert ["HollowCheck" in text for text in found(CONFIG, check=there)] == [True]
    assert found(check=there) == []
    assert found(CONFIG, check=gone) == []
    assert ["HollowCheck" in text for text in found(check=gone)] == [True]
    hanging = KEEPS | {"needs": ["b"]}
    both = problems(exercise(exists("a"), {**there, "points": 0}, hanging, given=(CONFIG,)))
    assert [problem.reason for problem in both] == ["HollowCheck"]


def test_what_is_given_is_part_of_what_is_asked() -> None:
    other = CONFIG | {"data": {"GREETING": "bye"}}
    assert content_hash(exercise(exists("a"), given=(CONFIG,))) != content_hash(
        exercise(exists("a"), given=(other,))
    )


def with_parameter(parameter: Any, *given: Any) -> LabExercise:
    text = {"en": "Mend it."}
    spec = {"title": text, "task": text, "checks": [exists("a")], "given": list(given)}
    spec |= {"parameters": [parameter], "seed": "s"}
    return LabExercise.parse({"metadata": {"name": "lab"}, "spec": spec})


def test_parameters_are_filled_in_what_is_given_and_a_number_in_a_text_is_found() -> None:
    ports = {"name": "port", "between": {"min": 8000, "max": 8100}}
    service: dict[str, Any] = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "web-${port}", "labels": {"port": "${port.text}"}},
        "spec": {"ports": [{"port": "${port}"}]},
    }
    whole = with_parameter(ports, service)
    assert problems(whole) == ()
    (own,) = whole.for_learner("kim").spec.given
    port = own["spec"]["ports"][0]["port"]
    assert isinstance(port, int)
    assert own["metadata"] == {"name": f"web-{port}", "labels": {"port": str(port)}}
    wrong = CONFIG | {"data": {"PORT": "${port}"}}
    (problem,) = problems(with_parameter(ports, wrong))
    assert "data.PORT must be a text" in problem.text


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["kind", "apiVersion", "metadata", "name", "data", "labels"]), inner
        )
    ),
    max_leaves=20,
)


@examples(JSON, JSON, st.sampled_from([*GIVEN_KINDS, "Role", "", 7, None]))
def test_no_object_makes_it_raise(metadata: Any, data: Any, kind: Any) -> None:
    body = {"apiVersion": "v1", "kind": kind, "metadata": metadata, "data": data}
    spec = exercise(exists("a"), KEEPS, given=(body,)).spec
    assert all(problem.text for problem in given_problems(spec))


@pytest.mark.parametrize(
    ("expected", "is_hollow"), [("hello", True), ("bye", False)], ids=["as given", "to be changed"]
)
def test_lint_judges_checks_against_what_is_given(expected: str, *, is_hollow: bool) -> None:
    check = {
        "name": "a",
        "points": 100,
        "matches": {
            "object": {"kind": "ConfigMap", "name": "shop"},
            "expect": {"data": {"GREETING": expected}},
        },
    }
    text = {"ko": "shop", "en": "shop"}
    spec = {"title": text, "task": text, "given": [CONFIG], "checks": [check]}
    body = {
        "apiVersion": "labgrader.dev/v1alpha1",
        "kind": "LabExercise",
        "metadata": {"name": "lab"},
        "spec": spec,
    }
    node = yaml.compose(json.dumps(body))
    assert node is not None
    drafted = draft(Source("lab.yaml"), Document(node, body))
    assert isinstance(drafted.exercise, LabExercise)
    told = [remark.message for remark in hollow(drafted)]
    start = "check a is true of a namespace where nobody has done anything"
    assert told == ([f"{start}, with what the exercise gives"] if is_hollow else [])
