"""What a task text says: its names, numbers, quantities and times, in Korean or in English.

Used by the rule that compares a task with its checks. Must not know checks.
"""

import re
from fractions import Fraction

from labgrader.api.base import DURATION_PATTERN, parse_duration
from labgrader.checks.expect.quantity import parse_quantity

_NUMBER = re.compile(
    r"(?<![A-Za-z0-9.])[0-9]+(?:[.][0-9]+)?(?:[KMGTPE]i|[numkMGTPE])?(?![A-Za-z0-9])"
)
_TIME = re.compile(
    r"(?<![A-Za-z0-9.])([0-9]+)[ -]?"
    r"(ms|milliseconds?|밀리초|s|secs?|seconds?|초|m|mins?|minutes?|분|h|hours?|시간)(?![A-Za-z])"
)
_WRITTEN_TIME = re.compile(r"(?<![A-Za-z0-9.])(?:[0-9]{1,6}(?:ms|s|m|h))+(?![A-Za-z0-9])")
_MILLISECONDS = (
    ("ms", 1), ("milli", 1), ("밀리초", 1), ("s", 1000), ("초", 1000), ("m", 60_000),
    ("분", 60_000), ("h", 3_600_000), ("시간", 3_600_000),
)  # fmt: skip
_ENGLISH = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_KOREAN = ("두", "세", "네", "다섯", "여섯", "일곱", "여덟", "아홉", "열")
_COUNTED = re.compile(
    rf"\b({'|'.join(_ENGLISH)})\b|({'|'.join(_KOREAN)})\s*(?:개|벌|번|대|명|가지|곳|쌍)",
    re.IGNORECASE,
)


class Words:
    """One text."""

    def __init__(self, text: str) -> None:
        self._text = " ".join(text.split())
        found = [parse_quantity(number) for number in _NUMBER.findall(text)]
        self._numbers = {number for number in found if number is not None} | _in_words(text)
        self._times = {int(n) * _milliseconds(unit) for n, unit in _TIME.findall(text)}
        self._times |= {parse_duration(time) for time in _WRITTEN_TIME.findall(text)}

    def say(self, value: str) -> bool:
        """Whether the text says this: a number or a time in any way of writing, else literally."""
        number = parse_quantity(value)
        if number is not None and number in self._numbers:
            return True
        if re.fullmatch(DURATION_PATTERN, value) and parse_duration(value) in self._times:
            return True
        literal = " ".join(value.split())
        if literal not in self._text:
            return False
        literal = re.escape(literal)
        return bool(re.search(rf"(?<![A-Za-z0-9-]){literal}(?![A-Za-z0-9-])", self._text))


def _in_words(text: str) -> set[Fraction]:
    found = _COUNTED.findall(text)
    english = {_ENGLISH.index(word.lower()) for word, _ in found if word}
    korean = {_KOREAN.index(word) for _, word in found if word}
    return {Fraction(index + 2) for index in english | korean}


def _milliseconds(unit: str) -> int:
    return next(factor for begin, factor in _MILLISECONDS if unit.startswith(begin))
