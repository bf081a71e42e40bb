"""How the tests drive kind, by a recorded stand-in: kind itself needs a Docker engine."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.providers import NoClusterError, is_local, own_name, provide

IMAGE = "kindest/node:v1.37.0"
KUBECONFIG = {
    "apiVersion": "v1",
    "kind": "Config",
    "current-context": "kind",
    "contexts": [{"name": "kind", "context": {"cluster": "kind", "user": "kind"}}],
    "clusters": [{"name": "kind", "cluster": {"server": "http://127.0.0.1:9"}}],
    "users": [{"name": "kind", "user": {}}],
}
STAND_IN = f"""#!{sys.executable}
import json, os, pathlib, sys
program, arguments = pathlib.Path(sys.argv[0]).name, sys.argv[1:]
with open(os.environ["RECORD"], "a") as record:
    record.write(json.dumps([program, *arguments]) + "\\n")
if arguments[:2] == os.environ.get("FAILING", "").split():
    sys.exit(3)
for argument in arguments:
    if arguments[:2] == ["create", "cluster"] and argument.startswith("--kubeconfig="):
        pathlib.Path(argument.partition("=")[2]).write_text({json.dumps(KUBECONFIG)!r})
"""


class Recorded:
    """Stand-ins for programs, and what they were called with."""

    def __init__(self, folder: Path) -> None:
        self.bin = folder / "bin"
        self.file = folder / "calls"
        self.bin.mkdir()
        self.file.touch()
        for program in ("kind", "docker", "kubectl"):
            (self.bin / program).write_text(STAND_IN)
            (self.bin / program).chmod(0o755)

    def calls(self) -> list[str]:
        return [" ".join(json.loads(line)) for line in self.file.read_text().splitlines()]


@pytest.fixture
def recorded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Recorded:
    found = Recorded(tmp_path)
    monkeypatch.setenv("PATH", f"{found.bin}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("RECORD", str(found.file))
    monkeypatch.chdir(tmp_path)
    return found


def test_kind_is_created_fitted_out_used_and_deleted(
    recorded: Recorded, monkeypatch: pytest.MonkeyPatch, pytestconfig: pytest.Config, tmp_path: Path
) -> None:
    monkeypatch.setattr(pytestconfig.option, "kind_image", IMAGE)
    with provide("kind", pytestconfig, tmp_path) as cluster:
        cluster.load_image(Path("labgrader.tar"))
        assert cluster.kubeconfig.is_absolute()
        assert cluster.kubeconfig.exists()
        assert cluster.local is None

    kubeconfig = f".pytest-kind/{own_name()}/kubeconfig"
    web = Path(__file__).parents[2] / "workloads" / "web"
    assert recorded.calls() == [
        "kind get clusters",
        f"kind create cluster --name={own_name()} --kubeconfig={kubeconfig} --image={IMAGE}",
        f"docker build --build-arg=VERSION=1 --tag=web:1 {web}",
        f"kind load docker-image --name {own_name()} web:1",
        f"docker build --build-arg=VERSION=2 --tag=web:2 {web}",
        f"kind load docker-image --name {own_name()} web:2",
        f"docker build --tag=kubectl:1 {web.parent / 'kubectl'}",
        f"kind load docker-image --name {own_name()} kubectl:1",
        f"kubectl --kubeconfig={kubeconfig} apply --filename=-",
        f"kind load image-archive labgrader.tar --name {own_name()}",
        f"kind delete cluster --name={own_name()} --kubeconfig={kubeconfig}",
    ]


def test_kind_is_deleted_when_it_could_not_be_fitted_out(
    recorded: Recorded, monkeypatch: pytest.MonkeyPatch, pytestconfig: pytest.Config, tmp_path: Path
) -> None:
    monkeypatch.setenv("FAILING", "load docker-image")
    with (
        pytest.raises(subprocess.CalledProcessError),
        provide("kind", pytestconfig, tmp_path),
    ):
        pass
    assert recorded.calls()[-1].startswith(f"kind delete cluster --name={own_name()}")


def test_the_users_cluster_is_reached_by_a_copy_and_only_this_sessions_namespaces_go(
    recorded: Recorded, pytestconfig: pytest.Config, tmp_path: Path
) -> None:
    with provide("current:mine", pytestconfig, tmp_path) as cluster:
        assert cluster.kubeconfig == tmp_path / "kubeconfig"
        assert cluster.kubeconfig.stat().st_mode & 0o077 == 0
        namespace = cluster.fresh_namespace()
        with pytest.raises(NoClusterError, match=r"make image REGISTRY="):
            cluster.load_image(Path("labgrader.tar"))

    reach = f"kubectl --kubeconfig={tmp_path}/kubeconfig"
    assert namespace.startswith("t-")
    assert recorded.calls() == [
        "kubectl config view --minify --flatten --context=mine",
        f"{reach} create -f -",
        f"{reach} delete namespace --selector=labgrader-tests/session={cluster.session} --wait=false",
    ]


def test_a_context_that_is_not_there_is_said_so(
    recorded: Recorded, monkeypatch: pytest.MonkeyPatch, pytestconfig: pytest.Config, tmp_path: Path
) -> None:
    monkeypatch.setenv("FAILING", "config view")
    with (
        pytest.raises(NoClusterError, match="LABGRADER_TEST_CLUSTER=current:mine"),
        provide("current:mine", pytestconfig, tmp_path),
    ):
        pass
    assert recorded.calls() == ["kubectl config view --minify --flatten --context=mine"]


@pytest.mark.parametrize("choice", ["minikube", "local:", "current:", "kind:mine"])
def test_a_choice_that_names_no_cluster_is_refused(
    choice: str, pytestconfig: pytest.Config, tmp_path: Path
) -> None:
    with (
        pytest.raises(NoClusterError, match="names no cluster"),
        provide(choice, pytestconfig, tmp_path),
    ):
        pass


def test_only_local_clusters_have_machines_to_switch_off() -> None:
    assert [is_local(choice) for choice in ("", "local:dev", "kind", "current:mine")] == [
        True,
        True,
        False,
        False,
    ]
