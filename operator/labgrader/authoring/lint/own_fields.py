"""Which fields of a check kind say nothing that a learner must know: choices, texts, its own numbers.

Used by the rule that compares a task with its checks. Read from the params models, so that a new
kind needs no line here. Must not look at values.
"""

from functools import cache
from typing import Any, Literal, get_args, get_origin

from labgrader.api.base import Model, Text
from labgrader.api.kinds import Balances, Clause, Logs

Keys = tuple[str, ...]

ANYWHERE = frozenset({"apiVersion", "kind", "protocol", "concurrency", "curve", "variable"})
"""Fields that say how it is looked at, or that the task says in its own words."""
WHOLE = frozenset(
    {"expression", "pattern", "include", "exclude", "name", "choice", "choices", "number",
     "access", "refused", "admitted", "reason", "note", "message", "by",
     "fields", "leavingOut"}
)  # fmt: skip
"""Right below the kind: expressions, patterns, questions with their right answers, rights and
objects that the grader itself tries, what Kubernetes words, and paths of fields that were given."""

_GRADERS = frozenset({(Clause, "weight"), (Balances, "requests"), (Logs, "lines")})
"""Numbers that no work depends on: by which parts count, and how much is sent or read. By their
model, because fields of the same names elsewhere, as in an expect tree, are the learner's."""


@cache
def own_fields(model: type[Model]) -> frozenset[Keys]:
    """The paths, without indexes, of fields with a fixed choice of values and of texts."""
    found: set[Keys] = set()
    for name, field in model.model_fields.items():
        key = field.alias or name
        if (model, key) in _GRADERS:
            found.add((key,))
        for part in _parts(field.annotation):
            if get_origin(part) is Literal or part is Text:
                found.add((key,))
            elif isinstance(part, type) and issubclass(part, Model):
                found |= {(key, *below) for below in own_fields(part)}
    return frozenset(found)


def _parts(annotation: Any) -> list[Any]:
    """The types in an annotation: of ``tuple[Access, ...] | None``, Access among others."""
    if get_origin(annotation) is Literal:
        return [annotation]
    return [annotation, *(part for inner in get_args(annotation) for part in _parts(inner))]
