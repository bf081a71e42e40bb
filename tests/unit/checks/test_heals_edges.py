"""`heals` at each of its limits, with everything that its sentences need."""

from dataclasses import replace
from typing import Any

import pytest

from labgrader.checks.finding import cause, error, failed, passed, unknown
from labgrader.checks.heals import judge, wanted_replicas, whole
from labgrader.evidence.snapshot import Snapshot
from labgrader.evidence.timeline import Action, EndpointsSeen, PodsSeen, Sample, Timeline
from tests.unit.checks.healing import (
    AVAILABILITY,
    BEFORE,
    DOWN,
    SCOPE,
    UP,
    deployment,
    found,
    heals,
    pods,
    samples,
    timeline,
)

WEB: dict[str, Any] = {"kind": "Deployment", "name": "web", "namespace": "kim"}
HEALED: dict[str, Any] = WEB | {"took": "14.2", "within": "60", "lowest": "1", "wanted": "2"}
SEEN: dict[str, Any] = {
    "url": "http://web:80/",
    "min": "99",
    "sent": "285",
    "lost": "0",
    "gap": "0.0",
}
WATCHED = heals(availability=AVAILABILITY)
BARE = deployment(probe=False)
STOPS = cause("NoPreStop", **WEB, cut="21", lost="40")
SLOW = [{"at": "10s", "percent": 100}, {"at": "60s", "percent": 40}]
ANY = AVAILABILITY | {"min": "0"}


def lost(count: int) -> Timeline:
    return timeline(BEFORE, DOWN, UP, samples=samples(lost=range(20, 20 + count)))


def test_a_recovery_is_told_with_every_number() -> None:
    assert found(heals(), timeline(BEFORE, DOWN, UP)) == passed("Healed", **HEALED)
    assert found(WATCHED, lost(0)) == passed("HealedAvailable", **HEALED, **SEEN)


def test_what_cannot_heal_is_no_question() -> None:
    pod = heals(object={"kind": "Pod", "name": "web"})
    assert judge(pod, SCOPE, Snapshot()) == error("NothingHealsIt", kind="Pod")


def test_clients_that_noticed_are_told_when_and_why() -> None:
    numbers = HEALED | SEEN | {"lost": "40", "gap": "2.0", "first": "1.0", "last": "3.0"}
    expected = failed("HealedButUnavailable", **numbers, watched="14.2")
    assert found(WATCHED, lost(40)) == expected.because(STOPS)
    hooked = deployment()
    hook = {"preStop": {"sleep": {"seconds": 4}}}
    hooked["spec"]["template"]["spec"]["containers"][0]["lifecycle"] = hook
    assert found(WATCHED, lost(40), hooked) == expected


@pytest.mark.parametrize(("up_ms", "blamed"), [(3_950, True), (3_951, False)])
def test_a_missing_probe_is_to_blame_only_while_a_new_pod_counts_as_ready(
    up_ms: int, *, blamed: bool
) -> None:
    """The last request that failed ended at 3,950 ms."""
    seen = timeline(BEFORE, DOWN, pods(up_ms, "bc", "a"), samples=samples(lost=range(20, 60)))
    causes = (cause("NoReadinessProbe", **WEB, container="web"), STOPS)
    assert found(WATCHED, seen, BARE).causes == causes[0 if blamed else 1 :]
    assert found(WATCHED, seen).causes == (STOPS,)


def test_a_time_without_endpoints_is_told_with_the_requests_that_fell_into_it() -> None:
    ready = [(900, "ab"), (1_040, ""), (2_500, "c"), (2_600, ""), (3_000, "bc"), (9_000, "")]
    endpoints = tuple(EndpointsSeen(at, tuple(uids)) for at, uids in ready)
    finding = found(WATCHED, replace(lost(40), endpoints=endpoints))
    told = {"first": "0.1", "last": "1.5", "lost": "11", "all": "40"}
    assert finding.causes == (cause("NoEndpointReady", service="web", **told), STOPS)
    good = replace(lost(40), endpoints=endpoints[:1])
    assert found(WATCHED, good).causes == (STOPS,)
    served = replace(lost(40), endpoints=(endpoints[0], EndpointsSeen(14_000, ())))
    assert found(WATCHED, served).causes == (STOPS,), "nobody was lost then"


def test_the_only_replica_is_told_with_its_workload() -> None:
    one = timeline(pods(900, "a", wanted=1), pods(1_040, "", "ac", 1), pods(3_000, "c", "a", 1))
    seen = replace(one, samples=samples(lost=range(40)))
    assert found(WATCHED, seen, deployment(replicas=1)).causes == (cause("OneReplica", **WEB),)
    held = timeline(pods(900, "a", wanted=1), pods(1_500, "ac", "", 1), pods(3_000, "c", "a", 1))
    never = replace(held, samples=samples(lost=range(40)))
    causes = found(WATCHED, never, deployment(replicas=1)).causes
    assert [one.reason for one in causes] == ["NoPreStop"], "it was never without a pod"


def test_a_slow_recovery_earns_its_part() -> None:
    curve = {"of": "recoveryTime", "points": SLOW}
    slow = timeline(BEFORE, DOWN, pods(36_000, "bc"))
    numbers = HEALED | {"took": "35.0"}
    told = cause("TimeBar", bar="10")
    assert found(heals(curve=curve), slow) == failed(
        "HealedSlowly", credit=70_000, **numbers
    ).because(told)
    watched = replace(slow, samples=samples(count=800))
    both = heals(curve=curve, availability=AVAILABILITY)
    seen = SEEN | {"sent": "701"}
    assert found(both, watched) == failed("HealedSlowly", credit=70_000, **numbers, **seen).because(
        told
    )


def test_a_long_gap_earns_its_part_and_says_why() -> None:
    points = [{"at": "0s", "percent": 100}, {"at": "4s", "percent": 0}]
    params = heals(curve={"of": "longestGap", "points": points}, availability=ANY)
    numbers = HEALED | SEEN | {"lost": "40", "gap": "2.0", "min": "0"}
    assert found(params, lost(40)) == failed(
        "HealedPartly", credit=50_000, **numbers, first="1.0", last="3.0"
    ).because(cause("GapBar", gap="2.0", bar="0"), STOPS)


def test_answers_that_nobody_heard_prove_nothing() -> None:
    behind = unknown("SamplerBehind", transient=True, detail="http://web:80/")
    assert found(WATCHED, timeline(BEFORE, DOWN, UP, samples=())) == behind
    unstarted = Timeline((), pods=(BEFORE,), samples=(Sample(0, 1, 200),), ended_ms=9_000)
    assert found(WATCHED, unstarted) == behind


def test_clients_that_were_kept_out_before_are_told_with_the_last_word() -> None:
    bad = samples(lost=range(400))
    last = (Sample(0, 2, 0, "timeout"), *bad[1:-1], replace(bad[-1], status=503))
    seen = Timeline((), pods=(BEFORE,), samples=last, ended_ms=30_000)
    numbers = SEEN | {"sent": "400", "lost": "400", "gap": "30.0"}
    assert found(WATCHED, seen) == failed("UnavailableBefore", **WEB, **numbers, seen="HTTP 503")


def test_a_workload_that_was_not_whole_is_told_as_seen_last() -> None:
    broken = Timeline(
        (Action(1, "not-whole"),), pods=(pods(0, "", "a"), pods(9_000, "b", "a", wanted=3))
    )
    for params in (heals(), WATCHED):
        finding = found(params, broken)
        assert finding.because() == failed("NotWholeBefore", **WEB, ready=1, wanted=3)
    unseen = replace(broken, pods=())
    assert found(heals(), unseen).because() == failed("NotWholeBefore", **WEB, ready=0, wanted=0)


def test_what_did_not_heal_is_told_with_those_that_are_back() -> None:
    finding = found(heals(), timeline(BEFORE, DOWN))
    assert finding.because() == failed("NotHealed", **WEB, within="60", wanted=2, ready=1)
    none = found(heals(), timeline(BEFORE, pods(1_040, "", "ab")))
    assert dict(none.params)["ready"] == "0"


@pytest.mark.parametrize(("within_ms", "reason"), [(60_000, "Healed"), (60_001, "NotHealed")])
def test_it_may_take_as_long_as_is_allowed(within_ms: int, reason: str) -> None:
    assert found(heals(), timeline(BEFORE, DOWN, pods(1_000 + within_ms, "bc"))).reason == reason


def test_fewer_replicas_meanwhile_leave_it_open() -> None:
    fewer = found(heals(), timeline(BEFORE, DOWN, pods(3_000, "b", "", wanted=1)))
    assert fewer == unknown("ScaledMeanwhile", transient=True, **WEB, before=2, after=1)
    same = found(heals(), timeline(BEFORE, DOWN, pods(3_000, "b", "", wanted=2)))
    assert same.reason == "NotHealed"


def status(body: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return body | {"status": fields}


@pytest.mark.parametrize(
    ("fields", "is_whole"),
    [
        ({"observedGeneration": 3, "readyReplicas": 2, "replicas": 2}, True),
        ({"observedGeneration": 4, "readyReplicas": 2, "replicas": 2}, True),
        ({"observedGeneration": 2, "readyReplicas": 2, "replicas": 2}, False),
        ({"readyReplicas": 2, "replicas": 2}, False),
        ({"observedGeneration": 3, "replicas": 2}, False),
        ({"observedGeneration": 3, "readyReplicas": 2}, False),
    ],
)
def test_a_workload_is_whole_by_its_whole_status(fields: dict[str, Any], *, is_whole: bool) -> None:
    assert whole(status(deployment(), **fields)) is is_whole


def test_one_replica_is_whole_and_what_is_not_written_is_one() -> None:
    one = status(deployment(replicas=1), observedGeneration=3, readyReplicas=1, replicas=1)
    assert whole(one)
    assert whole(one | {"spec": {}})
    assert wanted_replicas({"kind": "Deployment", "spec": {}}) == 1
    assert wanted_replicas({"kind": "Deployment", "spec": None}) == 1
    for missing in ("readyReplicas", "replicas"):
        assert not whole(status(one, **{k: v for k, v in one["status"].items() if k != missing}))


def test_without_generations_nothing_lags() -> None:
    bare: dict[str, Any] = {"kind": "ReplicaSet", "metadata": {}, "spec": {"replicas": 2}}
    assert whole(status(bare, readyReplicas=2, replicas=2))
    young = bare | {"metadata": {"generation": 1}}
    assert not whole(status(young, readyReplicas=2, replicas=2))


def test_a_daemon_set_is_whole_on_all_its_nodes() -> None:
    agent: dict[str, Any] = {"kind": "DaemonSet", "metadata": {"generation": 1}, "spec": {}}
    nodes = {"desiredNumberScheduled": 3, "numberReady": 3, "currentNumberScheduled": 3}
    whole_one = status(agent, observedGeneration=1, **nodes)
    assert whole(whole_one)
    assert wanted_replicas(whole_one) == 3
    for field in nodes:
        for fewer in ({**nodes, field: 2}, {k: v for k, v in nodes.items() if k != field}):
            assert not whole(status(agent, observedGeneration=1, **fewer))
    one = dict.fromkeys(nodes, 1)
    assert whole(status(agent, observedGeneration=1, **one))
    for field in ("numberReady", "currentNumberScheduled"):
        fewer = {k: v for k, v in one.items() if k != field}
        assert not whole(status(agent, observedGeneration=1, **fewer))
    assert wanted_replicas(agent) == wanted_replicas(agent | {"status": {}}) == 0


def test_pods_seen_at_the_very_moment_of_the_fault_were_before_it() -> None:
    at_once = timeline(PodsSeen(1_000, ("a", "b"), (), 2), DOWN, UP)
    assert found(heals(), at_once).reason == "Healed"
