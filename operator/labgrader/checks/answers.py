"""``answers``: a Service answers an HTTP request from inside the cluster as expected.

Called through ``checks.registry``. Pure. First it makes sure that the Service leads to pods
of this namespace, so that nobody else's server is asked; then it asks.
"""

from labgrader.api.kinds import Answers
from labgrader.checks import clients
from labgrader.checks.diagnosis import reading
from labgrader.checks.diagnosis.behind import Behind, behind, outside
from labgrader.checks.diagnosis.conditions import is_ready
from labgrader.checks.diagnosis.endpoints import target_port
from labgrader.checks.diagnosis.events import one_line
from labgrader.checks.diagnosis.service import policies_on, refusing, without_endpoints
from labgrader.checks.expect.operators import holds
from labgrader.checks.expect.problems import scalar_problems
from labgrader.checks.finding import Cause, Finding, cause, failed, passed
from labgrader.checks.problem import Problem
from labgrader.checks.scope import Scope
from labgrader.evidence.answers import HttpAnswer, Json, NoHttpAnswer
from labgrader.evidence.requests import CallHttp, ReadLog
from labgrader.evidence.snapshot import Snapshot

_SERVER_ERRORS = range(500, 600)


def problems(params: Answers) -> tuple[Problem, ...]:
    """What makes the params unusable."""
    return () if params.body is None else scalar_problems(params.body, "body")


def judge(params: Answers, scope: Scope, snapshot: Snapshot) -> Finding:
    """The Service leads to pods of this namespace, and one of them answers as expected."""
    seen = behind(scope, snapshot, params.service, params.port)
    if isinstance(seen, Finding):
        return seen
    elsewhere = outside(scope, seen)
    if elsewhere is not None:
        return elsewhere
    if not seen.endpoints:
        return _no_endpoints(params, scope, snapshot, seen)
    leads_to = _headless_port(seen)
    if leads_to not in {None, params.port}:
        return failed(
            "HeadlessPort",
            service=params.service,
            namespace=scope.namespace,
            port=params.port,
            target=leads_to,
        )
    target = clients.target(scope.namespace, params)
    answer = snapshot.http(CallHttp(target))
    if isinstance(answer, NoHttpAnswer):
        return _no_answer(params, scope, snapshot, seen, answer.why)
    return _judge(params, scope, snapshot, seen, answer)


def _headless_port(seen: Behind) -> int | None:
    """Where a headless Service's pods listen: its clients get their addresses, and no mapping."""
    if seen.service["spec"].get("clusterIP") != "None":
        return None
    return next((target_port(seen.entry, pod) for pod in _pods(seen)), None)


def _judge(
    params: Answers, scope: Scope, snapshot: Snapshot, seen: Behind, answer: HttpAnswer
) -> Finding:
    url = clients.url(params)
    if answer.status != params.status:
        return failed(
            "WrongStatus",
            service=params.service,
            namespace=scope.namespace,
            url=url,
            expected=params.status,
            seen=answer.status,
            body=one_line(answer.body) or "-",
        ).because(*_server_errors(snapshot, seen, answer.status))
    if params.body is not None and not (
        holds(params.body, answer.body) or holds(params.body, answer.body.strip())
    ):
        return failed(
            "WrongBody",
            service=params.service,
            namespace=scope.namespace,
            url=url,
            expected=params.body,
            seen=one_line(answer.body) or "-",
        )
    return passed("ServiceAnswers", service=params.service, url=url, status=answer.status)


def _no_endpoints(params: Answers, scope: Scope, snapshot: Snapshot, seen: Behind) -> Finding:
    finding = failed(
        "NoEndpoints", service=params.service, namespace=scope.namespace, port=params.port
    )
    if not seen.service["spec"].get("selector"):
        return finding.because(cause("NoSelector", service=params.service))
    return finding.because(*without_endpoints(scope, snapshot, seen, seen.pods))


def _no_answer(
    params: Answers, scope: Scope, snapshot: Snapshot, seen: Behind, why: str
) -> Finding:
    service, namespace = params.service, scope.namespace
    url = clients.url(params)
    match why:
        case "refused":
            return failed(
                "ConnectionRefused", service=service, namespace=namespace, url=url
            ).because(*_refusing(seen))
        case "reset":
            return failed("ConnectionReset", service=service, namespace=namespace, url=url)
        case "not-http":
            return failed("NotHttp", service=service, namespace=namespace, url=url)
    policies = reading.objects(snapshot, scope.all("NetworkPolicy"))
    return failed("NoAnswerInTime", service=service, namespace=namespace, url=url).because(
        *policies_on(policies, _pods(seen))
    )


def _refusing(seen: Behind) -> tuple[Cause, ...]:
    return tuple(refusing(seen.entry, pod) for pod in _pods(seen)[:1])


def _server_errors(snapshot: Snapshot, seen: Behind, status: int) -> tuple[Cause, ...]:
    """What the server said last, where it answers that it failed."""
    if status not in _SERVER_ERRORS:
        return ()
    for pod in [one for one in _pods(seen) if one["spec"]["containers"]][:1]:
        name, namespace = pod["metadata"]["name"], pod["metadata"]["namespace"]
        container = pod["spec"]["containers"][0]["name"]
        line = reading.last_line(snapshot, ReadLog(namespace, name, container))
        if line:
            return (cause("LastLogLine", pod=name, namespace=namespace, line=one_line(line)),)
    return ()


def _pods(seen: Behind) -> list[Json]:
    """The pods that get the traffic, the Ready ones first."""
    pods = [endpoint.pod for endpoint in seen.endpoints if endpoint.pod is not None]
    return sorted(pods, key=lambda pod: not is_ready(pod))
