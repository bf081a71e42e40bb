"""What the image is made of, and whether it changed.

Read by the command, to build only when needed and to name what is pushed. The
list is the one of .dockerignore, and how it is built.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path

DEPENDENCIES = ("requirements/build.txt", "requirements/runtime.txt")
TOOLS = ("tools/image",)
SOURCES = (".dockerignore", "Dockerfile", "LICENSE", "README.md", "operator", "pyproject.toml")


def fingerprint(root: Path, inputs: tuple[str, ...]) -> str:
    """A digest of these files and folders, by names and contents; 16 hex digits."""
    digest = hashlib.sha256()
    for name in sorted(inputs):
        for file in _files(root / name):
            content = file.read_bytes()
            digest.update(f"{file.relative_to(root)}\0{len(content)}\0".encode())
            digest.update(content)
    return digest.hexdigest()[:16]


def _files(place: Path) -> Iterator[Path]:
    if place.is_dir():
        found = (file for file in place.rglob("*") if file.is_file())
        yield from sorted(file for file in found if "__pycache__" not in file.parts)
    else:
        yield place
