"""What `make experiments` writes down, and which files it runs."""

from dataclasses import replace

from tools.experiments import Noted, files, table

NOTED = Noted("d1", 7, (), 311, "2026-03-02")
NOW = {"tests/cluster/test_x.py": "d1"}


def row(note: Noted | None) -> str:
    notes = {} if note is None else dict.fromkeys(NOW, note)
    return table(notes, NOW).splitlines()[-1]


def test_what_passed_is_told() -> None:
    assert row(NOTED) == "| tests/cluster/test_x.py | 7 | none | 311 | 2026-03-02 |"


def test_what_failed_is_named() -> None:
    assert "| test_a, test_b |" in row(replace(NOTED, failed=("test_a", "test_b")))


def test_what_changed_since_is_told() -> None:
    assert "none (the file changed since)" in row(replace(NOTED, digest="other"))


def test_what_was_not_run_is_told() -> None:
    assert "not run yet" in row(None)


def test_the_files_with_the_mark_are_found() -> None:
    names = {file.name for file in files()}
    assert {"test_faults.py", "test_scaling.py", "test_traffic.py", "test_updates.py"} <= names
    assert "test_operator.py" not in names
