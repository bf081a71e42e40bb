"""What every experiment is to the laboratory that runs it.

Implemented by the modules of this package; ``trials`` is the table of them.
"""

from typing import Any, Protocol

from labgrader.cluster.client import Client
from labgrader.cluster.experiments.bell import Bell
from labgrader.cluster.experiments.journal import Journal
from labgrader.cluster.experiments.site import Site
from labgrader.cluster.resources import Resources
from labgrader.evidence.keeping import Kept
from labgrader.evidence.timeline import Timeline
from labgrader.evidence.traffic import Traffic


class Trial(Protocol):
    """One run of one experiment."""

    async def check(self) -> None:
        """Look at everything that can be known before anything is changed.

        Raises Hopeless, ApiError, ApiUnreachable.
        """

    async def conduct(self, site: Site) -> Timeline | Traffic | Kept:
        """Act and watch. Raises Hopeless, ApiError, ApiUnreachable."""


class MakesTrial(Protocol):
    """How every trial is made."""

    def __call__(
        self,
        client: Client,
        resources: Resources,
        journal: Journal,
        bell: Bell,
        experiment: Any,
        /,
    ) -> Trial:
        """The trial, which has not begun."""
