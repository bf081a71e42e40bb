"""Access reviews: asks the API server's authorizer what a subject may do.

Used by ``cluster.gather``. A SubjectAccessReview is answered and not stored, so nothing is left
behind.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from labgrader.cluster.client import Client
from labgrader.cluster.errors import ApiError, ApiUnreachable, trouble
from labgrader.evidence.answers import Answer, Reviewed
from labgrader.evidence.requests import ReviewAccess

_API_VERSION = "authorization.k8s.io/v1"
_PATH = f"/apis/{_API_VERSION}/subjectaccessreviews"


@dataclass(frozen=True, slots=True)
class AccessReviews:
    """The authorizer of one cluster."""

    client: Client

    async def ask(self, request: ReviewAccess) -> Answer:
        """Reviewed, or Trouble."""
        try:
            body = await self.client.create(_PATH, review(request))
        except (ApiError, ApiUnreachable) as error:
            return trouble(error, "create subjectaccessreviews")
        status = body.get("status") or {}
        return Reviewed(bool(status.get("allowed")), status.get("evaluationError") or "")


def review(request: ReviewAccess) -> Mapping[str, Any]:
    """The SubjectAccessReview that asks it."""
    attributes = {
        "namespace": request.namespace,
        "verb": request.verb,
        "group": request.group,
        "resource": request.resource,
        "subresource": request.subresource,
        "name": request.name,
    }
    spec = {
        "user": request.user,
        "groups": list(request.groups),
        "resourceAttributes": {name: value for name, value in attributes.items() if value},
    }
    return {"apiVersion": _API_VERSION, "kind": "SubjectAccessReview", "spec": spec}
