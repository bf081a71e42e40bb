"""One params model for each check kind; ``checks`` holds the module that judges it."""

from labgrader.api.kinds.answers import Answers
from labgrader.api.kinds.claims import Claims
from labgrader.api.kinds.conditions import ConditionExpected, Conditions
from labgrader.api.kinds.configures import (
    Amount,
    Configures,
    Env,
    EnvSource,
    ImagePolicy,
    Mount,
    MountSource,
    Number,
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
from labgrader.api.kinds.rolled_out import ImageChange, Revisions, RolledOut, Strategy
from labgrader.api.kinds.routes import Routes
from labgrader.api.kinds.satisfies import Beside, HowMany, Satisfies
from labgrader.api.kinds.scales import Load, Scales, ScaleUp

__all__ = [
    "Absent",
    "Amount",
    "Answers",
    "Availability",
    "Beside",
    "Claims",
    "Clause",
    "ConditionExpected",
    "Conditions",
    "Configures",
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
    "Load",
    "Logs",
    "Matches",
    "Mount",
    "MountSource",
    "Number",
    "Probe",
    "Probes",
    "Ready",
    "Resources",
    "Revisions",
    "RolledOut",
    "Routes",
    "Satisfies",
    "ScaleUp",
    "Scales",
    "Security",
    "Strategy",
]
