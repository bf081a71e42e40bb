"""What `make exercises` writes down: only what was proven for the files as they are."""

from dataclasses import replace

from tools.exercises import Proven, digest, table
from tools.shipped import shipped

FOLDER = shipped()[0]
NAME = FOLDER.exercise.name
PROVEN = Proven(digest(FOLDER), 0, 7, 31, "2026-03-02")


def row(note: Proven | None) -> str:
    notes = {} if note is None else {NAME: note}
    return table(notes, {NAME: FOLDER}).splitlines()[-1]


def test_what_was_proven_is_told() -> None:
    assert row(PROVEN) == f"| {NAME} | 7 | 31 | 2026-03-02 | as expected |"


def test_what_differs_is_told() -> None:
    assert "**differs** (exit status 1)" in row(replace(PROVEN, exit=1))


def test_what_changed_since_is_no_proof() -> None:
    assert row(replace(PROVEN, digest="other")).endswith("; its files changed since |")


def test_what_was_not_tried_is_told() -> None:
    assert "not tried yet" in row(None)
