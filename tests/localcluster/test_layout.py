from pathlib import Path

import pytest

from localcluster import LocalClusterError, layout
from localcluster.layout import Layout


def test_every_node_has_its_own_address_and_pod_range() -> None:
    every = range(1, layout.MAX_NODES + 1)
    assert layout.node_address(1) == "10.89.0.11"
    assert layout.pod_range(3) == "10.244.3.0/24"
    assert len({layout.node_address(i) for i in every} | {layout.CONTROL_ADDRESS}) == len(every) + 1
    assert len({layout.pod_range(i) for i in every}) == len(every)
    assert layout.node_card(50) == "02:00:00:00:00:32"
    assert len({layout.node_card(i) for i in every}) == len(every)


@pytest.mark.parametrize("name", ["", "-a", "a-", "A", "a_b", "a/b", "..", "a" * 41])
def test_a_name_that_cannot_be_one_is_refused(name: str) -> None:
    with pytest.raises(LocalClusterError, match="cannot name a cluster: expected"):
        Layout(name, Path("/tmp"))


def test_two_users_with_one_name_do_not_share_a_cgroup() -> None:
    mine, yours = Layout("lab", Path("/home/me")), Layout("lab", Path("/home/you"))
    assert mine.cgroup != yours.cgroup
    assert mine.cgroup.startswith("localcluster-lab-")


def test_places_follow_the_xdg_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", "/srv/state")
    monkeypatch.setenv("XDG_CACHE_HOME", "not/absolute")
    assert layout.state_home() == Path("/srv/state/labgrader/localcluster")
    assert layout.cache_home() == Path.home() / ".cache/labgrader/localcluster"


def test_a_place_that_nodes_would_hide_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", "/var/lib/ci")
    with pytest.raises(LocalClusterError, match=r"nodes have a /var/lib of their own.*XDG_STATE_H"):
        layout.state_home()
