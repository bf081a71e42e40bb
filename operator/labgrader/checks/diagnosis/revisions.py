"""The versions that a workload's template has had, as far as the cluster still keeps them.

Called by ``checks.rolled_out``. A Deployment keeps them as ReplicaSets, a StatefulSet and a
DaemonSet as ControllerRevisions. Nothing here rests on a revision number: who may annotate a
ReplicaSet may raise it. What counts is whose controller made the thing (uid, and the name and
selector that only this template's hash gives), when the API server created it, and what is in it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from labgrader.checks.diagnosis.ownership import controlled
from labgrader.checks.diagnosis.presence import is_being_deleted
from labgrader.checks.diagnosis.shape import items, mapping, whole, words
from labgrader.checks.scope import Scope
from labgrader.evidence.answers import Json
from labgrader.evidence.requests import ListObjects

_HASH = "pod-template-hash"
_DEPLOYMENT_REVISION = "deployment.kubernetes.io/revision"
_KEPT_BY_DEFAULT = 10
_DEEPEST = 40  # no pod template nests so deep; a ControllerRevision's data may


@dataclass(frozen=True, slots=True)
class Revision:
    """One version of the template. ``born`` is the API server's own time."""

    born: str
    number: int
    template: Json

    def image(self, container: str) -> str | None:
        """The image of a container; None where the template has no such container."""
        return image_in(self.template, container)


@dataclass(frozen=True, slots=True)
class History:
    """The present version, where the controller has made it, and the others, oldest first."""

    present: Revision | None
    others: tuple[Revision, ...]

    @property
    def count(self) -> int:
        """How many versions there are."""
        return len(self.others) + (self.present is not None)

    @property
    def is_rolled_back(self) -> bool:
        """Whether another version was made after the one that is present again."""
        present = self.present
        return present is not None and any(other.born > present.born for other in self.others)


def revisions_in(scope: Scope, kind: str) -> ListObjects:
    """The request for what keeps the versions of a workload of this kind."""
    return scope.all("ReplicaSet" if kind == "Deployment" else "ControllerRevision")


def history(workload: Json, keepers: Iterable[Json]) -> History:
    """The versions that are still there."""
    owned = [k for k in controlled((workload,), keepers) if not is_being_deleted(k)]
    if workload["kind"] == "Deployment":
        found = [_of_replica_set(k) for k in owned if _made_for(workload, k)]
    else:
        found = [_of_controller_revision(k) for k in owned]
    found.sort(key=lambda revision: (revision.born, revision.number))
    present = _present(workload, found) or _newest(workload, found)
    return History(present, tuple(revision for revision in found if revision is not present))


def kept(workload: Json) -> int:
    """How many earlier versions the cluster keeps."""
    limit = whole(workload["spec"].get("revisionHistoryLimit"))
    return _KEPT_BY_DEFAULT if limit is None else limit


def containers_in(template: Json) -> tuple[Json, ...]:
    """The containers of a template, those that start first first."""
    spec = mapping(template.get("spec"))
    return (*items(spec.get("initContainers")), *items(spec.get("containers")))


def image_in(template: Json, container: str) -> str | None:
    """The image of a container; None where the template has no such container."""
    for found in containers_in(template):
        if found.get("name") == container:
            return words(found.get("image"))
    return None


def _present(workload: Json, found: list[Revision]) -> Revision | None:
    """The version of the workload's template; the oldest of equal ones, as controllers take it."""
    wanted = _bare(mapping(workload["spec"].get("template")))
    return next((revision for revision in found if _bare(revision.template) == wanted), None)


def _newest(workload: Json, found: list[Revision]) -> Revision | None:
    """The version that the controller took up last, where none is literally the template's.

    So it is where a newer API server writes defaults that it did not write then. The numbers
    serve here only: while the controller has not looked, or waits, there is no such version.
    """
    spec, status = workload["spec"], mapping(workload.get("status"))
    observed = whole(status.get("observedGeneration")) or 0
    if spec.get("paused") or observed < workload["metadata"].get("generation", 0):
        return None
    return max(found, key=lambda revision: revision.number, default=None)


def _made_for(deployment: Json, replica_set: Json) -> bool:
    """Made by the Deployment's controller, not by hand and then taken in.

    The controller names it by the hash of the template, and selects and labels its pods by it.
    """
    metadata, spec = replica_set["metadata"], mapping(replica_set.get("spec"))
    of_set = words(mapping(metadata.get("labels")).get(_HASH))
    of_selector = mapping(mapping(spec.get("selector")).get("matchLabels")).get(_HASH)
    labels = mapping(mapping(mapping(spec.get("template")).get("metadata")).get("labels"))
    stem, _, suffix = str(metadata["name"]).rpartition("-")
    return (
        bool(of_set)
        and of_set == suffix == of_selector == labels.get(_HASH)
        and bool(stem)
        and str(deployment["metadata"]["name"]).startswith(stem)
    )


def _of_replica_set(body: Json) -> Revision:
    metadata = body["metadata"]
    number = words(mapping(metadata.get("annotations")).get(_DEPLOYMENT_REVISION))
    return Revision(
        born=words(metadata.get("creationTimestamp")),
        number=int(number) if number.isascii() and number.isdigit() and len(number) < 19 else 0,  # noqa: PLR2004
        template=mapping(mapping(body.get("spec")).get("template")),
    )


def _of_controller_revision(body: Json) -> Revision:
    spec = mapping(mapping(body.get("data")).get("spec"))
    return Revision(
        born=words(body["metadata"].get("creationTimestamp")),
        number=whole(body.get("revision")) or 0,
        template=mapping(spec.get("template")),
    )


def _bare(template: Json) -> Any:
    """The template without what a controller adds to its copy, and without empty fields."""
    metadata = mapping(template.get("metadata"))
    labels = {k: v for k, v in mapping(metadata.get("labels")).items() if k != _HASH}
    body = {key: value for key, value in template.items() if key != "$patch"}
    return _filled({**body, "metadata": {**metadata, "labels": labels}})


def _filled(value: Any, depth: int = _DEEPEST) -> Any:
    """Without nulls, and the fields that a server writes as null or as nothing."""
    if isinstance(value, Mapping) and depth:
        inner = {key: _filled(below, depth - 1) for key, below in value.items()}
        return {key: below for key, below in inner.items() if below not in (None, {}, [])}
    if isinstance(value, list) and depth:
        return [_filled(below, depth - 1) for below in value]
    return value if isinstance(value, str | int | float) else None
