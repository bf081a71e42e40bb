"""The two CustomResourceDefinitions: their names, columns and subresources.

Called by ``__main__`` and by the tests. Must not know how a model becomes a schema.
"""

from dataclasses import dataclass
from typing import Any

from labgrader.api.base import Model
from labgrader.api.exercise import ExerciseSpec
from labgrader.api.names import GROUP, VERSION
from labgrader.api.schema.structural import Schema, structural
from labgrader.api.status_fields import LabExerciseStatus, SubmissionStatus
from labgrader.api.submission import SubmissionSpec


@dataclass(frozen=True)
class Column:
    """One column of ``kubectl get``; a wide one is shown with ``-o wide`` only."""

    name: str
    path: str
    type: str = "string"
    wide: bool = False

    def write(self) -> dict[str, Any]:
        """The column as an item of additionalPrinterColumns."""
        written = {"name": self.name, "type": self.type, "jsonPath": self.path}
        return written | ({"priority": 1} if self.wide else {})


@dataclass(frozen=True)
class Kind:
    """One kind of the project, as the API server is to know it."""

    name: str
    plural: str
    short: str
    description: str
    spec: type[Model]
    status: type[Model]
    columns: tuple[Column, ...]
    selectable: tuple[str, ...] = ()


_AGE = Column("Age", ".metadata.creationTimestamp", "date")
_READY = '.status.conditions[?(@.type=="Ready")]'

LAB_EXERCISE = Kind(
    name="LabExercise",
    plural="labexercises",
    short="lab",
    description=(
        "A LabExercise says what learners have to do, and which checks grade it. "
        "Instructors write it into the course namespace."
    ),
    spec=ExerciseSpec,
    status=LabExerciseStatus,
    columns=(
        Column("Points", ".status.maxScore", "integer"),
        Column("Ready", f"{_READY}.status"),
        Column("Reason", f"{_READY}.reason"),
        _AGE,
        Column("Title", ".spec.title.en", wide=True),
        Column("제목", ".spec.title.ko", wide=True),
    ),
)

SUBMISSION = Kind(
    name="Submission",
    plural="submissions",
    short="sub",
    description=(
        "A Submission asks for one learner's work on an exercise to be graded, and carries "
        "the score with a reason for every point."
    ),
    spec=SubmissionSpec,
    status=SubmissionStatus,
    columns=(
        Column("Exercise", ".spec.exerciseRef.name"),
        Column("Learner", ".spec.learner"),
        Column("Result", ".status.result"),
        Column("Score", ".status.score", "integer"),
        Column("Max", ".status.maxScore", "integer"),
        _AGE,
        Column("Target", ".spec.targetNamespace", wide=True),
        Column("Summary", ".status.summary", wide=True),
        Column("Live", ".status.live.summary", wide=True),
    ),
    selectable=(".spec.learner", ".spec.exerciseRef.name", ".status.result"),
)

KINDS = (LAB_EXERCISE, SUBMISSION)


def crd(kind: Kind) -> Schema:
    """The CustomResourceDefinition of ``kind``, ready to be applied."""
    version: Schema = {
        "name": VERSION,
        "served": True,
        "storage": True,
        "subresources": {"status": {}},
        "additionalPrinterColumns": [column.write() for column in kind.columns],
        "schema": {"openAPIV3Schema": _schema(kind)},
    }
    if kind.selectable:
        version["selectableFields"] = [{"jsonPath": path} for path in kind.selectable]
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"{kind.plural}.{GROUP}"},
        "spec": {
            "group": GROUP,
            "scope": "Namespaced",
            "names": {
                "kind": kind.name,
                "listKind": f"{kind.name}List",
                "plural": kind.plural,
                "singular": kind.name.lower(),
                "shortNames": [kind.short],
                "categories": ["labs"],
            },
            "versions": [version],
        },
    }


def _schema(kind: Kind) -> Schema:
    return {
        "type": "object",
        "description": kind.description,
        "required": ["spec"],
        "properties": {
            "apiVersion": {"type": "string"},
            "kind": {"type": "string"},
            "metadata": {"type": "object"},
            "spec": structural(kind.spec),
            "status": structural(kind.status),
        },
    }
