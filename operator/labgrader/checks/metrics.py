"""What a HorizontalPodAutoscaler scales on, and what it reads of it, whatever sort of metric it is.

Called by ``checks.scales`` and its diagnosis, and by ``cluster.experiments`` to note what is read.
Pure; must not decide outcomes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import orjson

from labgrader.checks.expect.quantity import parse_quantity
from labgrader.checks.tolerant import at, mapping, maps, text
from labgrader.evidence.answers import Json
from labgrader.evidence.timeline import MetricSeen

METRICS_MISSING = "metrics-missing"
"""The action whose subject is an API of metrics that the cluster does not serve."""
RESOURCE_METRICS = "metrics.k8s.io"
CUSTOM_METRICS = "custom.metrics.k8s.io"
EXTERNAL_METRICS = "external.metrics.k8s.io"

_SORTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "Resource": ("resource", RESOURCE_METRICS),
        "ContainerResource": ("containerResource", RESOURCE_METRICS),
        "Pods": ("pods", CUSTOM_METRICS),
        "Object": ("object", CUSTOM_METRICS),
        "External": ("external", EXTERNAL_METRICS),
    }
)
_UTILIZATION = "averageUtilization"
_PARTS = (_UTILIZATION, "averageValue", "value")
_MOST = 1_000_000
"""Of a target of next to nothing, any use is more percent than a record can hold."""


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric: its sort, and what is written of it."""

    sort: str
    source: Json

    @property
    def api(self) -> str:
        """The API group that serves it."""
        return _SORTS[self.sort][1]

    @property
    def is_resource(self) -> bool:
        """CPU or memory of the pods themselves."""
        return self.api == RESOURCE_METRICS

    @property
    def name(self) -> str:
        """Its own name: ``cpu``, ``memory``, or what an adapter calls it."""
        return text(
            self.source.get("name") if self.is_resource else at(self.source, "metric", "name")
        )

    @property
    def container(self) -> str:
        """The one container that it is about; empty for whole pods, and for other sorts."""
        return text(self.source.get("container"))

    @property
    def label(self) -> str:
        """How people tell it from others: ``cpu``, ``web/cpu``, ``Service/web/hits``, ``queue``."""
        about = mapping(self.source.get("describedObject"))
        of = (text(about.get("kind")), text(about.get("name")), self.container, self.name)
        return "/".join(filter(None, of))

    @property
    def shares(self) -> bool:
        """Its target is a share of what the pods request."""
        return text(at(self.source, "target", "type")) == "Utilization"

    @property
    def bar(self) -> str:
        """Its target, as people write it."""
        return _written(self.source.get("target"))

    @property
    def key(self) -> tuple[str, str, bytes]:
        """What makes it the same metric in the spec and in the status."""
        selector = mapping(at(self.source, "metric", "selector"))
        return self.sort, self.label, orjson.dumps(selector, option=orjson.OPT_SORT_KEYS)


def metrics_of(hpa: Json) -> tuple[Metric, ...]:
    """What it is to scale on, as its spec says."""
    return _read(at(hpa, "spec", "metrics"))


def seen(hpa: Json) -> tuple[MetricSeen, ...]:
    """What it reads of each, as its status says; empty and -1 where it reads none."""
    current = _current(hpa)
    return tuple(
        MetricSeen(
            one.label,
            _written(current.get(one.key)),
            _percent(current.get(one.key), one.source.get("target")),
        )
        for one in metrics_of(hpa)
    )


def utilization(hpa: Json) -> int:
    """The highest percentage that it reads, -1 where it reads none.

    It is one of requests where the target is a share of them, and otherwise one of the target.
    """
    current = _current(hpa)
    found = [-1]
    for one in metrics_of(hpa):
        share = at(current.get(one.key), _UTILIZATION)
        if one.shares and isinstance(share, int):
            found.append(share)
        else:
            found.append(_percent(current.get(one.key), one.source.get("target")))
    return max(found)


def _current(hpa: Json) -> Mapping[tuple[str, str, bytes], Any]:
    return {
        one.key: one.source.get("current") for one in _read(at(hpa, "status", "currentMetrics"))
    }


def _read(listed: Any) -> tuple[Metric, ...]:
    return tuple(
        Metric(sort, mapping(one.get(_SORTS[sort][0])))
        for one in maps(listed)
        if (sort := text(one.get("type"))) in _SORTS
    )


def _written(part: Any) -> str:
    share = at(part, _UTILIZATION)
    if isinstance(share, int):
        return f"{share} %"
    amounts = (at(part, name) for name in _PARTS[1:])
    return next((str(one) for one in amounts if one is not None), "")


def _percent(current: Any, target: Any) -> int:
    """How much of its target it is, rounded; above 100 is above the target, and nothing else is."""
    for name in _PARTS:
        bar, used = parse_quantity(at(target, name)), parse_quantity(at(current, name))
        if bar is not None and used is not None:
            if bar <= 0:
                return -1
            share = round(100 * used / bar)
            return min(max(share, 101) if used > bar else share, _MOST)
    return -1
