"""What all tests share: the order, and one real cluster for those that need it.

Unit tests run first, so a slip shows within seconds. The first test that asks for
`cluster` starts it; it goes when the session ends, also after Ctrl-C.
"""

import gc
import os
import sys
from collections.abc import Generator, Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext

import pytest
from hypothesis import settings
from xdist.remote import Producer
from xdist.scheduler.loadscope import LoadScopeScheduling

from localcluster import Cluster, LocalClusterError
from tests.support.installation import install
from tests.support.live import LiveCluster
from tests.support.providers import VARIABLE, NoClusterError, is_local, is_shared, provide

# An example that takes long on a busy machine is no defect. The same examples come each time: who
# changes one thing is not told of another. New ones are looked for by `make fuzz`.
settings.register_profile("patient", deadline=None, max_examples=150, derandomize=True)
settings.register_profile("quick", parent=settings.get_profile("patient"), max_examples=20)
settings.register_profile("wild", parent=settings.get_profile("patient"), derandomize=False)
settings.load_profile("patient")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Collect without looking for garbage: of the million objects that it makes, nearly all stay."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what uses the cluster, before `-m` selects, and put all in order."""
    for item in items:
        if "cluster" in _fixtures(item) or item.nodeid.startswith("tests/cluster/"):
            item.add_marker(pytest.mark.cluster)
    items.sort(key=_place)
    if not is_local(os.environ.get(VARIABLE, "")):
        left_out = [item for item in items if _needs_local(item)]
        items[:] = [item for item in items if item not in left_out]
        config.hook.pytest_deselected(items=left_out)


# Of these, one process and one cluster does everything: two of them at once would take the CPU from
# clients that must keep their rate.
_APART = ("tests/cluster/test_exercises", "tests/localcluster/")


class _ByFile(LoadScopeScheduling):  # type: ignore[misc]  # xdist has no types
    """Gives a file at a time to each process, which has a cluster of its own.

    Where all processes have the same cluster, one of them does everything.
    """

    def _split_scope(self, nodeid: str) -> str:
        if is_shared(os.environ.get(VARIABLE, "")):
            return ""
        return "apart" if nodeid.startswith(_APART) else nodeid.partition("::")[0]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int | None:
    """`-n auto` is for tests without a cluster: about half of what they do is waiting."""
    if "PYTEST_XDIST_AUTO_NUM_WORKERS" in os.environ:
        return None  # xdist reads it
    ours = getattr(os, "sched_getaffinity", None)
    return 2 * (len(ours(0)) if ours else os.cpu_count() or 1)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> _ByFile | None:
    """`--dist loadgroup` is ours: xdist's own groups need a suffix that pytest 9 drops."""
    return _ByFile(config, log) if config.getvalue("dist") == "loadgroup" else None


def _fixtures(item: pytest.Item) -> Sequence[str]:
    return getattr(item, "fixturenames", ())


def _place(item: pytest.Item) -> tuple[bool, bool, bool]:
    """Where it comes: what takes longest first of what uses the cluster, and that last of all.

    The last files to be handed out are short ones, so that all processes end at about one time.
    """
    here = item.nodeid
    return _on_cluster(item), not here.startswith(_APART), not here.startswith("tests/cluster/")


def _on_cluster(item: pytest.Item) -> bool:
    return item.get_closest_marker("cluster") is not None


def _needs_local(item: pytest.Item) -> bool:
    """Whether a test switches machines of the cluster off, or makes clusters of its own."""
    makes_its_own = _on_cluster(item) and "cluster" not in _fixtures(item)
    return makes_its_own or "local_cluster" in _fixtures(item)


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
def local_cluster(cluster: LiveCluster) -> Cluster:
    """The cluster's machines, to stop and start; its tests are left out where there are none."""
    assert cluster.local
    return cluster.local


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
