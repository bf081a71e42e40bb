"""Stores of evidence: a folder and a real S3 server do the same; their troubles are told."""

import asyncio
import os
import resource
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fsspec.implementations.local import LocalFileSystem

from labgrader.evidence.store import NoStore, Ref, StoreTrouble, latest, outdated, parse_ref, ref_of
from labgrader.store.files import FileStore, open_store
from labgrader.store.spool import Spool
from tests.support.s3_server import S3Server, s3_server
from tests.unit.evidence.bundles import some_bundle

BUCKET = "labs"


def ref(learner: str = "kim", attempt: int = 1, time: str = "20261126T170000Z") -> str:
    return str(Ref("course", learner, "course", f"{learner}-web", attempt, time, "0" * 64))


def files_below(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.fixture(scope="module")
def server() -> Iterator[S3Server]:
    with s3_server() as started:
        started.make_bucket(BUCKET)
        yield started


@pytest.fixture(params=["file", "s3"])
def store(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> FileStore:
    if request.param == "file":
        (tmp_path / "deep/evidence").mkdir(parents=True)
        return open_store(f"file://{tmp_path}/deep/evidence")
    for name, value in request.getfixturevalue("server").environment.items():
        monkeypatch.setenv(name, value)
    return open_store(f"s3://{BUCKET}/{tmp_path.name}/evidence")


async def test_what_is_put_is_there_until_it_is_removed(store: FileStore) -> None:
    assert await store.refs() == []
    assert await store.get(ref()) is None
    await store.put(ref(), b"one")
    await store.put(ref(), b"the same again")
    await store.put(ref("lee"), b"two")
    assert await store.get(ref()) == b"the same again"
    assert await store.refs() == [ref(), ref("lee")]
    assert await store.refs("course/lee") == [ref("lee")]
    assert await store.refs("course/le") == []
    await store.remove([ref(), ref()])
    assert await store.refs() == [ref("lee")]


async def test_a_name_that_is_none_reaches_nothing(store: FileStore) -> None:
    for name in ("../../etc/passwd", "course/kim/x.lab", "", "/etc/passwd"):
        with pytest.raises(StoreTrouble, match="is no name of evidence"):
            await store.get(name)


async def test_several_at_once(store: FileStore) -> None:
    names = [ref(attempt=number) for number in range(1, 21)]
    await asyncio.gather(*(store.put(name, name.encode()) for name in names))
    assert await store.refs() == names
    assert await asyncio.gather(*map(store.get, names)) == [name.encode() for name in names]


async def test_other_files_in_the_folder_are_nobodys_evidence(tmp_path: Path) -> None:
    store = open_store(f"file://{tmp_path}")
    (tmp_path / "lost+found").mkdir()
    (tmp_path / "README").write_text("hello")
    await store.put(ref(), b"x")
    assert await store.refs() == [ref()]


async def test_a_folder_that_is_full_keeps_nothing_by_halves(tmp_path: Path) -> None:
    store = open_store(f"file://{tmp_path}")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))  # no file may grow beyond
    try:
        with pytest.raises(StoreTrouble, match="File too large"):
            await store.put(ref(), bytes(5000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert files_below(tmp_path) == []
    await store.put(ref(), bytes(5000))
    assert await store.refs() == [ref()]


async def test_what_a_killed_writer_left_is_found_and_removed(tmp_path: Path) -> None:
    store = open_store(f"file://{tmp_path}/store")
    await store.put(ref("lee"), b"x")
    left = tmp_path / "store" / f"{ref()}.part"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"ha")
    (tmp_path / "store/notes.part").write_bytes(b"nobody's")
    assert await store.refs() == [ref("lee")]
    assert await store.unfinished() == [f"{ref()}.part"]
    assert await store.unfinished(3600) == []
    os.utime(left, (0, 0))
    assert await store.unfinished(3600) == [f"{ref()}.part"]
    await store.remove(await store.unfinished())
    assert await store.unfinished() == []
    assert await store.refs() == [ref("lee")]


async def test_an_object_store_leaves_nothing_unfinished(store: FileStore) -> None:
    await store.put(ref(), b"x")
    assert await store.unfinished() == []


async def test_no_empty_folder_keeps_a_learners_name(tmp_path: Path) -> None:
    store = open_store(f"file://{tmp_path}")
    kims = [ref(attempt=attempt) for attempt in (1, 2)]
    for name in (*kims, ref("lee")):
        await store.put(name, b"x")
    await store.remove(kims[:1])
    assert await store.refs() == [kims[1], ref("lee")]
    await store.remove(kims)
    assert [path.name for path in (tmp_path / "course").iterdir()] == ["lee"]
    await store.remove([ref("lee")])
    assert store.files.ls(str(tmp_path)) == []


class Emptied(LocalFileSystem):  # type: ignore[misc]  # fsspec is untyped
    """Somebody removes the folder between its making and the first file in it."""

    cachable = False
    made = 0

    def makedirs(self, path: str, exist_ok: bool = False) -> None:  # noqa: FBT001, FBT002 (fsspec's)
        super().makedirs(path, exist_ok)
        self.made += 1
        if self.made == 1:
            os.removedirs(path)


async def test_a_folder_that_is_removed_under_a_writer_is_made_again(tmp_path: Path) -> None:
    (tmp_path / "keep").touch()
    files = Emptied(auto_mkdir=True)
    store = FileStore(files, str(tmp_path), seconds=20)
    await store.put(ref(), b"x")
    assert files.made > 1
    assert await store.get(ref()) == b"x"


async def test_who_removes_and_who_writes_do_not_disturb_each_other(tmp_path: Path) -> None:
    store = open_store(f"file://{tmp_path}")
    names = [ref(attempt=attempt) for attempt in range(1, 101)]
    await asyncio.gather(
        *(doing for name in names for doing in (store.put(name, b"x"), gone(store)))
    )
    assert await store.refs() == names


async def gone(store: FileStore) -> None:
    await store.remove([ref(attempt=999)])


def test_what_a_killed_operator_left_in_the_spool_is_swept(tmp_path: Path) -> None:
    spool = Spool(tmp_path, 1000)
    spool.add("sha256:aa", b"waits")
    for name, when in (("old", 0), ("new", time.time())):
        (tmp_path / f"{name}.part").write_bytes(b"ha")
        os.utime(tmp_path / f"{name}.part", (when, when))
    os.utime(tmp_path / "aa.lab", (0, 0))
    assert spool.sweep(60) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["aa.lab", "new.part"]


class Hanging(LocalFileSystem):  # type: ignore[misc]  # fsspec is untyped
    """A volume whose server is gone: calls do not come back."""

    cachable = False
    gone = threading.Event()

    def pipe_file(self, *_: Any, **__: Any) -> None:
        self.gone.wait(60)


async def test_a_volume_that_hangs_holds_nobody_elses_threads(tmp_path: Path) -> None:
    store = FileStore(Hanging(), str(tmp_path), seconds=0.2)
    try:
        puts = (store.put(ref(attempt=number), b"x") for number in range(50))
        said = await asyncio.gather(*puts, return_exceptions=True)
        assert {str(error) for error in said} == {"no answer within 0.2 s"}
        async with asyncio.timeout(5):
            assert await asyncio.to_thread(lambda: "free") == "free"
    finally:
        Hanging.gone.set()


async def test_a_folder_that_cannot_be_is_trouble(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    store = open_store(f"file://{tmp_path}/taken/evidence")
    with pytest.raises(StoreTrouble):
        await store.put(ref(), b"x")


async def test_a_server_that_is_away_is_trouble_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    away = S3Server("http://127.0.0.1:9")
    for name, value in away.environment.items():
        monkeypatch.setenv(name, value)
    store = open_store(f"s3://{BUCKET}/evidence")
    started = time.monotonic()
    for doing in (store.put(ref(), b"x"), store.get(ref()), store.refs()):
        with pytest.raises(StoreTrouble):
            await doing
    assert time.monotonic() - started < 15


async def test_no_such_bucket_is_trouble(server: S3Server, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)
    store = open_store("s3://another/evidence")
    for doing in (store.put(ref(), b"x"), store.refs()):
        with pytest.raises(StoreTrouble, match="NoSuchBucket"):
            await doing


async def test_a_folder_that_is_not_there_is_no_empty_store_until_something_is_put(
    tmp_path: Path,
) -> None:
    store = open_store(f"file://{tmp_path}/nope/evidence")
    for below in ("", "course/kim"):
        with pytest.raises(NoStore, match=f"there is no folder {tmp_path}/nope/evidence"):
            await store.refs(below)
    await store.put(ref(), b"x")
    assert await store.refs() == [ref()]


@pytest.mark.parametrize("url", ["", "evidence", "file://", "nothing://x", "s3://"])
def test_urls_that_name_no_store(url: str) -> None:
    with pytest.raises(StoreTrouble):
        open_store(url)


def test_names_are_read_as_they_are_written() -> None:
    bundle = some_bundle()
    with pytest.raises(ValueError, match="without a Submission"):
        ref_of(bundle, "sha256:" + "0" * 64)
    found = parse_ref(ref())
    assert found is not None
    assert str(found) == ref()
    assert parse_ref(ref() + "x") is None
    assert parse_ref("../" + ref()) is None


def test_retention_counts_for_each_submission_and_by_age() -> None:
    kim = [ref("kim", attempt, f"2026112{attempt}T000000Z") for attempt in range(1, 6)]
    lee = [ref("lee", 1, "20261101T000000Z")]
    assert outdated([*kim, *lee, "x"], 3, "20261001T000000Z") == kim[:2]
    assert outdated([*kim, *lee], 10, "20261122T000000Z") == [kim[0], *lee]
    assert outdated(kim, 1, "20270101T000000Z") == kim
    assert set(latest([*kim, *lee]).values()) == {kim[-1], *lee}


def test_a_submission_that_was_made_anew_keeps_its_new_evidence() -> None:
    old = [ref("kim", attempt, f"202611{attempt:02}T000000Z") for attempt in range(1, 13)]
    new = ref("kim", 1, "20261126T000000Z")
    assert outdated([new, *old], 10, "20261101T000000Z") == old[:3]
    assert list(latest([new, *old]).values()) == [new]


def test_a_name_that_was_another_learners_before_is_another_submission() -> None:
    refs = [ref("kim", 9, "20261101T000000Z"), ref("lee", 1, "20261102T000000Z")]
    reused = [text.replace("kim-web", "web").replace("lee-web", "web") for text in refs]
    assert outdated(reused, 1, "20261001T000000Z") == []
    assert sorted(latest(reused).values()) == reused
