"""Makes an exercise's spec a learner's own: reads its parameters, and fills them in.

Called by ``api.exercise`` while it parses. What is wrong is told as pydantic tells it, with the
place.
"""

from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

from labgrader.api.base import Model
from labgrader.api.parameters import Parameter, Values, all_edges, of_learner

_PARAMETERS = TypeAdapter(tuple[Parameter, ...])
_AS_WRITTEN = ("parameters", "seed")


def values_of(written: Mapping[str, Any], learner: str | None) -> Values:
    """The values of a spec's parameters; none where these cannot be read, as parsing then says.

    Without a learner, the longest of them.
    """
    try:
        parameters = _PARAMETERS.validate_python(written["parameters"], by_name=False)
    except ValidationError:
        return {}
    if learner is None:
        return next(all_edges(parameters))
    return of_learner(parameters, str(written.get("seed") or ""), learner)


def filled_in(written: Mapping[str, Any], values: Values, model: type[Model]) -> Mapping[str, Any]:
    """The spec with the values in it. Raises pydantic.ValidationError."""
    # The schema is made from the models, which read this module.
    from labgrader.api.templates import CannotFill, filled, schema_of  # noqa: PLC0415

    if not values:
        return written
    kept = {name: written[name] for name in _AS_WRITTEN if name in written}
    rest = {name: value for name, value in written.items() if name not in kept}
    try:
        return {**filled(rest, values, schema_of(model)), **kept}
    except CannotFill as error:
        wrong = PydanticCustomError("parameter", "{why}", {"why": str(error)})
        details: InitErrorDetails = {"type": wrong, "loc": error.place, "input": None}
        raise ValidationError.from_exception_data(model.__name__, [details]) from None
