"""Where evidence files go, and that they are written as a whole or not at all."""

from pathlib import Path

import pytest

from labgrader.cli.evidence_file import NoPlace, places, read_bundle, write
from labgrader.evidence.packing import MAX_FILE_BYTES, BadBundle


def test_each_namespace_has_a_file(tmp_path: Path) -> None:
    files = places(f"{tmp_path}/{{namespace}}.lab", ["kim", "lee"])
    assert files == {"kim": tmp_path / "kim.lab", "lee": tmp_path / "lee.lab"}
    assert places(f"{tmp_path}/one.lab", ["kim"]) == {"kim": tmp_path / "one.lab"}


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("one.lab", "2 namespaces are graded: write {namespace} into the name"),
        ("nowhere/{namespace}.lab", "there is no folder"),
    ],
)
def test_no_place(tmp_path: Path, pattern: str, said: str) -> None:
    with pytest.raises(NoPlace, match=said):
        places(str(tmp_path / pattern), ["kim", "lee"])


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(NoPlace, match="is a folder"):
        places(str(tmp_path), ["kim"])


def test_what_cannot_be_written_leaves_what_was_there(tmp_path: Path) -> None:
    file = tmp_path / "full.lab"
    file.write_bytes(b"before")
    write(file, b"after")
    assert file.read_bytes() == b"after"
    taken = tmp_path / "taken.lab"
    taken.mkdir()
    with pytest.raises(NoPlace, match=r"taken\.lab cannot be written"):
        write(taken, b"x")
    assert {file.name for file in tmp_path.iterdir()} == {"full.lab", "taken.lab"}, (
        "no unfinished file stays"
    )


def test_a_file_that_is_not_there_or_endless(tmp_path: Path) -> None:
    with pytest.raises(BadBundle, match="cannot be read: No such file"):
        read_bundle(tmp_path / "none.lab")
    with pytest.raises(BadBundle, match="Is a directory"):
        read_bundle(tmp_path)
    endless = tmp_path / "endless.lab"
    with endless.open("wb") as file:
        file.truncate(MAX_FILE_BYTES * 100)  # sparse
    with pytest.raises(BadBundle, match="no recorded evidence"):
        read_bundle(endless)
