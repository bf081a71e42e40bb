"""The timelines in the evidence of a grading, by the checks that they were made for. Pure."""

from collections.abc import Iterator

from labgrader.evidence.keeping import Kept
from labgrader.evidence.record import Record
from labgrader.evidence.timeline import Timeline


def of_checks(record: Record) -> Iterator[tuple[str, Timeline]]:
    """Each check that was judged on an experiment, with what that recorded."""
    for check in record.checks:
        for answer in record.own(check).values():
            if isinstance(answer, Kept):
                yield check, answer.timeline
            elif isinstance(answer, Timeline):
                yield check, answer
