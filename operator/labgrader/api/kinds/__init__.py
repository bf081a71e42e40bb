"""One params model for each check kind; ``checks`` holds the module that judges it."""

from labgrader.api.kinds.answers import Answers
from labgrader.api.kinds.conditions import ConditionExpected, Conditions
from labgrader.api.kinds.emitted import Emitted
from labgrader.api.kinds.heals import Availability, Curve, CurvePoint, Heals
from labgrader.api.kinds.logs import Logs
from labgrader.api.kinds.matches import Clause, Matches
from labgrader.api.kinds.presence import Absent, Exists
from labgrader.api.kinds.ready import Ready
from labgrader.api.kinds.rolled_out import ImageChange, Revisions, RolledOut, Strategy
from labgrader.api.kinds.routes import Routes
from labgrader.api.kinds.satisfies import Beside, HowMany, Satisfies
from labgrader.api.kinds.scales import Load, Scales, ScaleUp

__all__ = [
    "Absent",
    "Answers",
    "Availability",
    "Beside",
    "Clause",
    "ConditionExpected",
    "Conditions",
    "Curve",
    "CurvePoint",
    "Emitted",
    "Exists",
    "Heals",
    "HowMany",
    "ImageChange",
    "Load",
    "Logs",
    "Matches",
    "Ready",
    "Revisions",
    "RolledOut",
    "Routes",
    "Satisfies",
    "ScaleUp",
    "Scales",
    "Strategy",
]
