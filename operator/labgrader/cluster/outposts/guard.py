"""Whether probe pods in learners' namespaces are out of the learners' reach.

Asked before a pod is put there: without the admission policy a learner could exec into it and
answer in its place, so then it is not put there at all.
"""

import asyncio
from collections.abc import Mapping
from typing import Any

from labgrader.api.names import PROBE_POLICY
from labgrader.cluster.client import Client
from labgrader.cluster.errors import ApiError
from labgrader.cluster.experiments.hopeless import hopeless

_ADMISSION = "/apis/admissionregistration.k8s.io/v1"
_POLICY = f"{_ADMISSION}/validatingadmissionpolicies/{PROBE_POLICY}"
_BINDING = f"{_ADMISSION}/validatingadmissionpolicybindings/{PROBE_POLICY}"
_NOT_FOUND = 404


async def guarded(client: Client) -> None:
    """The policy is there and bound everywhere. Raises Hopeless, ApiError, ApiUnreachable."""
    try:
        policy, binding = await asyncio.gather(client.get(_POLICY), client.get(_BINDING))
    except ApiError as error:
        if error.status != _NOT_FOUND:
            raise
        raise hopeless("ProbesUnguarded", error.message) from error
    spec, bound = _spec(policy), _spec(binding)
    if spec.get("failurePolicy", "Fail") != "Fail":
        raise hopeless("ProbesUnguarded", f"{PROBE_POLICY} lets pass what it cannot judge")
    everywhere = not bound.get("matchResources") and not bound.get("paramRef")
    if bound.get("policyName") != PROBE_POLICY or not everywhere:
        raise hopeless("ProbesUnguarded", f"{PROBE_POLICY} is not bound everywhere")
    if "Deny" not in (bound.get("validationActions") or ()):
        raise hopeless("ProbesUnguarded", f"{PROBE_POLICY} is bound, but does not deny")


def _spec(body: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Mapping[str, Any] = body.get("spec") or {}
    return found
