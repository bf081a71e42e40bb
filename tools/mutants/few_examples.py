"""A pytest plugin: few examples for tests of properties, always the same ones.

Loaded by `__main__`. Without it a mutant would be killed on one run and live on the next.
"""

from typing import Any

import pytest
from hypothesis import HealthCheck, settings

_FEW = 10

settings.register_profile(
    "mutants",
    max_examples=_FEW,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Override the profile of `tests/conftest.py`, and what a test asks for by itself."""
    settings.load_profile("mutants")
    for item in items:
        test: Any = getattr(item, "obj", None)
        asked = getattr(test, "_hypothesis_internal_use_settings", None)
        if asked is not None:
            test = getattr(test, "__func__", test)
            test._hypothesis_internal_use_settings = settings(  # noqa: SLF001 - no other way
                asked,
                max_examples=min(asked.max_examples, _FEW),
                derandomize=True,
                database=None,
                deadline=None,
                suppress_health_check=list(HealthCheck),
            )
