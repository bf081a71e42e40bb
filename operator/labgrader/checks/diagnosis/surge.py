"""How a workload replaces its pods, in numbers of pods.

Called by ``checks.rolled_out``. Percentages and their rounding are those of the controllers:
a Deployment rounds maxSurge up and maxUnavailable down, a DaemonSet both up, a StatefulSet
down; and where nothing could ever be replaced, one pod may be missing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from labgrader.checks.diagnosis.shape import mapping, whole, words
from labgrader.evidence.answers import Json

ROLLING = "RollingUpdate"
_MOST_DIGITS = 18  # the API server takes percentages of any length, Python does not
SURGE, UNAVAILABLE = "maxSurge", "maxUnavailable"

_SIGNS: Mapping[str, Callable[[int, int], bool]] = MappingProxyType(
    {
        ">=": lambda seen, bound: seen >= bound,
        "<=": lambda seen, bound: seen <= bound,
        ">": lambda seen, bound: seen > bound,
        "<": lambda seen, bound: seen < bound,
    }
)
_LEFT_OUT: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "Deployment": {SURGE: "25%", UNAVAILABLE: "25%"},
        "DaemonSet": {SURGE: 0, UNAVAILABLE: 1},
        "StatefulSet": {SURGE: 0, UNAVAILABLE: 1},
    }
)


@dataclass(frozen=True, slots=True)
class Replacement:
    """How pods are replaced: the strategy's type, and its fields as they stand in the object."""

    kind: str
    type: str
    fields: Json
    replicas: int

    def written(self, field: str) -> str:
        """A number as it stands there, or the default."""
        return str(self._value(field))

    def pods(self, field: str) -> int:
        """What the number comes to in pods."""
        found = _scaled(self._value(field), self.replicas, up=self._rounds_up(field))
        if field == UNAVAILABLE and found == 0:
            return 0 if self.pods(SURGE) else 1
        return found

    def holds(self, expected: str, field: str) -> bool:
        """Whether the number is what is expected, in pods; one that is expected rounds alike."""
        sign = next((sign for sign in _SIGNS if expected.startswith(sign)), "")
        bound = _scaled(expected[len(sign) :], self.replicas, up=self._rounds_up(field))
        seen = self.pods(field)
        return _SIGNS[sign](seen, bound) if sign else seen == bound

    def _value(self, field: str) -> Any:
        found = self.fields.get(field)
        return _LEFT_OUT[self.kind][field] if found is None else found

    def _rounds_up(self, field: str) -> bool:
        return field == SURGE or self.kind == "DaemonSet"


def replacement(workload: Json) -> Replacement:
    """How a Deployment, StatefulSet or DaemonSet replaces its pods."""
    kind, spec = workload["kind"], workload["spec"]
    strategy = mapping(spec.get("strategy" if kind == "Deployment" else "updateStrategy"))
    if kind == "DaemonSet":
        replicas = whole(mapping(workload.get("status")).get("desiredNumberScheduled")) or 0
    else:
        wanted = whole(spec.get("replicas"))
        replicas = 1 if wanted is None else wanted
    fields = mapping(strategy.get("rollingUpdate"))
    return Replacement(kind, words(strategy.get("type")) or ROLLING, fields, replicas)


def _scaled(value: Any, replicas: int, *, up: bool) -> int:
    """A number, or a percentage of the replicas."""
    text = str(value)
    digits = text.removesuffix("%")
    number = int(digits[:_MOST_DIGITS]) if digits.isascii() and digits.isdigit() else 0
    if not text.endswith("%"):
        return number
    return -(-number * replicas // 100) if up else number * replicas // 100
