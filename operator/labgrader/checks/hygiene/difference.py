"""One setting that is not as it should be, as the cause that a message is made of.

Called by the modules beside it. Ranges are written as operators, which both languages read.
"""

from dataclasses import dataclass
from typing import Any

from labgrader.api.kinds import Amount, Limits
from labgrader.checks.expect.places import shown
from labgrader.checks.expect.quantity import parse_quantity
from labgrader.checks.finding import Cause, cause


@dataclass(frozen=True, slots=True)
class Place:
    """A container of a workload, which every message names."""

    kind: str
    name: str
    namespace: str
    container: str


def compared(place: Place, field: str, expected: str, seen: Any) -> Cause:
    """The setting has another value, or is not set where ``seen`` is None.

    Amounts are told as people write them, without the quotes of texts that look like numbers.
    """
    if seen is None:
        return cause(
            "SettingMissing",
            kind=place.kind,
            name=place.name,
            namespace=place.namespace,
            container=place.container,
            field=field,
            expected=expected,
        )
    return cause(
        "SettingDiffers",
        kind=place.kind,
        name=place.name,
        namespace=place.namespace,
        container=place.container,
        field=field,
        expected=expected,
        seen=shown(seen) if parse_quantity(seen) is None else str(seen),
    )


def shortened(other: Cause, first: Cause) -> Cause:
    """The cause without what the first one has said already, for the same container."""
    told, known = dict(other.params), dict(first.params)
    if told.get("container") != known.get("container"):
        return other
    if other.reason == "SettingMissing":
        return cause("AlsoMissing", field=told["field"], expected=told["expected"])
    if other.reason == "SettingDiffers":
        return cause(
            "AlsoDiffers", field=told["field"], expected=told["expected"], seen=told["seen"]
        )
    return other


def bounds(wanted: Amount | Limits) -> str:
    """A range as ``>=10m, <=500m``."""
    told = [f"{sign}{bound}" for sign, bound in _signed(wanted) if bound is not None]
    return ", ".join(told) or ">0"


def amount_holds(wanted: Amount, seen: Any) -> bool:
    """Whether a quantity lies in the range; without bounds, whether it is above zero."""
    number = parse_quantity(seen)
    if number is None:
        return False
    low = parse_quantity(wanted.min)
    high = parse_quantity(wanted.max)
    if low is None and high is None:
        return number > 0
    return (low is None or number >= low) and (high is None or number <= high)


def number_holds(wanted: Limits, seen: Any) -> bool:
    """Whether a whole number lies in the range."""
    if not isinstance(seen, int) or isinstance(seen, bool):
        return False
    return (wanted.min is None or seen >= wanted.min) and (wanted.max is None or seen <= wanted.max)


def _signed(wanted: Amount | Limits) -> tuple[tuple[str, Any], ...]:
    return (">=", wanted.min), ("<=", wanted.max)
