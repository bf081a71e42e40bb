"""What a long run noted, so that it may be stopped and taken up later, and the table of it.

Used by ``durations``, ``experiments``, ``exercises``, ``flake`` and ``mutants``. The state lies in
``build/``, one note to a name; the table is committed. ``flake``, which takes longer than a machine
may live, keeps its runs beside its table. Must not know what is run.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    N = TypeVar("N", bound=DataclassInstance)
else:
    N = TypeVar("N")


@dataclass(frozen=True)
class Kept(Generic[N]):
    """The notes in a file. ``note`` makes one from what was written of it."""

    file: Path
    note: Callable[..., N]

    def read(self) -> dict[str, N]:
        """All of them, by name."""
        if not self.file.exists():
            return {}
        found: dict[str, dict[str, Any]] = json.loads(self.file.read_text("utf-8"))
        return {name: self.note(**body) for name, body in found.items()}

    def write(self, notes: Mapping[str, N]) -> None:
        """Keep them, whole or not at all."""
        self.file.parent.mkdir(exist_ok=True)
        partial = self.file.with_suffix(".part")
        body = {name: asdict(note) for name, note in notes.items()}
        partial.write_text(json.dumps(body, indent=1, ensure_ascii=False), "utf-8")
        partial.replace(self.file)


def today() -> str:
    """The date that is noted."""
    return datetime.now(UTC).strftime("%Y-%m-%d")


def table(
    title: str, told: Sequence[str], columns: Sequence[str], rows: Iterable[Sequence[object]]
) -> str:
    """The table in Markdown, under its title and what it is about.

    A column whose name ends in a colon holds numbers. Pure.
    """
    return "\n".join((f"# {title}", "", *told, "", *grid(columns, rows))) + "\n"


def grid(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    """The lines of the table alone. Pure."""
    rules = ["---:" if column.endswith(":") else "---" for column in columns]
    head = [column.removesuffix(":") for column in columns]
    return [_row(cells) for cells in (head, rules, *rows)]


def _row(cells: Sequence[object]) -> str:
    return "|" + "".join(f" {cell} |" if str(cell) else " |" for cell in cells)
