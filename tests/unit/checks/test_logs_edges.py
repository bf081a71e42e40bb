"""`logs` at each of its limits, with everything that is told."""

from dataclasses import replace
from typing import Any

import pytest

from labgrader.checks.finding import Finding, cause, failed, passed
from labgrader.checks.logs import Log
from labgrader.checks.scope import Scope
from labgrader.evidence.requests import ReadLog
from tests.unit.checks.namespaces import Namespace
from tests.unit.checks.objects import container, event, pod, unready
from tests.unit.checks.test_logs import FIRST, SECOND, SET, WEB, logs, web

OF_WEB: dict[str, Any] = {"kind": "Deployment", "name": "web"}
HERE: dict[str, Any] = OF_WEB | {"namespace": "kim"}
AT: dict[str, Any] = HERE | {"pod": "web-1", "container": "web"}
MOST = 256 * 1024


def found(namespace: Namespace, **asked: Any) -> Finding:
    return namespace.judge(**logs(**asked)).finding


def test_lines_are_told_by_their_number() -> None:
    assert found(web(), include="^ready", count={"min": 2}) == passed(
        "LogsFound", **OF_WEB, found=2, pattern="^ready"
    )
    clean = passed("LogsClean", **OF_WEB, read=5, pattern="panic")
    assert found(web(), exclude="panic") == clean


def test_an_unwanted_line_is_told_in_one_line() -> None:
    lines = {"web-1": ["ok"], "web-2": ["ok", "panic:  no\tdatabase.", "panic: again"]}
    told = AT | {"pod": "web-2", "pattern": "panic", "line": "panic: no database"}
    assert found(web(lines=lines), exclude="panic") == failed("LogLineUnwanted", **told)


def test_a_log_that_is_too_large_to_be_read_proves_nothing_clean() -> None:
    request = ReadLog("kim", "web-1", "web", lines=200, max_bytes=MOST)
    for letters, is_cut in ((MOST - 5, False), (MOST - 4, True)):
        assert Log(request, ("x" * (letters - 1),)).is_cut is is_cut
    assert Log(replace(request, max_bytes=12), ("가", "나")).is_cut
    lines = {"web-1": ["x" * MOST], "web-2": ["ok"]}
    too_large = failed("LogTooLarge", **AT, lines=200, size=256)
    assert found(web(lines=lines), exclude="panic") == too_large
    assert found(web(lines=lines), include="ok", exclude="panic") == too_large
    assert found(web(lines=lines), include="ok", count={"min": 2}) == too_large
    assert found(web(lines=lines), include="ok").reason == "LogsFound"
    unwanted = found(web(lines=lines), include="late", exclude="ok")
    assert (unwanted.reason, dict(unwanted.params)["pod"]) == ("LogLineUnwanted", "web-2")


def test_what_lacks_is_told_with_the_last_line_that_says_something() -> None:
    lines = {"web-1": [" ", ""], "web-2": ["start", "ready.", "  "]}
    told = AT | {"pod": "web-2", "pattern": "^GET", "min": 1, "found": 0, "lines": 50}
    finding = found(web(lines=lines), include="^GET", lines=50)
    assert finding == failed("LogsLack", **told, line="ready")
    dots = found(web(lines={"web-1": ["..."], "web-2": []}), include="x")
    assert dict(dots.params)["line"] == "-"


@pytest.mark.parametrize(("previous", "reason"), [(False, "LogsEmpty"), (True, "NoPreviousLogs")])
def test_logs_without_a_word_are_told(previous: bool, reason: str) -> None:  # noqa: FBT001 (a case)
    lines = {f"web-{n}{end}": [" "] for n in (1, 2) for end in ("", "/web/previous")}
    assert found(web(lines=lines), include="x", previous=previous) == failed(reason, **AT)


def test_pods_that_do_not_run_explain_their_silence() -> None:
    sick = pod("web-1", SET, statuses=[unready()])
    said = event(sick, "FailedMount", "no volume")
    namespace = Namespace([WEB, SET, sick, said], logs={"web-1": [""]})
    told = cause("VolumeFails", pod="web-1", namespace="kim", detail="no volume")
    assert found(namespace, include="x").causes == (told,)
    assert found(namespace, include="x", previous=True).causes == ()
    done = pod("web-1", SET, statuses=[unready()])
    done["status"]["phase"] = "Succeeded"
    assert found(Namespace([WEB, SET, done], logs={"web-1": [""]}), include="x").causes == ()


def test_the_newest_pods_are_read_first() -> None:
    old, new, going = (pod(f"web-{n}", SET) for n in (1, 2, 3))
    new["metadata"]["creationTimestamp"] = "2026-03-02T10:00:00Z"
    going["metadata"] |= {"deletionTimestamp": "x", "creationTimestamp": "2026-03-02T11:00:00Z"}
    namespace = Namespace([WEB, SET, old, new, going], logs={"web-1": ["a"], "web-2": ["b"]})
    judged = namespace.judge(**logs(include="c", lines=9))
    asked = [ReadLog("kim", name, "web", False, 9, MOST) for name in ("web-2", "web-1")]  # noqa: FBT003
    assert judged.rounds[1] == tuple(asked)
    assert (judged.params["pod"], judged.params["line"]) == ("web-2", "b")


def test_without_pods_there_are_no_logs() -> None:
    assert found(Namespace([WEB, SET]), include="x") == failed("NoPodsOf", **HERE)


def test_a_container_that_is_not_there_is_told_with_those_that_are() -> None:
    body = pod("web-1", SET, initContainers=[container("init")])
    finding = found(Namespace([WEB, SET, body]), include="x", container="db")
    assert finding == failed("ContainerNotThere", **HERE, container="db", seen="init, web")


def test_a_pod_is_its_own_workload_and_asked_for_alone() -> None:
    scope = Scope("kim")
    judged = Namespace([FIRST], logs={"web-1": ["x"]}).judge(**logs("Pod", "web-1", include="x"))
    assert judged.rounds[0] == (scope.named("Pod", "web-1"),)
    every = web().judge(**logs(include="ready")).rounds[0]
    assert every == (scope.named("Deployment", "web"), scope.all("Pod"), scope.all("ReplicaSet"))


def test_only_lines_of_the_workloads_pods_count() -> None:
    stranger = pod("web-3")
    lines = {"web-1": ["a"], "web-2": ["a"], "web-3": ["a"]}
    finding = found(Namespace([WEB, SET, FIRST, SECOND, stranger], logs=lines), include="a")
    assert dict(finding.params)["found"] == "2"
