"""What a grading saw, kept: the answers, and which of them each check was judged on.

Made by ``grading`` at the end of a grading, written and read by ``evidence.bundle``, judged
again by ``grading.again``. A grading looks more than once, so one request may have several
answers: each check keeps those of the look that decided it, or a later judgement would mix
moments that the first one never saw together. Computations are left out: they repeat whole
objects, and their answers follow from what is kept. Pure.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from labgrader.evidence.answers import Answer, Trouble
from labgrader.evidence.requests import Evaluate, Request


@dataclass(frozen=True, slots=True)
class Seen:
    """One request with the answer that came."""

    request: Request
    answer: Answer


@dataclass(frozen=True, slots=True)
class Record:
    """The evidence of one grading.

    ``checks`` names, for each decided check, the places in ``seen`` of what it was judged on.
    Of several answers to one request the first in ``seen`` is the latest. ``excused``
    are checks whose failure did not count, by the trouble with the target namespace itself.
    ``left_out`` are requests whose answers were dropped because the record grew too large.
    """

    seen: tuple[Seen, ...] = ()
    checks: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    excused: Mapping[str, Trouble] = field(default_factory=dict)
    left_out: tuple[Request, ...] = ()

    def answers_for(self, check: str) -> dict[Request, Answer]:
        """What there is to judge a check on: its own evidence, and for the rest the latest."""
        answers: dict[Request, Answer] = {}
        for place in self.checks.get(check, ()):
            seen = self.seen[place]
            answers[seen.request] = seen.answer
        for seen in self.seen:
            answers.setdefault(seen.request, seen.answer)
        return answers

    def own(self, check: str) -> dict[Request, Answer]:
        """What a check was judged on."""
        places = self.checks.get(check, ())
        return {self.seen[place].request: self.seen[place].answer for place in places}

    def without(self, places: Iterable[int]) -> "Record":
        """The same record with some answers dropped, and said to be."""
        dropped = frozenset(places)
        new_place: dict[int, int] = {}
        for place in range(len(self.seen)):
            if place not in dropped:
                new_place[place] = len(new_place)
        lost = dict.fromkeys(self.seen[place].request for place in sorted(dropped))
        return Record(
            tuple(self.seen[place] for place in new_place),
            {
                name: tuple(new_place[place] for place in seen if place in new_place)
                for name, seen in self.checks.items()
            },
            self.excused,
            tuple(dict.fromkeys((*self.left_out, *lost))),
        )


def record(
    latest: Mapping[Request, Answer],
    checks: Mapping[str, Mapping[Request, Answer]],
    excused: Mapping[str, Trouble] = MappingProxyType({}),
    left_out: Iterable[Request] = (),
) -> Record:
    """The record of a grading: the latest answers, and what each check was judged on."""
    seen = [Seen(request, answer) for request, answer in _observed(latest).items()]
    known: dict[Request, list[int]] = {one.request: [place] for place, one in enumerate(seen)}

    def place_of(request: Request, answer: Answer) -> int:
        places = known.setdefault(request, [])
        for place in places:
            if seen[place].answer is answer or seen[place].answer == answer:
                return place
        seen.append(Seen(request, answer))
        places.append(len(seen) - 1)
        return places[-1]

    placed = {
        name: tuple(sorted(place_of(*one) for one in _observed(answers).items()))
        for name, answers in checks.items()
    }
    return Record(tuple(seen), placed, dict(excused), tuple(dict.fromkeys(left_out)))


def _observed(answers: Mapping[Request, Answer]) -> dict[Request, Answer]:
    """The answers without what was computed."""
    return {r: answer for r, answer in answers.items() if not isinstance(r, Evaluate)}


def joined(now: Record, before: Record, names: Iterable[str]) -> Record:
    """``now`` with what the checks of these names were judged on in an earlier try."""
    latest: dict[Request, Answer] = {}
    for seen in (*now.seen, *before.seen):
        latest.setdefault(seen.request, seen.answer)
    checks = {name: now.own(name) for name in now.checks}
    checks |= {name: before.own(name) for name in names if name in before.checks}
    return record(latest, checks, now.excused, (*now.left_out, *before.left_out))
