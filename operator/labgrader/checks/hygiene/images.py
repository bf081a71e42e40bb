"""How an image is named, and where it comes from.

Called by ``checks.configures``. The grammar is that of container runtimes: without a registry
docker.io, there without a folder library, without a tag latest.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from labgrader.api.kinds import ImagePolicy
from labgrader.checks.expect.places import shown
from labgrader.checks.finding import Cause, cause
from labgrader.checks.hygiene.difference import Place, compared
from labgrader.checks.tolerant import text
from labgrader.evidence.answers import Json

DEFAULT_REGISTRY = "docker.io"
_ITS_OLD_NAMES = frozenset({"index.docker.io", "registry-1.docker.io"})


@dataclass(frozen=True, slots=True)
class Image:
    """An image's name in parts. ``repository`` begins with the registry."""

    repository: str
    tag: str = ""
    digest: str = ""

    def comes_from(self, place: str) -> bool:
        """Whether the place, a registry or a folder of one, holds it."""
        folder = _full(place).removesuffix("/")
        return self.repository == folder or self.repository.startswith(f"{folder}/")


def parse_image(name: str) -> Image:
    """The parts of an image's name, with what it leaves out."""
    rest, _, digest = name.partition("@")
    folder, slash, last = rest.rpartition("/")
    base, _, tag = last.partition(":")
    repository = _full(f"{folder}{slash}{base}")
    if repository.count("/") == 1 and repository.startswith(f"{DEFAULT_REGISTRY}/"):
        repository = f"{DEFAULT_REGISTRY}/library/{base}"
    return Image(repository, tag, digest)


def image_differences(wanted: ImagePolicy, place: Place, container: Json) -> Iterator[Cause]:
    """Everything in which the image is not as the policy wants it."""
    named = text(container.get("image"))
    if not named:
        yield compared(place, "image", "NAME:TAG", None)
        return
    image, seen = parse_image(named), shown(named)
    if wanted.digest and not image.digest:
        yield cause(
            "ImageWithoutDigest",
            kind=place.kind,
            name=place.name,
            namespace=place.namespace,
            container=place.container,
            image=seen,
        )
    elif not image.digest and image.tag in {"", "latest"}:
        reason = "ImageLatest" if image.tag else "ImageUntagged"
        yield cause(
            reason,
            kind=place.kind,
            name=place.name,
            namespace=place.namespace,
            container=place.container,
            image=seen,
        )
    if wanted.registries and not any(image.comes_from(folder) for folder in wanted.registries):
        yield cause(
            "ImageFromElsewhere",
            kind=place.kind,
            name=place.name,
            namespace=place.namespace,
            container=place.container,
            image=seen,
            repository=shown(image.repository),
            registries=", ".join(wanted.registries),
        )


def _full(name: str) -> str:
    """The name with its registry."""
    registry, slash, rest = name.partition("/")
    if registry in _ITS_OLD_NAMES:
        return f"{DEFAULT_REGISTRY}{slash}{rest}"
    if registry == "localhost" or "." in registry or ":" in registry:
        return name
    return f"{DEFAULT_REGISTRY}/{name}"
