"""What people see of a grading that takes its time: its place in the queue, then that it goes on.

Called by ``handlers.grader`` beside the grading itself. Must not judge.
"""

from labgrader.cluster.clock import SystemClock
from labgrader.cluster.submissions import Courses
from labgrader.grading.plan import Plan
from labgrader.handlers.turns import Place, Turn, Turns
from labgrader.handlers.writing import Body, Verdict, write
from labgrader.reporting import status as render
from labgrader.reporting.queued import Queued, queued


async def shown_until_begun(
    courses: Courses, clock: SystemClock, turns: Turns, body: Body, plan: Plan, turn: Turn | None
) -> Verdict | None:
    """What is shown once the grading goes on; None where the object is gone or moved on.

    ``turn`` is that of a grading that disturbs, which may have to wait for it.
    """
    if turn is not None:
        async for place in turns.news(turn):
            told = _queued(place, clock)
            waits = await write(courses, body, lambda s, told=told: queued(s, plan, told))  # type: ignore[misc]  # the default binds this turn of the loop
            if waits is None:
                return None
            body = waits.body
    return await write(courses, body, lambda s: render.grading(s, plan, clock.wall()))


def _queued(place: Place, clock: SystemClock) -> Queued:
    expected = None if place.at is None else clock.wall(later=max(0.0, place.at - place.seen))
    return Queued(place.number, clock.wall(), expected)
