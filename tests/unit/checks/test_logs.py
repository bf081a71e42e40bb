from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labgrader.api.kinds import Logs
from labgrader.checks.finding import Outcome
from labgrader.checks.logs import MAX_PODS
from labgrader.checks.registry import KINDS
from labgrader.evidence.answers import Trouble
from labgrader.evidence.requests import ReadLog
from labgrader.evidence.snapshot import CouldNotLook
from tests.unit.checks.namespaces import Namespace
from tests.unit.checks.objects import (
    Body,
    container,
    deployment,
    job,
    meta,
    pod,
    replica_set,
    waiting,
)

WEB = deployment()
SET = replica_set(WEB)
FIRST, SECOND = pod("web-1", SET), pod("web-2", SET)
LINES = {"web-1": ["start", "ready on 8080", "GET /"], "web-2": ["start", "ready on 8080"]}


def logs(kind: str = "Deployment", name: str = "web", **asked: Any) -> dict[str, Any]:
    return {"logs": {"object": {"kind": kind, "name": name}, **asked}}


def web(*more: Body, lines: Any = None, **options: Any) -> Namespace:
    return Namespace([WEB, SET, FIRST, SECOND, *more], logs=lines or LINES, **options)


def test_lines_of_all_pods_are_counted_in_two_rounds() -> None:
    judged = web().judge(**logs(include="^ready", count={"min": 2}))
    assert judged.finding.outcome is Outcome.PASSED
    assert [len(requests) for requests in judged.rounds] == [3, 2]
    assert judged.says("en") == (
        "The logs of Deployment web have 2 lines that fit the pattern ^ready."
    )
    assert judged.says("ko") == "디플로이먼트 web의 로그에 패턴 ^ready에 맞는 줄이 2개 있습니다."


def test_too_few_lines_fail_and_the_last_line_is_shown() -> None:
    judged = web().judge(**logs(include="^ready", count={"min": 3}))
    assert judged.says("en") == (
        "The logs of Deployment web should have at least 3 lines that fit the pattern ^ready, but"
        " 2 of the last 200 do. The last line of container web in pod web-1 is:"
        ' "GET /". Look: kubectl -n kim logs web-1 -c web'
    )
    assert judged.says("ko") == (
        "디플로이먼트 web의 로그에 패턴 ^ready에 맞는 줄이 3개 이상 있어야 하지만, 마지막 200줄 가운데"
        ' 2개뿐입니다. 파드 web-1의 컨테이너 web이 마지막으로 남긴 줄: "GET /".'
        " 확인: kubectl -n kim logs web-1 -c web"
    )


def test_a_line_that_must_not_be_there_fails() -> None:
    judged = web().judge(**logs(include="^ready", exclude="^GET"))
    assert judged.says("en") == (
        "The logs of Deployment web should have no line that fits the pattern ^GET, but container"
        ' web in pod web-1 wrote: "GET /". Look: kubectl -n kim logs web-1 -c web'
    )
    assert '컨테이너 web이 다음 줄을 남겼습니다: "GET /".' in judged.says("ko")


def test_lines_without_the_unwanted_one_pass() -> None:
    judged = web().judge(**logs(exclude="error"))
    assert judged.says("en") == (
        "None of 5 log lines of Deployment web fits the pattern error, as it should be."
    )


@pytest.mark.parametrize(
    ("namespace", "reason"),
    [
        (Namespace([WEB, SET]), "NoPodsOf"),
        (Namespace([]), "NotFound"),
        (Namespace([WEB, SET, FIRST]), "LogsEmpty"),
        (Namespace([WEB, SET, FIRST], logs={"web-1": []}), "LogsEmpty"),
        (Namespace([WEB, SET, FIRST], logs={"web-1": ["", " "]}), "LogsEmpty"),
        (Namespace([WEB, SET, pod("web-1")], logs=LINES), "NoPodsOf"),
        (
            Namespace(
                [WEB, replica_set(WEB | {"metadata": meta("other")}), FIRST | {}], logs=LINES
            ),
            "NoPodsOf",
        ),
    ],
)
def test_an_unwanted_line_is_not_absent_where_there_are_no_lines(
    namespace: Namespace, reason: str
) -> None:
    finding = namespace.judge(**logs(exclude="error")).finding
    assert (finding.outcome, finding.reason) == (Outcome.FAILED, reason)


def test_pods_that_are_being_deleted_do_not_count() -> None:
    going = pod("web-1", SET)
    going["metadata"]["deletionTimestamp"] = "2026-03-02T10:00:00Z"
    finding = Namespace([WEB, SET, going], logs=LINES).judge(**logs(include="ready")).finding
    assert finding.reason == "NoPodsOf"


def test_why_nothing_was_written_is_said() -> None:
    broken = pod("web-1", SET, statuses=[waiting("ImagePullBackOff")])
    judged = Namespace([WEB, SET, broken]).judge(**logs(include="ready"))
    assert judged.causes == ("ImagePullBackOff",)
    assert judged.says("ko").startswith(
        "디플로이먼트 web은 로그를 남겨야 하지만, 파드 web-1의 컨테이너 web에서 나온 것이 없습니다."
    )


def test_a_pod_that_has_ended_well_has_no_causes() -> None:
    report = job()
    done = pod("report-1", report, statuses=[], containers=[container("report")])
    done["status"]["phase"] = "Succeeded"
    judged = Namespace([report, done], logs={"report-1": ["hello"]}).judge(
        **logs("Job", "report", include="^total")
    )
    assert (judged.finding.reason, judged.causes) == ("LogsLack", ())


def test_jobs_cron_jobs_and_pods_have_logs() -> None:
    nightly: Body = {
        "apiVersion": "batch/v1",
        "kind": "CronJob",
        "metadata": meta("nightly"),
        "spec": {},
    }
    run = job("nightly-1", owner=nightly)
    done = pod("nightly-1-x", run)
    namespace = Namespace([nightly, run, done], logs={"nightly-1-x": ["total 3"]})
    for kind, name in (("CronJob", "nightly"), ("Job", "nightly-1"), ("Pod", "nightly-1-x")):
        judged = namespace.judge(**logs(kind, name, include="^total [0-9]+$"))
        assert judged.finding.outcome is Outcome.PASSED, kind


def test_the_named_container_is_read_also_an_init_container() -> None:
    first = pod("web-1", SET, initContainers=[container("setup")])
    namespace = Namespace([WEB, SET, first], logs={"web-1/setup": ["done"], "web-1/web": ["up"]})
    assert (
        namespace.judge(**logs(container="setup", include="done")).finding.outcome is Outcome.PASSED
    )
    finding = namespace.judge(**logs(include="done")).finding
    assert finding.outcome is Outcome.FAILED


def test_a_container_that_is_not_there_fails() -> None:
    judged = web().judge(**logs(container="app", exclude="x"))
    assert judged.says("en").startswith(
        "Deployment web should have a container app, but its containers are: web."
    )
    assert "컨테이너 app이 있어야 하지만 없습니다" in judged.says("ko")


def test_an_earlier_run_is_read_where_it_is_asked_for() -> None:
    asked = logs(include="panic", previous=True)
    lines = {"web-1/web/previous": ["panic: x"], "web-1/web": ["up"], "web-2/web": ["up"]}
    assert web(lines=lines).judge(**asked).finding.outcome is Outcome.PASSED
    judged = web(lines={"web-1/web": ["panic"], "web-2/web": []}).judge(**asked)
    assert judged.finding.reason == "NoPreviousLogs"
    assert "이전 실행에서 남긴 로그가 있어야 하지만 없습니다" in judged.says("ko")


def test_as_much_is_read_as_is_asked_for_and_no_more() -> None:
    pods = [pod(f"web-{index}", SET) for index in range(MAX_PODS + 5)]
    pods[0]["metadata"]["creationTimestamp"] = "2026-03-03T00:00:00Z"
    judged = Namespace([WEB, SET, *pods], logs={"web-0": ["x"]}).judge(**logs(include="x", lines=7))
    asked = [request for request in judged.rounds[1] if isinstance(request, ReadLog)]
    assert len(asked) == MAX_PODS
    assert {request.lines for request in asked} == {7}
    assert asked[0].pod == "web-0"
    assert judged.finding.outcome is Outcome.PASSED


def test_what_was_cut_off_is_not_taken_as_clean() -> None:
    judged = web(lines={"web-1": ["x" * 262_140], "web-2": []}).judge(**logs(exclude="error"))
    assert (judged.finding.outcome, judged.finding.reason) == (Outcome.FAILED, "LogTooLarge")
    assert "더 커서" not in judged.says("ko")
    assert "256KiB보다 커서 다 읽을 수 없습니다" in judged.says("ko")
    found = web(lines={"web-1": ["x" * 262_140], "web-2": []}).judge(**logs(include="x"))
    assert found.finding.outcome is Outcome.PASSED


def test_a_log_that_cannot_be_read_is_the_graders_trouble() -> None:
    trouble = {"Log": Trouble("ApiOverloaded", "kubelet away", transient=True)}
    with pytest.raises(CouldNotLook, match="kubelet away"):
        web(trouble=trouble).judge(**logs(include="ready"))


@pytest.mark.parametrize(
    ("asked", "reason", "text"),
    [
        (logs("Service", include="x"), "Invalid", "not Service"),
        (logs(include="("), "BadPattern", "include: "),
        (logs(include="a", exclude="(?<x"), "BadPattern", "exclude: "),
    ],
)
def test_what_cannot_be_judged_is_refused_before(asked: Any, reason: str, text: str) -> None:
    (problem,) = KINDS["logs"].problems(Logs.model_validate(asked["logs"]))
    assert problem.reason == reason
    assert text in problem.text


def test_what_runs_no_pods_is_the_fault_of_the_check() -> None:
    assert Namespace().judge(**logs("Service", include="x")).finding.outcome is Outcome.ERROR


@given(lines=st.lists(st.text(max_size=30), max_size=5), exclude=st.booleans())
def test_no_line_makes_it_raise(*, lines: list[str], exclude: bool) -> None:
    asked = logs(exclude="a") if exclude else logs(include="a", count={"min": 2})
    judged = web(lines={"web-1": lines, "web-2": lines}).judge(**asked)
    assert judged.says("ko")
    fit = 2 * sum("a" in line for line in lines)
    wanted = any(map(str.strip, lines)) and not fit if exclude else fit >= 2
    assert (judged.finding.outcome is Outcome.PASSED) == wanted
