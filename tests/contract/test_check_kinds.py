"""A check kind is five things: params, a judge, tests, a page, and an exercise that uses it."""

from functools import cache
from pathlib import Path

import pytest
from pydantic.alias_generators import to_camel, to_snake

from labgrader.api.check import CHECK_KINDS, Check
from labgrader.checks.registry import KINDS
from tools.kinds.files import Checkout
from tools.shipped import shipped

ROOT = Path(__file__).parents[2]


@cache
def used() -> set[str]:
    return {check.kind for folder in shipped() for check in folder.checks}


def test_the_table_the_api_and_the_registry_name_the_same_kinds() -> None:
    params = [to_camel(name) for name in Check.model_fields if to_camel(name) in KINDS]
    assert list(KINDS) == list(CHECK_KINDS) == params


@pytest.mark.parametrize("kind", CHECK_KINDS)
def test_each_kind_is_whole(kind: str) -> None:
    module = to_snake(kind)
    assert KINDS[kind].judge.__module__ == f"labgrader.checks.{module}"
    assert (ROOT / "tests" / "unit" / "checks" / f"test_{module}.py").is_file()
    assert kind in used()


def test_each_kind_has_a_page_with_words_and_a_worked_example() -> None:
    """What is missing is told in words; ``make generate`` then writes the rest of the page."""
    assert not [*Checkout(ROOT).missing()]


def test_the_source_root_is_no_package() -> None:
    """It would shadow the standard library's ``operator``."""
    assert not (ROOT / "operator" / "__init__.py").exists()
