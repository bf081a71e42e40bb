"""What is known of each module's mutants, and the table that is committed.

Notes are kept in ``build/mutants.json`` by the contents of module and tests, so that `make
mutants` goes on where it was stopped. Pure but for `KEPT` and `write_table`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from tools import noted
from tools.mutants.modules import ROOT, Module, Mutant

TABLE = ROOT / "tests" / "MUTANTS.md"
_EQUIVALENT = ROOT / "tests" / "mutants.yaml"


@dataclass(frozen=True)
class Equivalent:
    """A mutant that somebody looked at and that no test can kill, and why."""

    module: str
    function: str
    was: str
    becomes: str
    why: str


@dataclass(frozen=True)
class Note:
    """Of one module. ``done`` are the functions tried so far, ``of`` how many there are."""

    source: str
    tests: str
    when: str
    of: int
    done: tuple[str, ...] = ()
    mutants: int = 0
    seconds: float = 0.0
    survivors: tuple[Mutant, ...] = ()
    unreached: tuple[Mutant, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether every function was tried."""
        return len(self.done) == self.of

    @property
    def living(self) -> tuple[Mutant, ...]:
        """Those that no test killed, reached or not."""
        return self.survivors + self.unreached

    @property
    def killed(self) -> int:
        """Those that a test killed."""
        return self.mutants - len(self.living)


def again(note: Note, tests: str, when: str) -> Note:
    """Return a note of the same module under other tests: its survivors are open again."""
    left = {mutant.function for mutant in note.living}
    kept = tuple(name for name in note.done if name not in left)
    return replace(note, tests=tests, when=when, done=kept)


def to_try(note: Note, mutants: Iterable[Mutant]) -> dict[str, tuple[Mutant, ...]]:
    """Return what is left to try, by function: all of a new one, the survivors of one again."""
    living = {mutant.name for mutant in note.living}
    tried_before = {mutant.function for mutant in note.living}
    left: dict[str, list[Mutant]] = {}
    for mutant in mutants:
        if mutant.function in note.done:
            continue
        if mutant.function in tried_before and mutant.name not in living:
            continue
        left.setdefault(mutant.function, []).append(mutant)
    return {function: tuple(some) for function, some in left.items()}


def tried(
    note: Note,
    function: str,
    counted: int,
    seconds: float,
    survivors: Sequence[Mutant],
    unreached: Sequence[Mutant],
) -> Note:
    """Return the note with one function's mutants tried; ``counted`` where they are new."""
    known = any(mutant.function == function for mutant in note.living)
    return replace(
        note,
        done=(*note.done, function),
        mutants=note.mutants + (0 if known else counted),
        seconds=note.seconds + seconds,
        survivors=(*_others(note.survivors, function), *survivors),
        unreached=(*_others(note.unreached, function), *unreached),
    )


def _others(mutants: Iterable[Mutant], function: str) -> Iterable[Mutant]:
    return (mutant for mutant in mutants if mutant.function != function)


def table(
    notes: Mapping[str, Note], modules: Sequence[Module], equivalent: Sequence[Equivalent]
) -> str:
    """What is known, in Markdown."""
    made = noted.table(_TITLE, _TOLD, _COLUMNS, _rows(notes, modules, equivalent))
    return made + "\n" + "\n".join(_looked_at(notes, equivalent))


def _rows(
    notes: Mapping[str, Note], modules: Sequence[Module], equivalent: Sequence[Equivalent]
) -> Iterator[Sequence[object]]:
    mutants = killed = alike = 0
    for module in modules:
        note = notes.get(module.label)
        if note is None or (note.of and not note.done):
            yield module.label, *[""] * 5, "not run"
            continue
        same = len(equivalents_of(module.label, note, equivalent))
        mutants, killed, alike = mutants + note.mutants, killed + note.killed, alike + same
        yield _row(module.label, note.mutants, note.killed, same, _remark(module, note))
    yield _row("**all that ran**", mutants, killed, alike, "")


def equivalents_of(label: str, note: Note, equivalent: Sequence[Equivalent]) -> tuple[Mutant, ...]:
    """Return a module's survivors that were looked at and are equivalent."""
    known = {(one.function, one.was, one.becomes) for one in equivalent if one.module == label}
    return tuple(
        mutant for mutant in note.living if (mutant.function, mutant.was, mutant.becomes) in known
    )


def _row(label: str, mutants: int, killed: int, alike: int, remark: str) -> Sequence[object]:
    told = mutants - alike
    share = f"{100 * killed / told:.1f} %" if told else ""
    return label, mutants, killed, told - killed, alike, share, remark


def _remark(module: Module, note: Note) -> str:
    said = note.when
    if not note.whole:
        said += f", {len(note.done)} of {note.of} functions"
    return said + ("" if note.source == module.digest else "; changed since")


def _looked_at(notes: Mapping[str, Note], equivalent: Sequence[Equivalent]) -> list[str]:
    lines = ["## Survivors that were looked at and are equivalent", ""]
    for one in equivalent:
        note = notes.get(one.module)
        if note and equivalents_of(one.module, note, (one,)):
            lines += [
                f"- {one.module}, `{one.function}`: `{one.was}` as `{one.becomes}`. {one.why}"
            ]
    return [*lines, ""]


_TITLE = "What `make mutants` found"
_TOLD = (
    "Each function of `checks` and `grading` was changed in one place after the other, and the",
    "tests that call it were run: a change that none of them notices has survived. Equivalent are",
    "survivors that somebody looked at and that behave the same; the share is of the others.",
    "What is not mutated is in docs/decisions/0029-mutation-testing.md.",
)
_COLUMNS = ("module", "mutants:", "killed:", "survived:", "equivalent:", "share:", "")


def _note(**body: Any) -> Note:
    lists = {
        key: tuple(Mutant(**mutant) for mutant in body[key]) for key in ("survivors", "unreached")
    }
    return Note(**{**body, **lists, "done": tuple(body["done"])})


KEPT = noted.Kept(ROOT / "build" / "mutants.json", _note)
"""All notes of this clone."""


def equivalent() -> tuple[Equivalent, ...]:
    """What people found equivalent."""
    found: list[dict[str, str]] = yaml.safe_load(_EQUIVALENT.read_text("utf-8"))
    return tuple(Equivalent(**one) for one in found)


def write_table(made: str, path: Path = TABLE) -> None:
    """Put the table where it is committed."""
    path.write_text(made, "utf-8")
