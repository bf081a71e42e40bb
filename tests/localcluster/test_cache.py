import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from subprocess import DEVNULL, PIPE

import pytest

from localcluster.build.cache import Cache, content_hash
from localcluster.progress import silent

MAKER = """
import sys
from pathlib import Path
from localcluster.build.cache import Cache

def make(folder):
    print("making", flush=True)
    sys.stdin.readline()
    (folder / "result").write_text("whole")

entry = Cache(Path(sys.argv[1])).entry("thing", "key", make, lambda said: print(said, flush=True))
assert (entry / "result").read_text() == "whole"
"""


def test_an_entry_is_made_once(tmp_path: Path) -> None:
    made: list[Path] = []
    cache = Cache(tmp_path)
    entries = {cache.entry("thing", "key", made.append, silent) for _ in range(3)}
    assert entries == {tmp_path / "thing-key"}
    assert len(made) == 1


def test_an_interrupted_making_leaves_no_entry_and_can_be_repeated(tmp_path: Path) -> None:
    def interrupted(folder: Path) -> None:
        (folder / "half").touch()
        raise KeyboardInterrupt

    cache = Cache(tmp_path)
    with pytest.raises(KeyboardInterrupt):
        cache.entry("thing", "key", interrupted, silent)
    assert [entry.name for entry in tmp_path.iterdir()] == ["thing.lock"]
    entry = cache.entry("thing", "key", lambda folder: (folder / "whole").touch(), silent)
    assert [file.name for file in entry.iterdir()] == ["whole"]


def test_what_a_killed_making_left_goes_with_the_next(tmp_path: Path) -> None:
    (tmp_path / "making-thing-key" / "half").mkdir(parents=True)
    Cache(tmp_path).entry("thing", "key", lambda _: None, silent)
    assert {entry.name for entry in tmp_path.iterdir()} == {"thing.lock", "thing-key"}


def test_of_two_makers_at_once_the_second_waits_and_takes_the_first_ones(tmp_path: Path) -> None:
    command = [sys.executable, "-c", MAKER, str(tmp_path)]
    with (
        subprocess.Popen(command, stdin=PIPE, stdout=PIPE, text=True) as first,
        ExitStack() as released,
    ):
        assert first.stdin
        assert first.stdout
        released.callback(first.stdin.close)
        assert first.stdout.readline() == "making\n"
        with subprocess.Popen(command, stdin=DEVNULL, stdout=PIPE, text=True) as second:
            assert second.stdout
            assert second.stdout.readline() == "waiting for another process that makes thing\n"
            released.close()
            assert second.stdout.read() == ""
    assert (first.returncode, second.returncode) == (0, 0)


def test_the_hash_tells_contents_names_and_borders_apart(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    one.write_text("x")
    two.write_text("x")
    assert (
        len({content_hash(one), content_hash(two), content_hash("x"), content_hash("", "x")}) == 4
    )
