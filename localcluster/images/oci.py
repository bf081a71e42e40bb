"""Assembles a container image from files, as an OCI tar that containerd imports.

Used for the images of `catalog.py`. The same files always give the same bytes.
It knows one layer and no base image: what is in the image is what is given.
"""

import hashlib
import io
import json
import os
import tarfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}
_MANIFEST = "application/vnd.oci.image.manifest.v1+json"
_CONFIG = "application/vnd.oci.image.config.v1+json"
_LAYER = "application/vnd.oci.image.layer.v1.tar"
NOBODY = "65532:65532"


@dataclass(frozen=True)
class Image:
    """An image: its full name with tag, what it runs, as whom, and the files in it.

    `files` are real files by their place in the image, `links` symbolic links,
    `texts` small files written here.
    """

    name: str
    files: dict[str, Path]
    links: dict[str, str] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    entrypoint: tuple[str, ...] = ()
    command: tuple[str, ...] = ()
    user: str = NOBODY

    def config(self, layer: str) -> dict[str, Any]:
        """The image's configuration, over a layer with this digest."""
        run = {
            "Entrypoint": list(self.entrypoint),
            "Cmd": list(self.command),
            "Env": ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
            "User": self.user,
            "WorkingDir": "/",
        }
        machine = os.uname().machine
        return {
            "architecture": _ARCHITECTURES.get(machine, machine),
            "os": "linux",
            "config": {key: value for key, value in run.items() if value},
            "rootfs": {"type": "layers", "diff_ids": [layer]},
        }


def write(image: Image, target: Path) -> None:
    """Write the image's tar."""
    layer = _layer(image)
    config = _json(image.config(_digest(layer)))
    manifest = _json(
        {
            "schemaVersion": 2,
            "mediaType": _MANIFEST,
            "config": _descriptor(_CONFIG, config),
            "layers": [_descriptor(_LAYER, layer)],
        }
    )
    names = {
        "io.containerd.image.name": image.name,
        "org.opencontainers.image.ref.name": image.name.rpartition(":")[2],
    }
    listed = {**_descriptor(_MANIFEST, manifest), "annotations": names}
    index = _json({"schemaVersion": 2, "manifests": [listed]})
    blobs = {f"blobs/sha256/{_digest(b)[7:]}": b for b in (layer, config, manifest)}
    files = {"oci-layout": _json({"imageLayoutVersion": "1.0.0"}), "index.json": index, **blobs}
    with tarfile.open(target, "w") as tar:
        for name, content in files.items():
            _add(tar, name, content, 0o644)


def _layer(image: Image) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for folder in _folders([*image.files, *image.links, *image.texts]):
            entry = tarfile.TarInfo(folder)
            entry.type, entry.mode = tarfile.DIRTYPE, 0o755
            tar.addfile(entry)
        scratch = tarfile.TarInfo("tmp")
        scratch.type, scratch.mode = tarfile.DIRTYPE, 0o1777
        tar.addfile(scratch)
        for name, text in sorted(image.texts.items()):
            _add(tar, name, text.encode(), 0o644)
        for name, source in sorted(image.files.items()):
            _add(tar, name, source.read_bytes(), 0o755)
        for name, target in sorted(image.links.items()):
            link = tarfile.TarInfo(name)
            link.type, link.linkname = tarfile.SYMTYPE, target
            tar.addfile(link)
    return buffer.getvalue()


def _folders(names: Iterable[str]) -> list[str]:
    return sorted({str(parent) for name in names for parent in Path(name).parents} - {"."})


def _add(tar: tarfile.TarFile, name: str, content: bytes, mode: int) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(content), mode
    tar.addfile(entry, io.BytesIO(content))


def _json(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True).encode()


def _digest(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def _descriptor(kind: str, content: bytes) -> dict[str, Any]:
    return {"mediaType": kind, "digest": _digest(content), "size": len(content)}
