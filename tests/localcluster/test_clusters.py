"""Real clusters, made and unmade. Each test leaves them as it found them."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from localcluster import Cluster, LocalClusterError
from localcluster.api import Api
from localcluster.audit import became_ready
from localcluster.images import catalog, oci
from localcluster.machine import cgroups
from localcluster.policy import proof
from localcluster.progress import Timed
from tests.support.localclusters import (
    card,
    get,
    kubectl,
    localcluster,
    network_namespaces,
    run_pod,
    traces,
    until,
    until_started_again,
)

pytestmark = pytest.mark.cluster


def ready(cluster: Cluster, node: str) -> bool:
    conditions = get(cluster, "node", node)["status"]["conditions"]
    return any(c["type"] == "Ready" and c["status"] == "True" for c in conditions)


@pytest.fixture(scope="module")
def one() -> Iterator[Cluster]:
    cluster = Cluster("lct-one")
    cluster.down()
    try:
        cluster.up(audit=True, report=Timed())
        yield cluster
    finally:
        cluster.down()


@pytest.fixture(scope="module")
def two(one: Cluster) -> Iterator[Cluster]:
    assert one.control.plug(), "the other cluster runs at the same time"
    cluster = Cluster("lct-two")
    cluster.down()
    try:
        cluster.up(nodes=2, report=Timed())
        yield cluster
    finally:
        cluster.down()


def test_up_again_says_so_at_once(one: Cluster) -> None:
    plug = one.control.plug()
    begun = time.monotonic()
    done = localcluster("up", "--name", one.name)
    assert time.monotonic() - begun < 10, "as long as it takes to look, not to make a cluster"
    assert (done.returncode, "cluster lct-one is up" in done.stderr) == (0, True)
    assert one.control.plug() == plug


def test_up_refuses_to_change_what_is_there(one: Cluster) -> None:
    with pytest.raises(
        LocalClusterError, match="was made with 1 nodes, with audit log, without policy"
    ):
        one.up(nodes=2)


def test_names_services_volumes_and_metrics_work(one: Cluster, tmp_path: Path) -> None:
    claim = {
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "metadata": {"name": "disk"},
        "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Mi"}}},
    }
    mount = {"name": "disk", "mountPath": "/disk"}
    container = {"name": "c", "image": "busybox:1", "volumeMounts": [mount]}
    container |= {"command": ["sleep", "3600"]}
    volume = {"name": "disk", "persistentVolumeClaim": {"claimName": "disk"}}
    client = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "client"},
        "spec": {"containers": [container], "volumes": [volume]},
    }
    objects = tmp_path / "objects.json"
    objects.write_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": [claim, client]}))
    kubectl(one, "apply", f"--filename={objects}")
    run_pod(one, "web", "web:2")
    kubectl(one, "expose", "pod/web", "--port=80", "--target-port=8080")
    kubectl(one, "wait", "--for=condition=Ready", "pod/client", "--timeout=120s")
    ask = "timeout 5 wget -qO- http://web.default.svc.cluster.local/ | tee /disk/answer"
    answers: list[str] = []

    def answered() -> bool:
        answers.append(kubectl(one, "exec", "client", "--", "sh", "-c", f"{ask} || true"))
        return bool(answers[-1])

    until(answered, 15)
    assert answers[-1] == "pod web version 2\n"
    assert "node1" in kubectl(one, "top", "nodes")
    kubectl(one, "delete", "pod/web", "service/web", "pod/client", "pvc/disk", "--now")


def test_no_route_leads_out(one: Cluster) -> None:
    control = one.exec(["ip", "route"]).stdout.splitlines()
    inside = subprocess.run(
        [*one.node(1).enter("net"), "ip", "route"], capture_output=True, text=True, check=True
    ).stdout.splitlines()
    for route in [*control, *inside]:
        assert route.startswith("10."), route
    for address in ("1.1.1.1", "172.17.0.1"):
        tried = one.exec(["ip", "route", "get", address])
        assert "unreachable" in tried.stderr


def test_where_nobody_enforces_policies_their_proof_fails(
    one: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (
        "policies    accepted, but not enforced"
        in localcluster("status", "--name", one.name).stdout
    )
    monkeypatch.setattr(proof, "_FLOWS", 3.0)
    api = Api(one.record.port, one.layout.pki)
    with pytest.raises(LocalClusterError) as failed:
        proof.prove(one.layout, one.record, api)
    assert "stranger-1 to friend-1: expected stopped, seen arrived" in str(failed.value)
    assert "friend-1 to stranger-1" not in str(failed.value)


def test_exec_runs_inside_with_a_configured_kubectl(one: Cluster) -> None:
    done = localcluster("exec", "--name", one.name, "--", "kubectl", "get", "--raw", "/version")
    assert '"gitVersion": "v1.37.2"' in done.stdout
    failed = localcluster("exec", "--name", one.name, "--", "sh", "-c", "exit 7")
    assert failed.returncode == 7


def test_the_kubeconfig_is_private_and_names_its_cluster(one: Cluster) -> None:
    path = Path(localcluster("kubeconfig", "--name", one.name).stdout.strip())
    assert path.stat().st_mode & 0o777 == 0o600
    assert kubectl(one, "config", "current-context").strip() == "localcluster-lct-one"


def test_the_audit_log_has_each_request_once(one: Cluster) -> None:
    kubectl(one, "get", "--raw", "/api/v1/namespaces/default?timeout=7s")
    lines = [json.loads(line) for line in one.audit_log.read_text().splitlines()]
    asked = [e for e in lines if e["requestURI"] == "/api/v1/namespaces/default?timeout=7s"]
    assert [(e["level"], e["stage"]) for e in asked] == [("Metadata", "ResponseComplete")]


def test_the_audit_log_tells_when_a_pod_became_ready(one: Cluster) -> None:
    begun = time.time()
    run_pod(one, "ready", "web:1")
    told = get(one, "pod", "ready")
    kubectl(one, "delete", "pod", "ready", "--now")
    [(uid, at)] = became_ready(one.audit_log, "default", begun).items()
    assert uid == told["metadata"]["uid"]
    [ready] = [c for c in told["status"]["conditions"] if c["type"] == "Ready"]
    # The pod tells it in whole seconds, of the moment before it was written.
    assert 0 <= at - datetime.fromisoformat(ready["lastTransitionTime"]).timestamp() < 2


def test_a_component_stays_stopped_until_it_is_started(one: Cluster) -> None:
    api = one.component("apiserver")
    api.stop()
    assert api.pid is None
    assert "apiserver           stopped" in localcluster("status", "--name", one.name).stdout
    assert one.exec(["kubectl", "get", "nodes"]).returncode != 0
    api.start()
    until(lambda: one.exec(["kubectl", "get", "--raw", "/readyz"]).stdout == "ok", 20)


def test_a_killed_component_comes_back_by_itself(one: Cluster) -> None:
    before = one.component("scheduler").pid
    assert before
    os.kill(before, signal.SIGKILL)
    until(lambda: one.component("scheduler").pid not in {None, before}, 10)


def test_an_unknown_component_is_answered_with_the_known(one: Cluster) -> None:
    done = localcluster("logs", "--name", one.name, "api")
    assert done.returncode == 1
    assert "has no api; it has: apiserver, controller-manager, etcd" in done.stderr
    assert "kubelet" in localcluster("logs", "--name", one.name, "node1/kubelet").stdout


def test_a_loaded_image_stays_on_every_node_also_without_power(
    two: Cluster, tmp_path: Path
) -> None:
    tar = tmp_path / "image.tar"
    image = catalog.busybox()
    oci.write(oci.Image("localhost/loaded:1", image.files, command=("/bin/busybox", "yes")), tar)
    done = localcluster("load-image", "--name", two.name, str(tar))
    assert done.stdout == f"{tar}: on node1, node2\n"
    two.stop_node(2)
    assert "node2               off" in localcluster("status", "--name", two.name).stdout
    until(lambda: not ready(two, "node2"), 30)
    two.start_node(2)
    until(lambda: ready(two, "node2"), 20)
    place = {"spec": {"nodeName": "node2"}}
    kubectl(two, "run", "loaded", "--image=localhost/loaded:1", f"--overrides={json.dumps(place)}")
    kubectl(two, "wait", "--for=condition=Ready", "pod/loaded", "--timeout=120s")


def test_a_node_that_lost_its_power_is_reached_again(two: Cluster) -> None:
    for name, node, image in (("asks", "node1", "busybox:1"), ("answers", "node2", "web:1")):
        command = ["--command", "--", "sleep", "3600"] if image == "busybox:1" else []
        place = json.dumps({"spec": {"nodeName": node}})
        kubectl(two, "run", name, f"--image={image}", f"--overrides={place}", *command)
    kubectl(two, "wait", "--for=condition=Ready", "pod/asks", "pod/answers", "--timeout=120s")

    def answered() -> bool:
        address = get(two, "pod", "answers")["status"]["podIP"]
        ask = f"timeout 1 wget -qO- http://{address}:8080/ 2>/dev/null || true"
        said = kubectl(two, "exec", "asks", "--", "sh", "-c", ask)
        return said == "pod answers version 1\n"

    until(answered, 10)
    known = card(two, 2)
    two.stop_node(2)
    two.start_node(2)
    assert card(two, 2) == known, "or the other nodes would send to one that is gone"
    until_started_again(two, "answers")
    until(answered, 10)
    kubectl(two, "delete", "pod/asks", "pod/answers", "--now")


def test_what_is_no_image_is_refused_with_what_was_expected(two: Cluster, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.tar"
    wrong.write_text("no tar")
    done = localcluster("load-image", "--name", two.name, str(wrong))
    assert done.returncode == 1
    assert "Expected an OCI or docker archive" in done.stderr


def test_nodes_share_the_machine_equally(two: Cluster) -> None:
    offered = [node["status"]["allocatable"]["cpu"] for node in get(two, "nodes")["items"]]
    milli = [int(cpu[:-1]) if cpu.endswith("m") else 1000 * int(cpu) for cpu in offered]
    assert milli == [500 * (os.cpu_count() or 1)] * 2


def test_up_repairs_what_was_killed_in_part(two: Cluster) -> None:
    kubectl(two, "create", "configmap", "kept")
    plug = two.node(1).require_plug()
    os.kill(plug, signal.SIGKILL)
    two.component("controller-manager").stop()
    until(lambda: two.node(1).plug() is None, 10)
    two.up()
    assert two.node(1).plug() not in {None, plug}
    assert two.component("controller-manager").pid
    assert get(two, "configmap", "kept")["metadata"]["name"] == "kept"


def test_up_after_everything_was_killed_makes_it_anew(one: Cluster) -> None:
    for pid in set(cgroups.all_processes(one.layout.cgroup)):
        with contextlib.suppress(ProcessLookupError):  # a machine's first takes all of it along
            os.kill(pid, signal.SIGKILL)
    until(lambda: not cgroups.all_processes(one.layout.cgroup), 10)
    cgroups.remove(one.layout.cgroup)  # as if the machine had been started anew
    done = localcluster("up", "--name", one.name)
    assert done.returncode == 0, done.stderr
    assert "clearing away what is left" in done.stderr
    assert ready(one, "node1")
    assert one.record.audit, "it is made as it was"


def test_down_finds_the_processes_of_a_cluster_whose_folder_is_lost(two: Cluster) -> None:
    lost = set(cgroups.all_processes(two.layout.cgroup))
    elsewhere = two.layout.home.rename(two.layout.home.with_name("lct-two-elsewhere"))
    assert two.down()
    shutil.rmtree(elsewhere)
    assert lost
    assert not [pid for pid in lost if Path(f"/proc/{pid}").exists()]
    assert traces(two) == []


def test_down_leaves_nothing(one: Cluster) -> None:
    processes = set(cgroups.all_processes(one.layout.cgroup))
    networks = {str(Path(f"/proc/{m.require_plug()}/ns/net").readlink()) for m in one.machines()}
    assert traces(one)
    assert localcluster("down", "--name", one.name).returncode == 0
    assert traces(one) == []
    assert processes
    assert not [pid for pid in processes if Path(f"/proc/{pid}").exists()]
    assert not networks & network_namespaces()
