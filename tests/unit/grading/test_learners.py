"""What is wrong with an exercise's parameters for some learner, word by word."""

from typing import Any

from labgrader.api.exercise import LabExercise
from labgrader.checks.problem import Problem
from labgrader.grading.learners import parameter_problems
from tests.unit.grading.worlds import exercise

APPS = {"name": "app", "oneOf": ["maple", "yew"]}
PORTS = {"name": "port", "between": {"min": 80, "max": 90}}
WEB = {"kind": "ConfigMap", "name": "${app}"}


def made(*parameters: dict[str, Any], ref: Any = WEB, **spec: Any) -> LabExercise:
    check = {"name": "there", "points": 1, "exists": {"object": ref}}
    return exercise(check, parameters=list(parameters), seed="s", **spec)


def nothing(_: LabExercise) -> tuple[Problem, ...]:
    return ()


def found(written: LabExercise, find: Any = nothing) -> list[tuple[str, str]]:
    return [(one.reason, one.text) for one in parameter_problems(written, find)]


def test_parameters_that_are_used_and_differ_are_no_problem() -> None:
    assert found(made(APPS)) == []
    assert found(made(APPS, PORTS, task={"en": "${port.text} ${app}"})) == []


def test_without_parameters_nothing_is_looked_at() -> None:
    plain = made(ref={"kind": "ConfigMap", "name": "a"})

    def never(_: LabExercise) -> tuple[Problem, ...]:
        raise AssertionError("nothing differs")

    assert found(plain, never) == []


def test_what_is_used_nowhere_is_told() -> None:
    told = [("BadParameter", "parameter port is used nowhere")]
    assert found(made(APPS, PORTS)) == told
    assert found(made(APPS, PORTS, task={"en": "$${port}"})) == told


def test_what_is_the_same_for_everybody_is_told() -> None:
    same = {"name": "port", "between": {"min": 80, "max": 80}}
    letters = {"name": "word", "letters": 3}
    assert found(made(APPS, same, letters, task={"en": "${port} ${word}"})) == [
        ("BadParameter", "parameter port is the same for everybody")
    ]


def test_a_key_is_no_place_for_a_value() -> None:
    expect = {"data": {"${app}": "x"}}
    check = {
        "name": "there",
        "points": 1,
        "matches": {"object": {"kind": "ConfigMap", "name": "${app}"}, "expect": expect},
    }
    written = exercise(check, parameters=[APPS], seed="s")
    (told,) = found(written)
    assert told[0] == "BadParameter"
    assert told[1].endswith(": parameters are filled in values, not in keys")
    assert told[1].startswith("checks.0.matches.expect.data")


def named(asked: LabExercise) -> str:
    check = asked.spec.checks[0]
    assert check.exists is not None
    return check.exists.object.name


def test_what_is_wrong_for_some_values_is_told_once_with_them() -> None:
    def find(asked: LabExercise) -> tuple[Problem, ...]:
        return (Problem("Invalid", "too short"),) if named(asked) == "yew" else ()

    assert found(made(APPS), find) == [("Invalid", "too short (with app = yew)")]
    both = made(APPS, PORTS, task={"en": "${port}"})
    assert found(both, find) == [("Invalid", "too short (with app = yew, port = 90)")]


def test_what_is_wrong_for_everybody_is_not_told_again() -> None:
    def find(_: LabExercise) -> tuple[Problem, ...]:
        return (Problem("Invalid", "always"),)

    assert found(made(APPS), find) == []


def test_two_problems_of_one_text_are_two() -> None:
    def find(asked: LabExercise) -> tuple[Problem, ...]:
        if named(asked) == "yew":
            return (Problem("Invalid", "odd"), Problem("BadPattern", "odd"))
        return (Problem("Invalid", "odd"),) if "$" in named(asked) else ()

    assert ("BadPattern", "odd (with app = yew)") in found(made(APPS), find)


def test_values_that_make_no_exercise_are_told_by_field() -> None:
    odd = {"name": "app", "oneOf": ["maple", "A B"]}
    told, *_ = found(made(odd))
    assert told[0] == "BadParameter"
    assert told[1].startswith("checks.0.exists.object.name: ")
    assert told[1].endswith(" (with app = A B)")


def test_one_problem_is_told_for_the_first_of_the_values_only() -> None:
    def find(asked: LabExercise) -> tuple[Problem, ...]:
        return () if named(asked) == "maple" else (Problem("Invalid", "odd"),)

    trees = {"name": "app", "oneOf": ["maple", "oak", "yew"]}
    assert found(made(trees), find) == [("Invalid", "odd (with app = oak)")]


def test_of_values_that_make_no_exercise_five_fields_are_told() -> None:
    odd = {"name": "app", "oneOf": ["maple", "A B"]}
    checks = [
        {"name": f"c{n}", "points": 1, "exists": {"object": WEB | {"apiVersion": "v1"}}}
        for n in range(6)
    ]
    told = found(exercise(*checks, parameters=[odd], seed="s"))
    assert [text.split(":")[0] for _, text in told] == [
        f"checks.{n}.exists.object.name" for n in range(5)
    ]


def test_a_dollar_before_a_brace_makes_no_parameter_of_the_rest() -> None:
    told = [("BadParameter", "parameter port is used nowhere")]
    assert found(made(APPS, PORTS, task={"en": "$${$${port}"})) == told
