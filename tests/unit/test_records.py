"""Records kept as files: who holds one, and who may take it for left over."""

import asyncio
import os
import signal
import sys
from dataclasses import replace
from pathlib import Path

from labgrader.cluster.records import FileRecords, Record, state_folder

SERVER = "https://127.0.0.1:6443"
RECORD = Record(
    name="experiment-1",
    holder="me",
    begun="2026-01-01T00:00:00Z",
    doing={"experiment": "DeletePod", "namespace": "kim", "within_ms": 60_000},
    namespace="labgrader-experiment-1",
    own_namespace=True,
)
HOLDS = """
import asyncio, sys
from pathlib import Path
from tests.unit.test_records import RECORD, SERVER, FileRecords
records = FileRecords(Path(sys.argv[1]), SERVER)
asyncio.run(records.write(RECORD))
print("written", flush=True)
sys.stdin.read()
"""


async def test_a_living_holders_record_is_not_left_over(tmp_path: Path) -> None:
    mine, other = FileRecords(tmp_path, SERVER), FileRecords(tmp_path, SERVER)
    await mine.write(RECORD)
    assert await other.left() == []
    await mine.remove(RECORD)
    assert await asyncio.to_thread(lambda: list(tmp_path.iterdir())) == []


async def test_a_killed_holders_record_is_left_over(tmp_path: Path) -> None:
    holder = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", HOLDS, str(tmp_path)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert holder.stdout is not None
    assert await holder.stdout.readline() == b"written\n"
    successor = FileRecords(tmp_path, SERVER)
    assert await successor.left() == []
    holder.send_signal(signal.SIGKILL)
    await holder.wait()
    assert await successor.left() == [RECORD]
    assert await successor.left() == [RECORD]  # until it is restored
    await successor.remove(RECORD)
    assert await successor.left() == []


async def test_a_record_that_grows_stays_its_holders(tmp_path: Path) -> None:
    mine, other = FileRecords(tmp_path, SERVER), FileRecords(tmp_path, SERVER)
    await mine.write(RECORD)
    grown = replace(RECORD, owes=({"what": "uncordon", "node": "node1"},))
    await mine.rewrite(grown)
    assert await other.left() == []
    for lock in mine._locks.values():
        os.close(lock)  # as when its holder ends
    assert await other.left() == [grown]


async def test_records_of_another_cluster_are_left_alone(tmp_path: Path) -> None:
    gone = FileRecords(tmp_path, "https://elsewhere:6443")
    await gone.write(replace(RECORD, name="experiment-2"))
    for lock in gone._locks.values():
        os.close(lock)  # as when its holder ends
    assert await FileRecords(tmp_path, SERVER).left() == []


def test_the_folder_follows_the_users_state_home() -> None:
    assert state_folder({"XDG_STATE_HOME": "/s"}) == Path("/s/labgrader/records")
    assert state_folder({}) == Path.home() / ".local/state/labgrader/records"
