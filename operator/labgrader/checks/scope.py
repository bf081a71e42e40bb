"""Where a check looks: the target namespace, and how references become requests.

Made by ``grading.run``, used by every check module. No I/O.
"""

from dataclasses import dataclass, field

from labgrader.api.base import ObjectRef
from labgrader.api.given import given_key
from labgrader.api.names import BUILT_IN_API_VERSIONS
from labgrader.evidence.answers import Json
from labgrader.evidence.requests import GetObject, ListObjects


class UnknownKind(Exception):
    """A reference names a kind without apiVersion that is not built into Kubernetes."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        super().__init__(f"kind {kind} is not built into Kubernetes; the check must set apiVersion")


@dataclass(frozen=True, slots=True)
class Scope:
    """The target namespace of one submission, and what the exercise has put there."""

    namespace: str
    given: tuple[Json, ...] = field(default=(), compare=False)

    def given_as(self, ref: ObjectRef) -> Json | None:
        """The object as the exercise gave it; None where it gave no such object."""
        key = (ref.kind, ref.name)
        return next((body for body in self.given if given_key(body) == key), None)

    def get(self, ref: ObjectRef) -> GetObject:
        """The request for a referenced object. Raises UnknownKind."""
        api_version = ref.api_version or BUILT_IN_API_VERSIONS.get(ref.kind)
        if api_version is None:
            raise UnknownKind(ref.kind)
        return GetObject(self.namespace, api_version, ref.kind, ref.name)

    def named(self, kind: str, name: str) -> GetObject:
        """The request for an object of a built-in kind."""
        return GetObject(self.namespace, BUILT_IN_API_VERSIONS[kind], kind, name)

    def all(self, kind: str, labels: dict[str, str] | None = None) -> ListObjects:
        """The request for all objects of a built-in kind that carry the labels."""
        return ListObjects(
            self.namespace, BUILT_IN_API_VERSIONS[kind], kind, tuple(sorted((labels or {}).items()))
        )
