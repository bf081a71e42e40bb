"""Which firings are before which peaks, to the minute, and which moments are none of ours."""

from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from labgrader.checks.cron import Unreadable, firings, read
from labgrader.checks.grants import Right, excess, gives, grants
from labgrader.checks.identity import Identity
from labgrader.checks.moments import moment
from labgrader.checks.peaks import WEEKDAYS, Fit, Peaks, Window, fit, zone_named
from labgrader.checks.refused import INVALID, OTHER, Refusal, refusal
from labgrader.evidence.answers import Refused

SEOUL, BERLIN = ZoneInfo("Asia/Seoul"), ZoneInfo("Europe/Berlin")
UTC_ZONE = ZoneInfo("UTC")


def at(text: str) -> datetime:
    """A moment of March 2026, whose first is a Sunday: ``02 09:00`` is a Monday morning."""
    return datetime.fromisoformat(f"2026-03-{text}").replace(tzinfo=UTC)


def peaks(*days: str, before: int = 30, zone: ZoneInfo = UTC_ZONE) -> Peaks:
    return Peaks(zone, 9, 0, timedelta(minutes=before), frozenset(days or WEEKDAYS))


def window(day: str) -> Window:
    return Window(at(f"{day} 08:30"), at(f"{day} 09:00"))


def test_windows_cover_eight_days_and_three_that_are_yet_to_begin() -> None:
    daily = peaks().from_now(at("02 10:00"))
    assert daily == tuple(window(f"{day:02}") for day in range(3, 12))
    weekly = peaks("Mon").from_now(at("02 10:00"))
    assert weekly == tuple(window(day) for day in ("09", "16", "23"))


def test_a_peak_that_is_now_is_over_and_a_window_that_opens_now_has_begun() -> None:
    assert peaks("Mon").from_now(at("02 09:00"))[0] == window("09")
    assert peaks("Mon").from_now(at("02 08:59"))[0] == window("02")
    assert len(peaks("Mon").from_now(at("02 08:30"))) == 4
    assert len(peaks("Mon").from_now(at("02 08:29"))) == 3
    assert peaks().from_now(at("02 09:00"))[-1] == window("10")


def test_days_are_those_of_the_zone() -> None:
    first, *_ = peaks("Mon", zone=SEOUL).from_now(at("01 23:00"))
    assert first.peak == at("02 00:00")
    second, *_ = peaks("Mon", zone=SEOUL).from_now(at("02 00:00"))
    assert second.peak == at("09 00:00")


def test_a_peak_has_its_minute() -> None:
    half = Peaks(UTC_ZONE, 9, 30, timedelta(minutes=30), frozenset({"Mon"}))
    assert half.from_now(at("02 09:00"))[0] == Window(at("02 09:00"), at("02 09:30"))


def test_a_firing_is_in_time_from_the_opening_to_just_before_the_peak() -> None:
    one = window("02")
    fired = [at(f"02 {time}") for time in ("08:29", "08:30", "08:59", "09:00")]
    assert [one.holds(moment) for moment in fired] == [False, True, True, False]


NOW = at("02 10:00")


def laid(schedule: str, of: Peaks | None = None, since: str = "01 00:00") -> Fit:
    return fit(read(schedule), UTC_ZONE, of or peaks(), NOW, at(since))


def test_a_schedule_that_fits_has_a_firing_before_each_peak() -> None:
    found = laid("45 8 * * *")
    assert found.fits
    assert found.following == tuple(at(f"{day} 08:45") for day in ("03", "04", "05"))
    assert (found.unserved, found.elsewhere, found.nearest) == (None, None, None)


def test_a_peak_without_a_firing_is_told_with_the_nearest() -> None:
    late = laid("5 9 * * *")
    assert late.unserved == window("03")
    assert late.nearest == at("03 09:05")
    assert late.elsewhere == at("03 09:05")
    weekdays = laid("45 8 * * 1-5")
    assert (weekdays.unserved, weekdays.nearest) == (window("07"), at("06 08:45"))
    assert weekdays.elsewhere is None
    never = laid("0 0 30 2 *")
    assert (never.following, never.unserved, never.nearest) == ((), window("03"), None)
    yearly = laid("0 0 1 1 *")
    assert yearly.nearest == datetime(2027, 1, 1, tzinfo=UTC)


def test_a_firing_without_a_peak_is_told() -> None:
    more = laid("45 8,12 * * *")
    assert (more.unserved, more.elsewhere) == (None, at("02 12:45"))
    assert not more.fits
    last = laid("45 8 * * 2,3", peaks("Tue"))
    assert last.elsewhere == at("04 08:45")


def test_a_period_counts_from_its_last_firing() -> None:
    found = laid("@every 24h", since="01 08:40")
    assert found.fits
    assert found.following[0] == at("03 08:40")
    assert not laid("@every 24h", since="01 09:40").fits


def test_a_firing_at_the_last_peak_may_be_in_time_for_the_next() -> None:
    assert laid("0 9 * * *", peaks(before=24 * 60)).fits
    assert laid("0 9 * * *", peaks(before=24 * 60 - 1)).elsewhere == at("03 09:00")
    assert laid("59 8 23 3 *", peaks("Mon", before=0)).elsewhere == at("23 08:59")


def test_zones_are_known_by_their_names() -> None:
    assert zone_named("Asia/Seoul") == SEOUL
    for name in ("Asia/Seul", "../etc/passwd", "", "Asia"):
        assert zone_named(name) is None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("x" * 257, "x" * 256),
        ("TZ=UTC * * * * *", "TZ=UTC * * * * *"),
        ("* * * *", "* * * *"),
        ("@daily x x x x", "@daily x x x x"),
        ("@every", "@every"),
        ("@every 1x", "1x"),
        ("1-2-3 * * * *", "1-2-3"),
        ("60 * * * *", "60"),
        ("* * * * 7", "7"),
        ("*/0 * * * *", "*/0"),
        ("a * * * *", "a"),
    ],
)
def test_what_cannot_be_read_is_told(text: str, told: str) -> None:
    with pytest.raises(Unreadable) as raised:
        read(text)
    assert raised.value.args == (told,)


def test_a_schedule_may_be_long() -> None:
    assert read("*" + "," * 247 + " * * * *").hours == frozenset(range(24))
    assert read("@every 0.5s").every == read("@every 1500ms").every == 1


def test_firings_lie_after_a_moment_and_within_five_years() -> None:
    after, since = at("02 00:00"), at("01 00:00")
    every = list(islice(firings(read("@every 24h"), UTC_ZONE, after, since), 2))
    assert every == [at("03 00:00"), at("04 00:00")]
    young = list(islice(firings(read("@every 24h"), UTC_ZONE, after, after), 1))
    assert young == [at("03 00:00")]
    five = 5 * 366 * 24
    last = list(firings(read(f"@every {five}h"), UTC_ZONE, after, after))
    assert last == [after + timedelta(hours=five)]
    assert list(firings(read(f"@every {five + 1}h"), UTC_ZONE, after, after)) == []
    berlin = next(firings(read("30 0 * * *"), BERLIN, at("01 23:30"), since))
    assert berlin == at("02 23:30")
    yearly = list(firings(read("0 0 1 1 *"), BERLIN, after, since))
    assert len(yearly) == 5
    assert yearly[0] == datetime(2026, 12, 31, 23, 0, tzinfo=UTC)


LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("2026-03-02T09:00:00Z", at("02 09:00")),
        ("1970-06-01T00:00:00Z", datetime(1970, 6, 1, tzinfo=UTC)),
        ("2200-01-01T00:00:00Z", datetime(2200, 1, 1, tzinfo=UTC)),
        ("1969-12-31T00:00:00Z", LONG_AGO),
        ("2201-01-01T00:00:00Z", LONG_AGO),
        ("0001-01-01T00:00:00Z", LONG_AGO),
        ("soon", LONG_AGO),
        ("", LONG_AGO),
    ],
)
def test_a_moment_is_one_of_our_days(written: str, read_as: datetime) -> None:
    assert moment(written) == read_as


def rule(*verbs: str, resource: str = "pods", group: str = "", **more: Any) -> dict[str, Any]:
    return {"verbs": list(verbs), "apiGroups": [group], "resources": [resource], **more}


@pytest.mark.parametrize(
    ("resource", "covered"),
    [
        ("pods/log", True),
        ("*", True),
        ("*/log", True),
        ("pods", False),
        ("pods/exec", False),
        ("*/exec", False),
        ("services/log", False),
        ("x*/log", False),
    ],
)
def test_a_resource_is_covered_with_its_subresource(resource: str, *, covered: bool) -> None:
    assert (
        gives({"rules": [rule("get", resource=resource)]}, Right("get", "", "pods/log")) is covered
    )


def test_rights_are_told_as_people_write_them() -> None:
    assert str(Right("get", "", "pods")) == "get pods"
    assert str(Right("get", "apps", "deployments/scale", "web")) == "get deployments.apps/scale web"
    assert str(Right("get", "a", "b/c/d")) == "get b.a/c/d"


def test_only_so_many_rights_are_looked_at() -> None:
    many = {"rules": [rule(*(f"v{n}" for n in range(5_000)))]}
    more = {"rules": [*many["rules"], rule("get")]}
    assert gives(many, Right("v4999", "", "pods"))
    assert not gives(more, Right("get", "", "pods"))
    every = [Right("*", "*", "*")]
    assert excess(many, every) is None
    assert excess(more, every) == Right("get", "", "pods")


def bound(name: str, *subjects: Any) -> dict[str, Any]:
    return {"metadata": {"name": name}, "subjects": list(subjects), "roleRef": {}}


def test_bindings_of_a_namesake_elsewhere_are_strangers() -> None:
    who = Identity("system:serviceaccount:kim:bot", ())
    account = {"kind": "ServiceAccount", "name": "bot"}
    there = [account | {"namespace": space} for space in ("lee", "park")]
    found = grants(
        who,
        "kim",
        [
            bound("mine", account | {"namespace": "kim"}),
            bound("a", *there),
            bound("b", there[0]),
            bound(
                "c",
                {"kind": "User", "name": "bot"},
                account | {"name": "other", "namespace": "lee"},
            ),
        ],
        [],
    )
    assert [one["metadata"]["name"] for one in found.bindings] == ["mine"]
    assert found.strangers == [("a", "lee"), ("a", "park"), ("b", "lee")]
    person = grants(Identity("x:bot", ()), "kim", [bound("a", *there)], [])
    assert person.strangers == []


@pytest.mark.parametrize(
    ("message", "status", "told"),
    [
        ('admission webhook "w" denied the request: x', 403, ("Webhook", "w")),
        ('pods "x" is forbidden: maximum cpu usage per Pod is 1', 403, ("LimitRange", "")),
        ("odd", 422, (INVALID, "")),
        ("odd", 400, (INVALID, "")),
        ("odd", 403, (OTHER, "")),
    ],
)
def test_who_refused_is_read_from_the_words(
    message: str, status: int, told: tuple[str, str]
) -> None:
    assert refusal(Refused(status, "Forbidden", message)) == Refusal(*told, message)
