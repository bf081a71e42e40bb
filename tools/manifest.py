"""Writes everything that labgrader is on a cluster into one file: install.yaml.

`python -m tools.manifest IMAGE FILE`; `make image REGISTRY=…` and the release call
it. kubectl does the work, from a copy of the manifests that names the image: the
operator hands its own image to the probes, so it must be named in their base.
"""

import shutil
import subprocess
import tempfile
from pathlib import Path

import click
import yaml

_ROOT = Path(__file__).parents[1]


@click.command()
@click.argument("image")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def main(image: str, file: Path) -> None:
    """Write the manifests with IMAGE, REPOSITORY:TAG or REPOSITORY@DIGEST, to FILE."""
    write(image, file)


def write(image: str, file: Path) -> None:
    """Write the manifests with this image, REPOSITORY:TAG or REPOSITORY@DIGEST, to a file.

    Raises click.ClickException where kubectl is missing or refuses.
    """
    if not shutil.which("kubectl"):
        raise click.ClickException(f"{file} is written by kubectl, and none is on PATH.")
    with tempfile.TemporaryDirectory() as folder:
        for part in ("crds", "manifests"):
            shutil.copytree(_ROOT / part, Path(folder) / part)
        base = Path(folder) / "manifests" / "base"
        kustomization = base / "kustomization.yaml"
        content = yaml.safe_load(kustomization.read_text("utf-8"))
        content["images"] = [_named(image)]
        kustomization.write_text(yaml.safe_dump(content), "utf-8")
        done = subprocess.run(
            ["kubectl", "kustomize", base], capture_output=True, text=True, check=False
        )
    if done.returncode:
        raise click.ClickException(f"kubectl kustomize: {done.stderr.strip()}")
    file.write_text(done.stdout, "utf-8")


def _named(image: str) -> dict[str, str]:
    repository, _, digest = image.partition("@")
    if digest:
        return {"name": "labgrader", "newName": repository, "digest": digest}
    repository, colon, tag = image.rpartition(":")
    if not colon or "/" in tag:
        raise click.ClickException(f"{image} has no tag: expected REPOSITORY:TAG or @DIGEST.")
    return {"name": "labgrader", "newName": repository, "newTag": tag}


if __name__ == "__main__":
    main()
