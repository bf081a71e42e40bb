"""Values of a learner's own: derived the same everywhere, and filled in by one rule."""

import hashlib
import hmac
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from labgrader.api.exercise import ExerciseSpec, LabExercise
from labgrader.api.parameters import Parameter, of_learner
from labgrader.api.templates import CannotFill, defaulted, filled, schema_of
from labgrader.grading.plan import content_hash, for_learner, plan
from tests.unit.grading.worlds import exercise, exists
from tests.unit.parametrized import PARAMETERS, WEB, WORDS, answers, made, ready


def parameter(**fields: Any) -> Parameter:
    return Parameter.model_validate(fields)


def test_values_are_an_hmac_that_anybody_can_compute() -> None:
    digest = hmac.new(b"spring", b"kim\0port", hashlib.sha256).digest()
    expected = 8000 + int.from_bytes(digest, "big") % 1000
    port = parameter(name="port", between={"min": 8000, "max": 8999})
    assert port.value("spring", "kim") == expected


def test_values_never_change_with_a_version_of_anything() -> None:
    values = of_learner([Parameter.model_validate(p) for p in PARAMETERS], "spring", "kim")
    assert values == {"app": "cedar", "port": 8857, "word": "tdwtof"}


def test_learner_seed_and_name_each_make_a_difference() -> None:
    wide = {"between": {"min": 0, "max": 1_000_000}}
    one, other = parameter(name="one", **wide), parameter(name="other", **wide)
    seen = {
        one.value("spring", "kim"),
        one.value("spring", "lee"),
        one.value("autumn", "kim"),
        other.value("spring", "kim"),
    }
    assert len(seen) == 4


@given(st.text(), st.text())
def test_every_value_is_one_that_was_allowed(seed: str, learner: str) -> None:
    values = of_learner([Parameter.model_validate(p) for p in PARAMETERS], seed, learner)
    assert values["app"] in WORDS
    assert 8000 <= int(values["port"]) <= 8999
    word = str(values["word"])
    assert len(word) == 6
    assert word.isascii()
    assert word.islower()
    assert word.isalpha()


def test_every_value_of_a_range_and_of_a_list_occurs() -> None:
    replicas = parameter(name="replicas", between={"min": 2, "max": 5})
    app = parameter(name="app", oneOf=WORDS)
    learners = [f"learner-{n}" for n in range(100)]
    assert {replicas.value("", learner) for learner in learners} == {2, 3, 4, 5}
    assert {app.value("", learner) for learner in learners} == set(WORDS)


VALUES: dict[str, int | str] = {"app": "maple", "port": 8123}


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("${app}", "maple"),
        ("${app}-web", "maple-web"),
        ("${port}", 8123),
        ("${port.text}", "8123"),
        ("=${port}", "=8123"),
        ("--port=${port}", "--port=8123"),
        ("${app}${port}", "maple8123"),
        ("$${app}", "${app}"),
        ("$$${app}", "$${app}"),
        ("$${app} is ${app}", "${app} is maple"),
        ("$app {app} $", "$app {app} $"),
        (5, 5),
        (None, None),
        ({"a": ["${port}", {"b": "${app}"}]}, {"a": [8123, {"b": "maple"}]}),
        ({"${app}": "x"}, {"${app}": "x"}),
    ],
)
def test_one_rule_fills_in(written: Any, expected: Any) -> None:
    assert filled(written, VALUES) == expected


@pytest.mark.parametrize("written", ["${nobody}", "${}", "${app", "${ app }", "${app.more}", "${"])
def test_what_is_no_parameter_is_refused(written: str) -> None:
    with pytest.raises(CannotFill, match="is no parameter; write"):
        filled({"a": [written]}, VALUES)


@given(st.recursive(st.none() | st.integers() | st.text(), st.lists))
def test_escaped_text_comes_back_as_it_was(value: Any) -> None:
    def escaped(below: Any) -> Any:
        if isinstance(below, list):
            return [escaped(item) for item in below]
        return below.replace("${", "$${") if isinstance(below, str) else below

    assert filled(escaped(value), VALUES) == value


def test_an_exercise_has_the_learners_names_ports_and_counts() -> None:
    expect = {"spec": {"ports": [{"port": "${port}"}], "note": "=${port}"}}
    matches = {
        "name": "matches",
        "points": 1,
        "matches": {"object": {"kind": "Service", "name": "${app}"}, "expect": expect},
    }
    asked = made(ready(replicas={"min": "${few}"}), answers(port="${port}"), matches, parameters=[
        *PARAMETERS, {"name": "few", "between": {"min": 2, "max": 3}}
    ]).for_learner("kim")  # fmt: skip
    values = asked.values
    first, second, third = asked.spec.checks
    assert first.ready is not None
    assert first.ready.object.name == f"{values['app']}-web"
    assert first.ready.replicas.min == values["few"]
    assert second.answers is not None
    assert (second.answers.service, second.answers.port) == (values["app"], values["port"])
    assert third.matches is not None
    port = values["port"]
    assert third.matches.expect == {"spec": {"ports": [{"port": port}], "note": f"={port}"}}
    assert asked.spec.task.render("en") == f"{values['app']} {port} {values['word']}"


def test_a_tree_without_end_is_refused_and_crashes_nothing() -> None:
    tree: dict[str, Any] = {}
    for _ in range(5000):
        tree = {"a": tree}
    check = {"name": "m", "points": 1, "matches": {"object": WEB, "expect": tree}}
    with pytest.raises(ValidationError, match="nested deeper than 100 levels"):
        made(check)


def test_without_parameters_nothing_is_filled_in() -> None:
    asked = exercise(exists("a"), task={"en": "echo ${HOME}"})
    assert asked.for_learner("kim") is asked
    assert asked.spec.task.render("en") == "echo ${HOME}"


def test_hints_and_texts_may_have_dollars_of_their_own() -> None:
    asked = made(ready() | {"hint": {"en": "echo $${HOME} $HOME ${app}"}}).for_learner("kim")
    hint = asked.spec.checks[0].hint
    assert hint is not None
    assert hint.render("en") == f"echo ${{HOME}} $HOME {asked.values['app']}"


def test_an_unknown_parameter_is_named_with_its_place() -> None:
    with pytest.raises(ValidationError) as caught:
        made(ready() | {"hint": {"en": "${HOME}"}})
    [error] = caught.value.errors()
    assert error["loc"] == ("checks", 0, "hint", "en")
    assert error["msg"] == "${HOME} is no parameter; write $${HOME} for the text itself"


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"settle": "${port}"}, "settle"),
        ({"timeLimit": "${port}s"}, "timeLimit"),
        ({"lang": "${app}"}, "lang"),
        ({"aboveMax": "${port}"}, "aboveMax"),
    ],
)
def test_where_the_crd_takes_no_parameter_neither_do_the_models(
    change: dict[str, Any], place: str
) -> None:
    with pytest.raises(ValidationError) as caught:
        made(**change)
    assert [error["loc"][0] for error in caught.value.errors()] == [place]


def test_a_choice_among_words_takes_no_parameter_even_of_such_a_word() -> None:
    langs = [*PARAMETERS, {"name": "tongue", "oneOf": ["ko", "en"]}]
    with pytest.raises(ValidationError, match="lang"):
        made(parameters=langs, lang="${tongue}")


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"x-kubernetes-int-or-string": True}, 8123),
        ({"x-kubernetes-preserve-unknown-fields": True}, 8123),
        ({"type": "string"}, "8123"),
        ({}, "8123"),
        ({"type": "integer"}, "${port}"),
        ({"type": "string", "pattern": "^[a-z]+$"}, "${port}"),
        ({"type": "string", "enum": ["a"]}, "${port}"),
    ],
)
def test_the_schema_says_what_a_parameter_becomes(schema: Any, expected: Any) -> None:
    known = {"properties": {"a": schema, "list": {"items": schema}}}
    written = {"a": "${port}", "list": ["${port}"]}
    assert filled(written, VALUES, known) == {"a": expected, "list": [expected]}
    assert filled(written, VALUES, {"additionalProperties": schema})["a"] == expected


def test_a_checks_name_points_and_needs_are_the_same_for_everybody() -> None:
    wrong = ready() | {"name": "${app}", "points": "${port}", "needs": ["${app}"]}
    with pytest.raises(ValidationError) as caught:
        made(wrong)
    fields = {error["loc"][2] for error in caught.value.errors() if len(error["loc"]) > 2}
    assert fields == {"name", "points", "needs"}


def test_the_hash_is_that_of_the_exercise_as_written() -> None:
    asked = made()
    planned = plan(asked)
    kims, lees = for_learner(planned, "kim"), for_learner(planned, "lee")
    assert kims.exercise.values != lees.exercise.values
    assert kims.hash == lees.hash == planned.hash
    assert content_hash(kims.exercise) == planned.hash


def test_the_hash_tells_templates_and_seeds_apart() -> None:
    one = content_hash(made())
    assert one == content_hash(made())
    assert one != content_hash(made(seed="autumn"))
    assert one != content_hash(made(ready() | {"hint": {"en": "${app}"}}))
    same = [PARAMETERS[0], PARAMETERS[0] | {"name": "again"}, *PARAMETERS[1:]]
    two = [made(parameters=same, task={"ko": f"${{{name}}}"}) for name in ("app", "again")]
    assert content_hash(two[0]) != content_hash(two[1])


def test_defaults_that_the_api_server_fills_in_do_not_change_the_hash() -> None:
    asked = made()
    server = defaulted(asked.written, schema_of(ExerciseSpec))
    assert server["passPercent"] == "60"
    assert server["checks"][0]["ready"]["replicas"] == {"min": 1}
    stored = LabExercise.parse({"metadata": {"name": "lab"}, "spec": server})
    assert content_hash(stored) == content_hash(asked)
    assert stored.for_learner("kim").spec == asked.for_learner("kim").spec
