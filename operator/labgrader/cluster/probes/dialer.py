"""What sends one HTTP request as a client of a Service does.

Used by ``cluster.gather`` for ``answers``, and by experiments on copies to ask the original;
implemented by the direct and the proxied dialer.
"""

from typing import Protocol

from labgrader.evidence.answers import Answer
from labgrader.evidence.requests import CallHttp


class Dialer(Protocol):
    """Sends one HTTP request as a client inside the cluster."""

    async def call(self, request: CallHttp) -> Answer:
        """HttpAnswer, NoHttpAnswer, Hindered or Trouble."""
