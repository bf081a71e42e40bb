"""Which fields an exercise may have at a place, read from the models that it is parsed by.

Called by ``authoring.draft``, to name what was meant by an unknown one. Must not look at values.
"""

from collections.abc import Sequence
from typing import Any, get_args

from labgrader.api.base import Model
from labgrader.api.exercise import ExerciseSpec


def known_at(path: Sequence[str | int]) -> tuple[str, ...]:
    """The names, as written outside, below a path from the spec; none where it leads nowhere."""
    models: tuple[type[Model], ...] = (ExerciseSpec,)
    for part in path:
        if isinstance(part, str):  # an index stays with the items' model
            models = tuple(below for model in models for below in _below(model, part))
    return tuple(name for model in models for name in _fields(model))


def _models_in(annotation: Any) -> tuple[type[Model], ...]:
    """The models in an annotation: of ``tuple[Access, ...] | None``, Access."""
    if isinstance(annotation, type) and issubclass(annotation, Model):
        return (annotation,)
    return tuple(model for inner in get_args(annotation) for model in _models_in(inner))


def _below(model: type[Model], name: str) -> tuple[type[Model], ...]:
    annotation = _fields(model).get(name)
    return () if annotation is None else _models_in(annotation)


def _fields(model: type[Model]) -> dict[str, Any]:
    return {field.alias or name: field.annotation for name, field in model.model_fields.items()}
