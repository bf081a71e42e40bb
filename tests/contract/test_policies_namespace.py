"""``labgrader namespace --apply`` on a real cluster."""

import json
import os
import subprocess
import sys
import uuid

import pytest

from tests.support.admission import install_admission
from tests.support.live import LiveCluster
from tests.support.specimens import Json

_COMMAND = "from labgrader.cli.namespace import namespace; namespace()"

pytestmark = pytest.mark.cluster


@pytest.fixture(scope="module")
def course(cluster: LiveCluster) -> str:
    install_admission(cluster)
    return cluster.fresh_namespace()


def opened(cluster: LiveCluster, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", _COMMAND, *arguments, "--apply"],
        env={**os.environ, "KUBECONFIG": str(cluster.kubeconfig)},
        capture_output=True,
        text=True,
        check=False,
    )


def labels(cluster: LiveCluster, namespace: str) -> dict[str, str]:
    body: Json = json.loads(cluster.kubectl("get", "ns", namespace, "-o", "json").stdout)
    return {k: v for k, v in body["metadata"]["labels"].items() if k.startswith("labgrader.dev/")}


def bindings(cluster: LiveCluster, namespace: str) -> list[str]:
    done = cluster.kubectl("get", "rolebindings", "-n", namespace, "-o", "name")
    return [line.partition("/")[2] for line in done.stdout.split()]


def test_a_namespace_is_opened_and_closed_again(cluster: LiveCluster, course: str) -> None:
    name = cluster.fresh_namespace({"team": "blue"})
    arguments = ("kim", "--course", course, "--name", name)
    for _ in range(2):
        done = opened(cluster, *arguments, "--disruption")
        assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        f"namespace/{name} applied",
        "serviceaccount/kim applied",
        "rolebinding/labgrader-learner applied",
        "rolebinding/labgrader-disturb applied",
    ]
    mine = {"labgrader.dev/course": course, "labgrader.dev/learner": "kim"}
    assert labels(cluster, name) == mine | {"labgrader.dev/disruption": "allowed"}
    assert bindings(cluster, name) == ["labgrader-disturb", "labgrader-learner"]

    assert opened(cluster, *arguments).returncode == 0
    assert labels(cluster, name) == mine
    assert bindings(cluster, name) == ["labgrader-learner"]
    team = "jsonpath={.metadata.labels.team}"
    assert cluster.kubectl("get", "ns", name, "-o", team).stdout == "blue"


def test_a_learner_may_not_own_the_node(cluster: LiveCluster, course: str) -> None:
    name = cluster.fresh_namespace()
    assert opened(cluster, "kim", "--course", course, "--name", name).returncode == 0
    pod = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "root", "namespace": name},
        "spec": {
            "containers": [{"name": "a", "image": "web:1", "securityContext": {"privileged": True}}]
        },
    }
    learner = f"system:serviceaccount:{name}:kim"
    done = cluster.kubectl(
        *("create", "--dry-run=server", "-f", "-"),
        input=json.dumps(pod),
        as_user=learner,
        check=False,
    )
    assert 'violates PodSecurity "baseline' in done.stderr


def test_no_learner_loses_a_namespace_to_another(cluster: LiveCluster, course: str) -> None:
    name = cluster.fresh_namespace()
    assert opened(cluster, "kim", "--course", course, "--name", name).returncode == 0
    done = opened(cluster, "lee", "--course", course, "--name", name)
    assert done.returncode == 1
    assert f"the namespace {name} has labgrader.dev/learner=kim, not lee" in done.stderr
    assert labels(cluster, name)["labgrader.dev/learner"] == "kim"


def test_an_unknown_context_is_named(cluster: LiveCluster) -> None:
    context = f"no-{uuid.uuid4().hex[:6]}"
    done = opened(cluster, "kim", "--course", "course", "--context", context)
    assert done.returncode == 1
    assert context in done.stderr
    assert "Traceback" not in done.stderr
