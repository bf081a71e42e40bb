import subprocess
import sys
from pathlib import Path

import pytest

from localcluster.build.cache import Cache, content_hash
from localcluster.progress import silent

TWO_AT_ONCE = """
import sys, time
from pathlib import Path
from localcluster.build.cache import Cache

def make(folder):
    with open(sys.argv[2], "a") as made:
        made.write("made\\n")
    (folder / "result").write_text("whole")
    time.sleep(0.3)

entry = Cache(Path(sys.argv[1])).entry("thing", "key", make, print)
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
    log = tmp_path / "log"
    command = [sys.executable, "-c", TWO_AT_ONCE, str(tmp_path / "cache"), str(log)]
    makers = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    said = "".join(maker.communicate(timeout=20)[0] for maker in makers)
    assert [maker.returncode for maker in makers] == [0, 0]
    assert log.read_text() == "made\n"
    assert said == "waiting for another process that makes thing\n"


def test_the_hash_tells_contents_names_and_borders_apart(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    one.write_text("x")
    two.write_text("x")
    assert (
        len({content_hash(one), content_hash(two), content_hash("x"), content_hash("", "x")}) == 4
    )
