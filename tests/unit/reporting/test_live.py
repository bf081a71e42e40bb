"""What learners read of their work before it is graded, in both languages."""

from typing import Any

import pytest

from labgrader.api.status import MAX_LIVE_MESSAGE
from labgrader.api.submission import Submission
from labgrader.checks.finding import Finding, Outcome, failed, passed, unknown
from labgrader.grading.plan import content_hash, plan
from labgrader.reporting import status as render
from labgrader.reporting.live import live_status
from labgrader.reporting.messages import text
from tests.unit.grading.worlds import exercise, exists

THEN, NOW = "2026-11-01T00:00:00Z", "2026-11-02T00:00:00Z"
THERE = passed("ObjectThere", kind="ConfigMap", name="a")
LOST = Finding(Outcome.FAILED, "NotFound", (("kind", "ConfigMap"), ("name", "a")))


def submission(lang: str) -> Submission:
    spec = {"exerciseRef": {"name": "lab"}, "learner": "kim", "targetNamespace": "kim"}
    metadata = {"name": "s", "namespace": "kim", "uid": "u", "generation": 1}
    body = {"metadata": metadata | {"resourceVersion": "1"}, "spec": spec | {"lang": lang}}
    return Submission.parse(body)


def shown(
    found: Finding, before: dict[str, Any] | None = None, lang: str = "en", **spec: Any
) -> dict[str, Any]:
    planned = plan(exercise(exists("a"), mode="Continuous", **spec))
    return live_status(planned, {"a": found}, submission(lang), before, NOW)


def test_what_has_not_changed_keeps_its_time() -> None:
    before = shown(THERE) | {"observedAt": THEN}
    assert shown(THERE, before) == before
    assert shown(LOST, before)["observedAt"] == NOW


@pytest.mark.parametrize(
    ("lang", "summary", "latched"),
    [
        ("en", "now 1 of 1 checks pass", "It passed before, and that stays shown here. Now: "),
        (
            "ko",
            "지금 점검 1개 중 1개 통과",
            "앞서 통과하였으므로 여기에는 통과로 표시합니다. 지금 상태: ",
        ),
    ],
)
def test_latched(lang: str, summary: str, latched: str) -> None:
    before = shown(THERE, lang=lang, latch=True)
    now = shown(LOST, before, lang, latch=True)
    assert now["summary"] == summary
    [check] = now["checks"]
    assert (check["outcome"], check["latched"], check["reason"]) == ("Passed", True, "NotFound")
    assert check["message"].startswith(latched)
    assert shown(LOST, now, lang, latch=True)["checks"] == [check], "and stays so"
    assert shown(LOST, before, lang)["checks"][0]["outcome"] == "Failed"


def test_what_must_never_be_is_not_latched() -> None:
    never = exists("a") | {"never": {"for": "30s"}}
    planned = plan(exercise(exists("first"), never, mode="Continuous", latch=True))
    fine = {"first": THERE, "a": passed("NotTrueNow", seconds="30")}
    before = live_status(planned, fine, submission("en"), None, THEN)
    broken = {"first": LOST, "a": failed("TrueNow")}
    now = live_status(planned, broken, submission("en"), before, NOW)
    assert [check["outcome"] for check in now["checks"]] == ["Passed", "Failed"]
    assert now["checks"][1]["message"] == "This must not become true, but now it is:"


def test_not_handed_in_in_korean() -> None:
    planned = plan(exercise(exists("a")))
    status = render.not_handed_in(submission("ko"), planned, NOW)
    assert status["summary"] == "아직 제출하지 않았습니다. 채점받으려면 attempt를 1로 바꾸세요."


def test_a_kind_that_cannot_be_followed_is_told_with_its_role() -> None:
    why = unknown("CannotWatch", kind="Secret", detail="watch /api/v1/secrets: forbidden")
    for lang in ("ko", "en"):
        told = shown(why, lang=lang)["checks"][0]["message"]
        assert "labgrader" in told
        assert "watch /api/v1/secrets: forbidden" in told
    assert "종류 시크릿의 변경을 지켜볼 수 없어" in shown(why, lang="ko")["checks"][0]["message"]


def test_long_messages_are_cut() -> None:
    long = Finding(Outcome.FAILED, "NotFound", (("kind", "x" * 5000),))
    assert len(shown(long)["checks"][0]["message"]) == MAX_LIVE_MESSAGE


def test_what_is_shown_is_no_part_of_what_is_asked() -> None:
    asked = {content_hash(exercise(exists("a"), **s)) for s in ({}, {"mode": "Continuous"})}
    assert len({*asked, content_hash(exercise(exists("a"), latch=True))}) == 1
    assert content_hash(exercise(exists("b"))) not in asked


def test_texts_are_sentences() -> None:
    assert text("NotAskedNow", {}, "en") == (
        "Answers to questions are judged when the work is handed in."
    )
    assert text("NotAskedNow", {}, "ko") == "질문의 답은 제출할 때 판정합니다."
