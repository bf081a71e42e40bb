"""Between the frozen values of ``evidence`` and plain JSON values, both ways, strictly.

Called by ``evidence.bundle``. How a value is written follows from its type's annotations;
requests and answers carry their ``type``, which must never change, because bundles are kept
for years. A new request or answer needs a line in ``TAGS``: a contract test says so. What
does not fit its type on the way back is a NotAsWritten, never a half-read value. Pure.
"""

import dataclasses
import functools
import types
from collections.abc import Mapping
from typing import Any, Union, get_args, get_origin, get_type_hints

from labgrader.evidence import answers, experiments, keeping, requests, timeline, traffic

TAGS: Mapping[str, type] = types.MappingProxyType(
    {
        "getObject": requests.GetObject,
        "listObjects": requests.ListObjects,
        "readLog": requests.ReadLog,
        "reviewAccess": requests.ReviewAccess,
        "dryRun": requests.DryRun,
        "readAnswer": requests.ReadAnswer,
        "callHttp": requests.CallHttp,
        "tryFlow": requests.TryFlow,
        "lookUp": requests.LookUp,
        "provePolicies": requests.ProvePolicies,
        "deletePod": experiments.DeletePod,
        "disturb": experiments.Disturb,
        "loadAutoscaler": experiments.LoadAutoscaler,
        "update": experiments.Update,
        "runCronJob": experiments.RunCronJob,
        "resizePod": experiments.ResizePod,
        "readTime": requests.ReadTime,
        "drainPod": experiments.DrainPod,
        "keepData": experiments.KeepData,
        "spreadRequests": experiments.SpreadRequests,
        "onCopy": experiments.OnCopy,
        "found": answers.Found,
        "notThere": answers.NotThere,
        "items": answers.Items,
        "logLines": answers.LogLines,
        "reviewed": answers.Reviewed,
        "admitted": answers.Admitted,
        "refused": answers.Refused,
        "answered": answers.Answered,
        "httpAnswer": answers.HttpAnswer,
        "noHttpAnswer": answers.NoHttpAnswer,
        "timeRead": answers.TimeRead,
        "tried": answers.Tried,
        "lookedUp": answers.LookedUp,
        "enforcement": answers.Enforcement,
        "keptOut": answers.KeptOut,
        "timeline": timeline.Timeline,
        "traffic": traffic.Traffic,
        "kept": keeping.Kept,
        "trouble": answers.Trouble,
        "hindered": answers.Hindered,
    }
)
"""Each request and answer by the name that it has in bundles. Computations are not kept."""

_TYPE = "type"
_PLAIN = (str, int, bool)


class NotAsWritten(Exception):
    """A JSON value that no such evidence was written as. ``place`` says where."""

    def __init__(self, place: str, what: str) -> None:
        super().__init__(f"{place}: {what}")


class NoCodec(TypeError):
    """A type of evidence that this module cannot write: a slip in the program."""


def encode(value: Any, shape: Any) -> Any:
    """The JSON value of ``value``, which is of the type ``shape``."""
    origin, inner = get_origin(shape), get_args(shape)
    if shape in _PLAIN or shape is Any:
        return value
    if shape is type(None):
        return None
    if origin in {Union, types.UnionType}:
        return _encode_choice(value, inner)
    if origin is tuple:
        shapes = [inner[0]] * len(value) if inner[1:] == (...,) else inner
        return [encode(item, one) for item, one in zip(value, shapes, strict=True)]
    if _is_mapping(origin):
        return {key: encode(item, inner[1]) for key, item in value.items()}
    if dataclasses.is_dataclass(shape) and isinstance(shape, type):
        known = [(name, one) for name, one in fields(shape).items() if _says(value, name)]
        return {outside(name): encode(getattr(value, name), one) for name, one in known}
    raise NoCodec(f"no codec for {shape}")


def decode(raw: Any, shape: Any, place: str = "evidence") -> Any:
    """The value that was written as ``raw``. Raises NotAsWritten."""
    origin, inner = get_origin(shape), get_args(shape)
    if shape is Any:
        return raw
    if shape in _PLAIN:
        # A bool is an int to Python, and not to JSON.
        return _checked(raw, shape, type(raw) is shape, place)
    if shape is type(None):
        return _checked(raw, shape, raw is None, place)
    if origin in {Union, types.UnionType}:
        return _decode_choice(raw, inner, place)
    if origin is tuple:
        return _decode_tuple(raw, inner, place)
    if _is_mapping(origin):
        _checked(raw, dict, isinstance(raw, dict), place)
        return {key: decode(item, inner[1], f"{place}.{key}") for key, item in raw.items()}
    if dataclasses.is_dataclass(shape) and isinstance(shape, type):
        return _decode_fields(raw, shape, place)
    raise NoCodec(f"no codec for {shape}")


@functools.cache
def fields(shape: type) -> Mapping[str, Any]:
    """The annotations of a dataclass's fields, by name."""
    hints = get_type_hints(shape)
    return {one.name: hints[one.name] for one in dataclasses.fields(shape)}


@functools.cache
def _later(shape: type) -> Mapping[str, Any]:
    """The fields that came later than the first format, with what they are where nobody asks.

    They are written only where they say something, so that older evidence keeps its digest.
    """
    return {one.name: _default(one) for one in dataclasses.fields(shape) if "later" in one.metadata}


def _default(one: "dataclasses.Field[Any]") -> Any:
    if one.default_factory is dataclasses.MISSING:
        return one.default
    return one.default_factory()


def _says(value: Any, name: str) -> bool:
    later = _later(value.__class__)
    return name not in later or getattr(value, name) != later[name]


@functools.cache
def outside(name: str) -> str:
    """A field's name in JSON: camelCase, as everywhere outside."""
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def _encode_choice(value: Any, choices: tuple[Any, ...]) -> Any:
    if value is None and type(None) in choices:
        return None
    for tag, shape in TAGS.items():
        if type(value) is shape and shape in choices:
            return encode(value, shape) | ({_TYPE: tag} if _tagged(choices) else {})
    plain = [one for one in choices if one is not type(None)]
    if len(plain) == 1:
        return encode(value, plain[0])
    raise NoCodec(f"no codec for {type(value).__name__}")


def _decode_choice(raw: Any, choices: tuple[Any, ...], place: str) -> Any:
    if raw is None and type(None) in choices:
        return None
    if not _tagged(choices):
        plain = [one for one in choices if one is not type(None)]
        if len(plain) != 1:
            raise NoCodec(f"no codec for {choices}")
        return decode(raw, plain[0], place)
    if not isinstance(raw, dict) or not isinstance(raw.get(_TYPE), str):
        raise NotAsWritten(place, f"has no {_TYPE}")
    shape = TAGS.get(raw[_TYPE])
    if shape is None or shape not in choices:
        raise NotAsWritten(place, f"is of the unknown {_TYPE} {raw[_TYPE][:40]!r}")
    return decode({key: raw[key] for key in raw if key != _TYPE}, shape, place)


def _tagged(choices: tuple[Any, ...]) -> bool:
    """Whether there is anything to tell apart."""
    return len([one for one in choices if one is not type(None)]) > 1


def _decode_tuple(raw: Any, inner: tuple[Any, ...], place: str) -> tuple[Any, ...]:
    _checked(raw, list, isinstance(raw, list), place)
    if inner[1:] == (...,):
        return tuple(decode(item, inner[0], f"{place}[{i}]") for i, item in enumerate(raw))
    if len(raw) != len(inner):
        raise NotAsWritten(place, f"has {len(raw)} items instead of {len(inner)}")
    pairs = zip(raw, inner, strict=True)
    return tuple(decode(item, one, f"{place}[{i}]") for i, (item, one) in enumerate(pairs))


def _decode_fields(raw: Any, shape: type, place: str) -> Any:
    """A field that is not there has its default; one that is not known is not passed over."""
    _checked(raw, dict, isinstance(raw, dict), place)
    known = {outside(name): (name, one) for name, one in fields(shape).items()}
    given = {}
    for key, item in raw.items():
        if key not in known:
            raise NotAsWritten(place, f"has the unknown field {key[:40]!r}")
        name, one = known[key]
        given[name] = decode(item, one, f"{place}.{key}")
    try:
        return shape(**given)
    except TypeError as error:
        raise NotAsWritten(place, f"lacks a field: {error}") from error


def _checked(raw: Any, shape: Any, fits: bool, place: str) -> Any:  # noqa: FBT001 (what was found)
    if not fits:
        raise NotAsWritten(place, f"is no {shape.__name__} but a {type(raw).__name__}")
    return raw


def _is_mapping(origin: Any) -> bool:
    return isinstance(origin, type) and issubclass(origin, Mapping)
