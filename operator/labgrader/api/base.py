"""The scalar types and the base model that every API model is made of.

Called by the other modules of ``api`` only. Values are parsed once, here, into what the
rest of the program computes with: durations are integer milliseconds, shares are integer
milli-percent. Must not know any particular kind.
"""

import re
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    WithJsonSchema,
    model_validator,
)
from pydantic.alias_generators import to_camel

_UNIT_MS = {"ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000}
# Six digits keep every duration of 16 characters within 64 bits of nanoseconds.
DURATION_PATTERN = r"^([0-9]{1,6}(ms|s|m|h))+$"
POSITIVE_DURATION_PATTERN = (
    r"^([0-9]{1,6}(ms|s|m|h))*[0-9]{0,5}[1-9][0-9]{0,5}(ms|s|m|h)([0-9]{1,6}(ms|s|m|h))*$"
)
SHARE_PATTERN = r"^(100([.]0{1,3})?|[0-9]{1,2}([.][0-9]{1,3})?)$"
MEASURE_PATTERN = f"({DURATION_PATTERN})|({SHARE_PATTERN})"
KIND_PATTERN = r"^[A-Z][A-Za-z0-9]*$"
PATH_PATTERN = r"^/[!-~]*$"
NAME_PATTERN = r"^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$"
LABEL_PATTERN = r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"
ROLLOUT_NUMBER_PATTERN = r"^(>=|<=|>|<)?[0-9]{1,4}%?$"
PARAMETER_PATTERN = r"^[a-z][A-Za-z0-9]*$"
_TEMPLATE = r"[$][{][a-z][A-Za-z0-9]*([.]text)?[}]"
TEMPLATE_PATTERN = f"^{_TEMPLATE}$"
_ENDS, _BETWEEN = f"([a-z0-9]|{_TEMPLATE})", f"([-a-z0-9.]|{_TEMPLATE})"
NAME_OR_TEMPLATE_PATTERN = f"^{_ENDS}({_BETWEEN}*{_ENDS})?$"
"""What NAME_PATTERN takes, and templates in it."""
FULL_SHARE = 100_000


class Model(BaseModel):
    """A frozen API object: camelCase outside, snake_case inside."""

    model_config = ConfigDict(
        frozen=True,
        alias_generator=to_camel,
        populate_by_name=True,
        validate_default=True,
    )


def parse_duration(text: Any) -> int:
    """Milliseconds in a duration such as ``1m30s``.

    Raises ValueError for anything that Kubernetes' own ``30s`` form does not cover; ``1d``
    is refused because a day has no fixed length where clocks change.
    """
    if isinstance(text, int) and not isinstance(text, bool):
        return text
    if not isinstance(text, str) or not re.fullmatch(DURATION_PATTERN, text):
        raise ValueError(f"{text!r} is not a duration; write it like 30s, 1m30s or 500ms")
    parts = re.findall(r"([0-9]+)(ms|s|m|h)", text)
    return sum(int(number) * _UNIT_MS[unit] for number, unit in parts)


def format_duration(milliseconds: int | str) -> str:
    """The shortest text that parses back to the same duration."""
    if isinstance(milliseconds, str):
        return milliseconds
    text, rest = "", milliseconds
    for unit in ("h", "m", "s", "ms"):
        count, rest = divmod(rest, _UNIT_MS[unit])
        text += f"{count}{unit}" if count else ""
    return text or "0s"


def parse_share(text: Any) -> int:
    """Milli-percent in a share such as ``"99.9"`` (99,900)."""
    if isinstance(text, int) and not isinstance(text, bool):
        return text
    if not isinstance(text, str) or not re.fullmatch(SHARE_PATTERN, text):
        raise ValueError(f'{text!r} is not a share; write a percentage as text, like "99.9"')
    whole, _, fraction = text.partition(".")
    return int(whole) * 1000 + int(fraction.ljust(3, "0"))


def format_share(milli_percent: int | str) -> str:
    """The shortest percentage text that parses back to the same share."""
    if isinstance(milli_percent, str):
        return milli_percent
    whole, fraction = divmod(milli_percent, 1000)
    return f"{whole}.{fraction:03}".rstrip("0").rstrip(".")


_DURATION_SCHEMA = {"type": "string", "pattern": DURATION_PATTERN, "maxLength": 16}
_SHARE_SCHEMA = {"type": "string", "pattern": SHARE_PATTERN, "maxLength": 8}

Duration = Annotated[
    int,
    BeforeValidator(parse_duration),
    PlainSerializer(format_duration, return_type=str),
    WithJsonSchema(_DURATION_SCHEMA),
]
"""A length of time, in milliseconds inside, ``30s`` outside."""

PositiveDuration = Annotated[
    int,
    Field(gt=0),
    BeforeValidator(parse_duration),
    PlainSerializer(format_duration, return_type=str),
    WithJsonSchema(_DURATION_SCHEMA | {"pattern": POSITIVE_DURATION_PATTERN}),
]
"""A length of time that is not nothing, for what must be given a chance to happen."""

Share = Annotated[
    int,
    BeforeValidator(parse_share),
    PlainSerializer(format_share, return_type=str),
    WithJsonSchema(_SHARE_SCHEMA),
]
"""A percentage, in milli-percent inside, ``"99.9"`` outside."""

PlainName = Annotated[str, Field(min_length=1, max_length=253, pattern=NAME_PATTERN)]
"""The name of an object (RFC 1123 subdomain) that is the same for every learner."""

ObjectName = Annotated[
    PlainName,
    WithJsonSchema(
        {"type": "string", "minLength": 1, "maxLength": 253, "pattern": NAME_OR_TEMPLATE_PATTERN}
    ),
]
"""The name of an object in a check; as it is written, it may hold parameters of the learner."""

LabelName = Annotated[str, Field(min_length=1, max_length=63, pattern=LABEL_PATTERN)]
"""A short name (RFC 1123 label): checks, namespaces, learners."""


def number_schema(least: int, most: int) -> dict[str, Any]:
    """The schema of a number that may be a parameter of the learner: ``"${port}"``.

    A CRD has no other way to take a text in place of a number.
    """
    return {
        "x-kubernetes-int-or-string": True,
        "minimum": least,
        "maximum": most,
        "maxLength": 64,
        "pattern": TEMPLATE_PATTERN,
    }


Port = Annotated[int, Field(ge=1, le=65535), WithJsonSchema(number_schema(1, 65535))]
HttpPath = Annotated[str, Field(max_length=1024, pattern=PATH_PATTERN)]
Lines = Annotated[str, Field(max_length=4096)]


class Text(Model):
    """A text for learners, in Korean, in English or in both."""

    ko: Annotated[str, Field(min_length=1, max_length=8192)] | None = None
    """The Korean text."""
    en: Annotated[str, Field(min_length=1, max_length=8192)] | None = None
    """The English text."""

    @model_validator(mode="after")
    def _says_something(self) -> "Text":
        if self.ko is None and self.en is None:
            raise ValueError("write the text in ko, in en, or in both")
        return self

    def render(self, lang: str) -> str:
        """The text in ``lang``, or in the other language where it was not written."""
        first, second = (self.ko, self.en) if lang == "ko" else (self.en, self.ko)
        return first or second or ""


class ObjectRef(Model):
    """An object in the learner's namespace."""

    api_version: Annotated[str, Field(max_length=317)] | None = None
    """Group and version, for example apps/v1; may be left out for kinds built into Kubernetes."""
    kind: Annotated[str, Field(min_length=1, max_length=63, pattern=KIND_PATTERN)]
    """The kind, for example Deployment."""
    name: ObjectName
    """The name of the object."""


class Count(Model):
    """How many there must be."""

    min: Annotated[int, Field(ge=1, le=1000), WithJsonSchema(number_schema(1, 1000))] = 1
    """At least so many. Nothing at all never passes, so the least is 1."""
