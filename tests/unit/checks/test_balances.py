"""`balances` judges recorded traffic as values: fair shares, unfair ones, and pods that lie."""

from dataclasses import replace
from random import Random
from typing import Any

import pytest

from labgrader.api.kinds import Balances
from labgrader.checks.balances import problems
from labgrader.checks.finding import Outcome
from labgrader.evidence.answers import Answer, Trouble
from labgrader.evidence.experiments import HttpTarget, SpreadRequests
from labgrader.evidence.requests import Request
from labgrader.evidence.snapshot import CouldNotLook
from labgrader.evidence.traffic import Backend, Reply, Traffic
from tests.unit.checks.namespaces import Judged, Namespace
from tests.unit.checks.objects import Body, endpoint, endpoint_slice, pod, service

PODS = [pod(f"web-{n}", ip=f"10.244.0.{n}") for n in (1, 2)]
SLICE = endpoint_slice("web", *(endpoint(one) for one in PODS))
BACKENDS = tuple(Backend(f"uid-of-web-{n}", f"web-{n}", ready=True) for n in (1, 2))


class Sent(Namespace):
    """A namespace to which requests were sent."""

    record: Answer
    second: Answer | None = None
    """What comes of a second time, where that is something else."""
    asked: SpreadRequests

    def _answer(self, request: Request) -> Answer:
        if isinstance(request, SpreadRequests):
            self.asked = request
            return (self.second if request.again else None) or self.record
        return super()._answer(request)


def traffic(*service: str, direct: tuple[tuple[str, ...], ...] = (), **more: Any) -> Traffic:
    """Answers by their text; each pod gives its own name where it is asked itself."""
    own = direct or tuple((one.name,) * 40 for one in BACKENDS)
    said: dict[str, int] = {}
    replies = [
        Reply(0, to, 200, said.setdefault(text, len(said)))
        for to, texts in ((-1, service), *enumerate(own))
        for text in texts
    ]
    return Traffic(BACKENDS, tuple(replies), tuple(said), **more)


def judged(record: Answer, *objects: Body, second: Answer | None = None, **params: Any) -> Judged:
    namespace = Sent(list(objects) or [service(), SLICE, *PODS])
    namespace.record, namespace.second = record, second
    return namespace.judge(balances={"service": "web", "port": 80, **params})


def sent(found: Judged) -> list[SpreadRequests]:
    """The sets of requests that were asked for, in their order."""
    return [one for asked in found.rounds for one in asked if isinstance(one, SpreadRequests)]


def shares(first: int, second: int) -> Traffic:
    return traffic(*("web-1",) * first, *("web-2",) * second)


def test_tells_who_got_how_many() -> None:
    found = judged(shares(188, 212))
    assert found.finding.outcome is Outcome.PASSED
    assert found.says("en") == (
        "400 new connections to http://web:80/ were spread over 2 Ready pods: web-1: 188, web-2: 212"
        " (a fair balancer gives each 150 to 250)."
    )
    assert found.says("ko") == (
        "http://web:80/에 새로 맺은 연결 400개가 준비(Ready)된 파드 2개에 나뉘었습니다:"
        " web-1: 188, web-2: 212(고르게 나누면 파드마다 150~250개)."
    )


def test_names_the_pod_that_got_too_little_and_why() -> None:
    sticky = service(sessionAffinity="ClientIP")
    found = judged(shares(400, 0), sticky, SLICE, *PODS)
    assert found.causes == ("HasSessionAffinity",)
    assert found.says("en") == (
        "400 new connections to http://web:80/ should be spread over 2 Ready pods, but pod web-2 got"
        " 0: web-1: 400, web-2: 0. A fair balancer gives each 150 to 250, and fails to do so once in"
        " 1,000,000 times at most. Service web has sessionAffinity ClientIP, which sends each client"
        " to one pod. Look: kubectl -n kim get service web -o yaml"
    )
    assert "파드 web-2에 0개가 갔습니다: web-1: 400, web-2: 0." in found.says("ko")
    assert "1,000,000분의 1 이하입니다" in found.says("ko")


@pytest.mark.parametrize("field", ["internalTrafficPolicy", "trafficDistribution"])
def test_a_preference_for_near_pods_is_named(field: str) -> None:
    value: Any = "Local" if field == "internalTrafficPolicy" else "PreferSameNode"
    more: dict[str, Any] = {field: value}
    found = judged(shares(400, 0), service(**more), SLICE, *PODS)
    assert found.causes == ("PrefersNearPods",)
    assert f"{field} {value}" in found.says("en")


def test_asks_once_for_what_the_check_says() -> None:
    namespace = Sent([service(), SLICE, *PODS])
    namespace.record = traffic(*("a",) * 50, *("b",) * 50, direct=(("a",), ("b",)))
    params = {"path": "/who", "requests": 100, "name": {"header": "X-Pod"}}
    found = namespace.judge(balances={"service": "web", "port": 80, **params})
    assert found.finding.outcome is Outcome.PASSED
    target = HttpTarget("kim", "web", 80, "/who")
    assert namespace.asked == SpreadRequests("kim", target, 100, "X-Pod")
    assert len(found.rounds) == 2


def test_sends_nothing_where_there_is_no_choice() -> None:
    namespace = Sent([service(), endpoint_slice("web", endpoint(PODS[0])), *PODS])
    found = namespace.judge(balances={"service": "web", "port": 80})
    assert found.finding.reason == "TooFewToChoose"
    assert not hasattr(namespace, "asked")
    assert "at least 2 Ready endpoints on port 80 to choose from, but it has 1" in found.says("en")
    assert "엔드포인트가 2개 이상" in found.says("ko")


ODD = {
    "Unbalanced": shares(251, 149),
    "AnsweredByOther": traffic("web-0", *("web-1",) * 200, *("web-2",) * 199),
    "BackendsChange": traffic(*("web-1",) * 200, *("web-2",) * 200, settled=False),
    "NotReadyAnswers": Traffic(
        (*BACKENDS, Backend("uid-of-web-3", "web-3", ready=False)),
        (*shares(199, 200).replies, Reply(0, -1, 200, 2), Reply(0, 2, 200, 2)),
        ("web-1", "web-2", "web-3"),
    ),
    "RequestsLost": Traffic(BACKENDS, (Reply(0, -1, 0, -1, "refused"),) * 24, (), complete=False),
}
"""What is also seen while a node's proxy still sends to the pods of a moment ago."""


@pytest.mark.parametrize("reason", ODD)
def test_what_old_rules_of_a_proxy_explain_counts_if_seen_twice(reason: str) -> None:
    once, twice = judged(ODD[reason], second=shares(190, 210)), judged(ODD[reason])
    assert (once.finding.reason, once.params["shares"]) == ("Balanced", "web-1: 190, web-2: 210")
    assert twice.finding.reason == reason
    first, second = sent(once)
    assert second == replace(first, again=True)


def test_a_client_that_did_not_stay_is_looked_at_again() -> None:
    sticky, moved = shares(400, 0), shares(399, 1)
    assert judged(moved, second=sticky, affinity="ClientIP").finding.reason == "AffinityKept"
    assert judged(moved, affinity="ClientIP").finding.reason == "AffinityNotKept"


def test_a_second_time_that_failed_leaves_it_open() -> None:
    behind = traffic(*("web-1",) * 90, *("web-2",) * 90, complete=False)
    assert judged(shares(400, 0), second=behind).finding.reason == "SamplerBehind"


def test_what_a_pod_says_itself_is_asked_once() -> None:
    same = traffic(*("web",) * 400, direct=(("web",) * 40, ("web",) * 40))
    found = judged(same, second=shares(200, 200))
    assert found.finding.reason == "NameShared"
    assert [request.again for request in sent(found)] == [False]


@pytest.mark.parametrize("lies", [0.35, 0.5, 0.65])
def test_a_pod_that_gives_the_others_name_to_look_fair_is_found(lies: float) -> None:
    """All requests reach one pod, which cannot know which of them came through the Service."""
    chance = Random(3)  # noqa: S311 (the same every time)

    def says() -> str:
        return "web-2" if chance.random() < lies else "web-1"

    one = tuple(says() for _ in range(40))
    found = judged(traffic(*(says() for _ in range(400)), direct=(one, ("web-2",) * 40)))
    assert found.finding.reason == "NameChanges"
    assert 'pod web-1, asked at its own address, answered as "web-' in found.says("en")
    assert "자기 주소로 직접 물었을 때" in found.says("ko")


def test_one_lost_request_in_a_hundred_is_nobodys_fault() -> None:
    lost = (Reply(0, -1, 0, -1, "timeout"),)
    four, five = (
        Traffic(BACKENDS, fair.replies + lost * count, fair.said)
        for count, fair in ((4, shares(198, 198)), (5, shares(197, 198)))
    )
    assert judged(four).finding.outcome is Outcome.PASSED
    found = judged(five)
    assert found.finding.reason == "RequestsLost"
    assert "but 5 of 400 were not (last: timeout)" in found.says("en")


def test_an_error_is_no_answer() -> None:
    sick = Traffic(BACKENDS, (Reply(0, -1, 503, 0),) * 24, ("sick",), complete=False)
    found = judged(sick)
    assert found.finding.reason == "RequestsLost"
    assert "(last: HTTP 503)" in found.says("en")


def test_a_ready_pod_that_answers_nobody_is_named() -> None:
    only_one = traffic(*("web-1",) * 400, direct=(("web-1",) * 40, ()))
    found = judged(only_one)
    assert (found.finding.reason, found.params["pod"]) == ("PodAnswersNothing", "web-2")


def test_the_graders_trouble_is_not_the_learners() -> None:
    with pytest.raises(CouldNotLook):  # of which the engine makes Unknown
        judged(Trouble("ProbeNotStarted", "no image", transient=False))


@pytest.mark.parametrize(
    ("name", "complaint"),
    [
        ({"header": "X-Pod", "field": "pod"}, "at most one of header, field and pattern"),
        ({"pattern": "("}, "RE2 does not take the pattern"),
        ({"pattern": "^pod [^ ]+"}, "put what is the name into brackets"),
    ],
)
def test_unusable_params_are_named(name: dict[str, str], complaint: str) -> None:
    params = Balances.model_validate({"service": "web", "port": 80, "name": name})
    (problem,) = problems(params)
    assert complaint in problem.text


@pytest.mark.parametrize("said", ["", "x", "[]", '{"server": []}', '{"server": {"pod": null}}'])
def test_odd_json_names_nobody(said: str) -> None:
    record = traffic(*(said,) * 400, direct=((said,) * 40, (said,) * 40))
    assert judged(record, name={"field": "server.pod"}).finding.reason == "NameNotTold"
