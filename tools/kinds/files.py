"""The generated files of ``docs/reference``, from a checkout, and what is missing there.

Used by ``__main__`` and by the tests. Reads the checkout; writes nothing.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from pydantic.alias_generators import to_snake

from labgrader.api.base import Model
from labgrader.api.check import CHECK_KINDS, Check
from labgrader.api.schema.documented import texts
from labgrader.checks.registry import KINDS
from tools.kinds.page import CAUSES, MARKER, causes_page, overview, page
from tools.kinds.source import said_by

REFERENCE = Path("docs/reference")
_OVERVIEW = REFERENCE / "checks.md"
_PAGES = REFERENCE / "kinds"
_LIST = re.compile(r"(<!-- kinds: .*? -->\n).*?(\n<!-- end of kinds -->)", re.DOTALL)
_LINK = re.compile(r"(?<=\]\()(?!https?:|#|/)")


@dataclass(frozen=True)
class Checkout:
    """A copy of the project, as far as the pages of the kinds go."""

    root: Path

    def files(self) -> Iterator[tuple[Path, str]]:
        """Path and text of every generated file. A section in the overview becomes a page."""
        written = self._read(_OVERVIEW)
        said = {kind: said_by(KINDS[kind].judge.__module__) for kind in CHECK_KINDS}
        for kind in CHECK_KINDS:
            by_hand, section = self._by_hand(kind), _section(kind).search(written)
            if section and self._takes(kind, _moved(section[0])):
                by_hand = _moved(section[0])
                written = _section(kind).sub("", written)
            yield (
                _PAGES / f"{kind}.md",
                page(
                    kind,
                    by_hand,
                    params_of(kind),
                    KINDS[kind].phase,
                    said[kind],
                    self._read(_PAGES / "examples" / f"{kind}.yaml"),
                ),
            )
        yield _PAGES / CAUSES, causes_page(said)
        listed = overview({kind: (KINDS[kind].phase, sentence_of(kind)) for kind in CHECK_KINDS})
        yield _OVERVIEW, _LIST.sub(lambda old: f"{old[1]}{listed}{old[2]}", written.rstrip()) + "\n"

    def missing(self) -> Iterator[str]:
        """What somebody has to write by hand, in words."""
        written = self._read(_OVERVIEW)
        for kind in CHECK_KINDS:
            section = _section(kind).search(written)
            if section and not self._takes(kind, _moved(section[0])):
                yield (
                    f"{_OVERVIEW} has a section on {kind}, which has a page: put what is new into "
                    f"{_PAGES / kind}.md, remove the section, and run make generate"
                )
            if not section and not _has_prose(self._by_hand(kind), kind):
                yield (
                    f"{_PAGES / kind}.md says nothing of the kind yet: begin it with '# {kind}' and "
                    "a paragraph about what it proves, and run make generate"
                )
            if not (self.root / _PAGES / "examples" / f"{kind}.yaml").is_file():
                yield (
                    f"{_PAGES}/examples/{kind}.yaml is missing: write the kind's worked example "
                    "there (check, objects, outcome, and message in ko and en, as in "
                    "examples/exists.yaml), and run make generate"
                )

    def _takes(self, kind: str, moved: str) -> bool:
        """Whether a page has nothing else to say than a section of the overview."""
        by_hand = self._by_hand(kind)
        return not _has_prose(by_hand, kind) or by_hand.strip() == moved.strip()

    def _by_hand(self, kind: str) -> str:
        return self._read(_PAGES / f"{kind}.md").partition(MARKER)[0] or f"# {kind}\n"

    def _read(self, path: Path) -> str:
        path = self.root / path
        return path.read_text("utf-8") if path.is_file() else ""


def params_of(kind: str) -> type[Model]:
    """The params model of a kind."""
    annotation = Check.model_fields[to_snake(kind)].annotation
    model: type[Model] = next(one for one in get_args(annotation) if one is not type(None))
    return model


def sentence_of(kind: str) -> str:
    """What the API says of a kind."""
    return " ".join(texts(Check)[to_snake(kind)].split())


def _section(kind: str) -> re.Pattern[str]:
    return re.compile(rf"^## {kind}\n.*?(?=^## |\Z)", re.DOTALL | re.MULTILINE)


def _moved(section: str) -> str:
    """A section of the overview as the beginning of a page, one folder further down."""
    return _LINK.sub("../", section.removeprefix("#")).rstrip() + "\n"


def _has_prose(by_hand: str, kind: str) -> bool:
    return by_hand.startswith(f"# {kind}\n") and bool(by_hand.partition("\n")[2].strip())
