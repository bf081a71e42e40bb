"""The command line: `python -m tools.image [--registry REGISTRY]`."""

from pathlib import Path

import click

from tools import manifest
from tools.image import docker
from tools.image.buildah import Buildah, cache
from tools.image.docker import Docker
from tools.image.inputs import DEPENDENCIES, SOURCES, fingerprint
from tools.image.steps import Steps

NAME = "labgrader:dev"
_ROOT = Path(__file__).parents[2]


@click.command()
@click.option("--registry", help="Push there, too: registry.example.edu/labs.")
def main(registry: str | None) -> None:
    """Build the operator's image into build/labgrader.tar, unless it is there already."""
    build = _ROOT / "build"
    build.mkdir(exist_ok=True)
    log = build / "image.log"
    log.unlink(missing_ok=True)
    steps = Steps(log)
    engine = Docker(_ROOT, steps) if docker.answers() else Buildah(_ROOT, steps, cache())
    archive = build / "labgrader.tar"
    made_of = fingerprint(_ROOT, DEPENDENCIES + SOURCES)
    _build(engine, archive, made_of)
    if registry:
        # Named by content: nodes that keep an image by its name never run an outdated one.
        target = f"{registry.rstrip('/')}/labgrader:{made_of}"
        engine.push(archive, NAME, target)
        manifest.write(target, build / "install.yaml")
        steps.say(f"pushed {target}; now: kubectl apply --server-side -f build/install.yaml")


def _build(engine: Docker | Buildah, archive: Path, made_of: str) -> None:
    note = archive.with_suffix(".inputs")
    if archive.exists() and note.exists() and note.read_text() == made_of:
        engine.steps.say(f"{archive} is up to date")
        return
    note.unlink(missing_ok=True)
    archive.unlink(missing_ok=True)
    partial = archive.with_suffix(".part")
    partial.unlink(missing_ok=True)
    engine.build(NAME, partial)
    partial.rename(archive)
    note.write_text(made_of)
    engine.steps.say(f"{archive}: {archive.stat().st_size // 1_000_000} MB")


if __name__ == "__main__":
    main()
