"""The page for the browser: what stands in it, in both languages, and that texts stay texts."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labgrader.api.names import LANGS
from labgrader.checks.finding import Finding, failed, passed, skipped, unknown
from labgrader.evidence.bundle import Bundle
from labgrader.evidence.experiments import DeletePod
from labgrader.evidence.record import Record, record
from labgrader.evidence.timeline import Action, Timeline
from labgrader.grading.plan import plan
from labgrader.grading.recording import bundle
from labgrader.grading.report import Report, report
from labgrader.reporting.html.markup import Markup, element, empty
from labgrader.reporting.html.page import page
from labgrader.reporting.html.sheet import Sheet
from labgrader.reporting.visible import visible
from tests.unit.grading.worlds import exercise, exists
from tests.unit.reporting.test_timeline import HEALED

HEALS = DeletePod("kim", "apps/v1", "Deployment", "web", "d", 60_000)
SEEN = record({HEALS: HEALED}, {"comes-back": {HEALS: HEALED}})
HINT = {"ko": "한도를 적으세요.", "en": "Write\nlimits."}
LIMITED = failed("NotFound", kind="ConfigMap", name="limits", namespace="kim")
EVIDENCE = {
    "digest": "sha256:0f3c",
    "selfReported": True,
    "startedAt": "2026-11-01T00:00:00Z",
    "endedAt": "2026-11-01T00:03:00Z",
}
VOID = frozenset({"meta"})
ENGLISH = """\
Survives – Kim Ha-na
Survives
lab
Kim Ha-na, namespace kim
30 of 70 points: not passed
The score is held at 30 until the required check limits passes.
What each check came to, and why
CHECK | OUTCOME | POINTS | WHY
there | ✓ Passed | 10/10 | ConfigMap a is there.
limits | ✗ Failed | 0/20 | There should be a ConfigMap named limits in namespace kim, \
but there is none. Look: kubectl -n kim get configmap \
Required: the score stays at 30 or below until this passes. | Hint: Write↵limits.
comes-back | ✓ Passed | 30/30 | ConfigMap a is there.
What was done and seen for comes-back
requests: failed ones above, answered ones below
a 2.0 s sampling-started
b 5.0 s pod-chosen web-1
c 5.0 s pod-deleted a
later | – Skipped | 0/10 | Not tried, because check limits did not pass.
group either | 30/30 | Counted: 1 check of the group, all of them.
Evidence sha256:0f3c, from 2026-11-01T00:00:00Z to 2026-11-01T00:03:00Z.
This evidence is self-reported: a command line recorded it, not the operator, and whoever ran it \
could have changed it.
"""
KOREAN = """\
살아나는 웹 – Kim Ha-na
살아나는 웹
lab
Kim Ha-na (네임스페이스 kim)
70점 만점에 30점: 통과하지 못함
필수 점검 limits가 통과할 때까지 점수는 30점을 넘지 않습니다.
점검마다의 결과와 이유
점검 | 결과 | 점수 | 이유
there | ✓ Passed | 10/10 | 컨피그맵 a가 있습니다.
limits | ✗ Failed | 0/20 | 네임스페이스 kim에 컨피그맵 limits가 있어야 하지만 없습니다. \
확인: kubectl -n kim get configmap \
필수 점검입니다. 통과할 때까지 점수는 30점을 넘지 않습니다. | 힌트: 한도를 적으세요.
comes-back | ✓ Passed | 30/30 | 컨피그맵 a가 있습니다.
comes-back 점검에서 한 일과 본 것
요청: 위는 실패한 요청, 아래는 응답받은 요청
a 2.0 s sampling-started
b 5.0 s pod-chosen web-1
c 5.0 s pod-deleted a
later | – Skipped | 0/10 | 먼저 통과해야 하는 점검 limits가 통과하지 못하여 진행하지 않았습니다.
그룹 either | 30/30 | 그룹의 모든 점검(1개)을 점수에 반영합니다.
증거 sha256:0f3c, 2026-11-01T00:00:00Z부터 2026-11-01T00:03:00Z까지.
이 증거는 자가 보고된 것입니다. 오퍼레이터가 아니라 명령줄에서 기록했으며, 기록한 사람이 내용을 \
바꾸었을 수 있습니다.
"""


class Reader(HTMLParser):
    """Reads a page as a strict person would: every element is ended where it must be.

    ``lines`` are the texts outside of pictures, one line for each block, cells beside each other.
    """

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.lines: list[str] = [""]
        self.every = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        assert len(dict(attrs)) == len(attrs), "an attribute stands twice"
        if tag not in VOID:
            self.open.append(tag)
        if tag in {"tr", "h1", "h2", "title", "figcaption", "li", "caption"} or (
            tag == "p" and "td" not in self.open[-2:]
        ):
            self.lines.append("")
        elif tag in {"td", "th", "p"} and self.lines[-1]:
            self.lines[-1] += " | "

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert "svg" in self.open, f"{tag} has no end"
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.every += data
        if "svg" not in self.open and "style" not in self.open:
            apart = " " if data.startswith("\n") and data.strip() else ""
            self.lines[-1] += apart + data.strip("\n").replace("\n", "↵")


def read(made: str) -> Reader:
    reader = Reader()
    reader.feed(made)
    reader.close()
    assert reader.open == []
    return reader


def told(made: str) -> str:
    lines = (re.sub(r"( \| )+", " | ", line).strip(" |") for line in read(made).lines)
    return "".join(f"{line}\n" for line in lines if line)


def graded(**findings: Finding) -> Report:
    planned = plan(
        exercise(
            exists("there"),
            exists("limits", 20, hint=HINT, required=True, cap=30),
            exists("comes-back", 30, group="either"),
            exists("later"),
            groups=[{"name": "either", "rule": "any"}],
            title={"ko": "살아나는 웹", "en": "Survives"},
        )
    )
    there = passed("ObjectThere", kind="ConfigMap", name="a")
    found = {
        "there": there,
        "limits": LIMITED,
        "comes-back": there,
        "later": skipped("NeedsFailed", check="limits"),
    }
    return report(planned, found | findings)


def sheet(result: Report | None = None, seen: Record = SEEN, learner: str = "Kim Ha-na") -> Sheet:
    return Sheet("kim", learner, result or graded(), seen, EVIDENCE)


def before() -> Bundle:
    started, ended = str(EVIDENCE["startedAt"]), str(EVIDENCE["endedAt"])
    return bundle(
        *(graded(), SEEN),
        namespace="kim",
        learner="kim",
        started=started,
        ended=ended,
        self_reported=True,
    )


@pytest.mark.parametrize(("lang", "wanted"), [("en", ENGLISH), ("ko", KOREAN)])
def test_the_page_reads_as_a_person_would_write_it(lang: str, wanted: str) -> None:
    assert told(page([sheet()], lang)) == wanted


@pytest.mark.parametrize("lang", LANGS)
def test_what_reads_pages_aloud_finds_its_way(lang: str) -> None:
    reader = read(page([sheet(), sheet(learner="lee")], lang))
    tags = [tag for tag, _ in reader.elements]
    assert dict(reader.elements[0][1])["lang"] == lang
    assert (tags.count("h1"), tags.count("h2"), tags.count("main")) == (1, 2, 1)
    headed = [attributes.get("scope") for tag, attributes in reader.elements if tag == "th"]
    assert set(headed) == {"col", "row"}
    pictures = [place for place, tag in enumerate(tags) if tag == "svg"]
    assert len(pictures) == 2
    for place in pictures:
        assert reader.elements[place][1]["role"] == "img"
        assert tags[place + 1 : place + 3] == ["title", "desc"]


def test_the_page_is_whole_by_itself_and_runs_nothing() -> None:
    made = page([sheet()], "en")
    reader = read(made)
    names = {name for _, attributes in reader.elements for name in attributes}
    assert not names & {"src", "href", "style"}
    assert not {name for name in names if name.startswith("on")}
    assert not {tag for tag, _ in reader.elements} & {"script", "link", "img", "iframe", "object"}
    assert "url(" not in made
    assert "@import" not in made
    policies = [a["content"] for _, a in reader.elements if a.get("http-equiv")]
    assert policies[0] is not None
    assert policies[0].startswith("default-src 'none'")


def test_a_check_without_an_experiment_has_no_picture() -> None:
    made = page([sheet(seen=Record())], "en")
    assert "<svg" not in made
    assert "<figure" not in made


def test_what_is_open_is_said_to_be() -> None:
    open_ = graded(limits=unknown("Forbidden", detail="no"))
    made = told(page([sheet(open_)], "en"))
    assert "limits | ? Unknown | ?/20 |" in made
    assert "between 30 and 60 of 70 points" in made


def test_evidence_judged_again_shows_what_it_came_to_before() -> None:
    there = passed("ObjectThere", kind="ConfigMap", name="a")
    now = Sheet("kim", "kim", graded(limits=there), SEEN, EVIDENCE, before())
    made = told(page([now], "en"))
    assert "CHECK | BEFORE | OUTCOME | POINTS | WHY" in made
    assert "limits | ✗ 0/20 | ✓ Passed | 20/20 | ConfigMap a is there." in made
    assert "Before: 30 of 70 points. Judged again: 60 of 70 points." in made
    assert made.count("self-reported") == 1


def test_a_check_that_is_no_more_is_still_told() -> None:
    there = passed("ObjectThere", kind="ConfigMap", name="a")
    only = report(plan(exercise(exists("there"))), {"there": there})
    made = told(page([Sheet("kim", "kim", only, SEEN, EVIDENCE, before())], "en"))
    assert "\nlimits | ✗ 0/20 | –\n" in made


BAD = '</p></svg><script>alert("1")</script><img src=x onerror=alert(1)>&amp;\x00\x1b[31m\u202e'
SHOWN = (
    '</p></svg><script>alert("1")</script><img src=x onerror=alert(1)>&amp;\\x00\\x1b[31m\\u202e'
)


def test_what_a_learner_typed_stays_text_wherever_it_stands() -> None:
    seen = Timeline((Action(1, BAD, BAD),), ended_ms=9)
    found = failed("NotFound", kind=BAD, name=BAD, namespace=BAD)
    hostile = Sheet(
        BAD,
        BAD,
        graded(limits=found),
        record({HEALS: seen}, {"comes-back": {HEALS: seen}}),
        EVIDENCE | {"digest": BAD},
    )
    made = page([hostile], "en")
    reader = read(made)
    clean = read(page([sheet()], "en"))
    assert {tag for tag, _ in reader.elements} <= {tag for tag, _ in clean.elements}
    names = {name for _, attributes in reader.elements for name in attributes}
    assert names <= {name for _, attributes in clean.elements for name in attributes}
    assert reader.every.count(SHOWN) >= 8
    assert "\x00" not in made
    assert "\u202e" not in made


TYPED = st.text(
    st.sampled_from("<>&\"'/!-;#x3b\x00\x85\u202e") | st.characters(exclude_categories=())
)


@given(TYPED, TYPED)
def test_any_text_is_read_as_it_was_given(content: str, value: str) -> None:
    reader = read(element("p", content, title=value))
    assert reader.elements == [("p", {"title": visible(value)})]
    assert reader.every.removesuffix("\n").replace("\r", "") == visible(content).replace("\r", "")


def test_only_markup_is_taken_as_it_is() -> None:
    assert element("b", Markup("<i>"), "<i>") == "<b><i>&lt;i&gt;</b>\n"
    assert empty("meta", http_equiv="x", class_='"') == '<meta http-equiv="x" class="&quot;">\n'
