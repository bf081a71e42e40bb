"""The ports behind which all looking, probing, disturbing and computing happens.

Implemented by ``cluster``; called by ``grading``. Only the Protocols live here.
"""

from collections.abc import Collection, Mapping
from typing import Protocol

from labgrader.evidence.answers import Answer
from labgrader.evidence.requests import Evaluate, Look, Request


class EvidenceSource(Protocol):
    """Answers requests about one target namespace."""

    async def gather(self, requests: Collection[Request]) -> Mapping[Request, Answer]:
        """An answer to each request, gathered concurrently where that disturbs nobody.

        Never raises for what the cluster says: trouble is an answer too.
        """

    async def changed(self, seen: Mapping[Look, Answer], within_ms: int) -> bool:
        """Wait until a look would be answered otherwise than ``seen``; False when time is over."""

    async def confirm(self, namespace: str) -> Answer:
        """Found where the namespace exists and is not being deleted, else Trouble.

        Asked after evidence that would count against the learner: in a namespace that is
        being deleted, a missing object proves nothing.
        """


class Evaluator(Protocol):
    """Evaluates expressions where a hang or a crash harms nobody."""

    async def evaluate(self, request: Evaluate) -> Answer:
        """Values or NotEvaluated, which follow from the request on any machine."""
