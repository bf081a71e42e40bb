"""An EvidenceStore on any file system that fsspec knows, named by URL.

Used by ``handlers`` and ``cli``: ``file:///evidence`` on a volume, ``s3://bucket/folder``, and
whatever else is installed. fsspec's calls block, so they run in threads, and each has its time;
every kind of failure there is StoreTrouble here, because each library has its own.
"""

import asyncio
import functools
import os
import time
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, TypeVar

from fsspec.core import url_to_fs
from fsspec.spec import AbstractFileSystem

from labgrader.evidence.packing import MAX_FILE_BYTES
from labgrader.evidence.store import UNFINISHED, NoStore, StoreTrouble, parse_ref

T = TypeVar("T")

_THREADS = 8
_TRIES = 10
_NAMED = "evidence-store"


def open_store(url: str, *, seconds: float = 20.0) -> "FileStore":
    """The store that a URL names; nothing is asked of it yet. Raises StoreTrouble."""
    scheme, _, rest = url.partition("://")
    if not rest:
        raise StoreTrouble(f"{url!r} is no URL of a store, such as file:///evidence")
    try:
        if scheme == "s3":
            return FileStore(_s3(), rest.strip("/"), seconds)
        options = {"auto_mkdir": True} if scheme == "file" else {}
        file_system, root = url_to_fs(url, **options)
    except ImportError as error:
        extra = "; install labgrader[s3]" if scheme == "s3" else ""
        raise StoreTrouble(f"nothing here knows {scheme}://{extra} ({error})") from error
    except Exception as error:
        raise StoreTrouble(f"{url}: {error}") from error
    return FileStore(file_system, root.rstrip("/"), seconds)


def _s3() -> AbstractFileSystem:
    """Credentials, region and endpoint come from the environment, as AWS_*.

    Plain HTTP is spoken only where the endpoint is written so.
    """
    from obstore.fsspec import FsspecStore  # noqa: PLC0415 (an extra)

    # fsspec hands out the instance of an earlier environment else.
    FsspecStore.clear_instance_cache()
    endpoint = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL", "")
    return FsspecStore(
        "s3",
        client_options={
            "timeout": timedelta(seconds=10),
            "allow_http": endpoint.startswith("http://"),
        },
        retry_config={"max_retries": 1, "retry_timeout": timedelta(seconds=15)},
    )


@dataclass(frozen=True, slots=True)
class FileStore:
    """Bundles below one folder of a file system. ``seconds`` is the time that a call has.

    Its threads are its own: a volume that hangs holds those, and nobody else's.
    """

    files: AbstractFileSystem
    root: str
    seconds: float
    threads: Executor = field(default_factory=lambda: ThreadPoolExecutor(_THREADS, _NAMED))

    async def put(self, ref: str, content: bytes) -> None:
        """Keep a bundle, as a whole or not at all."""
        await self._call(functools.partial(self._put, self._path(ref), content))

    async def get(self, ref: str) -> bytes | None:
        """A bundle's file, or None where there is none of this name."""
        path = self._path(ref)
        return await self._call(functools.partial(self._get, path))

    async def refs(self, below: str = "") -> Collection[str]:
        """The names of all bundles, or of those below a folder. Raises NoStore as well."""
        return await self._call(functools.partial(self._refs, below))

    async def unfinished(self, idle_seconds: float = 0.0) -> Collection[str]:
        """What was being written and is not whole. Raises NoStore as well."""
        return await self._call(functools.partial(self._unfinished, idle_seconds))

    async def remove(self, refs: Collection[str]) -> None:
        """Delete bundles, and unfinished ones; one that is gone already is gone."""
        for ref in refs:
            whole = ref.removesuffix(UNFINISHED)
            path = self._path(whole) + ref.removeprefix(whole)
            await self._call(functools.partial(self._remove, path))

    def _put(self, path: str, content: bytes) -> None:
        if not self._has_folders:
            self.files.pipe_file(path, content)  # object stores take all or nothing
            return
        for left in reversed(range(_TRIES)):
            try:
                self.files.pipe_file(path + UNFINISHED, content)
                self.files.mv(path + UNFINISHED, path)
            except BaseException as error:
                self._remove(path + UNFINISHED)
                # Who removes may take the folder away before there is anything in it, also while
                # it is being made: then Python says that it is there, and does not see it.
                if not (left and isinstance(error, FileNotFoundError | FileExistsError)):
                    raise
            else:
                return

    def _get(self, path: str) -> bytes | None:
        try:
            found: bytes = self.files.cat_file(path, start=0, end=MAX_FILE_BYTES + 1)
        except FileNotFoundError:
            return None
        return found

    def _refs(self, below: str) -> list[str]:
        return sorted(name for name in self._names(below) if parse_ref(name) is not None)

    def _unfinished(self, idle_seconds: float) -> list[str]:
        return sorted(
            name
            for name in self._names()
            if name.endswith(UNFINISHED) and parse_ref(name.removesuffix(UNFINISHED)) is not None
            if self._idle(name) >= idle_seconds
        )

    def _idle(self, name: str) -> float:
        try:
            written: float = self.files.info(f"{self.root}/{name}")["mtime"]
        except FileNotFoundError:  # it is whole by now, and has its own name
            return -1.0
        return max(0.0, time.time() - written)

    def _names(self, below: str = "") -> list[str]:
        """Of all files below the store's folder, or below one in it."""
        self.files.invalidate_cache()
        if self._has_folders:  # an object store has none that could be missing
            try:
                self.files.info(self.root)
            except FileNotFoundError as error:
                raise NoStore(f"there is no folder {self.root}") from error
        paths = self._paths(f"{self.root}/{below}".rstrip("/"))
        return [path.removeprefix(self.root.lstrip("/")).lstrip("/") for path in paths]

    def _paths(self, folder: str) -> Iterator[str]:
        """All files below a folder. fsspec's own ``find`` takes a store that is away for empty."""
        try:
            listed = self.files.ls(folder, detail=True)
        except FileNotFoundError:
            return
        for entry in listed:
            path = str(entry["name"]).rstrip("/")
            if path == folder and entry["type"] != "directory":
                raise NotADirectoryError(f"{folder} is a file")
            if entry["type"] != "directory":
                yield path.lstrip("/")
            elif path.strip("/") != folder.strip("/"):
                yield from self._paths(path)

    def _remove(self, path: str) -> None:
        """With the folders that are empty then: their names say whose evidence it was."""
        with suppress(FileNotFoundError):
            self.files.rm_file(path)
        folder = path.rpartition("/")[0]
        while self._has_folders and len(folder) > len(self.root):
            try:
                self.files.rmdir(folder)
            except FileNotFoundError:
                pass  # another one removes as well
            except OSError:
                return  # something is in it
            folder = folder.rpartition("/")[0]

    @property
    def _has_folders(self) -> bool:
        return "file" in _protocols(self.files)

    def _path(self, ref: str) -> str:
        if parse_ref(ref) is None:  # a name in a status may be anybody's text
            raise StoreTrouble(f"{ref!r} is no name of evidence")
        return f"{self.root}/{ref}"

    async def _call(self, action: Callable[[], T]) -> T:
        try:
            running = asyncio.get_running_loop().run_in_executor(self.threads, action)
            async with asyncio.timeout(self.seconds):  # Python 3.11's wait_for loses cancellations
                return await running
        except StoreTrouble:
            raise
        except TimeoutError as error:
            raise StoreTrouble(f"no answer within {self.seconds:g} s") from error
        except Exception as error:
            raise StoreTrouble(f"{type(error).__name__}: {error}"[:500]) from error


def _protocols(files: AbstractFileSystem) -> tuple[str, ...]:
    named: Any = files.protocol
    return (named,) if isinstance(named, str) else tuple(named)
