"""`drains` judges timelines as values: pods that finish their work, and those that do not."""

from dataclasses import replace
from typing import Any

import pytest

from labgrader.api.kinds import Drains
from labgrader.checks.drains import problems
from labgrader.checks.finding import Outcome
from labgrader.evidence.answers import Answer
from labgrader.evidence.experiments import DrainPod, HttpTarget
from labgrader.evidence.requests import Request
from labgrader.evidence.timeline import Action, EndpointsSeen, PodsSeen, Sample, Timeline
from tests.unit.checks.namespaces import Judged, Namespace
from tests.unit.checks.objects import (
    Body,
    container,
    deployment,
    endpoint,
    endpoint_slice,
    pod,
    service,
)

PODS = [pod(f"web-{n}", ip=f"10.244.0.{n}") for n in (1, 2)]
AROUND = (service(), endpoint_slice("web", *(endpoint(one) for one in PODS)), *PODS)
TOLD_MS = 10_000


class Stopped(Namespace):
    """A namespace in which a pod was told to stop."""

    record: Timeline
    asked: DrainPod

    def _answer(self, request: Request) -> Answer:
        if isinstance(request, DrainPod):
            self.asked = request
            return self.record
        return super()._answer(request)


def workload(*, probe: bool = True, grace: int | None = None, **more: Any) -> Body:
    """A Deployment whose container has a probe and, unless told otherwise, no hook."""
    if probe:
        more |= {"readinessProbe": {"httpGet": {"path": "/healthz", "port": 8080}}}
    made = container(ports=[{"containerPort": 8080}], **more)
    spec = {"containers": [made], "terminationGracePeriodSeconds": grace}
    return deployment(template={"metadata": {"labels": {"app": "web"}}, "spec": spec})


def slow(count: int = 8, *, cut_ms: int | None = None) -> tuple[Sample, ...]:
    """One every 250 ms, of 3 s each, the last just before the pod is told; cut so long after."""
    begun = [TOLD_MS - 250 * n for n in range(count, 0, -1)]
    if cut_ms is None:
        return tuple(Sample(at, 3_000, 200) for at in begun)
    return tuple(
        Sample(at, 3_000, 200)
        if at + 3_000 < TOLD_MS + cut_ms
        else Sample(at, TOLD_MS + cut_ms - at, 0, "reset")
        for at in begun
    )


def timeline(
    *,
    direct: tuple[Sample, ...] = slow(),
    gone_ms: int | None = 6_000,
    code: int = 0,
    lost: range = range(0),
    left_ms: int = 100,
    after: str = "uid-of-web-2",
    wanted: int = 2,
) -> Timeline:
    actions = [Action(TOLD_MS, "pod-stopped", "uid-of-web-1")]
    if gone_ms is not None:
        ended = TOLD_MS + gone_ms
        actions.append(Action(ended - 500, "container-ended", f"web {code}"))
        actions.append(Action(ended, "pod-gone", "uid-of-web-1"))
    both = ("uid-of-web-1", "uid-of-web-2")
    return Timeline(
        actions=tuple(actions),
        pods=(
            PodsSeen(0, both[:wanted], (), wanted),
            PodsSeen(TOLD_MS + 300, tuple(after.split()), (), wanted),
        ),
        samples=tuple(
            Sample(at, 0, 0, "refused") if at in lost else Sample(at, 0, 200)
            for at in range(0, 45_000, 25)
        ),
        endpoints=(EndpointsSeen(0, both), EndpointsSeen(TOLD_MS + left_ms, both[1:])),
        direct=direct,
        ended_ms=45_000,
    )


def judged(
    record: Timeline,
    body: Body | None = None,
    around: tuple[Body, ...] = AROUND,
    **params: Any,
) -> Judged:
    namespace = Stopped([body or workload(), *around])
    namespace.record = record
    web = {"object": {"kind": "Deployment", "name": "web"}, "service": "web", "port": 80}
    return namespace.judge(drains={**web, "slow": "/slow", "within": "30s", **params})


def test_tells_what_was_under_way_and_how_long_it_took() -> None:
    found = judged(timeline(), min="99.5")
    assert found.finding.outcome is Outcome.PASSED
    assert found.says("en") == (
        "One pod of Deployment web was told to stop: all 8 requests that it had under way were"
        " answered, and it was gone after 6.0 s (allowed: 30 s). Meanwhile 0 of 401 new requests to"
        " http://web:80/ failed (expected: at least 99.5 % succeed)."
    )
    assert found.says("ko") == (
        "디플로이먼트 web의 파드 하나에 종료를 요청하자 처리 중이던 요청 8건이 모두 응답받았고 6.0초 만에"
        " 파드가 사라졌습니다(제한: 30초). 그동안 http://web:80/에 새로 보낸 요청 401건 중 0건이 실패했습니다"
        "(기준: 99.5% 이상 성공)."
    )


def test_a_process_that_ends_at_once_cuts_everything_off() -> None:
    found = judged(timeline(direct=slow(cut_ms=120), gone_ms=900))
    assert (found.finding.reason, found.causes) == ("RequestsCut", ("EndsAtOnce",))
    assert found.says("en").startswith(
        "One pod of Deployment web was told to stop while 8 requests for /slow were under way. All of"
        " them should be answered, but 8 were cut off, the first 0.2 s later. The process of"
    )
    assert "8건이 끊겼고, 첫 번째는 0.2초 뒤에 끊겼습니다" in found.says("ko")


def test_a_grace_period_that_is_too_short_is_named() -> None:
    record = timeline(direct=slow(cut_ms=2_050), gone_ms=2_400, code=137)
    found = judged(record, workload(grace=2))
    assert (found.finding.reason, found.causes) == ("RequestsCut", ("GraceTooShort",))
    assert found.params["cut"] == "3"
    assert "gives its pods 2 seconds to end (terminationGracePeriodSeconds)" in found.says("en")
    assert "2초(terminationGracePeriodSeconds) 안에 끝나지 않으면" in found.says("ko")


def test_an_hour_of_grace_is_named() -> None:
    found = judged(timeline(gone_ms=None), workload(grace=3600))
    assert (found.finding.reason, found.causes) == ("NotEndedInTime", ("GraceTooLong",))
    assert "3600 seconds to end" in found.says("en")
    assert "terminationGracePeriodSeconds가 3600초여서" in found.says("ko")


def test_who_takes_no_notice_of_the_signal_is_killed() -> None:
    found = judged(timeline(gone_ms=10_800, code=137), workload(grace=10))
    assert (found.finding.reason, found.causes) == ("KilledInTheEnd", ("IgnoresTerm",))
    assert "killed after 10.3 s (SIGKILL, exit code 137)" in found.says("en")
    assert "SIGTERM을 무시합니다" in found.says("ko")


def test_who_is_killed_at_work_needs_more_time() -> None:
    late = (*slow(), Sample(TOLD_MS + 2_500, 1_800, 0, "reset"))
    found = judged(timeline(direct=late, gone_ms=4_800, code=137), workload(grace=4))
    assert (found.finding.reason, found.causes) == ("KilledInTheEnd", ("GraceTooShort",))


def test_a_hook_longer_than_the_grace_period_is_named() -> None:
    hook = {"preStop": {"sleep": {"seconds": 15}}}
    found = judged(timeline(gone_ms=12_000, code=137), workload(grace=10, lifecycle=hook))
    assert (found.finding.reason, found.causes) == ("KilledInTheEnd", ("PreStopTooLong",))
    assert "sleeps 15 seconds" in found.says("en")
    assert "preStop 훅이 15초 동안" in found.says("ko")


@pytest.mark.parametrize(
    ("body", "after", "causes"),
    [
        (workload(), "uid-of-web-2", ("StopsWithoutHook",)),
        (workload(probe=False), "uid-of-web-2", ("StopsWithoutHook",)),
        (workload(probe=False), "uid-of-web-2 new", ("NoReadinessProbe", "StopsWithoutHook")),
        (workload(), "uid-of-web-2 new", ("StopsWithoutHook",)),
        (workload(lifecycle={"preStop": {"sleep": {"seconds": 4}}}), "uid-of-web-2", ()),
    ],
)
def test_why_new_clients_notice(body: Body, after: str, causes: tuple[str, ...]) -> None:
    """What a template lacks is a cause only where it was seen to matter."""
    found = judged(timeline(lost=range(TOLD_MS + 100, TOLD_MS + 600), after=after), body)
    assert (found.finding.reason, found.causes) == ("NewRequestsLost", causes)
    assert "20 of 401 requests" in found.says("en")
    assert "401건 중 20건이 실패했습니다" in found.says("ko")


@pytest.mark.parametrize(
    ("after", "wanted", "cause"),
    [("", 1, "OneReplica"), ("new", 1, "StopsWithoutHook"), ("", 2, "StopsWithoutHook")],
)
def test_the_only_pod_is_named_where_there_was_a_moment_without_it(
    after: str, wanted: int, cause: str
) -> None:
    lost = range(TOLD_MS + 100, TOLD_MS + 600)
    found = judged(timeline(lost=lost, after=after, wanted=wanted), workload())
    assert found.causes == (cause,)


@pytest.mark.parametrize(
    ("spec", "causes"),
    [({"publishNotReadyAddresses": True}, ("PublishesNotReady",)), ({"selector": {}}, ())],
)
def test_a_service_that_keeps_the_endpoint_of_a_pod_that_stops(
    spec: Body, causes: tuple[str, ...]
) -> None:
    """Its endpoint goes when its process has ended, however quick the cluster is."""
    keeping = (service(**spec), *AROUND[1:])
    found = judged(timeline(left_ms=5_600), around=keeping)
    assert (found.finding.reason, found.causes) == ("EndpointStays", causes)
    assert "while Service web still sent requests to it" in found.says("en")
    assert not causes or "also while they are not Ready or are stopping" in found.says("en")
    before = judged(timeline(left_ms=4_500), around=keeping)
    assert before.finding.outcome is Outcome.PASSED
    lost = judged(timeline(left_ms=5_600, lost=range(14_000, 15_500)), around=keeping)
    assert lost.finding.reason == "NewRequestsLost"
    assert lost.causes == causes


@pytest.mark.parametrize("lost", [range(0), range(TOLD_MS + 5_500, TOLD_MS + 6_600)])
def test_a_cluster_that_is_slow_to_take_the_pod_out_says_nothing_of_the_work(lost: range) -> None:
    """Also where clients are sent to a process that is no more."""
    found = judged(timeline(left_ms=6_600, lost=lost))
    assert (found.finding.outcome, found.finding.reason) == (Outcome.UNKNOWN, "EndpointsBehind")
    assert found.says("en").startswith(
        "One pod of Deployment web was told to stop, and 1.1 s after its process had ended the"
        " cluster still had it behind Service web."
    )
    assert (
        "끝나고 1.1초가 지나도록 클러스터가 이 파드를 서비스 web에서 빼지 않았습니다"
        in found.says("ko")
    )
    assert judged(timeline(left_ms=6_500)).finding.outcome is Outcome.PASSED  # clocks differ


def test_only_the_first_of_its_ends_and_only_this_pod_count() -> None:
    record = timeline()
    other = EndpointsSeen(TOLD_MS + 50, ("uid-of-web-1",))
    gone = EndpointsSeen(TOLD_MS + 9_000, ("uid-of-web-2",))
    late = replace(record, endpoints=(record.endpoints[0], other, gone))
    assert judged(late).params["after"] == "3.5"


def test_two_requests_under_way_say_too_little() -> None:
    found = judged(timeline(direct=slow(2)))
    assert found.finding.reason == "NothingUnderWay"


def test_asks_for_what_the_check_says() -> None:
    namespace = Stopped([workload(), *AROUND])
    namespace.record = timeline()
    web = {"object": {"kind": "Deployment", "name": "web"}, "service": "web", "port": 80}
    namespace.judge(drains={**web, "slow": "/slow?ms=3", "path": "/a", "within": "20s"})
    clients = HttpTarget("kim", "web", 80, "/a")
    assert namespace.asked == DrainPod(
        "kim", "apps/v1", "Deployment", "web", "uid-of-web", 20_000, clients, "/slow?ms=3"
    )


def test_a_pod_that_nothing_replaces_is_no_workload() -> None:
    params = {"service": "web", "port": 80, "slow": "/slow", "within": "30s"}
    alone = Drains.model_validate({"object": {"kind": "Pod", "name": "web"}, **params})
    (problem,) = problems(alone)
    assert "not Pod" in problem.text
