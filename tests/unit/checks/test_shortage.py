"""When the cluster was short of CPU, and which findings that takes back."""

from dataclasses import replace

import pytest

from labgrader.checks.finding import Finding, cause, failed, passed, unknown
from labgrader.checks.shortage import excused, shortage
from labgrader.evidence.timeline import CpuSeen, Sample, Timeline
from tests.unit.checks.objects import container, deployment

SLOW = failed("NotHealed")
WEB = {"kind": "Deployment", "name": "web", "namespace": "kim"}
FULL = {"node": "90", "pod": "89 %", "unplaced": "0"}


def cpu(at_ms: int = 6_000, *, node: int = 90, pod: int = 89, unplaced: int = 0) -> CpuSeen:
    return CpuSeen(at_ms, node=node, pod=pod, unplaced=unplaced, allocatable=4_000)


def short(*seen: CpuSeen, requested: int = 1_000) -> CpuSeen | None:
    return shortage(Timeline((), cpu=seen), 5_000, requested)


def test_a_full_node_for_most_of_the_time_is_a_shortage() -> None:
    idle, full = cpu(node=89), cpu(7_000)
    assert short(full) is full
    assert short(full, idle) is None
    assert short(full, idle, cpu(8_000)) == cpu(8_000)
    assert short(idle) is short(cpu(pod=90)) is short() is None
    assert short(cpu(node=100, pod=-1)) == cpu(node=100, pod=-1)


def test_what_was_before_is_no_shortage() -> None:
    assert short(cpu(4_999)) is None
    assert short(cpu(5_000)) == cpu(5_000)
    assert short(cpu(4_000, unplaced=1)) is None


def test_pods_without_a_place_are_a_shortage_where_they_would_fit() -> None:
    first, last = cpu(6_000, node=1, unplaced=1), cpu(7_000, node=1, unplaced=2)
    after = cpu(8_000, node=1)
    between = replace(cpu(6_500, node=1, unplaced=3), allocatable=3_000)
    assert short(first, between, last, after, requested=4_000) is last
    assert short(first, between, last, after, requested=4_001) is None
    assert short(last, requested=4_000) is last


def judged(finding: Finding, *seen: CpuSeen, samples: tuple[Sample, ...] = ()) -> Finding:
    """Two pods of one core each should have had a place, from 5 s on."""
    body = deployment()
    asks = container(resources={"requests": {"cpu": "1"}})
    body["spec"]["template"]["spec"]["containers"] = [asks]
    timeline = Timeline((), cpu=seen, samples=samples)
    return excused(finding, body, timeline, 5_000, pods=2, url="http://web:80/")


def test_what_came_late_is_not_held_against_who_got_no_cpu() -> None:
    assert judged(SLOW, cpu()) == unknown("ClusterWasShort", transient=True, **WEB, **FULL)
    assert judged(SLOW, cpu(node=89)) is SLOW
    assert judged(SLOW) is SLOW
    unlimited = judged(SLOW, cpu(pod=-1))
    assert dict(unlimited.params)["pod"] == "-"


@pytest.mark.parametrize("fits", [True, False])
def test_pods_that_found_no_place_are_the_clusters_where_all_would_fit(*, fits: bool) -> None:
    seen = replace(cpu(node=10, unplaced=1), allocatable=2_000 if fits else 1_999)
    assert (judged(SLOW, seen).reason == "ClusterWasShort") is fits


def test_only_failures_without_a_cause_of_the_learners_are_taken_back() -> None:
    healed, open_already = passed("Healed"), unknown("ScaledMeanwhile", transient=True)
    assert judged(healed, cpu()) is healed
    assert judged(open_already, cpu()) is open_already
    told = SLOW.because(cause("PodsDeleted", count=1), cause("NoEndpointReady"))
    assert judged(told, cpu()).reason == "ClusterWasShort"
    blamed = told.because(*told.causes, cause("NoReadinessProbe"))
    assert judged(blamed, cpu()) is blamed


def test_where_a_quarter_of_the_requests_was_held_up_so_was_the_workload() -> None:
    early = (Sample(4_999, 0, 200, doubtful=True),) * 9
    late, good = Sample(5_000, 0, 200, doubtful=True), Sample(6_000, 0, 200)
    behind = unknown("SamplerBehind", transient=True, detail="http://web:80/")
    assert judged(SLOW, samples=(*early, late, good, good, good)) == behind
    assert judged(SLOW, samples=(late, good, good, good, good)) is SLOW
    assert judged(SLOW, samples=early) is SLOW
