"""When CronJobs fire. The expected times are those of robfig/cron v3, which Kubernetes uses.

The first table is from that library's own tests (spec_test.go, TestActivation and TestNext), in
the five fields that Kubernetes takes.
"""

from datetime import UTC, datetime
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labgrader.checks.cron import Unreadable, firings, read

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


def following(text: str, after: str, zone: str = "UTC", count: int = 1) -> list[str]:
    """The next firings, in their own zone."""
    place = ZoneInfo(zone)
    begin = datetime.fromisoformat(after).replace(tzinfo=place)
    found = islice(firings(read(text), place, begin.astimezone(UTC), LONG_AGO), count)
    return [f"{one.astimezone(place):%Y-%m-%d %H:%M}" for one in found]


@pytest.mark.parametrize(
    ("text", "after", "fires"),
    [
        ("0/15 * * * *", "2012-07-09 14:45", "2012-07-09 15:00"),
        ("0/15 * * * *", "2012-07-09 14:59", "2012-07-09 15:00"),
        ("20-35/15 * * * *", "2012-07-09 15:45", "2012-07-09 16:20"),
        ("20-35/15 * * * *", "2012-07-09 15:20", "2012-07-09 15:35"),
        ("20-35/15 1/2 * * *", "2012-07-09 23:35", "2012-07-10 01:20"),
        ("20-35/15 10-12 * * *", "2012-07-09 23:35", "2012-07-10 10:20"),
        ("20-35/15 1/2 */2 * *", "2012-07-09 23:35", "2012-07-11 01:20"),
        ("20-35/15 * 9-20 * *", "2012-07-09 23:35", "2012-07-10 00:20"),
        ("20-35/15 * 9-20 Jul *", "2012-07-09 23:35", "2012-07-10 00:20"),
        ("0 0 9 Apr-Oct ?", "2012-07-09 23:35", "2012-08-09 00:00"),
        ("0 0 */5 Apr,Aug,Oct Mon", "2012-07-09 23:35", "2012-08-01 00:00"),
        ("0 0 */5 Oct Mon", "2012-07-09 23:35", "2012-10-01 00:00"),
        ("0 0 * Feb Mon", "2012-07-09 23:35", "2013-02-04 00:00"),
        ("0 0 * Feb Mon/2", "2012-07-09 23:35", "2013-02-01 00:00"),
        ("0 0 29 Feb ?", "2012-07-09 23:35", "2016-02-29 00:00"),
    ],
)
def test_fires_as_kubernetes_own_library_says(text: str, after: str, fires: str) -> None:
    assert following(text, after) == [fires]


@pytest.mark.parametrize(
    ("text", "after", "fires"),
    [
        pytest.param(
            "30 8 * * MON-FRI", "2026-11-27 09:00", "2026-11-30 08:30", id="over a weekend"
        ),
        pytest.param("30 8 * * 0", "2026-11-27 09:00", "2026-11-29 08:30", id="Sunday is 0"),
        pytest.param("30 8 1 * 5", "2026-11-27 09:00", "2026-12-01 08:30", id="the 1st or Friday"),
        pytest.param("30 8 1 * *", "2026-11-27 09:00", "2026-12-01 08:30", id="the 1st"),
        pytest.param("0 0 */2 * 5", "2026-11-27 09:00", "2026-11-29 00:00", id="a step restricts"),
        pytest.param(
            "0 0 */1 * 5", "2026-11-28 09:00", "2026-12-04 00:00", id="a step of 1 does not"
        ),
        pytest.param("@hourly", "2026-11-27 09:00", "2026-11-27 10:00", id="hourly"),
        pytest.param("@weekly", "2026-11-27 09:00", "2026-11-29 00:00", id="weekly"),
        pytest.param("  5\t9  *  * * ", "2026-11-27 09:00", "2026-11-27 09:05", id="spaces"),
        pytest.param("5,,10 9 * * *", "2026-11-27 09:05", "2026-11-27 09:10", id="an empty item"),
        pytest.param("*-3 9 * * *", "2026-11-27 09:05", "2026-11-27 09:06", id="a star wins"),
    ],
)
def test_traps(text: str, after: str, fires: str) -> None:
    assert following(text, after) == [fires]


def test_a_time_that_clocks_leave_out_does_not_fire() -> None:
    """New York, 2012-03-11: 02:00 is followed by 03:00."""
    assert following("30 2 * * *", "2012-03-10 12:00", "America/New_York", 2) == [
        "2012-03-12 02:30",
        "2012-03-13 02:30",
    ]
    assert following("0 3 * * *", "2012-03-10 12:00", "America/New_York") == ["2012-03-11 03:00"]


def test_a_time_that_clocks_repeat_fires_twice() -> None:
    """New York, 2012-11-04: 01:00 to 02:00 comes twice."""
    zone = ZoneInfo("America/New_York")
    begin = datetime(2012, 11, 3, 12, tzinfo=zone).astimezone(UTC)
    found = list(islice(firings(read("30 1 * * *"), zone, begin, LONG_AGO), 3))
    assert found == [
        datetime(2012, 11, 4, 5, 30, tzinfo=UTC),
        datetime(2012, 11, 4, 6, 30, tzinfo=UTC),
        datetime(2012, 11, 5, 6, 30, tzinfo=UTC),
    ]


def test_a_period_counts_from_the_last_firing() -> None:
    since = datetime(2026, 11, 27, 8, 10, tzinfo=UTC)
    now = datetime(2026, 11, 27, 11, 0, tzinfo=UTC)
    found = islice(firings(read("@every 1h30m"), ZoneInfo("UTC"), now, since), 2)
    assert [f"{one:%H:%M}" for one in found] == ["11:10", "12:40"]


def test_what_never_comes_never_fires() -> None:
    assert following("@every 9999999h", "2026-11-27 09:00") == []
    assert following("0 0 31 2 *", "2026-11-27 09:00") == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "* * * *",
        "0 * * * * *",
        "@reboot",
        "@Hourly",
        "@every",
        "@every soon",
        "@every 1d",
        "TZ=Asia/Seoul 30 8 * * *",
        "CRON_TZ=Asia/Seoul 30 8 * * *",
        "60 * * * *",
        "* 24 * * *",
        "* * 0 * *",
        "* * * 13 *",
        "* * * * 7",
        "* * * * SUN-SAT-MON",
        "5-1 * * * *",
        "*/0 * * * *",
        "1/2/3 * * * *",
        "-1 * * * *",
        "* * L * *",
        "* * * * MON#1",
        "* * * foo *",
        "٣ * * * *",
        "* " * 300,
    ],
)
def test_what_kubernetes_refuses_is_unreadable(text: str) -> None:
    with pytest.raises(Unreadable):
        read(text)


@given(st.text(max_size=40) | st.text("0123456789*/-,? @LWJANmon", max_size=30))
def test_any_text_is_read_or_unreadable(text: str) -> None:
    try:
        schedule = read(text)
    except Unreadable:
        return
    now = datetime(2026, 11, 27, tzinfo=UTC)
    found = list(islice(firings(schedule, ZoneInfo("Asia/Seoul"), now, now), 3))
    assert found == sorted(set(found))
    assert all(one > now for one in found)
