"""``labgrader forget``: erase the evidence that is kept of one learner."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import click

from labgrader.evidence.bundle import read
from labgrader.evidence.packing import BadBundle
from labgrader.evidence.store import UNFINISHED, EvidenceStore, NoStore, StoreTrouble, parse_ref
from labgrader.store.files import open_store
from labgrader.store.spool import Spool

_ABANDONED_SECONDS = 60.0


@click.command()
@click.argument("learner")
@click.option(
    "--store", envvar="LABGRADER_EVIDENCE", required=True, metavar="URL", help="The store."
)
@click.option(
    "--spool",
    envvar="LABGRADER_EVIDENCE_SPOOL",
    type=click.Path(path_type=Path),
    help="The operator's spool as well; both are known inside the operator's pod.",
)
@click.option("--course", help="Only what is kept in this course.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def forget(*, learner: str, store: str, spool: Path | None, course: str | None, yes: bool) -> None:
    """Erase the evidence that is kept of LEARNER.

    Scores stay in the Submissions, which `kubectl delete` removes; bundles that people have
    recorded into files are theirs.
    """
    try:
        kept = open_store(store)
        refs, missing = asyncio.run(_kept(kept, learner, course))
        waiting = _waiting(spool, learner, course)
        count = len(refs) + len(waiting)
        if count and not yes:
            click.confirm(f"Erase {count} bundle(s) of evidence of {learner}?", abort=True)
        _clear(spool, waiting)
        if missing is not None:
            if waiting:
                click.echo(f"Erased {count} bundle(s) of {learner} that waited for the store.")
            raise missing
        if not count:
            nobodys = "" if asyncio.run(kept.refs()) else f" {store} holds nothing of anybody."
            click.echo(f"Nothing is kept of {learner}.{nobodys}")
            return
        asyncio.run(kept.remove(refs))
        left = asyncio.run(_refs(kept, learner, course))
    except StoreTrouble as error:
        raise click.ClickException(f"the evidence store: {error}") from error
    if left:
        raise click.ClickException(f"{len(left)} bundle(s) of {learner} are still there")
    click.echo(f"Erased {count} bundle(s) of evidence of {learner}.")


async def _refs(store: EvidenceStore, learner: str, course: str | None) -> list[str]:
    found = []
    for text in (*await store.refs(), *await store.unfinished()):
        ref = parse_ref(text.removesuffix(UNFINISHED))
        if ref is not None and ref.learner == learner and course in {None, ref.course}:
            found.append(text)
    return found


async def _kept(
    store: EvidenceStore, learner: str, course: str | None
) -> tuple[list[str], NoStore | None]:
    """What the store has; or that it is not there, as long as everything waits for it."""
    try:
        return await _refs(store, learner, course), None
    except NoStore as error:
        return [], error


def _clear(folder: Path | None, waiting: Sequence[str]) -> None:
    """Remove what waits, and what a killed operator left of evidence, whoever's it is."""
    if folder is None:
        return
    spool = Spool(folder, 0)
    for digest in waiting:
        spool.remove(digest)
    swept = spool.sweep(_ABANDONED_SECONDS)
    if swept:
        click.echo(f"Erased {swept} unfinished file(s) of the spool; none says whose.")


def _waiting(folder: Path | None, learner: str, course: str | None) -> list[str]:
    """The digests of what waits of a learner; what cannot be read is nobody's."""
    if folder is None:
        return []
    spool, found = Spool(folder, 0), []
    for digest, _ in spool.waiting():
        content = spool.find(digest)
        try:
            bundle = read(content or b"")
        except BadBundle:
            continue
        if bundle.learner == learner and course in {None, bundle.course}:
            found.append(digest)
    return found
