"""What long runs keep of themselves, and write down."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from tools.noted import Kept, table


@dataclass(frozen=True)
class Seen:
    count: int
    names: tuple[str, ...] = ()


def seen(*, names: list[str], count: int) -> Seen:
    return Seen(count, tuple(names))


def test_what_was_kept_is_read_again(tmp_path: Path) -> None:
    kept = Kept(tmp_path / "build" / "notes.json", seen)
    assert kept.read() == {}
    notes = {"a": Seen(1, ("가",)), "b": Seen(2)}
    kept.write(notes)
    assert kept.read() == notes


def test_a_run_killed_while_it_writes_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = Kept(tmp_path / "notes.json", seen)
    kept.write({"a": Seen(1)})

    def killed(_: Path, __: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", killed)
    with pytest.raises(KeyboardInterrupt):
        kept.write({"a": Seen(2)})
    assert kept.read() == {"a": Seen(1)}


def test_the_table_is_markdown() -> None:
    assert table("Seen", ("Two lines", "of text."), ("name", "count:"), [("a", 1), ("b", "")]) == (
        "# Seen\n\nTwo lines\nof text.\n\n| name | count |\n| --- | ---: |\n| a | 1 |\n| b | |\n"
    )
