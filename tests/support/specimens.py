"""Objects of both kinds with every field set; those of a LabExercise stand in a file of their own.

The contract tests send them to a real API server, the unit tests to the models.
"""

import copy
import pathlib
from typing import Any

import yaml

Json = dict[str, Any]
Path = tuple[str | int, ...]

_EXERCISE = pathlib.Path(__file__).with_name("specimen-exercise.yaml")

EXERCISE: Json = yaml.safe_load(_EXERCISE.read_text("utf-8"))

SUBMISSION: Json = {
    "apiVersion": "labgrader.dev/v1alpha1",
    "kind": "Submission",
    "metadata": {"name": "specimen"},
    "spec": {
        "exerciseRef": {"name": "web", "namespace": "course"},
        "learner": "kim",
        "targetNamespace": "kim",
        "attempt": 2,
        "answers": [{"name": "payback", "value": "90 min"}],
        "lang": "en",
    },
}

_NOW = "2026-01-02T03:04:05Z"
_CONDITION = {
    "type": "Ready",
    "status": "True",
    "observedGeneration": 1,
    "lastTransitionTime": _NOW,
    "reason": "Graded",
    "message": "every check has an outcome",
}

_EVIDENCE = {"state": "Pending", "digest": "sha256:0", "ref": "course/kim/0.lab", "leftOut": 2}

SUBMISSION_STATUS: Json = {
    "observedGeneration": 1,
    "attempt": 2,
    "exercise": {"uid": "0", "generation": 3, "hash": "sha256:0"},
    "result": "Passed",
    "score": 85,
    "scoreMin": 85,
    "scoreMax": 85,
    "maxScore": 100,
    "cappedAt": 50,
    "summary": "5 of 6 checks passed",
    "task": "# Web",
    "queue": {"position": 17, "expectedAt": _NOW, "observedAt": _NOW},
    "startedAt": _NOW,
    "observedAt": _NOW,
    "finishedAt": _NOW,
    "checks": [
        {
            "name": "is-there",
            "outcome": "Failed",
            "points": 10,
            "earned": 0,
            "percent": "5",
            "group": "either",
            "extra": True,
            "cap": 50,
            "reason": "NotReady",
            "params": {"expected": "2"},
            "causes": [{"reason": "ImagePullBackOff", "params": {"image": "web:3"}}],
            "message": "expected 2 Ready pods, saw none",
            "hint": "look at the events",
        }
    ],
    "groups": [
        {
            "name": "either",
            "points": 10,
            "earned": 0,
            "extra": True,
            "reason": "GroupBest",
            "params": {"counted": "1", "total": "2"},
            "message": "Counted: the best 1 of the group's 2 checks.",
        }
    ],
    "history": [
        {
            "attempt": 1,
            "score": 40,
            "maxScore": 100,
            "finishedAt": _NOW,
            "exerciseHash": "sha256:0",
            "evidence": _EVIDENCE,
        }
    ],
    "evidence": _EVIDENCE,
    "live": {
        "summary": "now 1 of 1 checks pass",
        "observedAt": _NOW,
        "exerciseHash": "sha256:0",
        "checks": [
            {
                "name": "runs",
                "outcome": "Passed",
                "latched": True,
                "reason": "NotFound",
                "message": "It passed before, and that stays shown here.",
            }
        ],
    },
    "conditions": [_CONDITION],
}

EXERCISE_STATUS: Json = {
    "observedGeneration": 1,
    "maxScore": 100,
    "problems": ["no check is worth a point"],
    "conditions": [_CONDITION],
}


def of_check(kind: str, *below: str | int) -> Path:
    """Where the specimen's check of a kind stands, wherever that is in the list."""
    places = [index for index, check in enumerate(EXERCISE["spec"]["checks"]) if kind in check]
    return ("checks", places[0], kind, *below)


def changed(body: Json, path: Path, value: Any) -> Json:
    """A copy of ``body`` with ``value`` at ``path``; None takes the field away."""
    copied = copy.deepcopy(body)
    place: Any = copied
    for step in path[:-1]:
        place = place[step]
    if value is None:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return copied


def written(path: Path) -> str:
    """``path`` as the API server writes it."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return text.removeprefix(".")


def placed(body: Json, namespace: str, name: str = "specimen") -> Json:
    """The body as an object of a namespace."""
    return {**body, "metadata": {"name": name, "namespace": namespace}}
