"""What a grading saw, kept: the answers, and which of them each check was judged on.

Made by ``grading`` at the end of a grading, written and read by ``evidence.bundle``, judged
again by ``grading.again``. A grading looks more than once, so one request may have several
answers: each check keeps those of the look that decided it, or a later judgement would mix
moments that the first one never saw together. A check that is judged by many looks keeps those of
each stretch in which they came to the same. Computations are left out: they repeat whole
objects, and their answers follow from what is kept. Pure.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from labgrader.evidence.answers import Answer, Trouble
from labgrader.evidence.requests import Evaluate, Request
from labgrader.evidence.timeline import LATER


@dataclass(frozen=True, slots=True)
class Seen:
    """One request with the answer that came."""

    request: Request
    answer: Answer


@dataclass(frozen=True, slots=True)
class Stretch:
    """Looks in a row at one check that came to the same, and what the last of them saw.

    The times are when the first and the last of them began, since the first look of all.
    """

    at_ms: int
    until_ms: int
    times: int
    answers: Mapping[Request, Answer]


@dataclass(frozen=True, slots=True)
class Placed:
    """A Stretch, with the places of its answers instead of them."""

    at_ms: int
    until_ms: int
    times: int
    seen: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """The evidence of one grading.

    ``checks`` names, for each decided check, the places in ``seen`` of what it was judged on.
    Of several answers to one request the first in ``seen`` is the latest. ``excused``
    are checks whose failure did not count, by the trouble with the target namespace itself.
    ``left_out`` are requests whose answers were dropped because the record grew too large.
    ``watched`` are the looks at checks that are judged by many, in their order.
    """

    seen: tuple[Seen, ...] = ()
    checks: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    excused: Mapping[str, Trouble] = field(default_factory=dict)
    left_out: tuple[Request, ...] = ()
    watched: Mapping[str, tuple[Placed, ...]] = field(default_factory=dict, metadata=LATER)

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
        return self._at(self.checks.get(check, ()))

    def stretches(self, check: str) -> tuple[Stretch, ...]:
        """The looks at a check that was watched; none at any other."""
        return tuple(
            Stretch(one.at_ms, one.until_ms, one.times, self._at(one.seen))
            for one in self.watched.get(check, ())
        )

    def _at(self, places: Iterable[int]) -> dict[Request, Answer]:
        return {self.seen[place].request: self.seen[place].answer for place in places}

    def without(self, places: Iterable[int]) -> "Record":
        """The same record with some answers dropped, and said to be."""
        dropped = frozenset(places)
        new_place: dict[int, int] = {}
        for place in range(len(self.seen)):
            if place not in dropped:
                new_place[place] = len(new_place)
        lost = dict.fromkeys(self.seen[place].request for place in sorted(dropped))

        def left(places: Iterable[int]) -> tuple[int, ...]:
            return tuple(new_place[place] for place in places if place in new_place)

        return Record(
            tuple(self.seen[place] for place in new_place),
            {name: left(places) for name, places in self.checks.items()},
            self.excused,
            tuple(dict.fromkeys((*self.left_out, *lost))),
            {
                name: tuple(replace(one, seen=left(one.seen)) for one in several)
                for name, several in self.watched.items()
            },
        )


def record(
    latest: Mapping[Request, Answer],
    checks: Mapping[str, Mapping[Request, Answer]],
    excused: Mapping[str, Trouble] = MappingProxyType({}),
    left_out: Iterable[Request] = (),
    watched: Mapping[str, Sequence[Stretch]] = MappingProxyType({}),
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

    def places_of(answers: Mapping[Request, Answer]) -> tuple[int, ...]:
        return tuple(sorted(place_of(*one) for one in _observed(answers).items()))

    placed = {name: places_of(answers) for name, answers in checks.items()}
    looks = {
        name: tuple(
            Placed(one.at_ms, one.until_ms, one.times, places_of(one.answers)) for one in several
        )
        for name, several in watched.items()
    }
    return Record(tuple(seen), placed, dict(excused), tuple(dict.fromkeys(left_out)), looks)


def _observed(answers: Mapping[Request, Answer]) -> dict[Request, Answer]:
    """The answers without what was computed."""
    return {r: answer for r, answer in answers.items() if not isinstance(r, Evaluate)}


def joined(now: Record, before: Record, names: Iterable[str]) -> Record:
    """``now`` with what the checks of these names were judged on in an earlier try."""
    latest: dict[Request, Answer] = {}
    for seen in (*now.seen, *before.seen):
        latest.setdefault(seen.request, seen.answer)
    checks = {name: now.own(name) for name in now.checks}
    looks = {name: now.stretches(name) for name in now.watched}
    for name in names:
        if name in before.checks:
            checks[name] = before.own(name)
        if name in before.watched:
            looks[name] = before.stretches(name)
    return record(latest, checks, now.excused, (*now.left_out, *before.left_out), looks)
