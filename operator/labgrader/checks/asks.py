"""``asks``: the learner answers a question rightly.

Called through ``checks.registry``. Pure; no cluster is asked. What is right must not leave this
module: findings are shown to learners, so they hold the question's name, what the learner
wrote, and how an answer is written, nothing else. The same goes for ``problems``, which reach
learners through their Submission when an exercise cannot grade.
"""

import re
from collections.abc import Iterator
from fractions import Fraction

import re2

from labgrader.api.kinds import Asks, Number
from labgrader.checks.expect.operators import pattern
from labgrader.checks.finding import Finding, failed, passed
from labgrader.checks.problem import Problem
from labgrader.checks.scope import Scope
from labgrader.checks.units import NotANumber, OtherUnit, read_number
from labgrader.evidence.requests import ReadAnswer
from labgrader.evidence.snapshot import Snapshot

_HUNDRED = 100
_MOST_SHOWN = 100
_BETWEEN = re.compile(r"[\s,;]+")


def problems(params: Asks) -> tuple[Problem, ...]:
    """What makes the question unusable, without saying what is right."""
    return tuple(_problems(params))


def judge(params: Asks, _scope: Scope, snapshot: Snapshot) -> Finding:
    """The answer is there, is written as it must be, and is right."""
    given = snapshot.answered(ReadAnswer(params.name))
    if given is None or not given.strip():
        return failed("AnswerMissing", question=params.name)
    given = given.strip()
    if params.number is not None:
        return _number(params, params.number, given)
    if params.pattern is not None:
        matched = pattern(params.pattern).fullmatch(given) is not None
        return _verdict(params, given, right=matched)
    return _chosen(params, given)


def _chosen(params: Asks, given: str) -> Finding:
    names = {option.name for option in params.options}
    chosen = dict.fromkeys(name for name in _BETWEEN.split(given.lower()) if name)
    strange = next((name for name in chosen if name not in names), None)
    if strange is not None:
        listed = ", ".join(option.name for option in params.options)
        return failed("NotAnOption", question=params.name, seen=_shown(strange), options=listed)
    if params.choice is not None:
        if len(chosen) > 1:
            return failed("OneOptionOnly", question=params.name, seen=_shown(given))
        return _verdict(params, given, right=set(chosen) == {params.choice.right})
    right = set(params.choices.right) if params.choices else set()
    return _verdict(params, given, right=set(chosen) == right)


def _number(params: Asks, number: Number, given: str) -> Finding:
    seen = read_number(given, number.unit)
    if isinstance(seen, NotANumber):
        return failed("NotANumber", question=params.name, seen=_shown(given))
    if isinstance(seen, OtherUnit) and number.unit is None:
        return failed("UnitUnwanted", question=params.name, seen=_shown(given))
    if isinstance(seen, OtherUnit):
        return failed(
            "OtherUnit", question=params.name, seen=_shown(given), unit=number.unit or "-"
        )
    right = Fraction(number.value)
    return _verdict(params, given, right=abs(seen - right) <= _margin(number, right))


def _margin(number: Number, right: Fraction) -> Fraction:
    """How far off an answer may be, in the number's own unit."""
    if number.tolerance.endswith("%"):
        return abs(right) * Fraction(number.tolerance[:-1]) / _HUNDRED
    return Fraction(number.tolerance)


def _verdict(params: Asks, given: str, *, right: bool) -> Finding:
    if right:
        return passed("AnswerRight", question=params.name, seen=_shown(given))
    return failed("AnswerWrong", question=params.name, seen=_shown(given))


def _shown(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _MOST_SHOWN else f"{line[: _MOST_SHOWN - 1]}…"


def _problems(params: Asks) -> Iterator[Problem]:
    names = [option.name for option in params.options]
    if len(set(names)) < len(names):
        yield Problem("Invalid", "two options have the same name")
    right: tuple[str, ...] = params.choices.right if params.choices else ()
    if params.choice is not None:
        right = (params.choice.right,)
    if not set(right) <= set(names):
        yield Problem("Invalid", "right names something that is no option")
    if len(set(right)) < len(right):
        yield Problem("Invalid", "right names an option twice")
    if params.pattern is not None:
        try:
            matches_nothing = pattern(params.pattern).fullmatch("") is not None
        except re2.error:
            yield Problem("BadPattern", "RE2 does not take the pattern")
        else:
            if matches_nothing:
                yield Problem("Invalid", "the pattern takes an empty answer")
