"""`answers`, and what explains a missing answer or volume, with everything that is told."""

from typing import Any

import pytest

from labgrader.checks.diagnosis.events import about, latest, one_line
from labgrader.checks.diagnosis.presence import find
from labgrader.checks.diagnosis.probes import asks, failing_probe
from labgrader.checks.finding import Cause, Finding, cause, failed, passed
from labgrader.checks.scope import Scope
from labgrader.evidence.answers import Answer, Found, HttpAnswer, Items, NoHttpAnswer, NotThere
from labgrader.evidence.experiments import HttpTarget
from labgrader.evidence.requests import CallHttp, ReadLog, Request
from labgrader.evidence.snapshot import Snapshot
from tests.unit.checks.objects import (
    Body,
    config_map,
    container,
    container_status,
    endpoint,
    endpoint_slice,
    event,
    meta,
    pod,
    service,
    unready,
)
from tests.unit.checks.test_answers import BEHIND, OK, POD, judge

HERE: dict[str, Any] = {"service": "web", "namespace": "kim"}
AT: dict[str, Any] = HERE | {"url": "http://web:80/hi"}
SCOPE = Scope("kim")
LATER = "2026-03-02T09:30:00Z"


def found(http: Any, *objects: Body, **more: Any) -> Finding:
    return judge(http, *objects, **more).finding


def test_an_answer_is_told_with_its_status() -> None:
    told: dict[str, Any] = {"service": "web", "url": "http://web:80/hi", "status": 200}
    assert found(OK) == passed("ServiceAnswers", **told)
    asked = CallHttp(HttpTarget("kim", "web", 80, "/hi"))
    assert judge(OK).rounds[-1] == (asked,)


def test_another_answer_is_told_in_one_line() -> None:
    wrong = AT | {"expected": 201, "seen": 200}
    assert found(HttpAnswer(200, "a\nb"), status=201) == failed("WrongStatus", **wrong, body="a b")
    assert found(HttpAnswer(200, " "), status=201) == failed("WrongStatus", **wrong, body="-")
    body = AT | {"expected": "x"}
    assert found(HttpAnswer(200, "a\nb"), body="x") == failed("WrongBody", **body, seen="a b")
    assert found(HttpAnswer(200, ""), body="x") == failed("WrongBody", **body, seen="-")
    assert found(HttpAnswer(200, " x "), body=" x ").reason == "ServiceAnswers"


@pytest.mark.parametrize(
    ("status", "explained"), [(499, False), (500, True), (599, True), (600, False)]
)
def test_a_server_that_failed_is_told_by_its_log(status: int, *, explained: bool) -> None:
    sick = pod("web-0", statuses=[unready()], ip="10.244.0.6")
    objects = (service(), sick, POD, endpoint_slice("web", endpoint(sick), endpoint(POD)))
    logs = {"web-1/web": ["first", "panic: x.", ""], "web-0/web": ["of another"]}
    finding = found(HttpAnswer(status, ""), *objects, logs=logs)
    assert finding.because() == failed("WrongStatus", **AT, expected=200, seen=status, body="-")
    told = cause("LastLogLine", pod="web-1", namespace="kim", line="panic: x")
    assert finding.causes == ((told,) if explained else ())
    assert found(HttpAnswer(500, ""), logs={"web-1/web": [" "]}).causes == ()
    other = pod("web-2", ip="10.244.0.7")
    two = (service(), POD, other, endpoint_slice("web", endpoint(POD), endpoint(other)))
    assert found(HttpAnswer(500, ""), *two, logs={"web-2/web": ["loud"]}).causes == ()
    asked = judge(HttpAnswer(500, "")).rounds[-1]
    assert asked == (ReadLog("kim", "web-1", "web"),)


def test_what_refuses_is_told_with_the_pod_that_is_ready() -> None:
    sick = pod("web-0", statuses=[unready()], ip="10.244.0.6")
    objects = (service(), sick, POD, endpoint_slice("web", endpoint(sick), endpoint(POD)))
    told = {"pod": "web-1", "namespace": "kim", "port": 8080, "ports": "8080 (http)"}
    assert found(NoHttpAnswer("refused"), *objects) == failed("ConnectionRefused", **AT).because(
        cause("NothingListens", **told)
    )


@pytest.mark.parametrize(
    ("why", "reason"),
    [("reset", "ConnectionReset"), ("not-http", "NotHttp"), ("timeout", "NoAnswerInTime")],
)
def test_each_way_not_to_answer_names_the_service(why: str, reason: str) -> None:
    assert found(NoHttpAnswer(why)) == failed(reason, **AT)


def test_policies_are_told_where_no_answer_came_in_time() -> None:
    deny = {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": meta("deny"),
        "spec": {"podSelector": {"matchLabels": {"app": "web"}}},
    }
    assert found(NoHttpAnswer("timeout"), *BEHIND, deny) == failed("NoAnswerInTime", **AT).because(
        cause("PoliciesRestrict", names="deny")
    )


def test_nothing_behind_the_service_is_told_with_why() -> None:
    nothing = failed("NoEndpoints", **HERE, port=80)
    assert found(None, service(selector={}), POD) == nothing.because(
        cause("NoSelector", service="web")
    )
    assert found(None, service(), endpoint_slice("web")) == nothing.because(
        cause("NoPods", namespace="kim")
    )


def test_a_headless_service_is_told_where_its_pods_listen() -> None:
    finding = found(None, service(clusterIP="None"), *BEHIND[1:])
    assert finding == failed("HeadlessPort", **HERE, port=80, target=8080)
    named = service(clusterIP="None", entry={"targetPort": "none"})
    unknown = endpoint_slice("web", endpoint(POD))
    assert found(OK, named, POD, unknown).reason == "ServiceAnswers"


@pytest.mark.parametrize(
    ("spec", "told"),
    [
        ({"httpGet": {"port": 80, "path": "/x"}}, "GET :80/x"),
        ({"httpGet": {"port": "http", "host": "h"}}, "GET h:http/"),
        ({"tcpSocket": {"port": 1}}, "TCP :1"),
        ({"tcpSocket": {"port": 1, "host": "h"}}, "TCP h:1"),
        ({"grpc": {"port": 2}}, "gRPC :2"),
        ({"exec": {"command": ["cat", "/tmp/x"]}}, "exec cat /tmp/x"),
        ({"exec": {}}, "exec"),
        ({}, "exec"),
        (None, "exec"),
    ],
)
def test_a_probe_is_told_in_few_words(spec: Any, told: str) -> None:
    others = [container("a", livenessProbe={"grpc": {"port": 9}}), container(livenessProbe=spec)]
    assert asks(pod(containers=others), "web", "livenessProbe") == told
    assert asks(pod(initContainers=others[1:]), "web", "livenessProbe") == told
    assert asks(pod(containers=others), "other", "livenessProbe") == "exec"


def probe(
    status: Body, *said: tuple[str, str], place: str = "spec.containers{web}"
) -> Cause | None:
    probes: dict[str, Any] = {f"{kind}Probe": {"grpc": {"port": 1}} for kind in KINDS}
    body = pod(containers=[container(**probes)])
    events = [event(body, "Unhealthy", text, place, at=at) for text, at in said]
    return failing_probe(body, status, events)


KINDS = ("readiness", "liveness", "startup")
ALL = tuple(
    (f"{kind} probe failed: {kind[0]}", LATER) for kind in ("Readiness", "Liveness", "Startup")
)


@pytest.mark.parametrize(
    ("status", "reason", "detail"),
    [
        (container_status(started=False, restartCount=1), "StartupProbeFails", "S"),
        (container_status(restartCount=1), "LivenessProbeFails", "L"),
        (container_status(), "ReadinessProbeFails", "R"),
        (container_status(state={"waiting": {}}, started=True), None, ""),
    ],
)
def test_the_probe_that_matters_is_told(status: Body, reason: str | None, detail: str) -> None:
    told = {"pod": "web-1", "namespace": "kim", "container": "web", "probe": "gRPC :1"}
    expected = None if reason is None else cause(reason, **told, detail=detail)
    assert probe(status, *ALL) == expected


@pytest.mark.parametrize("kind", ["Readiness", "Liveness", "Startup"])
def test_a_probe_without_a_word_is_silent(kind: str) -> None:
    status = container_status(started=kind != "Startup", restartCount=int(kind == "Liveness"))
    (found,) = (probe(status, (f"{kind} probe errored: ", LATER)),)
    assert found is not None
    assert (found.reason, dict(found.params)["detail"]) == (f"{kind}ProbeSilent", "")


def test_the_latest_word_of_this_container_counts() -> None:
    words = [("Readiness probe failed: new\nline.", LATER), ("Readiness probe failed: old", "2026")]
    found = probe(container_status(), *words, ("Unreadable", LATER))
    assert found is not None
    assert dict(found.params)["detail"] == "new line"
    assert probe(container_status(), *words, place="spec.containers{other}") is None
    assert probe(container_status(), *words, place="") is None
    assert probe({"name": "web", "state": None}, *words) is None
    body, status = pod(), container_status()
    bare = event(body, "Unhealthy", words[0][0])
    assert failing_probe(body, status, [bare]) is None
    speechless = {k: v for k, v in event(body, "Unhealthy", "").items() if k != "message"}
    assert failing_probe(body, status, [speechless]) is None


def test_events_are_read_by_object_and_time() -> None:
    body, other = pod(), pod("web-2")
    series = event(body, "A", "by series") | {
        "series": {"lastObservedTime": "2026-03-02T09:40:00Z"}
    }
    by_event = event(body, "B", "by eventTime", at="") | {"eventTime": "2026-03-02T09:20:00Z"}
    timeless = event(body, "A", "timeless", at="")
    events = [
        series,
        event(body, "A", "last", at=LATER),
        by_event,
        timeless,
        event(other, "A", "x"),
    ]
    said = [one["message"] for one in about(events, "uid-of-web-1", "A", "B")]
    assert said == ["timeless", "by eventTime", "last", "by series"]
    assert latest(events, "uid-of-web-1", "B") == by_event
    assert latest(events, "uid-of-web-1", "C") is latest([], "u", "A") is None


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (" a \n b.. ", "a b"),
        ("MAX.", "MAX"),
        ("x: unable to start container process: exec: no.", "exec: no"),
        ("x" * 500, "x" * 500),
        ("x" * 501, "x" * 499 + "…"),
    ],
)
def test_a_technical_text_becomes_one_line(said: str, told: str) -> None:
    assert one_line(said) == told


NAMED: dict[str, Any] = {"kind": "ConfigMap", "name": "web", "namespace": "kim"}


@pytest.mark.parametrize(
    ("names", "causes"),
    [
        ([], []),
        (["wbe", "zzz"], [cause("NearestName", kind="ConfigMap", near="wbe")]),
        (["q2", "q1"], [cause("OthersThere", kind="ConfigMap", names="q1, q2")]),
        (
            [f"q{n}" for n in range(5)],
            [cause("OthersThere", kind="ConfigMap", names="q0, q1, q2, q3, q4")],
        ),
        (
            [f"q{n}" for n in range(6)],
            [cause("OthersThere", kind="ConfigMap", names="q0, q1, q2, q3, q4, …")],
        ),
    ],
)
def test_what_is_not_there_is_told_with_what_is(names: list[str], causes: list[Cause]) -> None:
    going = config_map("weba", deletionTimestamp=LATER)
    others = (going, *map(config_map, names))
    answers: dict[Request, Answer] = {
        SCOPE.named("ConfigMap", "web"): NotThere(),
        SCOPE.all("ConfigMap"): Items(others),
    }
    expected = failed("NotFound", **NAMED).because(*causes)
    assert find(Snapshot(answers), SCOPE.named("ConfigMap", "web")) == expected


def test_what_is_being_deleted_is_told_with_what_holds_it() -> None:
    for finalizers, causes in (
        (None, ()),
        (["a/b", "c"], (cause("HeldByFinalizers", finalizers="a/b, c"),)),
    ):
        going = config_map("web", deletionTimestamp=LATER, finalizers=finalizers)
        snapshot = Snapshot({SCOPE.named("ConfigMap", "web"): Found(going)})
        expected = failed("BeingDeleted", **NAMED).because(*causes)
        assert find(snapshot, SCOPE.named("ConfigMap", "web")) == expected
