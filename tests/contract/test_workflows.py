"""The workflows and scripts of continuous integration, checked by linters.

They run on machines that are not ours, so what can be known before is checked
here: actionlint for the workflows, shellcheck for every script in and beside
them, and that they call what this repository really has.
"""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from localcluster.build import toolchain
from localcluster.build.cache import Cache, content_hash
from localcluster.layout import cache_home
from localcluster.progress import Timed

ROOT = Path(__file__).parents[2]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yaml"))
ACTIONLINT = "github.com/rhysd/actionlint/cmd/actionlint@v1.7.12"
SHELLCHECK = Path(sys.executable).with_name("shellcheck")


@pytest.fixture(scope="session")
def actionlint() -> Path:
    """The linter, built once from its Go module and kept in the user's cache."""
    cache = Cache(cache_home())

    def build(folder: Path) -> None:
        go = toolchain.find(cache, Timed()).go
        command = ["env", f"GOBIN={folder}", str(go), "install", "-trimpath", ACTIONLINT]
        subprocess.run(command, check=True, cwd=folder)

    key = content_hash(ACTIONLINT)
    return cache.entry("actionlint", key, build, Timed()) / "actionlint"


def complaints(actionlint: Path, workflow: str) -> str:
    linted = subprocess.run(
        [actionlint, "-no-color", f"-shellcheck={SHELLCHECK}", "-pyflakes=", "-"],
        input=workflow,
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    return linted.stdout + linted.stderr


def test_both_workflows_are_there() -> None:
    assert [workflow.stem for workflow in WORKFLOWS] == ["ci", "release"]


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda workflow: workflow.stem)
def test_actionlint_has_no_complaint(actionlint: Path, workflow: Path) -> None:
    assert complaints(actionlint, workflow.read_text("utf-8")) == ""


@pytest.mark.parametrize(
    ("broken", "complaint"),
    [
        ("${{ matrix.kubernetes.image }}", "kubernetes"),
        ("ubuntu-24.04", "label"),
        ('"$GITHUB_PATH"', "SC2086"),
    ],
)
def test_actionlint_would_complain(actionlint: Path, broken: str, complaint: str) -> None:
    wrong = {
        "${{ matrix.kubernetes.image }}": "${{ matrix.kubernets.image }}",
        "ubuntu-24.04": "ubuntu-24.40",
        '"$GITHUB_PATH"': "$GITHUB_PATH",
    }
    text = (ROOT / ".github" / "workflows" / "ci.yaml").read_text("utf-8")
    assert broken in text
    assert complaint in complaints(actionlint, text.replace(broken, wrong[broken]))


def test_shellcheck_has_no_complaint_about_the_ci_script() -> None:
    checked = subprocess.run(
        [SHELLCHECK, ROOT / ".ci" / "run"], capture_output=True, text=True, check=False
    )
    assert checked.stdout + checked.stderr == ""


@pytest.mark.parametrize(
    "script", [*WORKFLOWS, ROOT / ".ci" / "run"], ids=lambda script: script.stem
)
def test_what_is_made_is_in_the_makefile(script: Path) -> None:
    wanted = set(re.findall(r"(?:run:|timed) make ([.a-z-]+)", script.read_text("utf-8")))
    makefile = (ROOT / "Makefile").read_text("utf-8")
    assert wanted
    assert wanted <= set(re.findall(r"^([.a-z-]+):", makefile, re.MULTILINE))


def test_kind_is_tried_on_three_minors_by_digest() -> None:
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yaml").read_text("utf-8"))
    versions = workflow["jobs"]["cluster"]["strategy"]["matrix"]["kubernetes"]
    assert len({version["minor"] for version in versions}) == 3
    for version in versions:
        pattern = rf"kindest/node:v{version['minor']}\.\d+@sha256:[0-9a-f]{{64}}"
        assert re.fullmatch(pattern, version["image"])


def test_every_supported_python_is_tried() -> None:
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yaml").read_text("utf-8"))
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    promised = re.findall(r"Python :: (3\.\d+)", project)
    assert workflow["jobs"]["unit"]["strategy"]["matrix"]["python"] == promised


def test_everything_that_is_released_has_a_dockerfile() -> None:
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "release.yaml").read_text("utf-8"))
    steps = workflow["jobs"]["publish"]["steps"]
    contexts = [step["with"]["context"] for step in steps if "context" in step.get("with", {})]
    assert contexts == [".", "workloads/web", "workloads/web", "workloads/kubectl"]
    for context in contexts:
        assert (ROOT / context / "Dockerfile").is_file()
