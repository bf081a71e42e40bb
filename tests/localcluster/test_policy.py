import json
from pathlib import Path
from typing import Any

import pytest

from localcluster import layout, record, requirements
from localcluster.build import programs
from localcluster.build.programs import Carried, Program
from localcluster.layout import Layout
from localcluster.node import cni
from localcluster.node.flags import Node
from localcluster.policy import felix, proof
from localcluster.record import Record

PLAIN = Record(2, audit=False, port=7, programs="/p")
ENFORCING = Record(2, audit=False, port=7, programs="/p", enforcer="/e")


def written(network: cni.Network, folder: Path) -> list[dict[str, Any]]:
    network.write(folder)
    (file,) = folder.iterdir()
    plugins: list[dict[str, Any]] = json.loads(file.read_text())["plugins"]
    return plugins


def test_an_allowed_and_a_denied_flow_reach_every_node() -> None:
    tried = proof.flows(3)
    for node in (1, 2, 3):
        assert sorted(flow.allowed for flow in tried if flow.node == node) == [False, True]
    assert all(flow.source.startswith("friend-") == flow.allowed for flow in tried)
    assert [str(flow) for flow in proof.flows(1)] == [
        "friend-1 to stranger-1",
        "stranger-1 to friend-1",
    ]


def test_every_end_of_a_flow_is_a_pod_on_its_node() -> None:
    pods = [thing for thing in proof.pods("x", 3) if thing["kind"] == "Pod"]
    places = {pod["metadata"]["name"]: pod["spec"]["nodeName"] for pod in pods}
    assert len(places) == 6
    for flow in proof.flows(3):
        assert places[flow.target] == layout.node_name(flow.node)
        assert places[flow.source] != places[flow.target]


def test_the_proof_denies_all_and_lets_only_friends_through() -> None:
    deny, allow = (policy["spec"] for policy in proof.policies("x"))
    assert deny == {"podSelector": {}, "policyTypes": ["Ingress"]}
    (rule,) = allow["ingress"]
    (peer,) = rule["from"]
    labels = {
        pod["metadata"]["name"]: pod["metadata"]["labels"].items()
        for pod in proof.pods("x", 1)
        if pod["kind"] == "Pod"
    }
    wanted = peer["podSelector"]["matchLabels"].items()
    assert {name: wanted <= has for name, has in labels.items()} == {
        "friend-1": True,
        "stranger-1": False,
    }


def test_only_nodes_with_an_enforcer_run_felix(tmp_path: Path) -> None:
    place = Layout("x", tmp_path)
    plain = Node(place, 2, Path("/p")).agents()
    enforcing = Node(place, 2, Path("/p"), Path("/e")).agents()
    assert [unit.name for unit in plain] == ["kubelet", "kube-proxy"]
    assert enforcing[:2] == plain
    (unit,) = enforcing[2:]
    assert unit.name == felix.FELIX
    assert unit.argv[0] == "env"
    assert unit.argv[-1] == "/e/calico-felix"
    assert {"FELIX_FELIXHOSTNAME=node2", "FELIX_HEALTHHOST=10.89.0.12"} <= set(unit.argv)
    assert f"KUBECONFIG={place.kubeconfigs / 'calico'}" in unit.argv


def test_the_usual_network_is_a_bridge_with_debians_programs(tmp_path: Path) -> None:
    network = cni.bridged(1)
    plugins = written(network, tmp_path / "cni")
    assert [plugin["type"] for plugin in plugins] == ["bridge", "portmap"]
    assert plugins[0]["ipam"]["ranges"] == [[{"subnet": "10.244.1.0/24"}]]
    assert network.programs == Path("/usr/lib/cni")


def test_the_network_for_policies_finds_calico_and_what_it_calls(tmp_path: Path) -> None:
    place = Layout("x", tmp_path)
    network = cni.routed(place, 2, tmp_path / "enforcer")
    plugins = written(network, tmp_path / "cni")
    assert [plugin["type"] for plugin in plugins] == ["calico", "portmap"]
    calico = plugins[0]
    assert calico["nodename"] == "node2"
    assert calico["ipam"]["ranges"] == [[{"subnet": "10.244.2.0/24"}]]
    assert calico["kubernetes"] == {"kubeconfig": str(place.kubeconfigs / "calico")}
    links = {link.name: str(link.readlink()) for link in network.programs.iterdir()}
    assert links == {
        "calico": str(tmp_path / "enforcer" / "calico"),
        "host-local": "/usr/lib/cni/host-local",
        "loopback": "/usr/lib/cni/loopback",
        "portmap": "/usr/lib/cni/portmap",
    }


def test_a_record_from_before_there_were_enforcers_can_be_read(tmp_path: Path) -> None:
    place = Layout("x", tmp_path)
    place.home.mkdir()
    place.record.write_text('{"nodes": 2, "audit": false, "port": 7, "programs": "/p"}')
    assert record.read(place) == PLAIN
    assert not PLAIN.policy


def test_a_record_keeps_the_enforcer(tmp_path: Path) -> None:
    place = Layout("x", tmp_path)
    place.home.mkdir()
    ENFORCING.write(place)
    assert record.read(place) == ENFORCING
    assert ENFORCING.policy


def test_a_cluster_is_complete_while_the_cache_has_its_programs(tmp_path: Path) -> None:
    built, enforcer = tmp_path / "built", tmp_path / "enforcer"
    built.mkdir()
    assert Record(1, audit=False, port=7, programs=str(built)).complete()
    with_enforcer = Record(1, audit=False, port=7, programs=str(built), enforcer=str(enforcer))
    assert not with_enforcer.complete()
    enforcer.mkdir()
    assert with_enforcer.complete()


def test_the_tool_for_sets_of_addresses_is_asked_for_with_policies_only(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(requirements, "_SBIN", str(tmp_path))
    assert "ipset" not in requirements.missing_packages()
    every = requirements.PROGRAMS | requirements.POLICY_PROGRAMS
    assert "ipset" in requirements.missing_packages(every)


def test_what_a_program_carries_is_part_of_its_key(tmp_path: Path) -> None:
    (tmp_path / "main.go").write_text("package main")
    program, carrying = (
        Program("x", tmp_path, carries=carries).key() for carries in (None, Carried("m", "f"))
    )
    assert program != carrying


def test_the_enforcer_is_the_release_that_it_says_it_is() -> None:
    source = programs.ENFORCER.source
    assert 'version = "v3.28.5"' in (source / "main.go").read_text()
    assert (
        "calico v1.11.0-cni-plugin.0.20250813170300-a0db560f0520" in (source / "go.mod").read_text()
    )
