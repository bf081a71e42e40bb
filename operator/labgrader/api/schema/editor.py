"""The JSON schema by which an editor completes and checks a LabExercise file.

Called by ``__main__`` and by the tests. It is the CRD's schema with two differences: what
only the API server understands is left out, and unknown fields are refused, because in a
file they are slips of the pen.
"""

from typing import Any

from labgrader.api.check import CHECK_KINDS
from labgrader.api.exercise import ExerciseSpec
from labgrader.api.names import API_VERSION
from labgrader.api.schema.structural import Schema, structural


def editor_schema() -> Schema:
    """The JSON schema of a LabExercise file."""
    spec = _closed(structural(ExerciseSpec, rules=False))
    check = spec["properties"]["checks"]["items"]
    check["oneOf"] = [{"required": [kind]} for kind in CHECK_KINDS]
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "LabExercise",
        "description": "What learners have to do, and which checks grade it.",
        "type": "object",
        "required": ["apiVersion", "kind", "metadata", "spec"],
        "additionalProperties": False,
        "properties": {
            "apiVersion": {"const": API_VERSION},
            "kind": {"const": "LabExercise"},
            "metadata": {
                "type": "object",
                "required": ["name"],
                "properties": {"name": {"type": "string"}, "namespace": {"type": "string"}},
            },
            "spec": spec,
        },
    }


def _closed(node: Any) -> Any:
    """``node`` without the API server's own keywords, its objects closed to unknown fields."""
    if isinstance(node, list):
        return [_closed(item) for item in node]
    if not isinstance(node, dict):
        return node
    closed = {key: _closed(node[key]) for key in node if not key.startswith("x-kubernetes-")}
    if node.get("x-kubernetes-int-or-string") is True:
        closed["type"] = ["integer", "string"]
    if isinstance(closed.get("properties"), dict):
        closed.setdefault("additionalProperties", False)
    return closed
