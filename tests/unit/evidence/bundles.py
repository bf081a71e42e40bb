"""Evidence of every kind, made up, for tests of what is kept."""

import collections.abc
import types
from typing import Any, get_args, get_origin

from hypothesis import strategies as st

from labgrader.evidence.answers import (
    Answer,
    Found,
    HttpAnswer,
    Items,
    LogLines,
    NotThere,
)
from labgrader.evidence.bundle import Bundle, Judged, Verdict
from labgrader.evidence.codec import TAGS, fields
from labgrader.evidence.experiments import HttpTarget
from labgrader.evidence.record import Record, record
from labgrader.evidence.requests import CallHttp, GetObject, ListObjects, ReadLog, Request

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
NUMBERS = st.integers(0, 2**53)
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)
OBJECTS = st.dictionaries(TEXTS, JSON, max_size=4)


def made(shape: Any) -> st.SearchStrategy[Any]:
    """Values of a type as evidence has them."""
    origin, inner = get_origin(shape), get_args(shape)
    plain = {str: TEXTS, int: NUMBERS, bool: st.booleans(), type(None): st.none()}
    if shape in plain:
        return plain[shape]
    if origin is types.UnionType:
        return st.one_of(*map(made, inner))
    if origin is tuple and inner[1:] == (...,):
        return st.lists(made(inner[0]), max_size=2).map(tuple)
    if origin is tuple:
        return st.tuples(*map(made, inner))
    if origin is collections.abc.Mapping:
        return OBJECTS
    return st.builds(shape, **{name: made(one) for name, one in fields(shape).items()})


def _kept(shape: Any) -> st.SearchStrategy[Any]:
    """Of what is kept, which computations are not."""
    return st.one_of(*(made(one) for one in get_args(shape) if one in TAGS.values()))


REQUESTS: st.SearchStrategy[Request] = _kept(Request)
ANSWERS: st.SearchStrategy[Answer] = _kept(Answer)

CONFIG = GetObject("kim", "v1", "ConfigMap", "web")
LOG = ReadLog("kim", "web-1", "web")
EVENTS = ListObjects("kim", "v1", "Event")
CALL = CallHttp(HttpTarget("kim", "web", 80, "/"))


def some_record(**more: Any) -> Record:
    latest: dict[Request, Answer] = {
        CONFIG: Found({"kind": "ConfigMap", "metadata": {"name": "web"}, "data": {"a": "1"}}),
        LOG: LogLines(("started",)),
        EVENTS: Items((), "7"),
        CALL: HttpAnswer(200, "hello"),
    }
    return record(
        latest, {"there": {CONFIG: latest[CONFIG]}, "early": {CONFIG: NotThere()}}, **more
    )


def some_bundle(kept: Record | None = None, **more: Any) -> Bundle:
    checks = (
        Judged("there", "Passed", "ObjectThere", 10, 10, 100_000),
        Judged("early", "Failed", "NotFound", 20, 5, 25_000),
        Judged("open", "Unknown", "ApiUnreachable", 5),
    )
    told = {"exercise": "web", "namespace": "kim", "started": "s", "ended": "e"}
    return Bundle(
        **(told | more),
        verdict=Verdict("0" * 16, "Inconclusive", 15, 20, 35, checks),
        record=some_record() if kept is None else kept,
    )
