"""Dry runs: what the API server would say to an object, without creating it.

Used by ``cluster.gather``. Every request here carries ``dryRun=All`` and is sent as somebody
else, so that the grader needs no right to create anything.
"""

import re
from dataclasses import dataclass
from types import MappingProxyType

import orjson

from labgrader.cluster.client import Client
from labgrader.cluster.errors import ApiError, ApiUnreachable, trouble
from labgrader.cluster.resources import KindNotServed, Resources
from labgrader.evidence.answers import Admitted, Answer, Refused, Trouble
from labgrader.evidence.requests import DryRun

_PARAMS = MappingProxyType(
    {"dryRun": "All", "fieldManager": "labgrader", "fieldValidation": "Strict"}
)
_UNAUTHORIZED, _NOT_FOUND, _CONFLICT = 401, 404, 409
_ALREADY_THERE = "AlreadyExists"
_CANNOT_IMPERSONATE = " cannot impersonate"
_NO_DRY_RUN = "does not support dry run"
_DENIED = re.compile(r"admission webhook \S+ denied the request|' denied request: ")
_TERMINATING = "because it is being terminated"
_NOT_COUNTED = " is forbidden: status unknown for quota: "


@dataclass(frozen=True, slots=True)
class DryRuns:
    """The admission of one cluster."""

    client: Client
    resources: Resources

    async def ask(self, request: DryRun) -> Answer:
        """Admitted, Refused, or Trouble."""
        doing = f"create {request.kind} in {request.namespace} as {request.user} (dry run)"
        try:
            path = await self.resources.collection(
                request.api_version, request.kind, request.namespace
            )
            await self.client.request(
                "POST",
                path,
                body=_manifest(request),
                params=_PARAMS,
                headers={"Impersonate-User": request.user},
            )
        except KindNotServed as error:
            return Trouble("KindNotServed", str(error), transient=False)
        except ApiUnreachable as error:
            return trouble(error, doing)
        except ApiError as error:
            return refusal(error, doing)
        return Admitted()


def refusal(error: ApiError, doing: str) -> Answer:
    """What an error says of the object, or of the grader's own trouble."""
    said = error.message
    if _DENIED.search(said):  # whatever status it chose, and whatever else it says
        return Refused(error.status, error.reason, said)
    if _NO_DRY_RUN in said:
        return Trouble("WebhookWithoutDryRun", said, transient=False)
    if error.overloaded or error.status == _UNAUTHORIZED or _CANNOT_IMPERSONATE in said:
        return trouble(error, doing)
    if error.status == _NOT_FOUND:
        missing = "TargetMissing" if said.startswith("namespaces ") else "KindNotServed"
        return Trouble(missing, said, transient=False)
    if _TERMINATING in said:
        return Trouble("TargetTerminating", said, transient=False)
    if _NOT_COUNTED in said:  # its controller has yet to look at a quota that is new or changed
        return Trouble("QuotaNotCounted", said, transient=True)
    # Whether the name is free is asked last, after everything that could have refused it.
    if error.status == _CONFLICT and error.reason == _ALREADY_THERE:
        return Admitted()
    return Refused(error.status, error.reason, said)


def _manifest(request: DryRun) -> dict[str, object]:
    """The object, in the target namespace whatever it says."""
    body: dict[str, object] = orjson.loads(request.manifest)
    metadata = body.get("metadata")
    named = metadata if isinstance(metadata, dict) else {}
    return {**body, "metadata": {**named, "namespace": request.namespace}}
