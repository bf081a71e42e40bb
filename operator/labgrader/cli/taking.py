"""Taking evidence from files or from the operator's store, for ``regrade``.

What cannot be read is named and left out; the rest is judged. Must not judge.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import click

from labgrader.cli.evidence_file import read_bundle
from labgrader.evidence.bundle import Bundle, read
from labgrader.evidence.packing import BadBundle
from labgrader.evidence.store import EvidenceStore, StoreTrouble, latest, parse_ref
from labgrader.grading.report import Report

Result = tuple[str, Bundle, Report]
"""Where the evidence is, the evidence, and what it comes to now."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Which evidence of the store: the latest of one Submission or of each, or all."""

    submission: str | None
    latest: bool
    every: bool
    course: str | None

    @property
    def chosen(self) -> bool:
        """Whether anything is asked of the store."""
        return bool(self.submission) or self.latest or self.every

    def refs(self, there: Iterable[str]) -> list[str]:
        """The names that are meant."""
        meant = [text for text in there if self._means(text)]
        return sorted(meant if self.every else latest(meant).values())

    def _means(self, text: str) -> bool:
        ref = parse_ref(text)
        if ref is None or (self.course and ref.course != self.course):
            return False
        return not self.submission or self.submission == f"{ref.namespace}/{ref.name}"


@dataclass(frozen=True, slots=True)
class Taken:
    """Evidence by where it is, and whether some could not be read."""

    bundles: tuple[tuple[str, Bundle], ...]
    unread: bool


def from_files(files: Iterable[Path]) -> Taken:
    """The bundles in files."""
    found, unread = [], False
    for file in files:
        try:
            found.append((str(file), read_bundle(file)))
        except BadBundle as error:
            click.echo(f"Error: {file}: {error}", err=True)
            unread = True
    return Taken(tuple(found), unread)


async def from_store(url: str, choice: Choice, exercise: str) -> Taken:
    """The bundles of an exercise in a store. Raises StoreTrouble where it does not answer."""
    from labgrader.store.files import open_store  # noqa: PLC0415 (start-up counts)

    store = open_store(url)
    found, unread = [], False
    for ref in choice.refs(await store.refs()):
        try:
            bundle = await _read(store, ref)
        except BadBundle as error:
            click.echo(f"Error: {ref}: {error}", err=True)
            unread = True
            continue
        if bundle is not None and bundle.exercise == exercise:
            found.append((ref, bundle))
    return Taken(tuple(found), unread)


async def _read(store: EvidenceStore, ref: str) -> Bundle | None:
    """A bundle of the store, which must be the one that its name says."""
    content = await store.get(ref)
    if content is None:  # retention took it meanwhile
        return None
    bundle, named = read(content), parse_ref(ref)
    if named is None:
        raise StoreTrouble(f"{ref} is no name of evidence")
    if bundle.source != named.digest:
        raise BadBundle("it was replaced: it is other evidence than its name says")
    return bundle
