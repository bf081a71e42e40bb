"""One params model for each check kind; ``checks`` holds the module that judges it."""

from labgrader.api.kinds.allows import Access, Allows
from labgrader.api.kinds.answers import Answers
from labgrader.api.kinds.asks import Asks, Choice, Choices, Number, Option
from labgrader.api.kinds.claims import Claims
from labgrader.api.kinds.conditions import ConditionExpected, Conditions
from labgrader.api.kinds.configures import (
    Amount,
    Configures,
    Env,
    EnvSource,
    ImagePolicy,
    Limits,
    Mount,
    MountSource,
    Probe,
    Probes,
    Resources,
    Security,
)
from labgrader.api.kinds.emitted import Emitted
from labgrader.api.kinds.heals import Availability, Curve, CurvePoint, Heals
from labgrader.api.kinds.logs import Logs
from labgrader.api.kinds.matches import Clause, Matches
from labgrader.api.kinds.presence import Absent, Exists
from labgrader.api.kinds.ready import Ready
from labgrader.api.kinds.rejects import Refuser, Rejects
from labgrader.api.kinds.rolled_out import ImageChange, Revisions, RolledOut, Strategy
from labgrader.api.kinds.routes import Routes
from labgrader.api.kinds.satisfies import Beside, HowMany, Satisfies
from labgrader.api.kinds.scales import Load, Scales, ScaleUp
from labgrader.api.kinds.subject import Creator, Subject
from labgrader.api.kinds.unchanged import Unchanged

__all__ = [
    "Absent",
    "Access",
    "Allows",
    "Amount",
    "Answers",
    "Asks",
    "Availability",
    "Beside",
    "Choice",
    "Choices",
    "Claims",
    "Clause",
    "ConditionExpected",
    "Conditions",
    "Configures",
    "Creator",
    "Curve",
    "CurvePoint",
    "Emitted",
    "Env",
    "EnvSource",
    "Exists",
    "Heals",
    "HowMany",
    "ImageChange",
    "ImagePolicy",
    "Limits",
    "Load",
    "Logs",
    "Matches",
    "Mount",
    "MountSource",
    "Number",
    "Option",
    "Probe",
    "Probes",
    "Ready",
    "Refuser",
    "Rejects",
    "Resources",
    "Revisions",
    "RolledOut",
    "Routes",
    "Satisfies",
    "ScaleUp",
    "Scales",
    "Security",
    "Strategy",
    "Subject",
    "Unchanged",
]
