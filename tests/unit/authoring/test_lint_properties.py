"""No exercise makes lint raise, whatever stands where; and grade refuses what lint calls an error."""

from pathlib import Path
from typing import Any

import click
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from labgrader.authoring.lint.run import NoExercise, lint
from labgrader.cli.exercise_file import read_plan
from tests.unit.authoring.lint_cases import GOOD

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 10**20) | st.floats() | st.text(max_size=6)
    | st.sampled_from(["(absent)", "~=(", ">=", "there", "right", "~=^web", "apps/v1beta1"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.text(max_size=4) | st.sampled_from(["name", "kind", "ko", "curve"]), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip


def paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inside: list[tuple[Any, Any]] = []
    if isinstance(value, dict):
        inside = list(value.items())
    elif isinstance(value, list):
        inside = list(enumerate(value))
    return [path, *(found for key, below in inside for found in paths(below, (*path, key)))]


def replaced(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    if not path:
        return new
    if isinstance(value, dict):
        return {**value, path[0]: replaced(value[path[0]], path[1:], new)}
    return [replaced(v, path[1:], new) if i == path[0] else v for i, v in enumerate(value)]


PATHS = paths(yaml.safe_load(GOOD))[1:]


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.sampled_from(PATHS), JSON), min_size=1, max_size=2))
def test_no_exercise_makes_lint_raise(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[tuple[Any, ...], Any]]
) -> None:
    body = yaml.safe_load(GOOD)
    for path, new in changes:
        if path in paths(body):
            body = replaced(body, path, new)
    file: Path = tmp_path_factory.mktemp("any") / "exercise.yaml"
    file.write_text(yaml.safe_dump(body, allow_unicode=True), "utf-8")
    try:
        remarks = lint([file]).remarks
    except NoExercise:
        assert body["kind"] != "LabExercise"
        return
    shape = {"unknown-field", "invalid-field", "wrong-api-version"}
    if any(remark.rule.id in shape for remark in remarks):
        with pytest.raises(click.UsageError):
            read_plan(file)
