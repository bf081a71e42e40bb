"""One params model for each check kind; ``checks`` holds the module that judges it."""

from labgrader.api.kinds.answers import Answers
from labgrader.api.kinds.claims import Claims
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
from labgrader.api.kinds.heals import Availability, Curve, CurvePoint, Heals
from labgrader.api.kinds.matches import Matches
from labgrader.api.kinds.presence import Absent, Exists
from labgrader.api.kinds.ready import Ready
from labgrader.api.kinds.routes import Routes
from labgrader.api.kinds.scales import Load, Scales, ScaleUp

__all__ = [
    "Absent",
    "Amount",
    "Answers",
    "Availability",
    "Claims",
    "Configures",
    "Curve",
    "CurvePoint",
    "Env",
    "EnvSource",
    "Exists",
    "Heals",
    "ImagePolicy",
    "Load",
    "Matches",
    "Mount",
    "MountSource",
    "Number",
    "Probe",
    "Probes",
    "Ready",
    "Resources",
    "Routes",
    "ScaleUp",
    "Scales",
    "Security",
]
