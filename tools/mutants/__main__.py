"""`make mutants`: change the judges in one place after the other, and see whether tests notice.

Works through the modules of `labgrader.checks` and `labgrader.grading`, the most important
first. What was tried for the same module is not tried again; where tests changed since, only
what had survived. So it may be stopped at any time and taken up later. What it came to is
written to ``tests/MUTANTS.md``, with the survivors of ``tests/mutants.yaml`` that are
equivalent. `python -m tools.mutants MODULE...` tries some modules only, ``--tests FILE`` asks some
tests only, which is quick (what they do not kill is asked of the others the next time), and
``--survivors`` prints what survived.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

import click
import pytest

from tools.mutants import notes as noted
from tools.mutants.modules import ROOT, Finder, Module, Mutated, digest, modules, mutated
from tools.mutants.notes import Note
from tools.mutants.trial import Fate, Result, Task, Trial
from tools.noted import today

_PYTHON = ROOT / ".venv" / "mutants" / "bin" / "python"
_TESTS = ("unit/checks", "unit/grading", "unit/test_messages.py")
_READ_BY_TESTS = ("unit", "support", "corpus")
_FIRST = (
    "checks/finding",
    "grading/score",
    "grading/composition",
    "checks/selection",
    "checks/expect/",
    "checks/ready",
    "checks/matches",
    "checks/routes",
    "checks/units",
    "checks/hygiene/",
    "checks/diagnosis/",
    "checks/",
    "grading/",
)


@click.command()
@click.argument("names", nargs=-1, metavar="[MODULE]...")
@click.option("--tests", "files", multiple=True, metavar="FILE", help="Ask these tests only.")
@click.option("--survivors", is_flag=True, help="Print what survived, and try nothing.")
@click.option(
    "--generator",
    type=click.Path(path_type=Path),
    default=_PYTHON,
    help="A Python that has mutmut.",
)
def main(names: Sequence[str], *, files: Sequence[str], survivors: bool, generator: Path) -> None:
    """Try the mutants that were not tried yet, of all modules or of those that are named."""
    everything = modules()
    wanted = sorted(
        (one for one in everything if not names or one.label.startswith(tuple(names))), key=_rank
    )
    book = Book(everything)
    if survivors:
        for module in wanted:
            book.tell(module)
        return
    tests = _digest_of_tests(files)
    tasks = book.open([one for one in wanted if book.is_open(one, tests)], tests, generator)
    if tasks:
        _run(tasks, book, files or [str(ROOT / "tests" / test) for test in _TESTS])
    book.write()
    sys.stdout.write(noted.TABLE.read_text("utf-8"))


def _rank(module: Module) -> tuple[int, str]:
    place = next(index for index, start in enumerate(_FIRST) if module.label.startswith(start))
    return place, module.label


def _digest_of_tests(files: Sequence[str]) -> str:
    """Of all that tests read, and which of them are asked."""
    contents = [
        path.read_bytes()
        for folder in _READ_BY_TESTS
        for path in sorted((ROOT / "tests" / folder).rglob("*"))
        if path.suffix in {".py", ".yaml"}
    ]
    return digest((*contents, *(file.encode() for file in files)))


def _run(tasks: Sequence[Task], book: "Book", files: Sequence[str]) -> None:
    """Run pytest in this process, with the mutated modules in place of those on disk."""
    sys.meta_path.insert(
        0, Finder({task.mutated.module.name: task.mutated for task in tasks}.values())
    )
    code = pytest.main(
        [
            *("-q", "-s", "-p", "no:cacheprovider", "-m", "not slow and not cluster"),
            *("-p", "tools.mutants.few_examples"),
            *files,
        ],
        plugins=[Trial(tasks, book.take)],
    )
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        sys.exit(f"pytest could not run: exit status {int(code)}")


class Book:
    """The notes while mutants are tried."""

    def __init__(self, everything: Sequence[Module]) -> None:
        self._modules = everything
        self._notes = noted.KEPT.read()
        self._equivalent = noted.equivalent()

    def is_open(self, module: Module, tests: str) -> bool:
        """Whether something is left to try."""
        note = self._notes.get(module.label)
        if note is None or note.source != module.digest or not note.whole:
            return True
        return note.tests != tests and bool(note.living)

    def open(self, wanted: Sequence[Module], tests: str, generator: Path) -> list[Task]:
        """Return what is to be tried, in order."""
        when = today()
        tasks = []
        for one in mutated(wanted, generator):
            note = self._start(one, tests, when)
            self._notes[one.module.label] = note
            for function, mutants in noted.to_try(note, one.mutants).items():
                tasks.append(Task(one, function, mutants))
        return tasks

    def _start(self, one: Mutated, tests: str, when: str) -> Note:
        note = self._notes.get(one.module.label)
        if note is None or note.source != one.module.digest:
            functions = {mutant.function for mutant in one.mutants}
            return Note(one.module.digest, tests, when, len(functions))
        return note if note.tests == tests else noted.again(note, tests, when)

    def take(self, result: Result) -> None:
        """Note what came of one function."""
        task = result.task
        label = task.mutated.module.label
        self._notes[label] = noted.tried(
            self._notes[label],
            task.function,
            len(task.mutants),
            result.seconds,
            [mutant for mutant, fate in result.fates if fate is Fate.SURVIVED],
            [mutant for mutant, fate in result.fates if fate is Fate.UNREACHED],
        )
        noted.KEPT.write(self._notes)
        note = self._notes[label]
        if note.whole:
            self.write()
            sys.stderr.write(
                f"{label}: {note.killed} of {note.mutants} killed, {note.seconds:.0f} s\n"
            )

    def write(self) -> None:
        """Write notes and table."""
        noted.KEPT.write(self._notes)
        noted.write_table(noted.table(self._notes, self._modules, self._equivalent))

    def tell(self, module: Module) -> None:
        """Print a module's survivors that nobody has called equivalent."""
        note = self._notes.get(module.label)
        if note is None:
            return
        alike = noted.equivalents_of(module.label, note, self._equivalent)
        for mutant in note.living:
            if mutant not in alike:
                reached = "" if mutant in note.survivors else " (no test reaches it)"
                click.echo(f"{module.label} {mutant.function}{reached}")
                click.echo(f"  - {mutant.was}\n  + {mutant.becomes}")


if __name__ == "__main__":
    main()
