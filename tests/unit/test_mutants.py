"""`make mutants`: what it takes up again, what it writes down, and that a mutant is tried."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tools.mutants.modules import ROOT, Module, Mutant, digest, modules
from tools.mutants.notes import Equivalent, Note, again, equivalent, table, to_try, tried
from tools.mutants.switch import SWITCH, MutantDict, switched

MODULE = Module("checks/finding", "labgrader.checks.finding", Path("finding.py"), "same")
LESS = Mutant("share", "x_share__mutmut_1", "a < b", "a <= b")
MORE = Mutant("share", "x_share__mutmut_2", "a < b", "a > b")
OTHER = Mutant("texts", "x_texts__mutmut_1", "return 1", "return 2")
EMPTY = Note("same", "tests", "2026-03-02", of=2)
HALF = tried(EMPTY, "share", 2, 1.5, [LESS], [])
WHOLE = tried(HALF, "texts", 1, 0.5, [], [OTHER])
ALIKE = Equivalent("checks/finding", "share", "a < b", "a <= b", "They never meet.")


def row(note: Note | None, *equivalent: Equivalent) -> str:
    notes = {} if note is None else {MODULE.label: note}
    made = table(notes, [MODULE], equivalent).splitlines()
    return next(line for line in made if line.startswith("| checks/finding"))


def test_a_function_that_was_tried_is_not_tried_again() -> None:
    assert to_try(EMPTY, [LESS, MORE, OTHER]) == {"share": (LESS, MORE), "texts": (OTHER,)}
    assert to_try(HALF, [LESS, MORE, OTHER]) == {"texts": (OTHER,)}
    assert to_try(WHOLE, [LESS, MORE, OTHER]) == {}


def test_under_other_tests_only_survivors_are_tried_again() -> None:
    reopened = again(WHOLE, "new tests", "2026-03-03")
    assert to_try(reopened, [LESS, MORE, OTHER]) == {"share": (LESS,), "texts": (OTHER,)}
    killed = tried(tried(reopened, "share", 1, 0, [], []), "texts", 1, 0, [], [OTHER])
    assert (killed.mutants, killed.killed, killed.living) == (3, 2, (OTHER,))
    assert killed.whole


def test_the_table_counts_what_nothing_killed_or_reached() -> None:
    assert row(WHOLE) == "| checks/finding | 3 | 1 | 2 | 0 | 33.3 % | 2026-03-02 |"


def test_equivalent_survivors_are_left_out_of_the_share_and_told() -> None:
    assert row(WHOLE, ALIKE) == "| checks/finding | 3 | 1 | 1 | 1 | 50.0 % | 2026-03-02 |"
    made = table({MODULE.label: WHOLE}, [MODULE], [ALIKE])
    assert "- checks/finding, `share`: `a < b` as `a <= b`. They never meet." in made


def test_a_killed_mutant_is_not_told_as_equivalent() -> None:
    stale = replace(ALIKE, becomes="a > b")
    assert row(WHOLE, stale) == row(WHOLE)
    assert "They never meet." not in table({MODULE.label: WHOLE}, [MODULE], [stale])


@pytest.mark.parametrize(
    ("note", "remark"),
    [
        (None, "not run"),
        (EMPTY, "not run"),
        (HALF, "2026-03-02, 1 of 2 functions"),
        (replace(WHOLE, source="other"), "2026-03-02; changed since"),
    ],
)
def test_the_table_says_what_was_not_tried(note: Note | None, remark: str) -> None:
    assert row(note).endswith(f"| {remark} |")


def test_a_module_without_mutants_was_run() -> None:
    nothing = replace(EMPTY, of=0)
    assert row(nothing) == "| checks/finding | 0 | 0 | 0 | 0 | | 2026-03-02 |"


def test_every_module_of_the_judges_is_among_them() -> None:
    found = {module.label: module.name for module in modules()}
    assert found["checks/expect/tree"] == "labgrader.checks.expect.tree"
    assert "grading/score" in found
    assert not any("__init__" in label for label in found)


def test_equivalent_mutants_are_of_modules_that_there_are_and_have_a_reason() -> None:
    labels = {module.label for module in modules()}
    known = equivalent()
    assert all(one.module in labels and one.why and one.was != one.becomes for one in known)
    assert len(set(known)) == len(known)


def test_contents_that_are_cut_elsewhere_are_others() -> None:
    assert digest((b"ab", b"c")) != digest((b"a", b"bc"))


def test_the_switch_runs_the_chosen_copy_and_notes_who_is_called() -> None:
    copies: MutantDict = {"_mutmut_orig": lambda: "original", "mutant": lambda: "mutant"}

    def function() -> str:
        raise AssertionError

    called = switched(copies)(function)
    name = f"{__name__}:{function.__qualname__}"
    try:
        SWITCH.called.clear()
        assert called() == "original"
        assert SWITCH.called == {name}
        SWITCH.choose(name, "mutant")
        assert called() == "mutant"
        SWITCH.choose("another", "mutant")
        assert called() == "original"
    finally:
        SWITCH.choose("", "")


_MUTATED = """
from tools.mutants.switch import switched

copies = {}
@switched(copies)
def larger(a, b): ...
copies["_mutmut_orig"] = lambda a, b: a if a > b else b
copies["smaller"] = lambda a, b: a if a < b else b
copies["first"] = lambda a, b: a if a >= b else b
def forever(a, b):
    while True: pass
copies["forever"] = forever
"""

_TESTS = """
from mutated import larger

def test_larger():
    assert larger(1, 2) == 2

def test_that_fails_anyway():
    assert larger(1, 2) == 1
"""

_DRIVER = """
import sys
from pathlib import Path
import pytest
from tools.mutants import trial
from tools.mutants.modules import Finder, Module, Mutant, Mutated

trial.AT_LEAST = 0.2
module = Module("mutated", "mutated", Path("mutated.py"), "")
mutants = [Mutant("larger", name, "", "") for name in ("smaller", "first", "forever")]
one = Mutated(module, CODE, tuple(mutants))
sys.meta_path.insert(0, Finder([one]))
tasks = [trial.Task(one, "larger", one.mutants), trial.Task(one, "other", one.mutants[:1])]
told = lambda result: print("FATES", [fate.value for _, fate in result.fates])
pytest.main(["-q", "-s", "-p", "no:cacheprovider", "test_larger.py"], plugins=[trial.Trial(tasks, told)])
"""


@pytest.mark.slow
def test_mutants_are_tried_by_the_tests_that_pass_without_them(tmp_path: Path) -> None:
    (tmp_path / "test_larger.py").write_text(_TESTS)
    done = subprocess.run(
        [sys.executable, "-c", f"CODE = {json.dumps(_MUTATED)}\n{_DRIVER}"],
        cwd=tmp_path,
        env={"PYTHONPATH": f"{ROOT / 'operator'}:{ROOT}", "PATH": ""},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    fates = [line for line in done.stdout.splitlines() if line.startswith("FATES")]
    assert fates == [
        "FATES ['killed', 'survived', 'killed']",
        "FATES ['no test reaches it']",
    ]
    assert "test_that_fails_anyway" in done.stderr
