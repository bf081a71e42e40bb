"""Sentences for people, made from a reason and its params in Korean or English.

Called by every renderer of findings and conditions. The texts are in ``reporting.texts``;
here they are filled in. A reason that has no text, as an older or newer version may have
written into a status, is shown as it is rather than not at all. Pure.
"""

from collections.abc import Mapping
from functools import lru_cache
from string import Formatter
from typing import Any

from labgrader.api.base import format_share
from labgrader.checks.finding import Finding, Outcome
from labgrader.reporting.particles import with_particle
from labgrader.reporting.texts import KINDS, LOOK, LOOKS, TEXTS

_UNKNOWN = "?"


Points = tuple[int, int]
"""What was earned, of what there was to earn."""


@lru_cache(maxsize=1024)  # learners of one course are told the same again and again
def message(finding: Finding, lang: str, points: Points | None = None) -> str:
    """What was expected, what was seen, why, what a part of it earns, and where to look.

    ``points`` are those of the check, where they are known.
    """
    told = [(finding.reason, dict(finding.params))]
    told += [(cause.reason, dict(cause.params)) for cause in finding.causes]
    sentences = [text(reason, params, lang) for reason, params in told]
    return " ".join([*dict.fromkeys(sentences), *_part(finding, lang, points), *_where(told, lang)])


def text(reason: str, params: Mapping[str, str], lang: str) -> str:
    """The sentence for a reason."""
    template = TEXTS[lang].get(reason)
    if template is None:
        shown = ", ".join(f"{name}={value}" for name, value in params.items())
        return f"{reason} ({shown})" if shown else reason
    return _fill(template, params, lang)


def _part(finding: Finding, lang: str, points: Points | None) -> list[str]:
    """What is earned by what was fulfilled in part; a check in a group may have no points."""
    if finding.outcome is not Outcome.FAILED or not finding.credit:
        return []
    if points is not None and points[1]:
        earned, of = points
        return [text("EarnsPoints", {"earned": str(earned), "points": str(of)}, lang)]
    return [text("EarnsShare", {"share": format_share(finding.credit)}, lang)]


def _where(told: list[tuple[str, dict[str, str]]], lang: str) -> list[str]:
    """The command that shows most: the first cause's, else the finding's own."""
    for reason, params in (*told[1:], told[0]):
        if reason in LOOKS:
            lowered = {n: v.lower() if n == "kind" else v for n, v in params.items()}
            command = _Filling(lang).vformat(LOOKS[reason], (), lowered)
            return [LOOK[lang].format(command=command)]
    return []


def _fill(template: str, params: Mapping[str, str], lang: str) -> str:
    kinds = KINDS[lang]
    named = {n: kinds.get(v, v) if n.endswith("kind") else v for n, v in params.items()}
    own = f".{lang}"  # what an author wrote in each language: wish.ko, wish.en
    named |= {n.removesuffix(own): v for n, v in params.items() if n.endswith(own)}
    return _Filling(lang).vformat(template, (), named)


class _Filling(Formatter):
    """``str.format`` with named fields only.

    A field's format is nothing, a particle in Korean (``{name:은/는}``), or what is counted in
    English (``{ready:pod/pods}``).
    """

    def __init__(self, lang: str) -> None:
        self._shaped = with_particle if lang == "ko" else _counted

    def get_field(self, field_name: str, _args: Any, kwargs: Any) -> tuple[Any, str]:
        return kwargs.get(field_name, _UNKNOWN), field_name

    def format_field(self, value: Any, format_spec: str) -> str:
        return self._shaped(value, format_spec) if format_spec else str(value)


def _counted(number: str, what: str) -> str:
    one, several = what.split("/")
    return f"{number} {one if number == '1' else several}"
