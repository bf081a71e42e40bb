"""When a CronJob fires, by the rules of Kubernetes' CronJob controller.

Called by ``checks.scales_on_schedule``. Kubernetes reads schedules with robfig/cron v3
(https://pkg.go.dev/github.com/robfig/cron/v3), whose rules differ from those of other crons:
Sunday is 0 and never 7, a step over ``*`` restricts the day, and ``L``, ``W`` and ``#`` mean
nothing. Times that a change of clocks leaves out do not fire; those that it repeats fire twice.
Pure: which zone and which moment is said by the caller.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

_LONGEST = 256
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_DESCRIPTORS = MappingProxyType(
    {
        "@yearly": "0 0 1 1 *",
        "@annually": "0 0 1 1 *",
        "@monthly": "0 0 1 * *",
        "@weekly": "0 0 * * 0",
        "@daily": "0 0 * * *",
        "@midnight": "0 0 * * *",
        "@hourly": "0 * * * *",
    }
)
_EVERY = "@every "
_PART = re.compile(r"([0-9]{1,7}(?:\.[0-9]{1,6})?)(ms|h|m|s)")
_SECONDS = MappingProxyType({"h": 3600, "m": 60, "s": 1, "ms": 0.001})
_NUMBER = re.compile(r"\+?[0-9]{1,6}")
_NO_WORDS: Mapping[str, int] = MappingProxyType({})
_LOOK_AHEAD = timedelta(days=5 * 366)


class Unreadable(ValueError):
    """Kubernetes would not take the schedule."""


@dataclass(frozen=True, slots=True)
class _Bounds:
    least: int
    most: int
    words: Mapping[str, int]


_MINUTE, _HOUR = _Bounds(0, 59, _NO_WORDS), _Bounds(0, 23, _NO_WORDS)
_MONTHDAY = _Bounds(1, 31, _NO_WORDS)
_MONTH = _Bounds(1, 12, MappingProxyType({word: 1 + n for n, word in enumerate(_MONTHS)}))
_WEEKDAY = _Bounds(0, 6, MappingProxyType({word: n for n, word in enumerate(_DAYS)}))


@dataclass(frozen=True, slots=True)
class _Field:
    """The values of one field; ``star`` where it leaves all of them open."""

    values: frozenset[int]
    star: bool


@dataclass(frozen=True, slots=True)
class Schedule:
    """A schedule that was read. ``every`` is the period of an ``@every``, in seconds."""

    minutes: frozenset[int] = frozenset()
    hours: frozenset[int] = frozenset()
    monthdays: _Field = _Field(frozenset(), star=True)
    months: frozenset[int] = frozenset()
    weekdays: _Field = _Field(frozenset(), star=True)
    every: int = 0

    def on(self, day: date) -> bool:
        """Whether it fires on this day.

        Where both the day of the month and that of the week are restricted, either will do.
        """
        if day.month not in self.months:
            return False
        by_month = day.day in self.monthdays.values
        by_week = day.isoweekday() % 7 in self.weekdays.values
        if self.monthdays.star or self.weekdays.star:
            return by_month and by_week
        return by_month or by_week


def read(text: str) -> Schedule:
    """The schedule that is written. Raises Unreadable."""
    if len(text) > _LONGEST or "TZ=" in text:  # Kubernetes wants the zone in spec.timeZone
        raise Unreadable(text[:_LONGEST])
    if text.startswith(_EVERY):
        return Schedule(every=_period(text.removeprefix(_EVERY)))
    fields = _DESCRIPTORS.get(text, text).split()
    if len(fields) != len(_ORDER) or (text.startswith("@") and text not in _DESCRIPTORS):
        raise Unreadable(text)
    minutes, hours, monthdays, months, weekdays = map(_field, fields, _ORDER)
    return Schedule(minutes.values, hours.values, monthdays, months.values, weekdays)


_ORDER = (_MINUTE, _HOUR, _MONTHDAY, _MONTH, _WEEKDAY)


def firings(
    schedule: Schedule, zone: ZoneInfo, after: datetime, since: datetime
) -> Iterator[datetime]:
    """The moments after ``after`` at which it fires, for five years, in UTC.

    ``since`` is when the controller last fired it, or saw it first: from there it counts an
    ``@every``.
    """
    end = after + _LOOK_AHEAD
    if schedule.every > _LOOK_AHEAD.total_seconds():
        return
    if schedule.every:
        step = timedelta(seconds=schedule.every)
        moment = since + step * max(1, (after - since) // step + 1)
        while moment <= end:
            yield moment
            moment += step
        return
    day, last = after.astimezone(zone).date(), end.astimezone(zone).date()
    while day <= last:
        if schedule.on(day):
            yield from (moment for moment in _moments(schedule, zone, day) if moment > after)
        day += timedelta(days=1)


def moment(zone: ZoneInfo, day: date, hour: int, minute: int) -> datetime:
    """A time of day in a zone, in UTC; where clocks leave it out, as if they had not changed."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone).astimezone(UTC)


def _moments(schedule: Schedule, zone: ZoneInfo, day: date) -> list[datetime]:
    """One day's: none where clocks leave a time out, two where they repeat it."""
    found = set()
    for hour in schedule.hours:
        for minute in schedule.minutes:
            for fold in (0, 1):
                wall = datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone, fold=fold)
                utc = wall.astimezone(UTC)
                if utc.astimezone(zone) == wall:  # the same zone, so the same reading of a clock
                    found.add(utc)
    return sorted(found)


def _period(text: str) -> int:
    """The seconds of a period as Go writes it, such as 1h30m; at least one."""
    if not text or _PART.sub("", text):
        raise Unreadable(text)
    return max(1, int(sum(float(number) * _SECONDS[unit] for number, unit in _PART.findall(text))))


def _field(text: str, bounds: _Bounds) -> _Field:
    parts = [_range(part, bounds) for part in text.split(",") if part]
    values = frozenset(value for values, _ in parts for value in values)
    return _Field(values, any(star for _, star in parts))


def _range(text: str, bounds: _Bounds) -> tuple[range, bool]:
    """One of a field's ranges: ``*``, ``5``, ``1-5``, each with a step where wanted."""
    span, *steps = text.split("/")
    low, *highs = span.split("-")
    if len(steps) > 1 or len(highs) > 1:
        raise Unreadable(text)
    step = _number(steps[0], _NO_WORDS) if steps else 1
    star = low in {"*", "?"}
    if star:
        start, end = bounds.least, bounds.most
    else:
        start = _number(low, bounds.words)
        end = _number(highs[0], bounds.words) if highs else start
        if steps and not highs:  # "5/15" is "5-59/15"
            end = bounds.most
    if not bounds.least <= start <= end <= bounds.most or step == 0:
        raise Unreadable(text)
    return range(start, end + 1, step), star and step == 1


def _number(text: str, words: Mapping[str, int]) -> int:
    word = words.get(text.lower())
    if word is not None:
        return word
    if not _NUMBER.fullmatch(text):
        raise Unreadable(text)
    return int(text)
