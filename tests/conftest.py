"""What all tests share: the order, and one real cluster for those that need it.

Unit tests run first, so a slip shows within seconds. The first test that asks for
`cluster` starts it; it goes when the session ends, also after Ctrl-C.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext

import pytest

from localcluster import LocalClusterError
from tests.support.installation import install
from tests.support.live import LiveCluster
from tests.support.providers import VARIABLE, NoClusterError, provide


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
    provider = provide(
        os.environ.get(VARIABLE, ""), pytestconfig, tmp_path_factory.mktemp("cluster")
    )
    with ExitStack() as stack:
        try:
            with _aloud(pytestconfig):
                live = stack.enter_context(provider)
        except (NoClusterError, LocalClusterError) as error:
            # All tests that are left need it, and would say the same.
            pytest.exit(f"no cluster: {error}", returncode=pytest.ExitCode.TESTS_FAILED)
        yield live


@pytest.fixture(scope="session")
def installed(cluster: LiveCluster, pytestconfig: pytest.Config) -> LiveCluster:
    """The cluster with the operator on it, ready."""
    with _aloud(pytestconfig):
        install(cluster)
    return cluster


@contextmanager
def _aloud(config: pytest.Config) -> Iterator[None]:
    """Let through what long work says of its progress, which pytest would keep."""
    capture = config.pluginmanager.getplugin("capturemanager")
    with capture.global_and_fixture_disabled() if capture else nullcontext():
        print(file=sys.stderr)  # noqa: T201 - ends the line of dots
        yield
