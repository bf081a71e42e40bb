"""A Bundle: the evidence of one grading with all that judging it again takes, as one file.

Made by ``grading.recording``, written to files and stores, read back for ``labgrader
regrade``. Its JSON is canonical: keys sorted, no spaces, integers as digits, other numbers in
their shortest exact form; so equal bundles have equal digests on every machine. Pure.
"""

from dataclasses import dataclass, field, replace
from typing import Any

import orjson

from labgrader.evidence.codec import NotAsWritten, decode, encode
from labgrader.evidence.packing import FORMAT, MAX_BYTES, BadBundle, Packed, pack, unpack
from labgrader.evidence.record import Record, Seen
from labgrader.evidence.requests import ListObjects, ReadLog

_FORMAT = "format"


@dataclass(frozen=True, slots=True)
class Judged:
    """How a check was judged when the evidence was new.

    ``earned`` are its own points, None while it is open; ``credit`` is how much of it was
    fulfilled, in milli-percent, which counts also where its points do not.
    """

    name: str
    outcome: str
    reason: str
    points: int
    earned: int | None = None
    credit: int = 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the grading came to when the evidence was new.

    ``low`` were the certain points, ``high`` the possible ones, of ``max``: what the scorer made
    of the checks, groups, caps and extra credit of that exercise, which the bundle has not.
    """

    exercise_hash: str
    result: str
    low: int
    high: int
    max: int
    checks: tuple[Judged, ...]


@dataclass(frozen=True, slots=True)
class Handed:
    """The Submission that was graded: where it is, and which attempt."""

    namespace: str
    name: str
    uid: str
    attempt: int


@dataclass(frozen=True, slots=True)
class Bundle:
    """Recorded evidence.

    ``self_reported``: it was recorded by a command line, on a machine that may be the
    learner's own, who could have written anything into it.
    """

    exercise: str
    namespace: str
    started: str
    ended: str
    verdict: Verdict
    record: Record
    course: str = ""
    learner: str = ""
    self_reported: bool = False
    submission: Handed | None = None
    source: str = field(default="", compare=False)
    """The digest of the file that it was read from."""


def written(bundle: Bundle, limit: int = MAX_BYTES) -> tuple[Bundle, Packed]:
    """The file of a bundle, and the bundle as far as it fits into ``limit`` bytes of JSON.

    Where it is too large, whole answers are left out, and named in ``record.left_out``: first
    logs, then Events, which only explain; then whatever is largest.
    """
    fitted, document = _fitted(bundle, limit)
    return fitted, pack(document)


def read(file: bytes) -> Bundle:
    """The bundle in a file. Raises BadBundle."""
    digest, document = unpack(file)
    try:
        raw = orjson.loads(document)
    except orjson.JSONDecodeError as error:
        raise BadBundle(f"it holds no JSON ({error})") from error
    if not isinstance(raw, dict) or raw.pop(_FORMAT, None) != FORMAT:
        raise BadBundle(f"its content is not of format {FORMAT}, as its first line says")
    try:
        bundle: Bundle = decode({**raw, "source": digest}, Bundle)
        _check_places(bundle.record)
    except (NotAsWritten, RecursionError) as error:
        raise BadBundle(f"it was not written by labgrader: {error}") from error
    return bundle


def canonical(value: Any) -> bytes:
    """A JSON value as the one text that all machines write for it."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def _document(bundle: Bundle) -> bytes:
    raw: dict[str, Any] = encode(bundle, Bundle)
    del raw["source"]
    return canonical(raw | {_FORMAT: FORMAT})


def _fitted(bundle: Bundle, limit: int) -> tuple[Bundle, bytes]:
    document = _document(bundle)
    while len(document) > limit:
        if not bundle.record.seen:
            raise ValueError(f"not even a bundle without answers fits into {limit} bytes")
        dropped = _least_needed(bundle.record, len(document) - limit)
        bundle = replace(bundle, record=bundle.record.without(dropped))
        document = _document(bundle)
    return bundle, document


def _least_needed(record: Record, excess: int) -> list[int]:
    """The places of answers that are least missed and free so many bytes together."""
    sizes = [len(canonical(encode(seen, Seen))) for seen in record.seen]
    dropped: list[int] = []
    for place in sorted(range(len(sizes)), key=lambda p: (_need(record.seen[p]), -sizes[p], p)):
        dropped.append(place)
        excess -= sizes[place]
        if excess <= 0:
            break
    return dropped


def _need(seen: Seen) -> int:
    match seen.request:
        case ReadLog():
            return 0
        case ListObjects(kind="Event"):
            return 1
        case _:
            return 2


def _check_places(record: Record) -> None:
    there = range(len(record.seen))
    named = [(f"record.checks.{name}", places) for name, places in record.checks.items()]
    for name, several in record.watched.items():
        named += [(f"record.watched.{name}", one.seen) for one in several]
    for place, places in named:
        if not all(number in there for number in places):
            raise NotAsWritten(place, "names evidence that is not there")
