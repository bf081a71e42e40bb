"""Builds with Docker, where its engine answers."""

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tools.image.steps import Steps

_PATIENCE_SECONDS = 20


def answers() -> bool:
    """Whether there is a Docker engine; the client alone cannot build."""
    if not shutil.which("docker"):
        return False
    try:
        asked = subprocess.run(
            ["docker", "info", "--format", "{{.ServerVersion}}"],
            capture_output=True,
            check=False,
            timeout=_PATIENCE_SECONDS,
        )
    except subprocess.TimeoutExpired:
        return False
    return asked.returncode == 0 and bool(asked.stdout.strip())


@dataclass(frozen=True)
class Docker:
    """Docker's engine; its own cache of layers makes later builds fast."""

    root: Path
    steps: Steps

    def build(self, name: str, archive: Path) -> None:
        """Build the Dockerfile and write the image under this name to the archive."""
        self.steps.say(f"docker builds {name}")
        self.steps.run(["docker", "build", "--tag", name, "."], self.root)
        self.steps.run(["docker", "save", "--output", archive, name])

    def push(self, archive: Path, name: str, target: str) -> None:
        """Push the image of the archive to a registry."""
        self.steps.say(f"docker pushes {target}")
        self.steps.run(["docker", "load", "--input", archive])
        self.steps.run(["docker", "tag", name, target])
        self.steps.run(["docker", "push", target])
