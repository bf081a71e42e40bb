"""The explicit table of check kinds: which module judges, and in which phase.

Read by ``grading``. A new kind is one line here, one params model in ``api.kinds``, one
module in ``checks``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from types import MappingProxyType
from typing import Any

from labgrader.checks import (
    absent,
    allows,
    answers,
    asks,
    balances,
    claims,
    conditions,
    configures,
    connects,
    drains,
    emitted,
    exists,
    heals,
    logs,
    matches,
    persists,
    ready,
    recommends,
    rejects,
    resizes,
    resolves,
    rolled_out,
    rolls_back,
    routes,
    satisfies,
    scales,
    scales_on_schedule,
    survives_bad_update,
    unchanged,
    updates_without_downtime,
)
from labgrader.checks.finding import Finding
from labgrader.checks.problem import Problem
from labgrader.checks.scope import Scope
from labgrader.evidence.snapshot import Snapshot

Judge = Callable[[Any, Scope, Snapshot], Finding]


class Phase(IntEnum):
    """When a kind looks. Each phase starts when the one before has ended."""

    OBSERVE = 0
    """Reads objects."""
    PROBE = 1
    """Sends requests as a client."""
    DISTURB = 2
    """Runs experiments."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One check kind.

    ``problems`` finds what makes params unusable, before anything is graded; ``hollow`` says
    whether the check may be true where nobody has done anything, ``takes_nodes`` whether it takes
    a node away, so that there must be another one.
    """

    phase: Phase
    judge: Judge
    problems: Callable[[Any], tuple[Problem, ...]] = lambda _params: ()
    hollow: Callable[[Any], bool] = lambda _params: False
    takes_nodes: Callable[[Any], bool] = lambda _params: False


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "exists": Kind(Phase.OBSERVE, exists.judge),
        "absent": Kind(Phase.OBSERVE, absent.judge, hollow=lambda _params: True),
        "matches": Kind(Phase.OBSERVE, matches.judge, matches.problems),
        "satisfies": Kind(Phase.OBSERVE, satisfies.judge, satisfies.problems),
        "ready": Kind(Phase.OBSERVE, ready.judge, ready.problems),
        "routes": Kind(Phase.OBSERVE, routes.judge, routes.problems),
        "answers": Kind(Phase.PROBE, answers.judge, answers.problems),
        "heals": Kind(Phase.DISTURB, heals.judge, heals.problems, takes_nodes=heals.takes_nodes),
        "scales": Kind(Phase.DISTURB, scales.judge, scales.problems),
        "scalesOnSchedule": Kind(
            Phase.DISTURB, scales_on_schedule.judge, scales_on_schedule.problems
        ),
        "resizes": Kind(Phase.DISTURB, resizes.judge, resizes.problems),
        "recommends": Kind(Phase.OBSERVE, recommends.judge, recommends.problems),
        "conditions": Kind(Phase.OBSERVE, conditions.judge, conditions.problems),
        "rolledOut": Kind(Phase.OBSERVE, rolled_out.judge, rolled_out.problems),
        "logs": Kind(Phase.OBSERVE, logs.judge, logs.problems),
        "emitted": Kind(Phase.OBSERVE, emitted.judge, emitted.problems),
        "configures": Kind(Phase.OBSERVE, configures.judge, configures.problems),
        "claims": Kind(Phase.OBSERVE, claims.judge, claims.problems),
        "allows": Kind(Phase.OBSERVE, allows.judge, allows.problems, allows.hollow),
        "rejects": Kind(Phase.OBSERVE, rejects.judge, rejects.problems, rejects.hollow),
        "asks": Kind(Phase.OBSERVE, asks.judge, asks.problems),
        "unchanged": Kind(Phase.OBSERVE, unchanged.judge, hollow=lambda _params: True),
        "updatesWithoutDowntime": Kind(
            Phase.DISTURB, updates_without_downtime.judge, updates_without_downtime.problems
        ),
        "survivesBadUpdate": Kind(
            Phase.DISTURB, survives_bad_update.judge, survives_bad_update.problems
        ),
        "rollsBack": Kind(Phase.DISTURB, rolls_back.judge, rolls_back.problems),
        "balances": Kind(Phase.PROBE, balances.judge, balances.problems),
        "drains": Kind(Phase.DISTURB, drains.judge, drains.problems),
        "persists": Kind(
            Phase.DISTURB, persists.judge, persists.problems, takes_nodes=persists.takes_nodes
        ),
        "resolves": Kind(Phase.PROBE, resolves.judge, resolves.problems, resolves.hollow),
        "connects": Kind(Phase.PROBE, connects.judge, connects.problems),
    }
)
