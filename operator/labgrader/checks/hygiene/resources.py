"""Requests and limits of a container, and the QoS class that follows from those of all.

Called by ``checks.configures``. The rules are the API server's: a limit that stands alone is
also the request, and the class is computed as ``ComputePodQOS`` does it, from init containers
too, or from the pod's own resources where it has them.
"""

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Any

from labgrader.api.kinds import Resources
from labgrader.checks.expect.quantity import parse_quantity
from labgrader.checks.finding import Cause
from labgrader.checks.hygiene.difference import Place, amount_holds, bounds, compared
from labgrader.checks.hygiene.template import Container, containers_of
from labgrader.checks.tolerant import mapping
from labgrader.evidence.answers import Json

_NAMES = (("cpu", "cpu"), ("memory", "memory"), ("ephemeral_storage", "ephemeral-storage"))
_COUNTED = ("cpu", "memory")
GUARANTEED, BURSTABLE, BEST_EFFORT = "Guaranteed", "Burstable", "BestEffort"


def resource_differences(
    wanted: Resources, which: str, place: Place, container: Json
) -> Iterator[Cause]:
    """Every amount that is not in its range. ``which`` is requests or limits."""
    seen = requests_of(container) if which == "requests" else limits_of(container)
    for param, name in _NAMES:
        amount = getattr(wanted, param)
        if amount is not None and not amount_holds(amount, seen.get(name)):
            yield compared(place, f"resources.{which}.{name}", bounds(amount), seen.get(name))


def limits_of(holder: Json) -> Json:
    """The limits of a container, or of a whole pod."""
    return mapping(mapping(holder.get("resources")).get("limits"))


def requests_of(holder: Json) -> Json:
    """The requests, with limits where there is no request beside them."""
    return {**limits_of(holder), **mapping(mapping(holder.get("resources")).get("requests"))}


def qos_class(spec: Json) -> str:
    """The QoS class of pods with this spec."""
    containers = [container.spec for container in containers_of(spec)]
    if spec.get("resources") is None:
        limits = [_counted(limits_of(container)) for container in containers]
        requests = [_counted(requests_of(container)) for container in containers]
    else:  # resources of the whole pod count instead; what it does not request, containers may
        limits = [_counted(limits_of(spec))]
        inside = _sums(_counted(requests_of(container)) for container in containers)
        own = mapping(mapping(spec["resources"]).get("requests"))
        requests = [{**limits[0], **inside, **_counted(own)}]
    asked, capped = _sums(requests), _sums(limits)
    if not asked and not capped:
        return BEST_EFFORT
    whole = all(set(_COUNTED) <= set(limit) for limit in limits)
    return GUARANTEED if whole and asked == capped else BURSTABLE


def keeps_from_guaranteed(container: Container, place: Place) -> Iterator[Cause]:
    """What this container lacks so that its pod could be Guaranteed."""
    limits, requests = limits_of(container.spec), requests_of(container.spec)
    for name in _COUNTED:
        if name not in _counted(limits):
            yield compared(place, f"resources.limits.{name}", ">0", limits.get(name))
        elif parse_quantity(requests.get(name)) != parse_quantity(limits[name]):
            expected = str(limits[name])
            yield compared(place, f"resources.requests.{name}", expected, requests.get(name))


def has_amounts(container: Container) -> bool:
    """Whether it requests or limits what counts for the class."""
    return bool(_counted(requests_of(container.spec)) or _counted(limits_of(container.spec)))


def _counted(amounts: Mapping[str, Any]) -> dict[str, Fraction]:
    found = {name: parse_quantity(amounts.get(name)) for name in _COUNTED}
    return {name: number for name, number in found.items() if number is not None and number > 0}


def _sums(amounts: Iterable[Mapping[str, Fraction]]) -> dict[str, Fraction]:
    total: dict[str, Fraction] = {}
    for amount in amounts:
        for name, number in amount.items():
            total[name] = total.get(name, Fraction(0)) + number
    return total
