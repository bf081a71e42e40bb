"""Pods that are not Ready because of a probe: which failed, what it met, and whose it was."""

import pytest

from tests.unit.checks.diagnosing import LATER, diagnose, with_status
from tests.unit.checks.objects import (
    Body,
    container,
    container_status,
    crashing,
    event,
    pod,
    unready,
)

PROBED = container(
    readinessProbe={"httpGet": {"path": "/ok", "port": 8080}},
    livenessProbe={"tcpSocket": {"port": "http"}},
    startupProbe={"exec": {"command": ["cat", "/started"]}},
)


@pytest.mark.parametrize(
    ("status", "message", "reason", "probe"),
    [
        (
            unready(),
            "Readiness probe failed: HTTP probe failed with statuscode: 404",
            "ReadinessProbeFails",
            "(GET :8080/ok)",
        ),
        (
            crashing(137),
            "Liveness probe failed: dial tcp 10.0.0.1:80: connect: connection refused",
            "LivenessProbeFails",
            "(TCP :http)",
        ),
        (
            container_status(ready=False, started=False),
            "Startup probe failed: cat: can't open '/started'",
            "StartupProbeFails",
            "(exec cat /started)",
        ),
        (
            unready(),
            "Readiness probe errored and resulted in unknown state: rpc error: timeout",
            "ReadinessProbeFails",
            "rpc error: timeout",
        ),
    ],
)
def test_the_failing_probe_is_told_with_what_it_met(
    status: Body, message: str, reason: str, probe: str
) -> None:
    body = with_status(status, containers=[PROBED])
    judged = diagnose(body, events=[event(body, "Unhealthy", message, "spec.containers{web}")])
    assert judged.causes == (reason,)
    for lang in ("en", "ko"):
        assert probe in judged.says(lang)
        assert message.partition(": ")[2] in judged.says(lang)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (unready(), "Readiness"),
        (crashing(1), "Liveness"),
        (container_status(ready=False, started=False), "Startup"),
    ],
)
def test_a_failing_probe_that_printed_nothing_is_told_so(status: Body, kind: str) -> None:
    body = with_status(status, containers=[PROBED])
    silent = event(body, "Unhealthy", f"{kind} probe failed: ", "spec.containers{web}")
    judged = diagnose(body, events=[silent])
    assert judged.causes == (f"{kind}ProbeSilent",)
    assert "printed nothing. Look:" in judged.says("en")
    assert "출력한 내용은 없습니다. 확인:" in judged.says("ko")


@pytest.mark.parametrize(
    ("probe", "told"),
    [
        ({"httpGet": {"host": "10.9.9.9", "path": "/ok", "port": 80}}, "(GET 10.9.9.9:80/ok)"),
        ({"tcpSocket": {"host": "10.9.9.9", "port": 80}}, "(TCP 10.9.9.9:80)"),
    ],
)
def test_a_probe_that_asks_another_host_is_told_with_the_host(probe: Body, told: str) -> None:
    body = with_status(unready(), containers=[container(readinessProbe=probe)])
    refused = event(body, "Unhealthy", "Readiness probe failed: no", "spec.containers{web}")
    for lang in ("en", "ko"):
        assert told in diagnose(body, events=[refused]).says(lang)


def test_the_latest_failure_of_a_probe_counts() -> None:
    body = with_status(unready(), containers=[PROBED])
    field = "spec.containers{web}"
    new = event(body, "Unhealthy", "Readiness probe failed: new", field, LATER)
    old = event(body, "Unhealthy", "Readiness probe failed: old", field)
    assert "new" in diagnose(body, events=[new, old]).says("en")


def test_probes_of_other_containers_and_pods_explain_nothing() -> None:
    body = with_status(unready(), containers=[PROBED])
    message = "Readiness probe failed: no"
    events = [
        event(body, "Unhealthy", message, "spec.containers{log}"),
        event(pod("other"), "Unhealthy", message, "spec.containers{web}"),
    ]
    assert diagnose(body, events=events).causes == ("PodNotReadyYet",)
