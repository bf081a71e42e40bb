"""What one grading of one experiment came to, and what is noted of it.

Made by ``by_operator`` and ``by_command``, noted by ``tools.durations``. Pure.
"""

from dataclasses import dataclass

from tools import noted
from tools.durations.page import Run
from tools.durations.wanted import Wanted
from tools.durations.witness import Told

LEARNER = "measured"
"""Who is graded: the learner, the namespace, the Submission."""


@dataclass(frozen=True, slots=True)
class Measured:
    """``decided_ms`` is since the experiment began for the last time; the rest seconds of CPU."""

    outcome: str
    told: Told
    decided_ms: int | None
    grader: float
    clients: float

    def of(self, one: Wanted) -> Run:
        """As it is noted."""
        told = self.told
        late = None
        if self.decided_ms is not None:
            late = round(told.written - told.last - self.decided_ms / 1000, 3)
        return Run(
            experiment=one.name,
            digest=one.digest,
            outcome=self.outcome,
            seconds=round(told.written - told.begun, 3),
            overhead=late,
            requests=told.requests,
            grader=round(self.grader, 3),
            clients=round(self.clients, 3),
            when=noted.today(),
            back=round(told.back, 3),
        )
