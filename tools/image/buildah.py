"""Builds with buildah on a Debian base, where there is no Docker; needs root.

No container registry is asked: mmdebstrap makes the base from Debian's packages,
pip downloads the wheels first. Both, and the layers, are kept in the user's cache
directory, so a change of the source alone takes seconds. Nothing else stays: no
working container, no mount.
"""

import hashlib
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click

from tools.image.inputs import DEPENDENCIES, fingerprint
from tools.image.steps import Steps, alone

_PROGRAMS = ("buildah", "mmdebstrap")
_SUITE = "bookworm"
_PYTHON = "3.11"  # of that suite; the wheels must fit
_GLIBC_MINOR = 36  # of that suite
_OLDEST_GLIBC_MINOR = 17  # manylinux2014, the oldest that wheels of today are built for
_FULL = "docker.io/library/"  # what containerd reads before a short name
_UNREAD = ("doc", "info", "locale", "man")
_MAKE_BASE = (
    *("mmdebstrap", "--variant=apt", "--include=python3,python3-venv,ca-certificates"),
    *(f"--dpkgopt=path-exclude=/usr/share/{unread}/*" for unread in _UNREAD),
    _SUITE,
)


def cache() -> Path:
    """Where the base, the wheels and the layers are kept."""
    home = os.environ.get("XDG_CACHE_HOME")
    return (Path(home) if home else Path.home() / ".cache") / "labgrader" / "image"


@dataclass(frozen=True)
class Buildah:
    """buildah with a storage of its own, apart from the machine's containers."""

    root: Path
    steps: Steps
    cache: Path

    def build(self, name: str, archive: Path) -> None:
        """Build the Dockerfile and write the image under this name to the archive."""
        _ensure_programs(self.steps)
        with self._storage() as command:
            base = self._base(command)
            wheels = self._wheels(command)
            self.steps.say(
                f"buildah builds {name} (half a minute, or seconds when only code changed)"
            )
            self.steps.run(
                [
                    *command,
                    *("build", "--isolation=chroot", "--layers", f"--tag={_FULL}{name}"),
                    f"--volume={wheels}:/wheels:ro",
                    f"--build-arg=PYTHON_IMAGE={base}",
                    *("--build-arg=PIP_NO_INDEX=1", "--build-arg=PIP_FIND_LINKS=/wheels"),
                    str(self.root),
                ]
            )
            target = f"docker-archive:{archive}"
            self.steps.say("writing the archive")
            self.steps.run([*command, "push", f"{_FULL}{name}", target])

    def push(self, archive: Path, name: str, target: str) -> None:
        """Push the image of the archive to a registry."""
        _ensure_programs(self.steps)
        self.steps.say(f"buildah pushes {target}")
        with self._storage() as command:
            self.steps.run([*command, "pull", f"docker-archive:{archive}"])
            self.steps.run([*command, "push", f"{_FULL}{name}", f"docker://{target}"])

    @contextmanager
    def _storage(self) -> Iterator[list[str]]:
        self.cache.mkdir(parents=True, exist_ok=True)
        storage = self.cache / "storage"
        lock = alone(self.cache / "lock", self.steps)
        with lock, tempfile.TemporaryDirectory() as run:
            # Mounts of a build die with its namespace, however it ends.
            command = ["unshare", "--mount", "buildah", f"--root={storage}", f"--runroot={run}"]
            try:
                yield command
            finally:
                self.steps.run([*command, "rm", "--all"])

    def _base(self, command: list[str]) -> str:
        made_by = hashlib.sha256("\0".join(_MAKE_BASE).encode()).hexdigest()
        base = f"localhost/labgrader-base:{made_by[:16]}"
        if _succeeds([*command, "inspect", "--type=image", base], self.steps):
            return base
        self.steps.say(
            f"mmdebstrap makes the base: Debian {_SUITE} with Python {_PYTHON} (a minute)"
        )
        with tempfile.TemporaryDirectory(dir=self.cache) as folder:
            context = Path(folder)
            self.steps.run([*_MAKE_BASE, context / "base.tar"])
            (context / "Dockerfile").write_text("FROM scratch\nADD base.tar /\n")
            self.steps.run([*command, "build", "--isolation=chroot", f"--tag={base}", context])
        return base

    def _wheels(self, command: list[str]) -> Path:
        wheels = self.cache / f"wheels-{fingerprint(self.root, DEPENDENCIES)}"
        if wheels.exists():
            return wheels
        self.steps.say("pip downloads the wheels of requirements/")
        for outdated in self.cache.glob("wheels-*"):
            shutil.rmtree(outdated)
        # Layers over other wheels are of no more use either.
        self.steps.run([*command, "rmi", "--prune"])
        with tempfile.TemporaryDirectory(dir=self.cache) as folder:
            self.steps.run(
                [
                    *(sys.executable, "-m", "pip", "download", "--quiet", f"--dest={folder}/done"),
                    *("--only-binary=:all:", "--require-hashes", f"--python-version={_PYTHON}"),
                    *(f"--platform={platform}" for platform in _platforms()),
                    *("--requirement", self.root / "requirements" / "build.txt"),
                    *("--requirement", self.root / "requirements" / "runtime.txt"),
                ]
            )
            Path(folder, "done").rename(wheels)
        return wheels


def _platforms() -> list[str]:
    machine = platform.machine()
    minors = range(_GLIBC_MINOR, _OLDEST_GLIBC_MINOR - 1, -1)
    return [*(f"manylinux_2_{minor}_{machine}" for minor in minors), f"manylinux2014_{machine}"]


def _ensure_programs(steps: Steps) -> None:
    if os.geteuid() != 0:
        raise click.ClickException(
            "No Docker engine answers here, and building without one needs root. "
            "Start Docker, or run this as root."
        )
    missing = [program for program in _PROGRAMS if not shutil.which(program)]
    if not missing:
        return
    if not shutil.which("apt-get"):
        raise click.ClickException(
            f"No Docker engine answers here, and {' and '.join(missing)} is not installed. "
            "Start Docker, or install what is missing."
        )
    steps.say(f"apt-get installs {' '.join(missing)}")
    quietly = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "--quiet", "--yes"]
    steps.run([*quietly, "update"])
    steps.run([*quietly, "install", "--no-install-recommends", "debian-archive-keyring", *missing])


def _succeeds(command: list[str], steps: Steps) -> bool:
    try:
        steps.run(command)
    except click.ClickException:
        return False
    return True
