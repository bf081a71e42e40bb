"""`balances` and the marks that it counts by, at each limit, with everything that is told."""

from dataclasses import replace
from typing import Any

import pytest

from labgrader.api.kinds.balances import PodName
from labgrader.checks.finding import Finding, cause, failed, passed, unknown
from labgrader.checks.naming import mark, marks
from labgrader.checks.shares import accepted
from labgrader.evidence.traffic import Backend, Reply, Traffic
from tests.unit.checks.objects import Body, endpoint, endpoint_slice, meta, pod, service, unready
from tests.unit.checks.test_balances import BACKENDS, PODS, SLICE, Sent, judged, shares, traffic

HERE: dict[str, Any] = {"service": "web", "namespace": "kim", "url": "http://web:80/"}
SENT: dict[str, Any] = HERE | {"sent": 400}
LOST = Reply(0, -1, 0, -1, "timeout")


def told(low: int, high: int, ready: int = 2) -> dict[str, Any]:
    return {"low": low, "high": high, "ready": ready, "odds": "1,000,000"}


def found(record: Any, *objects: Body, **params: Any) -> Finding:
    return judged(record, *objects, **params).finding


def test_fair_shares_are_told_with_their_bounds() -> None:
    assert found(shares(188, 212)) == passed(
        "Balanced", **SENT, shares="web-1: 188, web-2: 212", **told(150, 250)
    )


@pytest.mark.parametrize(
    ("first", "second", "worst"),
    [(150, 250, None), (149, 251, ("web-1", 149)), (251, 149, ("web-2", 149))],
)
def test_the_bounds_belong_to_what_is_fair(
    first: int, second: int, worst: tuple[str, int] | None
) -> None:
    numbers = {**SENT, "shares": f"web-1: {first}, web-2: {second}", **told(150, 250)}
    if worst is None:
        assert found(shares(first, second)) == passed("Balanced", **numbers)
    else:
        expected = failed("Unbalanced", **numbers, pod=worst[0], count=worst[1])
        assert found(shares(first, second)) == expected


@pytest.mark.parametrize(
    ("spec", "causes"),
    [
        ({"sessionAffinity": "ClientIP"}, [cause("HasSessionAffinity", service="web")]),
        ({"sessionAffinity": "None"}, []),
        ({"internalTrafficPolicy": "Cluster"}, []),
        (
            {"internalTrafficPolicy": "Local"},
            [cause("PrefersNearPods", service="web", field="internalTrafficPolicy", value="Local")],
        ),
        (
            {"trafficDistribution": "PreferClose"},
            [
                cause(
                    "PrefersNearPods",
                    service="web",
                    field="trafficDistribution",
                    value="PreferClose",
                )
            ],
        ),
    ],
)
def test_what_keeps_requests_from_pods_is_named(spec: dict[str, Any], causes: list[Any]) -> None:
    finding = found(shares(400, 0), service(**spec), SLICE, *PODS)
    assert finding.reason == "Unbalanced"
    assert finding.causes == tuple(causes)


def test_affinity_is_kept_where_one_pod_answers_all() -> None:
    sticky = service(sessionAffinity="ClientIP")
    numbers = {**SENT, "shares": "web-1: 400, web-2: 0"}
    finding = found(shares(400, 0), sticky, SLICE, *PODS, affinity="ClientIP")
    assert finding == passed("AffinityKept", **numbers)
    loose = found(shares(399, 1), affinity="ClientIP")
    numbers = {**SENT, "shares": "web-1: 399, web-2: 1"}
    assert loose == failed("AffinityNotKept", **numbers).because(
        cause("NoSessionAffinity", service="web")
    )
    odd = found(shares(399, 1), sticky, SLICE, *PODS, affinity="ClientIP")
    assert odd == failed("AffinityNotKept", **numbers)


def test_a_pod_that_is_not_ready_and_answers_is_told() -> None:
    backends = (
        replace(BACKENDS[0], ready=False),
        *BACKENDS[1:],
        Backend("u3", "web-3", ready=True),
    )
    own = tuple((f"web-{n}",) for n in (1, 2, 3))
    record = replace(traffic(*("web-1",) * 7, *("web-2",) * 393, direct=own), backends=backends)
    expected = failed("NotReadyAnswers", **SENT, pod="web-1", count=7)
    assert found(record) == expected
    open_to_all = service(publishNotReadyAddresses=True)
    assert found(record, open_to_all, SLICE, *PODS) == expected.because(
        cause("PublishesNotReady", service="web")
    )
    silent = replace(traffic(*("web-3",) * 200, *("web-2",) * 200, direct=own), backends=backends)
    assert found(silent).reason == "Balanced"


def test_without_a_choice_nothing_is_sent() -> None:
    numbers: dict[str, Any] = {
        "service": "web",
        "namespace": "kim",
        "port": 80,
        "ready": 1,
        "min": 2,
    }
    sick = pod("web-2", ip="10.244.0.2", statuses=[unready()])
    seen = endpoint_slice("web", endpoint(PODS[0]), endpoint(sick, ready=False))
    few = found(None, service(), seen, PODS[0], sick)
    assert few == failed("TooFewToChoose", **numbers).because(
        cause("PodNotReadyYet", pod="web-2", namespace="kim")
    )
    bare = found(None, service(selector={}), seen, PODS[0], sick)
    assert bare == failed("TooFewToChoose", **numbers).because(cause("NoSelector", service="web"))
    away = endpoint_slice("web", {"addresses": ["10.9.9.9"]}, endpoint(PODS[0]))
    elsewhere: dict[str, Any] = {"address": "10.9.9.9", "target": "10.9.9.9"}
    assert found(None, service(), away, *PODS) == failed(
        "EndpointElsewhere", service="web", namespace="kim", **elsewhere
    )
    headless = found(None, service(clusterIP="None"), SLICE, *PODS)
    assert headless == failed("HeadlessNoBalance", service="web", namespace="kim")


@pytest.mark.parametrize(("count", "fits"), [(40, True), (41, False)])
def test_so_many_pods_can_be_counted(count: int, *, fits: bool) -> None:
    pods = [pod(f"web-{n}", ip=f"10.244.{n // 250}.{n % 250 + 1}") for n in range(count)]
    seen = endpoint_slice("web", *(endpoint(one) for one in pods))
    finding = found(shares(200, 200), service(), seen, *pods)
    too_many = failed("TooManyToCount", service="web", namespace="kim", seen=count, most=40)
    assert (finding == too_many) is not fits


def test_pods_that_come_and_go_leave_it_open() -> None:
    assert found(replace(shares(200, 200), settled=False)) == failed("BackendsChange", **SENT)
    fewer = replace(shares(200, 200), backends=(BACKENDS[0], replace(BACKENDS[1], ready=False)))
    assert found(fewer) == failed("BackendsChange", **SENT)


@pytest.mark.parametrize(("lost", "passes"), [(4, True), (5, False)])
def test_one_request_in_a_hundred_may_be_lost(lost: int, *, passes: bool) -> None:
    fair = shares(200, 200 - lost)
    record = replace(fair, replies=(LOST, *fair.replies, *(LOST,) * (lost - 1)))
    assert (found(record).reason == "Balanced") is passes


def test_lost_requests_are_told_with_the_last_word_and_policies() -> None:
    fair = shares(1, 1)
    last = Reply(0, -1, 503, 0)
    record = replace(fair, replies=(*fair.replies, LOST, LOST, last))
    numbers = HERE | {"sent": 5, "lost": 3, "seen": "HTTP 503"}
    assert found(record) == failed("RequestsLost", **numbers)
    policy = {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": meta("deny"),
        "spec": {"podSelector": {}, "policyTypes": ["Ingress"]},
    }
    kept_out = found(record, service(), SLICE, *PODS, policy)
    assert kept_out.causes == (cause("PoliciesRestrict", names="deny"),)


def test_what_was_not_all_sent_leaves_it_open() -> None:
    behind = unknown("SamplerBehind", transient=True, detail="http://web:80/")
    assert found(replace(shares(200, 200), complete=False)) == behind
    assert found(traffic()) == behind
    assert found(shares(2, 2)) == behind  # no count of so few is unfair


def test_an_answer_of_nobody_there_is_told() -> None:
    for body, shown in (("x " * 3, "x x x"), (" ", "-")):
        record = traffic(*("web-1",) * 399, body)
        assert found(record) == failed("AnsweredByOther", **SENT, body=shown)
    late = traffic("odd", *("web-1",) * 399)
    sick = replace(late, replies=(LOST, *late.replies))
    assert found(sick) == failed("AnsweredByOther", **SENT | {"sent": 401}, body="odd")


@pytest.mark.parametrize(
    ("name", "said", "told"),
    [
        ({}, " web-1 \n", "web-1"),
        ({"header": "X-Pod"}, " web-1 ", "web-1"),
        ({"pattern": "^pod ([^ ]+)"}, "pod web-1 says", "web-1"),
        ({"pattern": "^pod ([^ ]+)"}, "no", ""),
        ({"pattern": "^pod( [a-z]+)?"}, "pod", ""),
        ({"field": "pod"}, '{"pod": "web-1"}', "web-1"),
        ({"field": "a.b"}, '{"a": {"b": 7}}', "7"),
        ({"field": "a.b"}, '{"a": {"b": true}}', ""),
        ({"field": "a.b"}, '{"a": {"b": [1]}}', ""),
        ({"field": "a.b"}, '{"a": 1}', ""),
        ({"field": "a"}, "[" * 100_000, ""),
        ({"field": "a"}, "{", ""),
    ],
)
def test_a_mark_is_what_the_answer_calls_itself(name: dict[str, str], said: str, told: str) -> None:
    assert mark(PodName.model_validate(name), said) == told


TWO = (Backend("u1", "web-1", ready=True), Backend("u2", "web-2", ready=True))
NUMBERS: dict[str, Any] = {"url": "u"}


def marked(*direct: tuple[str, ...], backends: tuple[Backend, ...] = TWO) -> Any:
    own = traffic(direct=direct)
    return marks(PodName(), Traffic(backends, own.replies, own.said), NUMBERS)


def test_each_backend_is_known_by_its_own_mark() -> None:
    assert marked(("a", "a"), ("b",)) == {"a": TWO[0], "b": TWO[1]}


def test_a_backend_that_is_not_ready_need_not_answer() -> None:
    quiet = (replace(TWO[0], ready=False), TWO[1])
    assert marked((), ("b",), backends=quiet) == {"b": TWO[1]}
    assert marked((), ("b",)) == failed("PodAnswersNothing", **NUMBERS, pod="web-1")


def test_marks_that_do_not_tell_backends_apart() -> None:
    changes: dict[str, Any] = {"pod": "web-1", "first": "a b", "second": "c"}
    assert marked(("a\nb", "c", "d"), ("b",)) == failed("NameChanges", **NUMBERS, **changes)
    shared: dict[str, Any] = {"pod": "web-2", "other": "web-1", "first": "a"}
    assert marked(("a",), ("a",)) == failed("NameShared", **NUMBERS, **shared)
    assert marked(("  ", "x"), ("b",)) == failed("NameNotTold", **NUMBERS, pod="web-1", body="-")
    assert marked(("x", ""), ("b",)) == failed("NameNotTold", **NUMBERS, pod="web-1", body="x")


def test_an_error_of_a_backend_is_no_answer() -> None:
    record = Traffic(
        TWO, (Reply(0, 0, 500, 0), Reply(0, 0, 200, 1), Reply(0, 1, 200, 2)), ("", "a", "b")
    )
    assert marks(PodName(), record, NUMBERS) == {"a": TWO[0], "b": TWO[1]}


@pytest.mark.parametrize(
    ("requests", "endpoints", "counts"),
    [(400, 2, (150, 250)), (100, 3, (11, 58)), (1, 2, (0, 1)), (24, 2, (1, 23)), (50, 1, (50, 50))],
)
def test_fair_counts_are_exact(requests: int, endpoints: int, counts: tuple[int, int]) -> None:
    assert (accepted(requests, endpoints)[0], accepted(requests, endpoints)[-1]) == counts


def test_only_what_the_check_names_is_sent() -> None:
    namespace = Sent([service(), SLICE, *PODS])
    namespace.record = shares(200, 200)
    namespace.judge(balances={"service": "web", "port": 80})
    assert (namespace.asked.namespace, namespace.asked.header) == ("kim", "")
