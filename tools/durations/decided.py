"""When an experiment had seen what decides it, in its timeline's milliseconds.

Used by ``tools.durations``. It goes by the same definitions as the experiments and the judges.
Pure.
"""

from collections.abc import Iterator

from labgrader.checks import autoscaling, rollout
from labgrader.checks.draining import TOLD_TO_STOP
from labgrader.checks.recovery import WATCHED_MS, fault, healed_at, watched_until
from labgrader.cluster.experiments.resize_pod import CALM_MS
from labgrader.evidence.answers import Answer
from labgrader.evidence.experiments import (
    DeletePod,
    Disturb,
    DrainPod,
    LoadAutoscaler,
    ResizePod,
    Update,
)
from labgrader.evidence.keeping import Kept
from labgrader.evidence.record import Record
from labgrader.evidence.requests import Request
from labgrader.evidence.timeline import Timeline
from labgrader.evidence.traffic import Traffic


def decided(record: Record) -> int | None:
    """When the one check of a grading was decided; None where nothing says that.

    Of several sets of requests the last one decides: the first did not suffice.
    """
    answers = [answer for name in record.checks for answer in record.own(name).items()]
    moments = [decided_ms(*answer) for answer in reversed(answers)]
    return next((moment for moment in moments if moment is not None), None)


def decided_ms(request: Request, answer: Answer) -> int | None:
    """The moment; None where nothing was decided, or nothing timed."""
    if isinstance(answer, Traffic):
        return answer.answered_ms or None
    timeline = answer.timeline if isinstance(answer, Kept) else answer
    if not isinstance(timeline, Timeline):
        return None
    match request:
        case DeletePod() | Disturb():
            return _healed(timeline, clients=request.clients is not None)
        case Update():
            return _updated(timeline, request)
        case LoadAutoscaler():
            return _scaled(timeline, request)
        case DrainPod():
            told = timeline.when(TOLD_TO_STOP)
            return None if told is None else max(told + WATCHED_MS, *_noted(timeline))
        case ResizePod():
            return max(_noted(timeline), default=0) + CALM_MS
        case _:
            return max(_noted(timeline), default=None)


def _healed(timeline: Timeline, *, clients: bool) -> int | None:
    disturbed = fault(timeline)
    healed_ms = None if disturbed is None else healed_at(timeline, disturbed)
    if disturbed is None or healed_ms is None:
        return None
    return _answered(timeline, watched_until(disturbed, healed_ms)) if clients else healed_ms


def _updated(timeline: Timeline, request: Update) -> int | None:
    found = rollout.rollout(timeline)
    if found is None:
        return None
    if request.then == "hold":
        held_ms = found.at_ms + request.within_ms
        return max(held_ms, _answered(timeline, held_ms))
    took_over = rollout.back_at if request.then == "undo" else rollout.updated_at
    taken_ms = took_over(found)
    if taken_ms is None:
        return None
    return _answered(timeline, rollout.watched_until(found, taken_ms))


def _scaled(timeline: Timeline, request: LoadAutoscaler) -> int | None:
    started_ms = timeline.when(autoscaling.LOAD_STARTED)
    if started_ms is None:
        return None
    during = [one for one in timeline.autoscaler if one.at_ms >= started_ms]
    up_ms = autoscaling.reached(during, request.replicas)
    ended_ms = timeline.when(autoscaling.LOAD_ENDED)
    if up_ms is None or not request.down_within_ms or ended_ms is None:
        return None if up_ms is None else up_ms + request.hold_ms
    before = [one for one in timeline.autoscaler if one.at_ms < started_ms]
    since = [one for one in timeline.autoscaler if one.at_ms >= up_ms]
    return autoscaling.returned(since, autoscaling.base(before[-1:]), ended_ms)


def _answered(timeline: Timeline, until_ms: int) -> int:
    """When the last request of those that count had its answer, or its client gave up."""
    counted = (one for one in timeline.samples if one.at_ms <= until_ms)
    return max((one.at_ms + one.took_ms for one in counted), default=until_ms)


def _noted(timeline: Timeline) -> Iterator[int]:
    yield from (seen.at_ms for seen in timeline.pods)
    yield from (seen.at_ms for seen in timeline.endpoints)
    yield from (action.at_ms for action in timeline.actions)
    yield from (sample.at_ms + sample.took_ms for sample in timeline.direct)
