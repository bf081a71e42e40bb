"""A real cluster whose nodes enforce NetworkPolicies, from `up --policy` to `down`."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from localcluster import Cluster
from localcluster.progress import Timed
from tests.support.localclusters import (
    card,
    get,
    kubectl,
    localcluster,
    network_namespaces,
    traces,
    until,
    until_started_again,
)

pytestmark = [pytest.mark.cluster, pytest.mark.experiment]


def packet_filter() -> list[str]:
    """What this machine itself filters, translates and keeps in sets, and its interfaces."""
    said = [path.name for path in sorted(Path("/sys/class/net").iterdir())]
    for command in (["iptables-save"], ["ip6tables-save"], ["ipset", "save"]):
        if shutil.which(command[0]):  # the first `up --policy` installs ipset
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            said += [line for line in done.stdout.splitlines() if not line.startswith("#")]
    # Without the counters of packets.
    return [line.partition("[")[0] if line.startswith(":") else line for line in said]


@pytest.fixture(scope="module")
def before() -> list[str]:
    return packet_filter()


@pytest.fixture(scope="module")
def enforcing(before: list[str]) -> Iterator[Cluster]:
    assert before is not None
    cluster = Cluster("lct-policy")
    cluster.down()
    try:
        cluster.up(nodes=2, policy=True, report=Timed())
        yield cluster
    finally:
        cluster.down()


def pod(name: str, node: str, image: str) -> dict[str, Any]:
    container: dict[str, Any] = {"name": "c", "image": image}
    if image.startswith("busybox"):
        container["command"] = ["sleep", "3600"]
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name, "labels": {"role": name}},
        "spec": {
            "nodeName": node,
            "containers": [container],
            "terminationGracePeriodSeconds": 0,
        },
    }


def policy(name: str, spec: dict[str, Any]) -> dict[str, Any]:
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": name},
        "spec": spec,
    }


DENY_ALL = policy("deny-all", {"podSelector": {}, "policyTypes": ["Ingress"]})
ALLOW_FAR = policy(
    "allow-far",
    {
        "podSelector": {"matchLabels": {"role": "web"}},
        "ingress": [
            {"from": [{"podSelector": {"matchLabels": {"role": "far"}}}], "ports": [{"port": 8080}]}
        ],
    },
)
SILENCE_FAR = policy(
    "silence-far",
    {"podSelector": {"matchLabels": {"role": "far"}}, "policyTypes": ["Egress"]},
)


def apply(cluster: Cluster, tmp_path: Path, *objects: dict[str, Any]) -> None:
    file = tmp_path / "objects.json"
    file.write_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": objects}))
    kubectl(cluster, "apply", f"--filename={file}")


def reaching(cluster: Cluster) -> set[str]:
    """Who of the two clients gets an answer from the pod web."""
    address = get(cluster, "pod", "web")["status"]["podIP"]
    script = f"timeout 1 wget -qO- http://{address}:8080/ 2>/dev/null || echo nothing"
    said = {
        name: kubectl(cluster, "exec", name, "--", "sh", "-c", script) for name in ("near", "far")
    }
    assert set(said.values()) <= {"pod web version 1\n", "nothing\n"}
    return {name for name, answer in said.items() if answer != "nothing\n"}


def test_policies_stop_what_they_deny_and_pass_what_they_allow(
    enforcing: Cluster, tmp_path: Path
) -> None:
    clients = pod("near", "node1", "busybox:1"), pod("far", "node2", "busybox:1")
    apply(enforcing, tmp_path, pod("web", "node1", "web:1"), *clients)
    names = [f"pod/{name}" for name in ("web", "near", "far")]
    kubectl(enforcing, "wait", "--for=condition=Ready", *names, "--timeout=30s")
    until(lambda: reaching(enforcing) == {"near", "far"}, 10)
    apply(enforcing, tmp_path, DENY_ALL)
    until(lambda: reaching(enforcing) == set(), 10)
    apply(enforcing, tmp_path, ALLOW_FAR)
    until(lambda: reaching(enforcing) == {"far"}, 10)
    apply(enforcing, tmp_path, SILENCE_FAR)
    until(lambda: reaching(enforcing) == set(), 10)
    kubectl(enforcing, "delete", "networkpolicy", "--all")
    until(lambda: reaching(enforcing) == {"near", "far"}, 10)


def test_names_and_services_work_as_without_enforcers(enforcing: Cluster) -> None:
    kubectl(enforcing, "expose", "pod/web", "--port=80", "--target-port=8080")
    ask = "timeout 5 wget -qO- http://web.default.svc.cluster.local/ 2>/dev/null || true"

    def answers() -> set[str]:
        clients = ("near", "far")
        return {kubectl(enforcing, "exec", name, "--", "sh", "-c", ask) for name in clients}

    until(lambda: answers() == {"pod web version 1\n"}, 15)


def test_a_node_that_lost_its_power_is_reached_and_guarded_again(
    enforcing: Cluster, tmp_path: Path
) -> None:
    apply(enforcing, tmp_path, DENY_ALL, ALLOW_FAR)
    until(lambda: reaching(enforcing) == {"far"}, 10)
    known = card(enforcing, 1)
    enforcing.stop_node(1)
    enforcing.start_node(1)
    assert card(enforcing, 1) == known, "or the other nodes would send to one that is gone"
    until_started_again(enforcing, "web", "near")
    until(lambda: reaching(enforcing) == {"far"}, 10)
    kubectl(enforcing, "delete", "networkpolicy", "--all")
    until(lambda: reaching(enforcing) == {"near", "far"}, 10)


def test_the_proof_leaves_no_namespace(enforcing: Cluster) -> None:
    def names() -> set[str]:
        return {item["metadata"]["name"] for item in get(enforcing, "namespaces")["items"]}

    until(lambda: not any(name.startswith("localcluster-proof") for name in names()), 30)


def test_status_tells_where_nobody_enforces_and_up_repairs_it(enforcing: Cluster) -> None:
    def told() -> str:
        return localcluster("status", "--name", enforcing.name).stdout

    assert "policies    enforced on every node" in told()
    enforcing.component("node2/felix").stop()
    assert "policies    NOT known to be enforced on node2: see logs node2/felix" in told()
    done = localcluster("up", "--name", enforcing.name)
    assert done.returncode == 0, done.stderr
    assert "policies are enforced" in done.stderr
    assert "policies    enforced on every node" in told()


def test_up_refuses_to_change_whether_policies_are_enforced(enforcing: Cluster) -> None:
    done = localcluster("up", "--name", enforcing.name, "--nodes", "1")
    assert done.returncode == 1
    assert "with 2 nodes, without audit log, with policy enforcers" in done.stderr


def test_down_leaves_nothing_in_the_machines_own_network(
    enforcing: Cluster, before: list[str]
) -> None:
    inside = [*enforcing.node(1).enter("net", "mount"), "iptables-save"]
    rules = subprocess.run(inside, capture_output=True, text=True, check=True).stdout
    assert "cali-" in rules, "what must not be left exists now"
    networks = {
        str(Path(f"/proc/{m.require_plug()}/ns/net").readlink()) for m in enforcing.machines()
    }
    assert packet_filter() == before
    assert localcluster("down", "--name", enforcing.name).returncode == 0
    assert traces(enforcing) == []
    assert not networks & network_namespaces()
    assert packet_filter() == before
