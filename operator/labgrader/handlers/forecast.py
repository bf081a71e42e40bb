"""When gradings that wait for their turn will have it, if all goes as before.

Used by ``handlers.turns``. Plays through what ``handlers.gate`` will do: so many at once, one in
a namespace, in the order in which they came. Pure.
"""

from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush


@dataclass(frozen=True, slots=True)
class Course:
    """One grading: where, and for how many seconds it will go on once it has its turn."""

    namespace: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Start:
    """As which of those that wait it begins, the next one being 1, and in how many seconds."""

    number: int
    seconds: float


def forecast(
    running: Sequence[Course], waiting: Sequence[Course], at_once: int
) -> tuple[Start, ...]:
    """For each that waits, in the order given, which begins with those that come first."""
    lanes: defaultdict[str, deque[int]] = defaultdict(deque)
    for index, course in enumerate(waiting):
        lanes[course.namespace].append(index)
    ends = [(course.seconds, -1, course.namespace) for course in running]
    heapify(ends)
    taken = {course.namespace for course in running}
    heads = deque(sorted(lane.popleft() for name, lane in lanes.items() if name not in taken))
    starts: dict[int, Start] = {}
    now, free = 0.0, at_once - len(running)
    while heads or ends:
        while heads and free > 0:
            index = heads.popleft()
            starts[index], free = Start(len(starts) + 1, now), free - 1
            course = waiting[index]
            heappush(ends, (now + course.seconds, index, course.namespace))
        now, _, left = heappop(ends)
        free += 1
        if lanes[left]:
            heads.append(lanes[left].popleft())
    return tuple(starts[index] for index in range(len(waiting)))
