"""Records of experiments: written before anything is changed, removed after the restore.

Used by ``cluster.experiments``, so that a crashed grader's successor can finish what was left.
The operator keeps them as ConfigMaps, which also own the Jobs of their experiment; the command
line keeps files. Must not restore anything itself.
"""

import asyncio
import fcntl
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Protocol

import orjson

from labgrader.api.names import RECORD_LABEL
from labgrader.cluster.client import Client
from labgrader.cluster.errors import ApiError

_GONE = 404


@dataclass(frozen=True, slots=True)
class Record:
    """One experiment under way.

    ``holder`` is who runs it, ``begun`` when (RFC 3339), ``doing`` what it does. Its Jobs lie
    in ``namespace`` and carry the record label with ``name`` as value; where
    ``own_namespace``, the namespace was made for them and goes with them. ``owes`` is what else
    must be put back, each written before it was changed.
    """

    name: str
    holder: str
    begun: str
    doing: Mapping[str, Any]
    namespace: str
    own_namespace: bool
    owes: Sequence[Mapping[str, Any]] = ()


class Records(Protocol):
    """Where records are kept. Methods raise ApiError, ApiUnreachable or OSError."""

    async def write(self, record: Record) -> Sequence[Mapping[str, Any]]:
        """Keep the record; returns the ownerReferences that its Jobs must carry."""

    async def rewrite(self, record: Record) -> None:
        """Keep what has been added to a record that is kept already."""

    async def remove(self, record: Record) -> None:
        """Forget a record whose experiment is restored. Harmless where it is gone."""

    async def left(self) -> Sequence[Record]:
        """The records of holders that are no more."""


@dataclass(frozen=True, slots=True)
class ConfigMapRecords:
    """Records in the operator's namespace.

    A record of this very ``holder`` is alive, any other is not: so ``left`` may be asked only
    where no other operator runs beside this one, as at start-up.
    """

    client: Client
    namespace: str
    holder: str

    async def write(self, record: Record) -> Sequence[Mapping[str, Any]]:
        """Create the ConfigMap; it owns the Jobs."""
        made = await self.client.create(self._path, self._manifest(record))
        return (
            {
                "apiVersion": "v1",
                "kind": "ConfigMap",
                "name": record.name,
                "uid": made["metadata"]["uid"],
            },
        )

    async def rewrite(self, record: Record) -> None:
        """Change what the ConfigMap says."""
        await self.client.patch(f"{self._path}/{record.name}", {"data": {"record": _text(record)}})

    async def remove(self, record: Record) -> None:
        """Delete the ConfigMap."""
        try:
            await self.client.delete(f"{self._path}/{record.name}")
        except ApiError as error:
            if error.status != _GONE:
                raise

    async def left(self) -> Sequence[Record]:
        """Every record of another holder."""
        found = await self.client.get(self._path, {"labelSelector": RECORD_LABEL})
        records = [_parse(item["data"]["record"]) for item in found["items"]]
        return [record for record in records if record.holder != self.holder]

    @property
    def _path(self) -> str:
        return f"/api/v1/namespaces/{self.namespace}/configmaps"

    def _manifest(self, record: Record) -> Mapping[str, Any]:
        return {
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {"name": record.name, "labels": {RECORD_LABEL: record.name}},
            "data": {"record": _text(record)},
        }


@dataclass(frozen=True, slots=True)
class FileRecords:
    """Records as files of one user, for one API server.

    The holder keeps its file locked as long as it lives, also when it dies by ``kill -9``; a
    file that can be locked is therefore left over.
    """

    folder: Path
    server: str
    _locks: dict[str, int] = field(default_factory=dict)

    async def write(self, record: Record) -> Sequence[Mapping[str, Any]]:
        """Write and lock the file."""
        self._locks[record.name] = await asyncio.to_thread(self._write, record)
        return ()

    async def rewrite(self, record: Record) -> None:
        """Put another file in its place, which is locked before the old one is let go."""
        before = self._locks[record.name]
        self._locks[record.name] = await asyncio.to_thread(self._write, record)
        os.close(before)

    async def remove(self, record: Record) -> None:
        """Delete the file."""
        with suppress(FileNotFoundError):
            self._file(record.name).unlink()
        lock = self._locks.pop(record.name, None)
        if lock is not None:
            os.close(lock)

    async def left(self) -> Sequence[Record]:
        """The records that nobody holds, about this server."""
        return await asyncio.to_thread(self._left)

    def _write(self, record: Record) -> int:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        file = self._file(record.name)
        unlocked = file.with_suffix(".new")  # nobody takes it for left over before it is locked
        handle = os.open(unlocked, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        fcntl.flock(handle, fcntl.LOCK_EX)
        os.write(handle, orjson.dumps({"server": self.server, "record": _text(record)}))
        os.fsync(handle)
        unlocked.rename(file)
        return handle

    def _left(self) -> list[Record]:
        found = [self._read(file) for file in sorted(self.folder.glob("*.json"))]
        return [record for record in found if record is not None]

    def _read(self, file: Path) -> Record | None:
        """The record in a file, or None where somebody holds it, or it is not about us."""
        with file.open("rb") as opened:
            try:
                fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return None
            body = orjson.loads(opened.read())
        return _parse(body["record"]) if body["server"] == self.server else None

    def _file(self, name: str) -> Path:
        return self.folder / f"{name}.json"


def state_folder(environment: Mapping[str, str]) -> Path:
    """Where the command line keeps its records (XDG base directory specification)."""
    home = environment.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    return Path(home) / "labgrader" / "records"


def _text(record: Record) -> str:
    return orjson.dumps(asdict(record), option=orjson.OPT_INDENT_2).decode()


def _parse(text: str) -> Record:
    body = orjson.loads(text)
    return Record(**{**body, "owes": tuple(body.get("owes", ()))})
