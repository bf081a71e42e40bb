"""The image build: when it builds, how Docker is called (by a recorded stand-in), what comes out.

Docker's engine is not here; buildah is, and builds the real image.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import IO

import pytest
import yaml
from packaging.requirements import Requirement

from tests.support.live import LiveCluster
from tools import manifest
from tools.image.buildah import cache
from tools.image.inputs import DEPENDENCIES, SOURCES, fingerprint

ROOT = Path(__file__).parents[2]
STAND_IN = f"""#!{sys.executable}
import json, os, pathlib, sys
with open(os.environ["RECORD"], "a") as record:
    record.write(json.dumps(sys.argv[1:]) + "\\n")
if sys.argv[1] == "info":
    print(os.environ.get("ENGINE", "29.0"))
if sys.argv[1] == os.environ.get("FAILING"):
    sys.exit("no space left on device")
if sys.argv[1] == "save":
    pathlib.Path(sys.argv[3]).write_text("an image")
"""


class Clone:
    """A copy of what the build reads, and a `docker` that only records."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "clone"
        self.record = folder / "calls"
        self.bin = folder / "bin"
        self.archive = self.root / "build" / "labgrader.tar"
        for name in ("tools", *DEPENDENCIES, *SOURCES):
            target = self.root / name
            target.parent.mkdir(parents=True, exist_ok=True)
            if (ROOT / name).is_dir():
                shutil.copytree(ROOT / name, target, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(ROOT / name, target)
        self.bin.mkdir()
        (self.bin / "docker").write_text(STAND_IN)
        (self.bin / "docker").chmod(0o755)

    def build(self, **environment: str) -> subprocess.CompletedProcess[str]:
        self.record.write_text("")
        path = f"{self.bin}{os.pathsep}{os.environ['PATH']}"
        return subprocess.run(
            [sys.executable, "-m", "tools.image"],
            cwd=self.root,
            env={**os.environ, "PATH": path, "RECORD": str(self.record), **environment},
            capture_output=True,
            text=True,
            check=False,
        )

    def calls(self) -> list[str]:
        lines = self.record.read_text().splitlines()
        return [" ".join(call) for call in map(json.loads, lines) if call[0] != "info"]


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    return Clone(tmp_path)


def test_docker_builds_where_its_engine_answers(clone: Clone) -> None:
    assert clone.build().returncode == 0
    part = clone.archive.with_suffix(".part")
    assert clone.calls() == [
        "build --tag labgrader:dev .",
        f"save --output {part} labgrader:dev",
    ]
    assert clone.archive.read_text() == "an image"
    assert not part.exists()


@pytest.mark.slow
def test_nothing_is_built_again_until_something_changed(clone: Clone) -> None:
    clone.build()
    again = clone.build()
    assert "is up to date" in again.stderr
    assert clone.calls() == []
    (clone.root / "operator" / "labgrader" / "new.py").write_text("")
    clone.build()
    assert clone.calls() != []


@pytest.mark.slow
def test_a_build_that_fails_says_why_and_is_tried_again(clone: Clone) -> None:
    clone.build()
    (clone.root / "Dockerfile").write_text("FROM scratch\n")
    failed = clone.build(FAILING="build")
    assert failed.returncode == 1
    assert "docker ended with 1" in failed.stderr
    assert "no space left on device" in failed.stderr
    assert clone.build().returncode == 0
    assert len(clone.calls()) == 2


def test_the_fingerprint_knows_names_and_contents_but_no_bytecode(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "one.py").write_text("1")
    before = fingerprint(tmp_path, ("a",))
    (tmp_path / "a" / "__pycache__").mkdir()
    (tmp_path / "a" / "__pycache__" / "one.pyc").write_text("1")
    assert fingerprint(tmp_path, ("a",)) == before
    (tmp_path / "a" / "one.py").rename(tmp_path / "a" / "two.py")
    renamed = fingerprint(tmp_path, ("a",))
    (tmp_path / "a" / "two.py").write_text("2")
    assert len({before, renamed, fingerprint(tmp_path, ("a",))}) == 3


def test_the_fingerprint_covers_all_that_the_dockerfile_can_see() -> None:
    seen = re.findall(r"^!(.+)$", (ROOT / ".dockerignore").read_text(), re.MULTILINE)
    covered = {name.partition("/")[0] for name in (*DEPENDENCIES, *SOURCES)}
    assert set(seen) == covered - {"Dockerfile", ".dockerignore"}


@pytest.mark.parametrize("lock", DEPENDENCIES)
def test_the_same_wheels_are_right_for_every_python(lock: str) -> None:
    # pip judges markers by the Python it runs on, and that is not the image's.
    lines = (ROOT / lock).read_text().splitlines()
    pinned = [Requirement(line.rstrip("\\")) for line in lines if re.match(r"[a-z]", line)]
    markers = [str(one.marker) for one in pinned if one.marker]
    assert pinned
    assert [marker for marker in markers if re.search(r"python(_full)?_version", marker)] == []


@pytest.mark.cluster
def test_the_image_runs_labgrader_as_nobody_and_nothing_else_stays() -> None:
    subprocess.run([sys.executable, "-m", "tools.image"], cwd=ROOT, check=True)
    with tarfile.open(ROOT / "build" / "labgrader.tar") as archive:
        (image,) = json.load(_member(archive, "manifest.json"))
        config = json.load(_member(archive, image["Config"]))["config"]
        with tarfile.open(fileobj=_member(archive, image["Layers"][-1])) as product:
            files = product.getnames()
    assert image["RepoTags"] == ["docker.io/library/labgrader:dev"]
    assert (config["User"], config["Entrypoint"]) == ("65532:65532", ["labgrader"])
    assert any(
        file.endswith("labgrader/api/__pycache__/__init__.cpython-311.pyc") for file in files
    )
    assert not [file for file in files if "opt/labgrader" not in file and file.count("/") > 1]
    assert str(cache()) not in Path("/proc/self/mounts").read_text()


@pytest.mark.parametrize(
    "image",
    ["registry.example.edu:5000/labs/labgrader:1", f"ghcr.io/labs/labgrader@sha256:{'0' * 64}"],
)
def test_install_yaml_names_the_image_for_the_operator_and_its_probes(
    cluster: LiveCluster, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, image: str
) -> None:
    programs = f"{Path(cluster.program).parent}{os.pathsep}{os.environ['PATH']}"
    monkeypatch.setenv("PATH", programs)
    manifest.write(image, tmp_path / "install.yaml")
    objects = list(yaml.safe_load_all((tmp_path / "install.yaml").read_text("utf-8")))
    (operator,) = (one for one in objects if one["kind"] == "Deployment")
    (container,) = operator["spec"]["template"]["spec"]["containers"]
    environment = {variable["name"]: variable.get("value") for variable in container["env"]}
    assert (container["image"], environment["LABGRADER_PROBE_IMAGE"]) == (image, image)
    assert {"CustomResourceDefinition", "Namespace"} <= {one["kind"] for one in objects}


def _member(archive: tarfile.TarFile, name: str) -> IO[bytes]:
    found = archive.extractfile(name)
    assert found
    return found
