"""One params model for each check kind; ``checks`` holds the module that judges it."""

from labgrader.api.kinds.allows import Access, Allows
from labgrader.api.kinds.answers import Answers
from labgrader.api.kinds.asks import Asks, Choice, Choices, Number, Option
from labgrader.api.kinds.heals import Availability, Curve, CurvePoint, Heals
from labgrader.api.kinds.matches import Matches
from labgrader.api.kinds.presence import Absent, Exists
from labgrader.api.kinds.ready import Ready
from labgrader.api.kinds.rejects import Refuser, Rejects
from labgrader.api.kinds.routes import Routes
from labgrader.api.kinds.scales import Load, Scales, ScaleUp
from labgrader.api.kinds.subject import Creator, Subject

__all__ = [
    "Absent",
    "Access",
    "Allows",
    "Answers",
    "Asks",
    "Availability",
    "Choice",
    "Choices",
    "Creator",
    "Curve",
    "CurvePoint",
    "Exists",
    "Heals",
    "Load",
    "Matches",
    "Number",
    "Option",
    "Ready",
    "Refuser",
    "Rejects",
    "Routes",
    "ScaleUp",
    "Scales",
    "Subject",
]
