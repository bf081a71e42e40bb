"""An exercise whose names, ports and words are each learner's own."""

from typing import Any

from labgrader.api.exercise import LabExercise

WORDS = ["maple", "cedar", "birch", "willow"]
PARAMETERS: list[dict[str, Any]] = [
    {"name": "app", "oneOf": WORDS},
    {"name": "port", "between": {"min": 8000, "max": 8999}},
    {"name": "word", "letters": 6},
]
WEB = {"kind": "Deployment", "name": "${app}-web"}


def ready(**more: Any) -> dict[str, Any]:
    return {"name": "ready", "points": 10, "ready": {"object": WEB, **more}}


def answers(**more: Any) -> dict[str, Any]:
    return {"name": "answers", "points": 10, "answers": {"service": "${app}", "port": 80, **more}}


def made(*checks: dict[str, Any], **spec: Any) -> LabExercise:
    written = {"seed": "spring", "parameters": PARAMETERS} | spec
    written["task"] = {"en": "${app} ${port} ${word}"} | spec.get("task", {})
    del spec
    checks = checks or (ready(),)
    title = {"en": "t"}
    metadata = {"name": "lab", "namespace": "course", "uid": "u", "generation": 1}
    body = {"metadata": metadata, "spec": {"title": title, "checks": list(checks), **written}}
    return LabExercise.parse(body, strict=True)
