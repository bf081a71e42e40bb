"""One params model for each check kind; ``checks`` holds the module that judges it."""

from labgrader.api.kinds.allows import Access, Allows
from labgrader.api.kinds.answers import Answers
from labgrader.api.kinds.asks import Asks, Choice, Choices, Number, Option
from labgrader.api.kinds.balances import AtLeastTwo, Balances, PodName
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
from labgrader.api.kinds.connects import Connects, Destination, Flow, Source
from labgrader.api.kinds.curve import Curve, CurvePoint
from labgrader.api.kinds.drains import Drains
from labgrader.api.kinds.emitted import Emitted
from labgrader.api.kinds.faults import FaultMeans, FaultName
from labgrader.api.kinds.heals import Availability, Heals
from labgrader.api.kinds.logs import Logs
from labgrader.api.kinds.matches import Clause, Matches
from labgrader.api.kinds.persists import Persists, Stored
from labgrader.api.kinds.presence import Absent, Exists
from labgrader.api.kinds.ready import Ready
from labgrader.api.kinds.recommends import Recommended, Recommends
from labgrader.api.kinds.rejects import Refuser, Rejects
from labgrader.api.kinds.resizes import NewLimits, Resizes
from labgrader.api.kinds.resolves import Resolves
from labgrader.api.kinds.rolled_out import ImageChange, Revisions, RolledOut, Strategy
from labgrader.api.kinds.routes import Routes
from labgrader.api.kinds.satisfies import Beside, HowMany, Satisfies
from labgrader.api.kinds.scales import Load, ScaleDown, Scales, ScaleUp
from labgrader.api.kinds.scales_on_schedule import ScalesOnSchedule
from labgrader.api.kinds.subject import Creator, Subject
from labgrader.api.kinds.unchanged import Unchanged
from labgrader.api.kinds.updates import (
    ImageTo,
    RollsBack,
    SurvivesBadUpdate,
    UpdatesWithoutDowntime,
    UpdateTo,
)

__all__ = [
    "Absent",
    "Access",
    "Allows",
    "Amount",
    "Answers",
    "Asks",
    "AtLeastTwo",
    "Availability",
    "Balances",
    "Beside",
    "Choice",
    "Choices",
    "Claims",
    "Clause",
    "ConditionExpected",
    "Conditions",
    "Configures",
    "Connects",
    "Creator",
    "Curve",
    "CurvePoint",
    "Destination",
    "Drains",
    "Emitted",
    "Env",
    "EnvSource",
    "Exists",
    "FaultMeans",
    "FaultName",
    "Flow",
    "Heals",
    "HowMany",
    "ImageChange",
    "ImagePolicy",
    "ImageTo",
    "Limits",
    "Load",
    "Logs",
    "Matches",
    "Mount",
    "MountSource",
    "NewLimits",
    "Number",
    "Option",
    "Persists",
    "PodName",
    "Probe",
    "Probes",
    "Ready",
    "Recommended",
    "Recommends",
    "Refuser",
    "Rejects",
    "Resizes",
    "Resolves",
    "Resources",
    "Revisions",
    "RolledOut",
    "RollsBack",
    "Routes",
    "Satisfies",
    "ScaleDown",
    "ScaleUp",
    "Scales",
    "ScalesOnSchedule",
    "Security",
    "Source",
    "Stored",
    "Strategy",
    "Subject",
    "SurvivesBadUpdate",
    "Unchanged",
    "UpdateTo",
    "UpdatesWithoutDowntime",
]
