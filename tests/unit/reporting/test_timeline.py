"""The picture of a Timeline, for terminal and browser, held against pictures that people drew."""

import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from labgrader.api.names import LANGS
from labgrader.evidence.answers import Answer, NotThere
from labgrader.evidence.experiments import DeletePod, KeepData
from labgrader.evidence.keeping import Kept
from labgrader.evidence.record import record
from labgrader.evidence.requests import GetObject, Request
from labgrader.evidence.timeline import (
    Action,
    AutoscalerSeen,
    EndpointsSeen,
    PodsSeen,
    Sample,
    Timeline,
)
from labgrader.reporting.document import timelines
from labgrader.reporting.timeline.lanes import Shows, picture
from labgrader.reporting.timeline.of_checks import of_checks
from labgrader.reporting.timeline.svg import svg
from labgrader.reporting.timeline.terminal import drawn

HEALED = Timeline(
    actions=(
        Action(2_000, "sampling-started"),
        Action(5_000, "pod-aside", "uid-x"),
        Action(5_000, "pod-chosen", "web-1"),
        Action(5_000, "pod-deleted", "a"),
    ),
    pods=(
        PodsSeen(0, ("a", "b"), (), 2),
        PodsSeen(5_100, ("b",), ("a",), 2),
        PodsSeen(8_000, ("b", "c"), (), 2),
    ),
    endpoints=(EndpointsSeen(0, ("a", "b")), EndpointsSeen(5_100, ("b",))),
    samples=tuple(
        Sample(at, 2, 0, "refused") if 5_000 <= at < 5_500 or at == 6_100 else Sample(at, 2, 200)
        for at in range(2_000, 9_999, 100)
    ),
    ended_ms=9_999,
)
SCALED = Timeline(
    actions=(Action(3_000, "load-started"),),
    autoscaler=(
        AutoscalerSeen(0, 1, 1, 1, 1, -1),
        AutoscalerSeen(2_000, 1, 1, 1, 1, 10),
        AutoscalerSeen(5_000, 1, 12, 1, 1, 200),
        AutoscalerSeen(8_000, 12, 12, 1, 3, 90),
    ),
    ended_ms=9_999,
)
ENGLISH = """\
actions    │    a     bc
replicas   │22222222222222222222
Ready pods │22222222221111112222
endpoints  │22222222221111111111
requests   │    ······█·▄·······
seconds    │0         4.9    9.9
a  2.0  sampling-started
b  5.0  pod-chosen web-1
c  5.0  pod-deleted a
requests: · all answered  ▄ some failed  █ half of them or more failed
"""
KOREAN = """\
동작        │      a
메트릭 %    │    ▁▁▁▁▁▁██████▄▄▄▄
HPA 목표    │1111111111++++++++++
준비된 파드 │11111111111111113333
초          │0         4.9    9.9
a  3.0  load-started
"""


def test_a_healed_workload_as_a_person_would_draw_it() -> None:
    assert drawn(HEALED, "en", columns=20).plain == ENGLISH


def test_a_scaled_workload_as_a_person_would_draw_it() -> None:
    assert [line.rstrip() for line in drawn(SCALED, "ko", columns=20).plain.splitlines()] == (
        KOREAN.splitlines()
    )


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("timeline", [HEALED, SCALED])
def test_lanes_begin_under_each_other_in_wide_letters_too(timeline: Timeline, lang: str) -> None:
    lines = [line for line in drawn(timeline, lang).plain.splitlines() if "│" in line]
    assert len({cell_len(line.partition("│")[0]) for line in lines}) == 1
    assert all(cell_len(line.partition("│")[2]) <= 60 for line in lines)


def test_nothing_is_drawn_of_which_nothing_is_known() -> None:
    assert [lane.shows for lane in picture(SCALED).lanes] == [
        Shows.METRIC,
        Shows.DESIRED,
        Shows.READY,
    ]
    assert drawn(Timeline(()), "en", columns=20).plain.splitlines() == [
        "actions    │",
        "seconds    │0         0.0    0.0",
    ]


@pytest.mark.parametrize("lang", LANGS)
def test_the_browser_sees_the_same(lang: str) -> None:
    root = ET.fromstring(svg(HEALED, lang, "comes-back"))  # noqa: S314 (our own)
    name = "{http://www.w3.org/2000/svg}"
    texts = [found.text for found in root.iter(f"{name}text")]
    wanted = {"en": ["replicas", "Ready pods", "endpoints", "requests"]}
    wanted["ko"] = ["레플리카", "준비된 파드", "엔드포인트", "요청"]
    assert set(wanted[lang]) <= set(texts)
    assert root.findtext(f"{name}title") == "comes-back"
    assert "5.0 pod-deleted" in (root.findtext(f"{name}desc") or "")
    sizes = [
        [int(one.get(key, "0")) for key in ("x", "y", "width", "height")]
        for one in root.iter(f"{name}rect")
        if one.get("fill") == "#e03131"
    ]
    low = 150  # where the lane of requests has its middle: failed ones are above it
    assert sizes == [
        [430, low - 12, 15, 12],  # all of 5.0 to 5.2 s
        [445, low - 12, 15, 12],
        [490, low - 4, 15, 4],  # one of three around 6.1 s
    ]


def test_numbers_stand_where_they_change() -> None:
    root = ET.fromstring(svg(HEALED, "en", "comes-back"))  # noqa: S314 (our own)
    texts = [(one.get("x"), one.text) for one in root.iter("{http://www.w3.org/2000/svg}text")]
    assert [told for told in texts if told[1] in {"1", "2"}] == [
        ("132", "2"),  # replicas
        ("132", "2"),
        ("438", "1"),
        ("612", "2"),  # Ready pods
        ("132", "2"),
        ("438", "1"),  # endpoints
    ]


def test_what_was_typed_stays_text() -> None:
    bad = '<script>alert("1")</script>&'
    made = svg(Timeline((Action(1, bad, bad),), ended_ms=9), "en", bad)
    assert "<script" not in made
    assert ET.fromstring(made) is not None  # noqa: S314 (our own)
    assert not re.search(r"(href|src|on[a-z]+)=", made)


def test_each_check_has_the_experiment_that_it_was_judged_on() -> None:
    heals = DeletePod("kim", "apps/v1", "Deployment", "web", "d", 60_000)
    keeps = KeepData(
        *("kim", "apps/v1", "StatefulSet", "db", "d", 60_000, 80, "PUT", "/{key}"), every=True
    )
    there = GetObject("kim", "v1", "Pod", "web")
    answers: dict[Request, Answer] = {heals: HEALED, keeps: Kept(SCALED), there: NotThere()}
    kept = record(
        answers, {"c": {heals: HEALED, there: NotThere()}, "d": {keeps: Kept(SCALED)}, "e": {}}
    )
    assert list(of_checks(kept)) == [("c", HEALED), ("d", SCALED)]
    listed = timelines(kept)["timelines"]
    assert [one["check"] for one in listed] == ["c", "d"]
    assert listed[0]["actions"][3] == {"atMs": 5_000, "what": "pod-deleted", "subject": "a"}
    assert listed[1]["autoscaler"][2]["utilization"] == 200


MOMENTS = st.integers(0, 2**53)
TIMELINES = st.builds(
    Timeline,
    st.lists(st.builds(Action, MOMENTS, st.text(), st.text()), max_size=40).map(tuple),
    st.lists(
        st.builds(PodsSeen, MOMENTS, st.just(("a",)), st.just(()), st.integers(-5, 10**6)),
        max_size=5,
    ).map(tuple),
    st.lists(
        st.builds(
            AutoscalerSeen,
            MOMENTS,
            *[st.integers(-5, 10**6)] * 5,
        ),
        max_size=5,
    ).map(tuple),
    st.lists(st.builds(Sample, MOMENTS, MOMENTS, st.integers(0, 999)), max_size=9).map(tuple),
    st.booleans(),
    MOMENTS,
)


@given(TIMELINES, st.sampled_from(LANGS))
def test_any_timeline_can_be_drawn(timeline: Timeline, lang: str) -> None:
    assert drawn(timeline, lang).plain
    assert ET.fromstring(svg(timeline, lang, "any")) is not None  # noqa: S314 (our own)
