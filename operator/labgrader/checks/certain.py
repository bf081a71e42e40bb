"""What a finding from clients' requests is worth where some of them came late or were lost.

Called by the judges of clients at a constant rate. A busy machine holds the sampler up now and then;
that takes a finding back only where what was missed could have changed it. Pure.
"""

from collections.abc import Callable
from dataclasses import replace
from http import HTTPStatus

from labgrader.checks.finding import Finding, unknown
from labgrader.evidence.timeline import Sample, Timeline

_FEW = 2
"""So many requests may be in doubt without a question, or one percent where that is more."""


def certain(
    timeline: Timeline, url: str, since_ms: int, judge: Callable[[Timeline], Finding]
) -> Finding:
    """What ``judge`` finds, where it is the same whatever doubtful requests since then had seen.

    They may all have failed, or all have succeeded; in between, counts and gaps lie between.
    What is found and told is of the requests that were heard of.
    """
    found = judge(replace(timeline, samples=timeline.heard))
    if not timeline.kept_rate:
        return behind_time(url)
    if not in_doubt(timeline, since_ms):
        return found
    for status in (0, HTTPStatus.OK):
        other = judge(replace(timeline, samples=_had_seen(timeline, status)))
        if (other.outcome, other.credit) != (found.outcome, found.credit):
            return behind_time(url)
    return found


def in_doubt(timeline: Timeline, since_ms: int = 0) -> bool:
    """Whether more of the requests since then are in doubt than say nothing."""
    counted = [sample for sample in timeline.samples if sample.at_ms >= since_ms]
    doubtful = sum(sample.doubtful for sample in counted)
    return not timeline.kept_rate or doubtful > max(_FEW, len(counted) // 100)


def behind_time(url: str) -> Finding:
    """The finding where the sampler's trouble leaves it open."""
    return unknown("SamplerBehind", transient=True, detail=url)


def _had_seen(timeline: Timeline, status: int) -> tuple[Sample, ...]:
    return tuple(
        replace(sample, status=status, error="") if sample.doubtful else sample
        for sample in timeline.samples
    )
