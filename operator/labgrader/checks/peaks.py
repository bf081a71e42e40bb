"""Whether a CronJob's firings lie before the peaks that are known in advance.

Called by ``checks.scales_on_schedule``. Looked at is everything until the third peak from now
on, and at least a whole week: so the same CronJob gets the same verdict on every day. Pure.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from labgrader.checks.cron import Schedule, firings, moment

_WEEK = timedelta(days=8)
_PEAKS = 3
_NEXT = 3
_MOST = 3000
"""A schedule that fires more often until then fires at other times too."""
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def zone_named(name: str) -> ZoneInfo | None:
    """The time zone; None where there is no such."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # also a folder, or a path outside
        return None


@dataclass(frozen=True, slots=True)
class Peaks:
    """When load comes: a time of day, on some days of the week, in a zone.

    ``before`` is how long before it capacity may be raised at the earliest.
    """

    zone: ZoneInfo
    hour: int
    minute: int
    before: timedelta
    days: frozenset[str]

    def from_now(self, now: datetime) -> tuple["Window", ...]:
        """The windows that are not over: three of them are yet to begin, and a week is covered."""
        windows: list[Window] = []
        day = now.astimezone(self.zone).date()
        while not self._enough(windows, now):
            if WEEKDAYS[day.weekday()] in self.days:
                peak = moment(self.zone, day, self.hour, self.minute)
                if peak > now:
                    windows.append(Window(peak - self.before, peak))
            day += timedelta(days=1)
        return tuple(windows)

    def _enough(self, windows: Sequence["Window"], now: datetime) -> bool:
        ahead = [window for window in windows if window.opens > now]
        return len(ahead) >= _PEAKS and ahead[-1].peak >= now + _WEEK


@dataclass(frozen=True, slots=True)
class Window:
    """From when on a firing is in time for a peak, and the peak, which it must be before."""

    opens: datetime
    peak: datetime

    def holds(self, fired: datetime) -> bool:
        """The firing is in time."""
        return self.opens <= fired < self.peak


@dataclass(frozen=True, slots=True)
class Fit:
    """How firings fit: the first peak without one, the first that is before no peak."""

    following: tuple[datetime, ...]
    unserved: Window | None
    elsewhere: datetime | None
    nearest: datetime | None
    """The firing that is nearest to the peak without one."""

    @property
    def fits(self) -> bool:
        """Each peak has its firing, and each firing its peak."""
        return bool(self.following) and self.unserved is None and self.elsewhere is None


def fit(schedule: Schedule, zone: ZoneInfo, peaks: Peaks, now: datetime, since: datetime) -> Fit:
    """Lay the firings of a schedule in its own zone beside the peaks."""
    windows = peaks.from_now(now)
    following = tuple(islice(firings(schedule, zone, now, since), _NEXT))
    fired = tuple(_until(firings(schedule, zone, now, since), windows[-1].peak))
    ahead = [window for window in windows if window.opens > now]
    unserved = next((one for one in ahead if not any(map(one.holds, fired))), None)
    elsewhere = next((one for one in fired if not any(w.holds(one) for w in windows)), None)
    nearest = None
    if unserved is not None:
        peak, around = unserved.peak, fired or following
        nearest = min(around, key=lambda one: abs(one - peak), default=None)
    return Fit(following, unserved, elsewhere, nearest)


def _until(fired: Iterator[datetime], end: datetime) -> Iterator[datetime]:
    """Those before the last peak: what fires at it may be in time for the one after."""
    for one in islice(fired, _MOST):
        if one >= end:
            return
        yield one
