"""One params model for each check kind; ``checks`` holds the module that judges it."""

from labgrader.api.kinds.answers import Answers
from labgrader.api.kinds.heals import Availability, Curve, CurvePoint, Heals
from labgrader.api.kinds.matches import Clause, Matches
from labgrader.api.kinds.presence import Absent, Exists
from labgrader.api.kinds.ready import Ready
from labgrader.api.kinds.routes import Routes
from labgrader.api.kinds.scales import Load, Scales, ScaleUp

__all__ = [
    "Absent",
    "Answers",
    "Availability",
    "Clause",
    "Curve",
    "CurvePoint",
    "Exists",
    "Heals",
    "Load",
    "Matches",
    "Ready",
    "Routes",
    "ScaleUp",
    "Scales",
]
