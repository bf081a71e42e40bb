"""The CRDs and the editor's schema say what the models say, with limits and words for all."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from labgrader.api.base import (
    NAME_OR_TEMPLATE_PATTERN,
    Duration,
    Model,
    PositiveDuration,
)
from labgrader.api.check import CHECK_KINDS
from labgrader.api.exercise import LabExercise
from labgrader.api.over_time import KINDS_WITHOUT, WORDS
from labgrader.api.schema.__main__ import files, main, stale
from labgrader.api.schema.crds import KINDS, Kind, crd
from labgrader.api.schema.editor import editor_schema
from labgrader.api.submission import SubmissionSpec
from labgrader.checks.registry import KINDS as JUDGED
from labgrader.checks.registry import Phase
from tests.support import specimens
from tests.support.wrong import WRONG_EXERCISES, Wrong

ROOT = Path(__file__).parents[2]


def nodes(schema: dict[str, Any], path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    yield path, schema
    for name, inner in schema.get("properties", {}).items():
        yield from nodes(inner, f"{path}.{name}")
    for keyword in ("items", "additionalProperties"):
        if isinstance(schema.get(keyword), dict):
            yield from nodes(schema[keyword], f"{path}[]")


def left_out(schema: dict[str, Any], value: Any, path: str) -> Iterator[str]:
    """Where an API server would put a default into the value."""
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from left_out(schema["items"], item, f"{path}[{index}]")
    elif isinstance(value, dict):
        known = schema.get("properties", {})
        for name, inner in known.items():
            if name in value:
                yield from left_out(inner, value[name], f"{path}.{name}")
            elif "default" in inner:
                yield f"{path}.{name}"


@cache
def schema_of(kind: Kind) -> dict[str, Any]:
    """The schemas of spec and status. Nobody changes them."""
    found: dict[str, Any] = crd(kind)["spec"]["versions"][0]["schema"]["openAPIV3Schema"]
    return dict(found["properties"])


def written(kind: Kind) -> list[tuple[str, dict[str, Any]]]:
    schema = schema_of(kind)
    return [*nodes(schema["spec"], "spec"), *nodes(schema["status"], "status")]


def test_generated_files_are_what_the_models_say() -> None:
    assert stale(ROOT) == []


@pytest.mark.slow
def test_a_file_that_differs_is_named(tmp_path: Path) -> None:
    paths = [path for path, _ in files()]
    assert stale(tmp_path) == paths
    for path, text in files():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    assert stale(tmp_path) == []
    (tmp_path / paths[0]).write_text("edited by hand", encoding="utf-8")
    assert stale(tmp_path) == paths[:1]


@pytest.mark.slow
def test_check_writes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    before = {path: (ROOT / path).stat().st_mtime_ns for path, _ in files()}
    assert main(["--check"]) == 0
    assert {path: (ROOT / path).stat().st_mtime_ns for path in before} == before
    assert capsys.readouterr().err == ""


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_everything_is_limited(kind: Kind) -> None:
    found = written(kind)
    assert len(found) > 20
    for path, schema in found:
        if schema.get("x-kubernetes-int-or-string"):
            assert schema.keys() >= {"minimum", "maximum", "maxLength", "pattern"}, path
            assert "type" not in schema, path  # as the API server wants it
        elif schema["type"] == "string":
            assert schema.keys() & {"maxLength", "enum"}, path
        elif schema["type"] == "array":
            assert "maxItems" in schema, path
            assert "x-kubernetes-list-type" in schema, path
        elif "additionalProperties" in schema:
            assert "maxProperties" in schema, path
        elif schema["type"] == "integer":
            assert "minimum" in schema, path


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_everything_is_explained(kind: Kind) -> None:
    for path, schema in written(kind):
        if not path.endswith("[]"):
            assert schema.get("description"), path
            assert "\n" not in schema["description"], path


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_every_rule_has_a_message(kind: Kind) -> None:
    rules = [
        rule for _, schema in written(kind) for rule in schema.get("x-kubernetes-validations", ())
    ]
    assert rules
    assert all(rule["message"] for rule in rules)


def test_every_check_kind_is_in_the_rule_and_in_the_editor() -> None:
    schema = schema_of(KINDS[0])
    check = schema["spec"]["properties"]["checks"]["items"]
    rule = check["x-kubernetes-validations"][0]
    assert all(f"has(self.{kind})" in rule["rule"] for kind in CHECK_KINDS)
    beside = {
        "name",
        "points",
        "needs",
        "needsAtLeast",
        "hint",
        "group",
        "required",
        "cap",
        "extra",
        *WORDS,
    }
    assert set(check["properties"]) - beside == set(CHECK_KINDS)
    closed = editor_schema()["properties"]["spec"]["properties"]["checks"]["items"]
    assert closed["oneOf"] == [{"required": [kind]} for kind in CHECK_KINDS]


def test_the_editor_refuses_unknown_fields_but_in_expect() -> None:
    for path, schema in nodes(editor_schema()["properties"]["spec"], "spec"):
        assert not [key for key in schema if key.startswith("x-")], path
        if schema.get("type") == "object":
            free = path.endswith((".expect", ".refused", ".admitted", ".given[]"))
            assert ("additionalProperties" in schema) == (not free), path


def test_the_editor_takes_a_parameter_for_a_number_where_the_crd_does() -> None:
    schema = editor_schema()["properties"]["spec"]["properties"]["checks"]["items"]
    port = schema["properties"]["answers"]["properties"]["port"]
    assert port["type"] == ["integer", "string"]
    assert re.search(port["pattern"], "${port}")
    assert not re.search(port["pattern"], "80")


@pytest.mark.parametrize("name", ["web", "${app}", "${app}-web.a", "a${n}", "${a}${b.text}"])
def test_a_name_may_hold_parameters(name: str) -> None:
    assert re.search(NAME_OR_TEMPLATE_PATTERN, name)


@pytest.mark.parametrize(
    "name", ["", "-web", "Web", "${app}-", "$app", "${my-app}", "${app", "${}"]
)
def test_a_name_is_still_a_name(name: str) -> None:
    assert not re.search(NAME_OR_TEMPLATE_PATTERN, name)


def test_the_editor_keeps_patterns() -> None:
    settle = editor_schema()["properties"]["spec"]["properties"]["settle"]
    assert settle["pattern"] == "^([0-9]{1,6}(ms|s|m|h))+$"


def test_the_models_take_the_specimens() -> None:
    exercise = LabExercise.parse(specimens.EXERCISE, strict=True)
    kinds = dict.fromkeys(check.kind for check in exercise.spec.checks)
    assert list(kinds) == list(CHECK_KINDS)
    SubmissionSpec.model_validate(specimens.SUBMISSION["spec"], extra="forbid")


@pytest.mark.parametrize(
    ("kind", "specimen"),
    [*zip(KINDS, (specimens.EXERCISE, specimens.SUBMISSION), strict=True)],
)
def test_the_specimens_say_every_default(kind: Kind, specimen: dict[str, Any]) -> None:
    schema = schema_of(kind)["spec"]
    assert list(left_out(schema, specimen["spec"], "spec")) == []


@pytest.mark.parametrize("wrong", WRONG_EXERCISES, ids=lambda wrong: wrong.name)
def test_the_models_refuse_what_the_api_server_refuses(wrong: Wrong) -> None:
    with pytest.raises(ValidationError):
        LabExercise.parse(wrong.change(specimens.EXERCISE))


def test_time_goes_with_every_kind_that_only_looks_and_with_no_other() -> None:
    others = {kind for kind, how in JUDGED.items() if how.phase is Phase.DISTURB} | {"asks"}
    assert set(KINDS_WITHOUT) == others


class Times(Model):
    any: Duration
    some: PositiveDuration


@pytest.mark.parametrize("text", ["1ms", "0h1s", "10m0s", "100s", "0m010s", "999999h"])
def test_a_duration_of_something(text: str) -> None:
    assert Times.model_validate({"any": text, "some": text}).some > 0


@pytest.mark.parametrize("text", ["0s", "0h0m0s", "000ms"])
def test_a_duration_of_nothing(text: str) -> None:
    with pytest.raises(ValidationError, match="greater than 0"):
        Times.model_validate({"any": text, "some": text})
