"""What makes the params of ``configures`` unusable, found before anything is graded.

Called by ``checks.configures``; ``checks.recommends`` asks of its amounts, too.
"""

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise

from labgrader.api.base import Model
from labgrader.api.kinds import Amount, Configures, Limits, Probe
from labgrader.checks.expect.quantity import parse_quantity
from labgrader.checks.hygiene.template import RUNS_PODS, runs_pods


def complaints(params: Configures) -> Iterator[str]:
    """One sentence for each thing that is wrong."""
    ref = params.object
    if not runs_pods(ref):
        seen = f"{ref.api_version} {ref.kind}" if ref.api_version else ref.kind
        yield f"configures knows {', '.join(RUNS_PODS)}, not {seen}"
    if not any(_asked(params)):
        yield (
            "configures asks for nothing; set probes, requests, limits, qos, image, env, "
            "security or mounts"
        )
    if params.probes is not None:
        for name in ("readiness", "liveness", "startup"):
            probe = getattr(params.probes, name)
            yield from () if probe is None else _probe_complaints(f"probes.{name}", probe)
    for name in ("requests", "limits"):
        yield from amount_complaints(name, getattr(params, name))
    for field, values in (
        ("containers", params.containers),
        ("env", [variable.name for variable in params.env]),
        ("mounts", [mount.path.rstrip("/") for mount in params.mounts]),
    ):
        twice = next((a for a, b in pairwise(sorted(values)) if a == b), None)
        yield from () if twice is None else (f"{field}: {twice or '/'} stands there twice",)


def _asked(params: Configures) -> Iterator[object]:
    """What is asked for; empty or None where it is not."""
    for part in (params.probes, params.requests, params.limits, params.security):
        yield part is not None and part != type(part)()
    yield from (params.qos, params.image is not None, params.env, params.mounts)


def _probe_complaints(path: str, probe: Probe) -> Iterator[str]:
    if probe.path is not None and probe.kind not in {None, "httpGet"}:
        yield f"{path}: only an httpGet probe has a path, not {probe.kind}"
    if probe.port is not None and probe.kind == "exec":
        yield f"{path}: an exec probe has no port"
    for name in type(probe).model_fields:
        bound = getattr(probe, name)
        if isinstance(bound, Limits):
            yield from _range_complaints(f"{path}.{name}", bound.min, bound.max)
            if bound.min is None and bound.max is None:
                yield f"{path}.{name}: set min, max or both"


def amount_complaints(path: str, resources: Model | None) -> Iterator[str]:
    """One sentence for each range of amounts that nothing is in."""
    for name in () if resources is None else type(resources).model_fields:
        amount = getattr(resources, name)
        if isinstance(amount, Amount):
            low, high = parse_quantity(amount.min), parse_quantity(amount.max)
            yield from _range_complaints(f"{path}.{name}", low, high)
            if high == 0:
                yield f"{path}.{name}: max is 0, and nothing is below it"


def _range_complaints(
    path: str, low: Fraction | int | None, high: Fraction | int | None
) -> Iterator[str]:
    if low is not None and high is not None and low > high:
        yield f"{path}: min is above max"
