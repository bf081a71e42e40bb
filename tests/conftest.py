"""What all tests share: the order, and one real cluster for those that need it.

Unit tests run first, so a slip shows within seconds. The first test that asks for
`cluster` starts it; it goes when the session ends, also after Ctrl-C.
"""

import os
from collections.abc import Iterator

import pytest

from tests.support.installation import install
from tests.support.live import LiveCluster
from tests.support.providers import VARIABLE, provide


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what uses the cluster, before `-m` selects, and put it last."""
    for item in items:
        if "cluster" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.cluster)
    items.sort(key=lambda item: item.get_closest_marker("cluster") is not None)


@pytest.fixture(scope="session")
def cluster(
    pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LiveCluster]:
    """A real cluster; `tests/support/providers.py` says which."""
    choice = os.environ.get(VARIABLE, "")
    with provide(choice, pytestconfig, tmp_path_factory.mktemp("cluster")) as live:
        yield live


@pytest.fixture(scope="session")
def installed(cluster: LiveCluster) -> LiveCluster:
    """The cluster with the operator on it, ready."""
    install(cluster)
    return cluster
