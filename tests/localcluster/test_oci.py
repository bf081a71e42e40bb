import hashlib
import io
import json
import os
import tarfile
from pathlib import Path
from typing import Any

import pytest

from localcluster.images.oci import Image, write


@pytest.fixture
def image(tmp_path: Path) -> Image:
    program = tmp_path / "program"
    program.write_bytes(b"\x7fELF")
    return Image(
        "docker.io/library/thing:3",
        {"bin/thing": program},
        links={"bin/alias": "thing"},
        texts={"etc/passwd": "root:x:0:0::/:/bin/sh\n"},
        entrypoint=("/bin/thing",),
    )


def contents(tar: Path) -> dict[str, bytes]:
    with tarfile.open(tar) as opened:
        return {m.name: opened.extractfile(m).read() for m in opened}  # type: ignore[union-attr] # all are files


def blob(files: dict[str, bytes], descriptor: dict[str, Any]) -> bytes:
    content = files[descriptor["digest"].replace("sha256:", "blobs/sha256/")]
    assert len(content) == descriptor["size"]
    assert f"sha256:{hashlib.sha256(content).hexdigest()}" == descriptor["digest"]
    return content


def test_the_index_leads_by_digests_to_the_files(image: Image, tmp_path: Path) -> None:
    write(image, tmp_path / "image.tar")
    files = contents(tmp_path / "image.tar")
    assert json.loads(files["oci-layout"]) == {"imageLayoutVersion": "1.0.0"}
    listed = json.loads(files["index.json"])["manifests"][0]
    assert listed["annotations"] == {
        "io.containerd.image.name": "docker.io/library/thing:3",
        "org.opencontainers.image.ref.name": "3",
    }
    manifest = json.loads(blob(files, listed))
    config = json.loads(blob(files, manifest["config"]))
    assert config["config"]["Entrypoint"] == ["/bin/thing"]
    assert config["config"]["User"] == "65532:65532"
    assert config["rootfs"]["diff_ids"] == [manifest["layers"][0]["digest"]]
    with tarfile.open(fileobj=io.BytesIO(blob(files, manifest["layers"][0]))) as layer:
        shape = {m.name: (m.type, oct(m.mode)) for m in layer}
        assert layer.getmember("bin/alias").linkname == "thing"
    assert shape["bin/thing"] == (tarfile.REGTYPE, "0o755")
    assert shape["etc/passwd"] == (tarfile.REGTYPE, "0o644")
    assert shape["tmp"] == (tarfile.DIRTYPE, "0o1777")
    assert {"bin", "etc"} <= set(shape)


def test_the_same_files_give_the_same_bytes(image: Image, tmp_path: Path) -> None:
    write(image, tmp_path / "one.tar")
    os.utime(image.files["bin/thing"], (1, 1))
    write(image, tmp_path / "two.tar")
    assert (tmp_path / "one.tar").read_bytes() == (tmp_path / "two.tar").read_bytes()
