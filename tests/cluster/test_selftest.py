"""``labgrader test`` on a real cluster: it proves an exercise, finds what differs, and cleans up."""

import json
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.live import LiveCluster
from tools.shipped import ROOT

DEPLOYMENT = ROOT / "orchestration" / "kubernetes" / "basic" / "deployment"
MARK = "labgrader.dev/selftest"
PATIENCE_SECONDS = 600
HEALS = """\
apiVersion: labgrader.dev/v1alpha1
kind: LabExercise
metadata: {name: comes-back}
spec:
  title: {en: It comes back}
  task: {en: Run web.}
  lang: en
  settle: 5s
  checks:
  - name: ready
    points: 40
    ready: {object: {kind: Deployment, name: web}, replicas: {min: 2}}
  - name: heals
    points: 60
    needs: [ready]
    heals: {object: {kind: Deployment, name: web}, fault: DeletePod, within: 60s}
"""


@pytest.fixture
def exercise(tmp_path: Path) -> Path:
    """A copy of an exercise, with one solution and two mistakes, to change; it settles sooner."""
    place = tmp_path / "deployment"
    shutil.copytree(DEPLOYMENT, place)
    text = (place / "exercise.yaml").read_text("utf-8")
    assert "settle: 20s" in text
    (place / "exercise.yaml").write_text(text.replace("settle: 20s", "settle: 5s"), "utf-8")
    for kind, kept in (("solutions", {"one-file"}), ("mistakes", {"wrong-tag", "no-limits"})):
        for work in (place / kind).iterdir():
            if work.name not in kept:
                shutil.rmtree(work)
    return place


@pytest.fixture(autouse=True)
def nothing_is_left(cluster: LiveCluster) -> Iterator[None]:
    """Whatever a test does, each namespace that was made is on its way out."""
    yield
    listed = cluster.kubectl("get", "namespaces", "--selector", MARK, "--output=json")
    left = [
        body["metadata"]["name"]
        for body in json.loads(listed.stdout)["items"]
        if "deletionTimestamp" not in body["metadata"]
    ]
    assert left == []


def command(cluster: LiveCluster, *arguments: str | Path) -> list[str]:
    start = [sys.executable, "-m", "labgrader", "test", "--kubeconfig", str(cluster.kubeconfig)]
    return [*start, *map(str, arguments)]


def tries(cluster: LiveCluster, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(cluster, *arguments),
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_SECONDS,
    )


def rows(text: str) -> dict[str, str]:
    """The matrix: signs and score of each work."""
    parts = [line.split() for line in text.splitlines() if line.strip()]
    return {part[0]: " ".join(part[1:]) for part in parts if "/100" in part[-1]}


def test_a_sound_exercise_is_as_expected(cluster: LiveCluster, exercise: Path) -> None:
    done = tries(cluster, exercise, "--junit", exercise / "junit.xml")
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    found = rows(done.stdout)
    assert set(found) == {"start", "solutions/one-file", "mistakes/no-limits", "mistakes/wrong-tag"}
    assert found["solutions/one-file"] == "✓ ✓ ✓ ✓ ✓ ✓ ✓ 100/100"
    assert found["start"].endswith(" 0/100")
    assert "≠" not in "".join(found.values())
    assert "No mistake fails: deployment-exists, pods-are-labelled" in done.stdout
    assert 'failures="0" errors="0"' in (exercise / "junit.xml").read_text("utf-8")


def test_a_solution_that_lacks_something_differs(cluster: LiveCluster, exercise: Path) -> None:
    lacking = exercise / "mistakes" / "no-limits" / "deployment.yaml"
    shutil.rmtree(exercise / "solutions" / "one-file")
    (exercise / "solutions" / "one-file").mkdir()
    shutil.copy(lacking, exercise / "solutions" / "one-file" / "deployment.yaml")
    done = tries(cluster, exercise)
    assert done.returncode == 1, f"{done.stdout}\n{done.stderr}"
    assert "solutions/one-file: differs" in done.stdout
    assert "resources-are-limited is Failed (" in done.stdout
    assert rows(done.stdout)["solutions/one-file"].count("≠") == 1


def test_disturbing_checks_are_tried_where_allowed(cluster: LiveCluster, exercise: Path) -> None:
    (exercise / "exercise.yaml").write_text(HEALS, "utf-8")
    shutil.rmtree(exercise / "mistakes" / "no-limits")
    expected = exercise / "mistakes" / "wrong-tag" / "expect.yaml"
    expected.write_text("outcomes: {ready: Failed, heals: Skipped}\n", "utf-8")
    refused = tries(cluster, exercise)
    assert refused.returncode == 2
    assert "--allow-disruption" in refused.stderr
    done = tries(cluster, exercise, "--allow-disruption")
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    assert rows(done.stdout)["solutions/one-file"] == "✓ ✓ 100/100"
    assert "one after the other" in done.stderr


def test_what_the_cluster_refuses_is_told(cluster: LiveCluster, exercise: Path) -> None:
    pod = exercise / "solutions" / "one-file" / "pod.yaml"
    pod.write_text(
        "apiVersion: v1\nkind: Pod\nmetadata: {name: root}\n"
        "spec: {hostNetwork: true, containers: [{name: web, image: 'web:1'}]}\n",
        "utf-8",
    )
    done = tries(cluster, exercise)
    assert done.returncode == 1, f"{done.stdout}\n{done.stderr}"
    assert "solutions/one-file: differs" in done.stdout
    assert "the cluster refuses Pod root: " in done.stdout
    assert "baseline" in done.stdout


def test_ctrl_c_leaves_nothing(cluster: LiveCluster, exercise: Path) -> None:
    process = subprocess.Popen(
        command(cluster, exercise), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    until_made(cluster)
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=120)
    assert process.returncode == 130, told
    assert "Stopped." in told
    assert "Traceback" not in told


def until_made(cluster: LiveCluster) -> None:
    ends = time.monotonic() + 120
    while time.monotonic() < ends:
        listed = cluster.kubectl("get", "namespaces", "--selector", MARK, "--output=json")
        if any(
            "deletionTimestamp" not in b["metadata"] for b in json.loads(listed.stdout)["items"]
        ):
            return
        time.sleep(0.2)
    raise AssertionError("no namespace was made within 120 s")


def test_without_a_cluster_it_says_so(exercise: Path, tmp_path: Path, cluster: LiveCluster) -> None:
    config = json.loads(
        cluster.kubectl("config", "view", "--raw", "--flatten", "--output=json").stdout
    )
    for one in config["clusters"]:
        one["cluster"]["server"] = "https://127.0.0.1:1"
    nowhere = tmp_path / "nowhere"
    nowhere.write_text(json.dumps(config), "utf-8")
    done = tries(cluster, exercise, "--kubeconfig", nowhere)
    assert done.returncode == 2
    assert "the cluster does not answer" in done.stderr
