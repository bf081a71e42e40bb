"""How long a check must be, become, or stay true: four words beside its kind.

Read by ``api.check`` and ``api.exercise``; ``checks.over_time`` judges by them, ``grading.watch``
looks by them. A check without any of them is true when it is found to be true once. Must not know
what a kind asks.
"""

from pydantic import Field

from labgrader.api.base import Model, PositiveDuration

WORDS = ("eventually", "consistently", "never", "stableAfter")
"""The four, as they are written."""
KINDS_WITHOUT = (
    "heals",
    "scales",
    "scalesOnSchedule",
    "resizes",
    "updatesWithoutDowntime",
    "survivesBadUpdate",
    "rollsBack",
    "drains",
    "persists",
    "asks",
)
"""Kinds that take none of them: what disturbs has times of its own, and an answer stays."""


class Eventually(Model):
    """The check becomes true within the time."""

    within: PositiveDuration
    """How long it is looked at until it is true, in place of settle."""

    def longest(self, _settle: int) -> int:
        """How long the check may be looked at."""
        return self.within


class Consistently(Model):
    """The check becomes true within settle, and from then on it is true at every look."""

    for_: PositiveDuration = Field(alias="for")
    """How long it must stay true once it is."""

    def longest(self, settle: int) -> int:
        """How long the check may be looked at."""
        return settle + self.for_


class Never(Model):
    """What the check says is true at no look."""

    for_: PositiveDuration = Field(alias="for")
    """How long it must not become true."""

    def longest(self, _settle: int) -> int:
        """How long the check may be looked at."""
        return self.for_


class StableAfter(Model):
    """The check becomes true, perhaps after some to and fro, and then stays true."""

    within: PositiveDuration
    """How long it may take until it is true to stay."""
    for_: PositiveDuration = Field(alias="for")
    """How long it must then stay true."""

    def longest(self, _settle: int) -> int:
        """How long the check may be looked at."""
        return self.within + self.for_


OverTime = Eventually | Consistently | Never | StableAfter
