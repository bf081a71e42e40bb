"""What `make flake` asks for and writes down."""

import json
import sys
from pathlib import Path

import pytest

from labgrader.grading.plan import plan
from tools import flake
from tools.exercises import Ground, digest
from tools.flake import Run, Wanted, left, nearest, table, wanted
from tools.shipped import shipped

FOLDER = next(folder for folder in shipped() if plan(folder.exercise).disturbs)
TAKES_NODES = next(folder for folder in shipped() if plan(folder.exercise).takes_nodes)
NAME = FOLDER.exercise.name
RIGHT = FOLDER.solutions[0].name


def run(code: int, work: str = RIGHT, *, hog: bool = False, of: str = "") -> Run:
    return Run(NAME, of or digest(FOLDER), work, hog, code, "2026-03-02")


def row(work: str, runs: list[Run], hog: str = "") -> str:
    lines = table(runs, {NAME: FOLDER}).splitlines()
    return next(line for line in lines if line.startswith(f"| {NAME} | {work} |{hog} |"))


def test_the_right_work_and_the_nearest_wrong_one_are_graded_most_often() -> None:
    often = {(one.work, one.hog): one.times for one in wanted(FOLDER)}
    near = nearest(FOLDER).name
    assert often[RIGHT, False] == often[near, False] == 20
    assert often[RIGHT, True] == often[near, True] == 5
    others = {work.name for work in (*FOLDER.solutions, *FOLDER.mistakes)} - {RIGHT, near}
    assert {often[name, False] for name in others} == {3}


def test_the_nearest_mistake_earns_most() -> None:
    assert nearest(FOLDER).most == max(work.most for work in FOLDER.mistakes)


def test_runs_are_counted_by_what_came_of_them() -> None:
    runs = [run(0), run(0), run(3), run(1)]
    assert row(RIGHT, runs) == f"| {NAME} | {RIGHT} | | 4 of 20 | 2 | 1 | 1 | 2026-03-02 |"


def test_runs_of_other_files_do_not_count() -> None:
    assert "| 0 of 20 | 0 | 0 | 0 | not run yet |" in row(RIGHT, [run(0, of="other")])


def test_open_is_right_only_beside_a_hog() -> None:
    alone, beside = (Wanted(FOLDER, RIGHT, hog, 5) for hog in (False, True))
    assert [alone.holds(code) for code in (0, 3, 1)] == [True, False, False]
    assert [beside.holds(code) for code in (0, 3, 1)] == [True, True, False]


def test_what_was_graded_least_comes_first_and_what_is_beside_a_hog_last() -> None:
    every = [
        Wanted(FOLDER, work, hog, times)
        for work, hog, times in (("a", True, 2), ("b", False, 3), ("c", False, 1))
    ]
    runs = [run(0, "b"), run(1, "b")]
    order = [(one.work, one.hog) for one in left(every, runs)]
    assert order == [("c", False), ("b", False), ("a", True), ("a", True)]


def test_nothing_is_left_once_each_was_graded_often_enough() -> None:
    every = [Wanted(FOLDER, "b", hog=False, times=2)]
    assert left(every, [run(0, "b"), run(3, "b")]) == []


def test_those_that_send_load_are_graded_apart() -> None:
    groups = {
        folder.exercise.name: Wanted(folder, "a", hog=True, times=1).group for folder in shipped()
    }
    assert groups["web-survives"] == (True, Ground.ANY, True)
    assert groups["self-healing"] == (True, Ground.ANY, False)
    assert groups["node-loss"] == (True, Ground.NODES, False)


WRITES = (
    "import sys; open(sys.argv[sys.argv.index('--junit') + 1], 'w'); sys.exit(int(sys.argv[1]))"
)


@pytest.fixture
def notes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """`make flake` of one exercise, whose gradings are told how to end; where it notes them."""
    monkeypatch.setattr(flake, "_NOTES", tmp_path / "flake.jsonl")
    monkeypatch.setattr(flake, "_TABLE", tmp_path / "FLAKE.md")
    monkeypatch.setattr(flake, "_OTHERWISE", tmp_path / "otherwise")
    monkeypatch.setattr(flake, "shipped", lambda: (FOLDER,))
    monkeypatch.setattr(flake, "cluster", lambda needed, number=1: f"{needed.value} {number}")
    monkeypatch.setattr(flake, "_NEAR", 1)
    monkeypatch.setattr(flake, "_OTHER", 0)
    monkeypatch.setattr(flake, "_BESIDE_A_HOG", 0)
    return tmp_path / "flake.jsonl"


def ends(monkeypatch: pytest.MonkeyPatch, program: str, code: int) -> int | str | None:
    """Run it, with gradings that are this program; its exit status, or what it says instead."""

    def command(_folder: object, _made: object, *more: str) -> tuple[str, ...]:
        return sys.executable, "-c", program, str(code), *more

    monkeypatch.setattr(flake, "command", command)
    with pytest.raises(SystemExit) as left:
        flake.main()
    return left.value.code


def test_it_goes_on_from_what_is_noted(notes: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert ends(monkeypatch, WRITES, 0) == 0
    noted = [json.loads(line) for line in notes.read_text("utf-8").splitlines()]
    assert {(one["work"], one["exit"]) for one in noted} == {(RIGHT, 0), (nearest(FOLDER).name, 0)}
    assert ends(monkeypatch, "raise AssertionError('graded again')", 0) == 0


def test_what_differs_is_noted_and_kept(notes: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert ends(monkeypatch, f"print('why'); {WRITES}", 1) == 1
    assert {json.loads(line)["exit"] for line in notes.read_text("utf-8").splitlines()} == {1}
    kept = list((notes.parent / "otherwise").iterdir())
    assert [one.read_text("utf-8") for one in kept] == ["why\n", "why\n"]


def test_what_is_no_verdict_ends_it_and_is_not_noted(
    notes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = str(ends(monkeypatch, "raise SystemExit('no cluster')", 0))
    assert said == "no cluster\n\nThat is no verdict; all verdicts before it are noted."
    assert not notes.exists()


ALONE = f"import os, sys, time; os.mkdir(sys.argv[2]); time.sleep(0.05); os.rmdir(sys.argv[2]); {WRITES}"


def test_where_nodes_may_go_two_clusters_have_one_grading_each_at_a_time(
    notes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flake, "shipped", lambda: (TAKES_NODES,))
    monkeypatch.setattr(flake, "_NEAR", 3)
    used: list[str] = []

    def command(_folder: object, made: str, *more: str) -> tuple[str, ...]:
        used.append(made)
        return sys.executable, "-c", ALONE, "0", str(notes.parent / made), *more

    monkeypatch.setattr(flake, "command", command)
    with pytest.raises(SystemExit) as left:
        flake.main()
    assert left.value.code == 0
    assert set(used) == {"exercises-nodes 1", "exercises-nodes 2"}
    assert len(used) == 6
