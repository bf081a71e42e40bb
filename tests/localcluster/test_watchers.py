"""Whether inotify instances are left, told before a kubelet says something else."""

import resource
from collections.abc import Iterator
from pathlib import Path

import pytest

from localcluster.watchers import lack_of_watchers

ROOM = 8


def handles() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


@pytest.fixture
def little_room() -> Iterator[None]:
    """This process may open few more files, which is the other limit that inotify has.

    The limit of the user is left alone: clusters that run beside need what is there.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (handles() + ROOM, hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_where_some_are_left_nothing_is_told() -> None:
    assert lack_of_watchers(1) is None


@pytest.mark.usefixtures("little_room")
def test_where_they_run_out_it_says_what_to_do_and_keeps_none() -> None:
    before = handles()
    told = lack_of_watchers(10 * ROOM)
    assert told is not None
    assert "sysctl fs.inotify.max_user_instances=512" in told
    assert handles() == before
