"""The port behind which bundles are kept, and the names that they have there.

Implemented by ``store``, used by ``handlers`` and ``cli``. A name says whose evidence it is
and when it was recorded, so that what is too old, or one learner's, is found without opening
anything:

    COURSE/LEARNER/SUBMISSION-NAMESPACE/SUBMISSION/ATTEMPT-TIME-DIGEST.lab

Only the Protocol and the names live here.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from labgrader.evidence.bundle import Bundle

UNFINISHED = ".part"
_SUFFIX = ".lab"
_DIGITS = 7
_REF = re.compile(
    r"(?P<course>[a-z0-9-]+)/(?P<learner>[a-z0-9-]+)/(?P<namespace>[a-z0-9-]+)/(?P<name>[a-z0-9.-]+)"
    r"/(?P<attempt>\d{7})-(?P<time>\d{8}T\d{6}Z)-(?P<digest>[0-9a-f]{64})[.]lab"
)

SubmissionKey = tuple[str, str, str, str]
"""Course, learner, and the Submission's namespace and name."""


class StoreTrouble(Exception):
    """The store is away, full, or does not let us in. Its text says which."""


class NoStore(StoreTrouble):
    """The store's folder is not there: mistyped, not mounted, or nothing was put there yet."""


class EvidenceStore(Protocol):
    """Keeps bundles by name. All methods raise StoreTrouble."""

    async def put(self, ref: str, content: bytes) -> None:
        """Keep a bundle, as a whole or not at all."""

    async def get(self, ref: str) -> bytes | None:
        """A bundle's file, or None where there is none of this name."""

    async def refs(self, below: str = "") -> Collection[str]:
        """The names of all bundles, or of those below a folder. Raises NoStore as well."""

    async def unfinished(self, idle_seconds: float = 0.0) -> Collection[str]:
        """What was being written and is not whole: names of bundles, with UNFINISHED behind.

        A writer that was killed leaves it behind; what a living one still writes is among them
        unless it was idle for so long. Raises NoStore as well.
        """

    async def remove(self, refs: Collection[str]) -> None:
        """Delete bundles, and unfinished ones; one that is gone already is gone."""


@dataclass(frozen=True, slots=True)
class Ref:
    """What a name says. ``time`` is written without punctuation, so that it sorts."""

    course: str
    learner: str
    namespace: str
    name: str
    attempt: int
    time: str
    digest: str

    @property
    def submission(self) -> SubmissionKey:
        """Whose evidence it is: with the learner, because a name may be another's later."""
        return self.course, self.learner, self.namespace, self.name

    @property
    def place(self) -> tuple[str, int, str]:
        """Sorts as it was recorded. A Submission that is made anew begins at attempt 1 again."""
        return self.time, self.attempt, self.digest

    def __str__(self) -> str:
        folder = f"{self.course}/{self.learner}/{self.namespace}/{self.name}"
        hexadecimal = self.digest.removeprefix("sha256:")
        return f"{folder}/{self.attempt:0{_DIGITS}}-{self.time}-{hexadecimal}{_SUFFIX}"


def ref_of(bundle: Bundle, digest: str) -> Ref:
    """The name of a Submission's bundle. Raises ValueError where it is of none."""
    if bundle.submission is None:
        raise ValueError("a bundle without a Submission has no name in a store")
    handed = bundle.submission
    time = bundle.ended.replace("-", "").replace(":", "")
    return Ref(
        bundle.course,
        bundle.learner,
        handed.namespace,
        handed.name,
        handed.attempt,
        time,
        digest,
    )


def parse_ref(text: str) -> Ref | None:
    """What a name says; None where it is no name of a bundle."""
    matched = _REF.fullmatch(text)
    if matched is None:
        return None
    told = matched.groupdict()
    return Ref(
        told["course"],
        told["learner"],
        told["namespace"],
        told["name"],
        int(told["attempt"]),
        told["time"],
        f"sha256:{told['digest']}",
    )


def outdated(refs: Iterable[str], keep: int, oldest: str) -> list[str]:
    """The names that retention lets go.

    Those are all but the last ``keep`` of each Submission, and those from before ``oldest``, a
    time as names have it.
    """
    gone = []
    for several in _by_submission(refs).values():
        gone += [
            text
            for place, (text, ref) in enumerate(reversed(several))
            if place >= keep or ref.time < oldest
        ]
    return sorted(gone)


def latest(refs: Iterable[str]) -> Mapping[SubmissionKey, str]:
    """The newest name of each Submission."""
    return {key: several[-1][0] for key, several in _by_submission(refs).items()}


def _by_submission(refs: Iterable[str]) -> dict[SubmissionKey, list[tuple[str, Ref]]]:
    """The names of bundles, each Submission's as they were recorded."""
    found: dict[SubmissionKey, list[tuple[str, Ref]]] = {}
    for text in refs:
        ref = parse_ref(text)
        if ref is not None:
            found.setdefault(ref.submission, []).append((text, ref))
    return {key: sorted(several, key=lambda one: one[1].place) for key, several in found.items()}
