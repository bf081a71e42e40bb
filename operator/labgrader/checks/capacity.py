"""Capacity that is there already: who asks for it, and what there is in quiet times.

Called by ``checks.scales_on_schedule``. Told by who owns a field (``managedFields``): whoever declares
an object owns what makes it, as a workload's selector, and the numbers that stood beside it. Who
scales it, owns the number alone. Pure.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from types import MappingProxyType

import orjson

from labgrader.checks.moments import moment
from labgrader.checks.tolerant import at, mapping, maps, text
from labgrader.evidence.answers import Json

_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
_MADE_OF = MappingProxyType({"replicas": "selector", "minReplicas": "scaleTargetRef"})
"""The field, always there, that only who declares the whole object writes beside the number."""
_APPLIER = "kubectl-client-side-apply"
"""The manager that remembers what it applied."""
_FAR_OFF = datetime.max.replace(tzinfo=UTC)


class Asked(Enum):
    """Whether the learner asks for capacity at all times; the first of several counts."""

    ALWAYS = "always"
    """What declares the object says so."""
    UNCLEAR = "unclear"
    """It says so, but the CronJob's Job may have written it, or it was scaled since then."""
    RAISED = "raised"
    """It was only scaled to that, whoever did it."""


@dataclass(frozen=True, slots=True)
class Number:
    """One number that keeps capacity up: a workload's replicas, or an autoscaler's minReplicas."""

    body: Json
    key: str
    value: int

    @property
    def entries(self) -> tuple[Json, ...]:
        """Of ``managedFields``: those who wrote it."""
        entries = maps(at(self.body, "metadata", "managedFields"))
        return tuple(one for one in entries if f"f:{self.key}" in _spec(one))

    @property
    def declared(self) -> Json | None:
        """The entry of who declares the object with this number; None where nobody does.

        Scaling to the number that is there parts such an entry into two of one writer, and the
        next change of the object loses the one with the number (the API server's scalehandler
        tells writers by the version of the API, which is another there). Then the number is
        nobody's, and what kubectl remembers tells whose it was.
        """
        made_of = f"f:{_MADE_OF[self.key]}"
        entries = maps(at(self.body, "metadata", "managedFields"))
        declaring = {_who(one): one for one in entries if made_of in _spec(one)}
        found = [declaring[_who(one)] for one in self.entries if _who(one) in declaring]
        if not self.entries and self.applied == self.value:
            found = [one for who, one in declaring.items() if who[0] == _APPLIER]
        return found[0] if found else None

    @property
    def applied(self) -> int | None:
        """What ``kubectl apply`` remembers of it; None where it remembers nothing."""
        try:
            written = orjson.loads(text(at(self.body, "metadata", "annotations", _APPLIED)))
        except orjson.JSONDecodeError:
            return None
        found = at(written, "spec", self.key)
        return found if isinstance(found, int) and not isinstance(found, bool) else None

    @property
    def writer(self) -> str:
        """Who asked for it: a field manager, or kubectl; nobody where it was only scaled."""
        if self.declared is not None:
            return text(self.declared.get("manager")) or "-"
        return "kubectl apply" if self.applied == self.value else ""


@dataclass(frozen=True, slots=True)
class There:
    """Capacity that is there already.

    ``most`` is the greatest number that keeps it up, ``by`` the one that decides. ``quiet`` is
    to how many replicas it can be taken down for a trial.
    """

    asked: Asked
    by: Number
    most: int
    quiet: int


def there(
    workload: Json, replicas: int, autoscalers: Sequence[Json], cron: Json, to: int
) -> There | None:
    """The capacity of a workload with these autoscalers; None where there is less than ``to``."""
    numbers = [
        *(Number(hpa, "minReplicas", hpa["spec"].get("minReplicas", 1)) for hpa in autoscalers),
        Number(workload, "replicas", replicas),
    ]
    high = [number for number in numbers if number.value >= to]
    if not high:
        return None
    begun, over = _runs(cron)
    found = []
    for number in high:
        # What an autoscaler scales, it also takes down again.
        begins = bool(autoscalers) and number.key == "replicas"
        found.append((_asked(number, begun, over, to, begins=begins), number))
    asked, by = min(found, key=lambda one: [*Asked].index(one[0]))
    return There(asked, by, max(number.value for number in high), _quiet(numbers, to))


def _asked(number: Number, begun: datetime, over: datetime, to: int, *, begins: bool) -> Asked:
    """``begins`` says that it is only the number to begin with."""
    declared = number.declared
    if declared is None:
        applied = number.applied
        known = number.entries if applied is None else applied < to
        return Asked.RAISED if known or begins else Asked.UNCLEAR
    wrote = moment(text(declared.get("time")))
    born = moment(number.body["metadata"]["creationTimestamp"])
    by_a_run = max(begun, born) < wrote <= over
    return Asked.UNCLEAR if begins or by_a_run else Asked.ALWAYS


def _who(entry: Json) -> tuple[str, ...]:
    """Who wrote, and by which way."""
    return tuple(text(entry.get(key)) for key in ("manager", "operation", "subresource"))


def _spec(entry: Json) -> Json:
    return mapping(at(entry, "fieldsV1", "f:spec"))


def _runs(cron: Json) -> tuple[datetime, datetime]:
    """Between which moments the CronJob's Jobs have run, as far as its status tells.

    Jobs that were made from it by hand are among them, once one has succeeded.
    """
    begun, status = moment(cron["metadata"]["creationTimestamp"]), mapping(cron.get("status"))
    fired, done = (
        moment(text(status.get(name))) for name in ("lastScheduleTime", "lastSuccessfulTime")
    )
    under_way = status.get("active") or fired > done
    return begun, _FAR_OFF if under_way else done


def _quiet(numbers: Sequence[Number], to: int) -> int:
    """What kubectl remembers as applied, of an autoscaler first; else one less than is to be."""
    *minimums, replicas = numbers
    applied = [one.applied for one in numbers if one.value >= to and one.applied is not None]
    few = [number for number in (*applied, replicas.value, to - 1) if number < to]
    least = [one.value for one in minimums if one.value < to] or [min(1, len(minimums))]
    return max(few[0], *least)
