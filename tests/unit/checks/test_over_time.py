"""From looks to a verdict: each word by example, and what people read of it."""

import pytest

from labgrader.api.over_time import Consistently, Eventually, Never, OverTime, StableAfter
from labgrader.checks.finding import Finding, Outcome, cause, error, failed, passed, unknown
from labgrader.checks.over_time import Seen, interrupted, now, standing
from labgrader.reporting.messages import message

YES = passed("ObjectThere", kind="ConfigMap", name="a")
MORE = passed("ObjectThere", kind="ConfigMap", name="b")
NO = failed("NotFound", kind="ConfigMap", name="a", namespace="kim")
HALF = failed("NotFound", kind="ConfigMap", name="a", namespace="kim", credit=50_000)
DOWN = unknown("ApiUnreachable", transient=True, detail="refused")
FORBIDDEN = unknown("Forbidden", detail="no")
BROKEN = error("CheckBroken", check="a", why="x")
HIDDEN = failed("ProbeKeptOut", namespace="kim")

EVENTUALLY = Eventually(within=60_000)
CONSISTENTLY = Consistently(for_=30_000)
NEVER = Never(for_=30_000)
STABLE = StableAfter(within=60_000, for_=20_000)
SETTLE = 10_000


def looks(*told: tuple[float, Finding]) -> list[Seen]:
    return [Seen(finding, int(at * 1000), int(at * 1000)) for at, finding in told]


def verdict(rule: OverTime, *told: tuple[float, Finding]) -> Finding | int:
    return standing(rule, SETTLE, looks(*told))


def reason(rule: OverTime, *told: tuple[float, Finding]) -> str | int:
    found = verdict(rule, *told)
    return found.reason if isinstance(found, Finding) else found


def params(rule: OverTime, *told: tuple[float, Finding]) -> dict[str, str]:
    found = verdict(rule, *told)
    assert isinstance(found, Finding)
    return dict(found.params)


@pytest.mark.parametrize(
    ("rule", "told", "expected"),
    [
        (EVENTUALLY, [(0, YES)], "ObjectThere"),
        (EVENTUALLY, [(0, NO)], 60_000),
        (EVENTUALLY, [(0, NO), (59.9, NO)], 60_000),
        (EVENTUALLY, [(0, NO), (60, NO)], "NotFound"),
        (EVENTUALLY, [(0, NO), (60.4, YES)], "ObjectThere"),
        (EVENTUALLY, [(0, NO), (10, DOWN)], 0),
        (EVENTUALLY, [(0, NO), (10, DOWN), (30, NO)], 90_000),
        (EVENTUALLY, [(0, NO), (10, DOWN), (30, NO), (60, NO)], 90_000),
        (EVENTUALLY, [(0, NO), (10, DOWN), (30, NO), (90, NO)], "NotFound"),
        (CONSISTENTLY, [(0, NO), (9, NO)], 10_000),
        (CONSISTENTLY, [(0, NO), (10, NO)], "NotFound"),
        (CONSISTENTLY, [(0, NO), (5, YES)], 35_000),
        (CONSISTENTLY, [(0, NO), (5, YES), (35, YES)], "StayedTrue"),
        (CONSISTENTLY, [(0, YES), (29.9, YES)], 30_000),
        (CONSISTENTLY, [(0, YES), (29.9, NO)], "DidNotStay"),
        (CONSISTENTLY, [(0, YES), (10, DOWN), (30, YES)], 60_000),
        (CONSISTENTLY, [(0, YES), (10, DOWN), (30, YES), (60, YES)], "StayedTrue"),
        (CONSISTENTLY, [(0, YES), (10, DOWN), (12, NO)], "DidNotStay"),
        (CONSISTENTLY, [(0, NO), (5, DOWN), (12, NO)], 22_000 - 5_000 + 5_000),
        (NEVER, [(0, NO), (29, NO)], 30_000),
        (NEVER, [(0, NO), (30, NO)], "NeverTrue"),
        (NEVER, [(0, YES)], "BecameTrue"),
        (NEVER, [(0, NO), (29, YES)], "BecameTrue"),
        (NEVER, [(0, NO), (10, DOWN), (30, NO)], 60_000),
        (NEVER, [(0, NO), (10, HIDDEN), (30, NO)], 60_000),
        (NEVER, [(0, HIDDEN), (30, HIDDEN)], "ProbeKeptOut"),
        (STABLE, [(0, YES), (20, YES)], "BecameStable"),
        (STABLE, [(0, YES), (10, MORE), (20, YES)], "BecameStable"),
        (STABLE, [(0, YES), (19, NO), (25, YES)], 45_000),
        (STABLE, [(0, YES), (19, NO), (25, YES), (45, YES)], "BecameStable"),
        (STABLE, [(0, YES), (19, NO), (59, YES), (79, YES)], "BecameStable"),
        (STABLE, [(0, YES), (19, NO), (59, YES), (60, NO)], "NotStable"),
        (STABLE, [(0, NO), (60, NO)], "NotFound"),
        (STABLE, [(0, YES), (10, DOWN), (12, YES), (20, YES)], 32_000),
    ],
)
def test_what_looks_come_to(
    rule: OverTime, told: list[tuple[float, Finding]], expected: str | int
) -> None:
    assert reason(rule, *told) == expected


@pytest.mark.parametrize("rule", [EVENTUALLY, CONSISTENTLY, NEVER, STABLE])
@pytest.mark.parametrize("broken", [FORBIDDEN, BROKEN])
def test_what_looking_again_cannot_help_ends_it(rule: OverTime, broken: Finding) -> None:
    assert verdict(rule, (0, NO), (1, broken)) == broken
    assert verdict(rule, (0, NO), (1, broken), (100, NO)) == broken, "nothing bridges a hole"


def test_what_was_decided_before_it_broke_stays() -> None:
    assert reason(NEVER, (0, NO), (1, YES), (2, FORBIDDEN)) == "BecameTrue"


def test_without_settle_one_look_is_enough_to_fail() -> None:
    assert standing(CONSISTENTLY, 0, looks((0, NO))) == NO


def test_the_times_are_those_of_the_looks() -> None:
    told = [(0, NO), (4.26, YES), (16.71, NO)]
    assert params(CONSISTENTLY, *told) == {"seconds": "30", "after": "12.5"}
    told = [(1, YES), (6, MORE), (13, NO)]
    assert params(CONSISTENTLY, *told)["after"] == "12.0", "since it was true first"
    assert params(NEVER, (0, NO), (3.2, YES)) == {"seconds": "30", "after": "3.2"}
    assert params(STABLE, (0, YES), (5, NO), (7.1, YES), (27.1, YES)) == {
        "seconds": "20",
        "after": "7.1",
    }
    assert params(NEVER, (0, NO), (2, NO), (30, NO)) == {"seconds": "30", "looks": "3"}


def test_what_is_fulfilled_in_part_keeps_its_part() -> None:
    for rule, told in (
        (EVENTUALLY, [(0, HALF), (60, HALF)]),
        (CONSISTENTLY, [(0, YES), (5, HALF)]),
        (STABLE, [(0, YES), (60, HALF)]),
    ):
        found = verdict(rule, *told)
        assert isinstance(found, Finding)
        assert found.credit == 50_000


def test_nothing_is_earned_by_what_happened_and_must_not() -> None:
    found = verdict(NEVER, (0, HALF), (1, YES))
    assert isinstance(found, Finding)
    assert (found.outcome, found.credit) == (Outcome.FAILED, 0)
    hidden = verdict(NEVER, (0, HIDDEN), (30, HIDDEN))
    assert isinstance(hidden, Finding)
    assert hidden.outcome is Outcome.FAILED


def test_an_interruption_is_told_and_not_held_against_anybody() -> None:
    found = interrupted(looks((0, NO), (1, DOWN)))
    assert found is not None
    assert (found.outcome, found.transient) == (Outcome.UNKNOWN, True)
    assert message(found, "en").endswith(
        "refused So it could not be seen without a gap whether this becomes true, or stays so."
    )
    assert interrupted(looks((0, NO), (1, YES))) is None


@pytest.mark.parametrize(
    ("rule", "finding", "outcome", "reason"),
    [
        (EVENTUALLY, YES, "Passed", "ObjectThere"),
        (EVENTUALLY, NO, "Failed", "NotFound"),
        (CONSISTENTLY, YES, "Passed", "ObjectThere"),
        (STABLE, NO, "Failed", "NotFound"),
        (NEVER, YES, "Failed", "TrueNow"),
        (NEVER, NO, "Passed", "NotTrueNow"),
        (NEVER, HIDDEN, "Failed", "ProbeKeptOut"),
        (NEVER, DOWN, "Unknown", "ApiUnreachable"),
    ],
)
def test_what_one_look_comes_to(
    rule: OverTime, finding: Finding, outcome: str, reason: str
) -> None:
    found = now(rule, finding)
    assert (found.outcome.value, found.reason) == (outcome, reason)


@pytest.mark.parametrize(
    ("rule", "told", "en", "ko"),
    [
        (
            EVENTUALLY,
            [(0, NO), (12.4, YES)],
            "ConfigMap a is there. It became so 12.4 seconds after the first look.",
            "컨피그맵 a가 있습니다. 처음 확인하고 12.4초 뒤에 그렇게 되었습니다.",
        ),
        (EVENTUALLY, [(0, YES)], "ConfigMap a is there.", "컨피그맵 a가 있습니다."),
        (
            CONSISTENTLY,
            [(0, YES), (30, YES)],
            "For 30 seconds, at each of 2 looks, it was so: ConfigMap a is there.",
            "30초 동안 2번 확인하였고 계속 다음과 같았습니다: 컨피그맵 a가 있습니다.",
        ),
        (
            NEVER,
            [(0, NO), (30, NO)],
            "What must not become true did not, in 30 seconds with 2 looks.",
            "일어나지 않아야 하는 일이 30초 동안 2번 확인할 때까지 일어나지 않았습니다.",
        ),
        (
            NEVER,
            [(0, NO), (3.2, YES)],
            (
                "For 30 seconds this must not become true, but it was 3.2 seconds after the first look: "
                "ConfigMap a is there."
            ),
            (
                "30초 동안 일어나지 않아야 하는 일이 처음 확인하고 3.2초 뒤에 일어났습니다: "
                "컨피그맵 a가 있습니다."
            ),
        ),
        (
            STABLE,
            [(0, NO), (5, YES), (25, YES)],
            (
                "From 5.0 seconds after the first look on, it stayed so for 20 seconds: "
                "ConfigMap a is there."
            ),
            "처음 확인하고 5.0초 뒤부터 20초 동안 계속 다음과 같았습니다: 컨피그맵 a가 있습니다.",
        ),
    ],
)
def test_what_people_read(
    rule: OverTime, told: list[tuple[float, Finding]], en: str, ko: str
) -> None:
    found = verdict(rule, *told)
    assert isinstance(found, Finding)
    assert (message(found, "en"), message(found, "ko")) == (en, ko)


SHORT = failed("NotReady", kind="Deployment", name="web", namespace="kim", ready=1, wanted=2)
CRASH = cause("Unschedulable", pod="web-1", namespace="kim", detail="no nodes")


@pytest.mark.parametrize(
    ("rule", "told", "en", "ko"),
    [
        (
            CONSISTENTLY,
            [(0, YES), (12.4, SHORT.because(CRASH))],
            (
                "Once it is true, this must stay true for 30 seconds, but 12.4 seconds after it was: "
                "Deployment web should have 2 available pods, but it has 1. The scheduler finds no node "
                "for pod web-1: no nodes."
            ),
            (
                "한 번 만족하면 30초 동안 계속 만족해야 하지만, 만족하고 12.4초 뒤에는 다음과 같았습니다: "
                "디플로이먼트 web에 사용 가능한 파드가 2개 있어야 하지만 1개 있습니다."
            ),
        ),
        (
            STABLE,
            [(0, YES), (60, SHORT)],
            (
                "Within 60 seconds this must become true and then stay true for 20 seconds, but it did "
                "not last. 60.0 seconds after the first look: Deployment web should have 2"
            ),
            (
                "60초 안에 만족하고 그 뒤 20초 동안 계속 만족해야 하지만 오래가지 않았습니다. 처음 "
                "확인하고 60.0초 뒤에는 다음과 같았습니다: 디플로이먼트 web에"
            ),
        ),
        (
            EVENTUALLY,
            [(0, SHORT), (60, SHORT)],
            (
                "Deployment web should have 2 available pods, but it has 1. It was looked at for 60 "
                "seconds, and it did not become otherwise."
            ),
            (
                "디플로이먼트 web에 사용 가능한 파드가 2개 있어야 하지만 1개 있습니다. 60초 동안 "
                "지켜보았지만 달라지지 않았습니다."
            ),
        ),
    ],
)
def test_a_failure_says_when_what_was_seen_and_where_to_look(
    rule: OverTime, told: list[tuple[float, Finding]], en: str, ko: str
) -> None:
    found = verdict(rule, *told)
    assert isinstance(found, Finding)
    assert message(found, "en").startswith(en)
    assert message(found, "ko").startswith(ko)
    assert "Look: kubectl -n kim describe" in message(found, "en")
