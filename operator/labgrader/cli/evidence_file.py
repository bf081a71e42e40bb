"""Bundles of evidence as files: where they go, and reading and writing them whole.

Used by ``grade`` and ``regrade``. Must not judge.
"""

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from labgrader.evidence.bundle import Bundle, read
from labgrader.evidence.packing import MAX_FILE_BYTES, BadBundle

NAMESPACE = "{namespace}"


class NoPlace(Exception):
    """Evidence cannot be written where it should go. Its text says why."""


def places(pattern: str, namespaces: Sequence[str]) -> dict[str, Path]:
    """The file for each namespace. Raises NoPlace before anything is graded in vain."""
    if len(namespaces) > 1 and NAMESPACE not in pattern:
        raise NoPlace(
            f"{len(namespaces)} namespaces are graded: write {NAMESPACE} into the name of the "
            f"evidence file, such as evidence-{NAMESPACE}.lab"
        )
    files = {name: Path(pattern.replace(NAMESPACE, name)) for name in namespaces}
    for file in files.values():
        if not file.parent.is_dir():
            raise NoPlace(f"there is no folder {file.parent} to write evidence to")
        if file.is_dir():
            raise NoPlace(f"{file} is a folder, and evidence is written to a file")
    return files


def write(file: Path, content: bytes) -> None:
    """Write a file as a whole or not at all. Raises NoPlace."""
    try:
        handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
        unfinished = Path(name)
        try:
            with os.fdopen(handle, "wb") as opened:
                opened.write(content)
                opened.flush()
                os.fsync(opened.fileno())
            unfinished.replace(file)
        except BaseException:
            unfinished.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise NoPlace(f"{file} cannot be written: {error.strerror or error}") from error


def read_bundle(file: Path) -> Bundle:
    """The bundle in a file. Raises BadBundle, also where the file cannot be read."""
    try:
        with file.open("rb") as opened:
            content = opened.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise BadBundle(f"it cannot be read: {error.strerror or error}") from error
    return read(content)
