"""Stores of evidence: a folder and a real S3 server do the same; their troubles are told."""

import asyncio
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
