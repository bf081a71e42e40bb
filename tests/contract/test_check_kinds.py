"""A check kind is five things: params, a judge, tests, a paragraph, and an exercise that uses it."""

from pathlib import Path

import pytest
import yaml
from pydantic.alias_generators import to_camel, to_snake

from labgrader.api.exercise import CHECK_KINDS, Check
from labgrader.checks.registry import KINDS

ROOT = Path(__file__).parents[2]


def used() -> set[str]:
    files = (ROOT / "exercises").rglob("exercise.yaml")
    checks = [c for f in files for c in yaml.safe_load(f.read_text("utf-8"))["spec"]["checks"]]
    return {kind for check in checks for kind in check if kind in CHECK_KINDS}


def test_the_table_the_api_and_the_registry_name_the_same_kinds() -> None:
    params = [to_camel(name) for name in Check.model_fields if to_camel(name) in KINDS]
    assert list(KINDS) == list(CHECK_KINDS) == params


@pytest.mark.parametrize("kind", CHECK_KINDS)
def test_each_kind_is_whole(kind: str) -> None:
    module = to_snake(kind)
    assert KINDS[kind].judge.__module__ == f"labgrader.checks.{module}"
    assert (ROOT / "tests" / "unit" / "checks" / f"test_{module}.py").is_file()
    assert f"\n## {kind}\n" in (ROOT / "docs" / "reference" / "checks.md").read_text("utf-8")
    assert kind in used()


def test_the_source_root_is_no_package() -> None:
    """It would shadow the standard library's ``operator``."""
    assert not (ROOT / "operator" / "__init__.py").exists()
