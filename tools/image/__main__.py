"""The command line: `python -m tools.image [--registry REGISTRY]`."""

from pathlib import Path

import click

from tools import manifest
from tools.image import docker
from tools.image.buildah import Buildah, cache
from tools.image.docker import Docker
from tools.image.inputs import DEPENDENCIES, SOURCES, TOOLS, fingerprint
from tools.image.steps import Steps, alone

NAME = "labgrader:dev"
_ROOT = Path(__file__).parents[2]


@click.command()
@click.option("--registry", help="Push there, too: registry.example.edu/labs.")
def main(registry: str | None) -> None:
    """Build the operator's image into build/labgrader.tar, unless it is there already."""
    build = _ROOT / "build"
    build.mkdir(exist_ok=True)
    steps = Steps(build / "image.log")
    engine = Docker(_ROOT, steps) if docker.answers() else Buildah(_ROOT, steps, cache())
    with alone(build / "image.lock", steps):
        made_of = fingerprint(_ROOT, DEPENDENCIES + SOURCES + TOOLS)
        _build(engine, build / "labgrader.tar", made_of)
        if registry:
            _push(engine, build, f"{registry.rstrip('/')}/labgrader:{made_of}")


def _build(engine: Docker | Buildah, archive: Path, made_of: str) -> None:
    note = archive.with_suffix(".inputs")
    if archive.exists() and note.exists() and note.read_text() == made_of:
        engine.steps.say(f"{archive} is up to date")
        return
    note.unlink(missing_ok=True)
    partial = archive.with_suffix(".part")
    partial.unlink(missing_ok=True)
    engine.steps.log.unlink(missing_ok=True)
    engine.build(NAME, partial)
    partial.replace(archive)  # at once: another program may just be loading it
    note.write_text(made_of)
    engine.steps.say(f"{archive}: {archive.stat().st_size // 1_000_000} MB")


def _push(engine: Docker | Buildah, build: Path, target: str) -> None:
    # Named by content: nodes that keep an image by its name never run an outdated one.
    engine.push(build / "labgrader.tar", NAME, target)
    manifest.write(target, build / "install.yaml")
    engine.steps.say(f"pushed {target}; now: kubectl apply --server-side -f build/install.yaml")


if __name__ == "__main__":
    main()
