from pathlib import Path

import pytest
from click.testing import CliRunner

from localcluster.cli import main


@pytest.fixture(autouse=True)
def nothing_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))


@pytest.mark.parametrize(
    "words",
    [
        "status --name none",
        "kubeconfig --name none",
        "logs --name none apiserver",
        "node stop --name none 1",
        "exec --name none -- true",
        "component stop --name none etcd",
        "load-image --name none image.tar",
    ],
)
def test_without_a_cluster_every_command_says_how_to_make_one(words: str) -> None:
    done = CliRunner().invoke(main, words.split(" "))
    assert done.exit_code == 1
    assert "There is no cluster none. Make it: python -m localcluster up --name none" in done.output


def test_down_without_a_cluster_is_no_error(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["down", "--name", "none"])
    assert (done.exit_code, done.output) == (0, "There is no cluster none.\n")
    assert list(tmp_path.iterdir()) == []


def test_a_wrong_name_is_refused_before_anything_happens(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["down", "--name", "../other"])
    assert done.exit_code == 1
    assert "'../other' cannot name a cluster" in done.output
    assert list(tmp_path.iterdir()) == []
