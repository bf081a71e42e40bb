"""Parameters are right for every learner, or the exercise has a problem before anybody works."""

from typing import Any

import pytest
from pydantic import ValidationError

from labgrader.api.exercise import LabExercise
from labgrader.grading.plan import problems
from tests.unit.parametrized import PARAMETERS, WEB, WORDS, answers, made, ready


def told(asked: LabExercise) -> list[tuple[str, str]]:
    return [(problem.reason, problem.text) for problem in problems(asked)]


def test_a_sound_exercise_with_parameters_has_no_problems() -> None:
    assert told(made(ready(), answers(port="${port}"))) == []


@pytest.mark.parametrize("bad", [0, 2])
def test_a_word_that_makes_no_name_is_found_whoever_gets_it(bad: int) -> None:
    words = [*WORDS[:bad], "My_App", *WORDS[bad:]]
    reason, text = told(made(parameters=[{"name": "app", "oneOf": words}, *PARAMETERS[1:]]))[0]
    assert reason == "BadParameter"
    assert text.startswith("checks.0.ready.object.name: String should match pattern")
    assert "app = My_App" in text


def test_a_port_that_is_none_is_found_at_either_end_of_the_range() -> None:
    def of(least: int, most: int) -> list[tuple[str, str]]:
        port = {"name": "port", "between": {"min": least, "max": most}}
        checks = (ready(), answers(port="${port}"))
        return told(made(*checks, parameters=[PARAMETERS[0], port, PARAMETERS[2]]))

    [(reason, low)] = of(0, 9)
    assert reason == "BadParameter"
    assert low.startswith("checks.1.answers.port: Input should be greater than or equal to 1 (with")
    assert "port = 0" in low
    assert of(1, 65535) == []


def test_the_longest_value_that_does_not_fit_is_found_when_the_exercise_is_read() -> None:
    words = {"name": "app", "oneOf": ["a", "x" * 253]}
    with pytest.raises(ValidationError, match="at most 253 characters"):
        made(parameters=[words, *PARAMETERS[1:]])


def test_a_value_that_spoils_a_pattern_is_found() -> None:
    check = answers(body="~=${app}")
    words = {"name": "app", "oneOf": ["maple", "cedar"]}
    more = {"name": "pattern", "oneOf": ["ab", "("]}
    found = told(
        made(check | {"answers": check["answers"] | {"body": "~=${pattern}"}},
             parameters=[words, more, *PARAMETERS[1:]])
    )  # fmt: skip
    assert [reason for reason, _ in found] == ["BadPattern"]
    assert "pattern = (" in found[0][1]


@pytest.mark.parametrize(
    ("parameters", "text"),
    [
        ([*PARAMETERS, {"name": "more", "letters": 2}], "parameter more is used nowhere"),
        (
            [*PARAMETERS[:2], {"name": "word", "between": {"min": 3, "max": 3}}],
            "parameter word is the same for everybody",
        ),
    ],
)
def test_a_parameter_that_tells_nobody_apart_is_a_problem(
    parameters: list[dict[str, Any]], text: str
) -> None:
    assert told(made(parameters=parameters)) == [("BadParameter", text)]


def test_an_escaped_parameter_is_not_used() -> None:
    more = [*PARAMETERS, {"name": "more", "letters": 2}]
    asked = made(parameters=more, task={"ko": "$${more}"})
    assert told(asked) == [("BadParameter", "parameter more is used nowhere")]


def test_a_parameter_in_a_key_is_a_problem() -> None:
    check = {
        "name": "m",
        "points": 1,
        "matches": {"object": WEB, "expect": {"data": {"${app}": "(present)"}}},
    }
    assert told(made(check)) == [
        (
            "BadParameter",
            "checks.0.matches.expect.data.${app}: parameters are filled in values, not in keys",
        )
    ]
