"""`persists` at each of its limits, with everything that is told."""

from dataclasses import replace
from typing import Any

import pytest

from labgrader.checks.finding import Cause, Finding, cause, failed, passed, unknown
from labgrader.evidence.experiments import KeepData
from labgrader.evidence.keeping import Exchange, Member
from labgrader.evidence.timeline import Action, PodsSeen, Timeline
from tests.unit.checks.objects import Body
from tests.unit.checks.test_persists import TEMPLATES, Written, judged, kept, workload

DB: dict[str, Any] = {"kind": "StatefulSet", "name": "db", "namespace": "kim"}
GONE: dict[str, Any] = DB | {"within": "60", "deleted": "2"}
BACK: dict[str, Any] = GONE | {"took": "8.4", "pods": "2"}
CLAIMED = workload(volumeClaimTemplates=TEMPLATES)


def found(record: Any, body: Body | None = None, **params: Any) -> Finding:
    return judged(record, body or CLAIMED, **params).finding


def test_the_experiment_is_told_everything() -> None:
    namespace = Written([CLAIMED])
    namespace.record = kept()
    store = {"port": 8080, "path": "/data/{key}", "method": "POST"}
    db = {"object": {"kind": "StatefulSet", "name": "db"}, "store": store, "within": "60s"}
    namespace.judge(persists={**db, "delete": "One"})
    assert namespace.asked == KeepData(
        "kim",
        "apps/v1",
        "StatefulSet",
        "db",
        "uid-of-db",
        60_000,
        8080,
        "POST",
        "/data/{key}",
        every=False,
    )
    namespace.judge(persists=db)
    assert namespace.asked.every


def test_what_was_kept_is_told_with_every_number() -> None:
    assert found(kept(), identity=True, ordered=True) == passed("DataKept", **BACK)


def test_so_many_pods_may_be_written_to() -> None:
    assert found(kept(), most=2).reason == "DataKept"
    assert found(kept(), most=1) == failed("TooManyToWrite", **GONE, most=1)
    many = replace(kept(), timeline=Timeline((Action(1, "too-many-pods"),)))
    assert found(many) == failed("TooManyToWrite", **GONE | {"deleted": "0"}, most=10)


def test_a_workload_that_was_not_whole_is_told() -> None:
    seen = (PodsSeen(0, ("a",), (), 3),)
    broken = failed("NotWholeBefore", **DB, ready=1, wanted=3)
    for record in (
        replace(kept(), before=(), timeline=Timeline((), pods=seen)),
        replace(kept(), timeline=Timeline((Action(1, "not-whole"),), pods=seen)),
    ):
        assert found(record).because() == broken


def test_what_could_not_be_written_or_read_is_told_with_its_pod() -> None:
    written = kept().written
    refused = replace(written[1], status=0, error="refused")
    place = GONE | {"pod": "db-1", "path": "PUT :8080/data/k-db-1"}
    bad = failed("NotWritten", **place, seen="refused")
    assert found(replace(kept(), written=(written[0], refused))) == bad
    for status, reason in (
        (199, "NotWritten"),
        (200, "DataKept"),
        (299, "DataKept"),
        (300, "NotWritten"),
    ):
        one = replace(written[1], status=status)
        assert found(replace(kept(), written=(written[0], one))).reason == reason
    unread = Exchange(600, "gone", "k", 404)
    path = {"pod": "gone", "path": "PUT :8080/data/k"}
    assert found(replace(kept(), read_first=(unread,))) == failed(
        "NotReadBack", **GONE | path, seen="HTTP 404"
    )


def test_pods_must_be_back_in_time() -> None:
    late = failed("NotBackInTime", **GONE | {"within": "8.399"}, ready=2, wanted=2)
    assert found(kept(), within="8399ms").because() == late
    assert found(kept(), within="8400ms").reason == "DataKept"
    old = PodsSeen(9_000, ("old-db-0", "new-db-1"), (), 2)
    half = replace(kept(), timeline=replace(kept().timeline, pods=(kept().timeline.pods[0], old)))
    assert dict(found(half).params)["ready"] == "1"
    unseen = replace(kept(), timeline=replace(kept().timeline, pods=()))
    assert dict(found(unseen).params)["ready"] == "0"


def test_whoever_scales_down_meanwhile_is_not_told_that_pods_are_missing() -> None:
    before = kept().timeline.pods[0]
    fewer = (before, PodsSeen(1_000, ("new-db-0",), (), 1), PodsSeen(3_000, ("new-db-0",), (), 2))
    scaled = replace(kept(), timeline=replace(kept().timeline, pods=fewer))
    told = unknown("ScaledMeanwhile", transient=True, **DB, before=2, after=1)
    assert found(scaled) == told
    long_ago = (PodsSeen(999, ("new-db-0",), (), 1), PodsSeen(3_000, ("new-db-0",), (), 2))
    settled = replace(kept(), timeline=replace(kept().timeline, pods=long_ago))
    assert found(settled).reason == "NotBackInTime"


def test_lost_data_is_told_with_where_it_was_looked_for() -> None:
    told = failed("DataLost", **BACK, lost=2, read=2, names="db-0, db-1")
    assert found(kept(lost=("db-1", "db-0"))) == told.because(
        cause("WrittenElsewhere", **DB, volume="data")
    )
    nothing = failed("DataLost", **BACK, lost=0, read=0, names="-")
    assert found(replace(kept(), read=())).because() == nothing


EMPTY = {"name": "tmp", "emptyDir": {}}
CLAIM = {"name": "data", "persistentVolumeClaim": {"claimName": "data"}}
ON_EMPTY = cause("OnEmptyDir", **DB, volume="tmp")
NONE = cause("NoClaimAtAll", **DB)


@pytest.mark.parametrize(
    ("body", "causes"),
    [
        (workload(("tmp",), volumes=[EMPTY]), [ON_EMPTY, NONE]),
        (workload(("data",), volumes=[EMPTY]), [NONE]),
        (workload(("cfg",), volumes=[{"name": "cfg", "configMap": {"name": "c"}}]), [NONE]),
        (workload(("data",), volumes=[CLAIM]), [cause("WrittenElsewhere", **DB, volume="data")]),
        (workload((), volumes=[CLAIM]), [cause("ClaimUnmounted", **DB, volume="data")]),
        (workload(("data",), volumes=[CLAIM, EMPTY]), []),
        (workload(("data", "tmp"), volumes=[EMPTY, CLAIM]), [ON_EMPTY]),
        (
            workload(("x",), volumeClaimTemplates=TEMPLATES),
            [cause("ClaimUnmounted", **DB, volume="data")],
        ),
    ],
)
def test_where_lost_data_lay(body: Body, causes: list[Cause]) -> None:
    assert found(kept(lost=("db-1",)), body).causes == tuple(causes)


NO_TEMPLATES = cause("NoClaimTemplates", **DB)


@pytest.mark.parametrize(
    ("body", "causes"), [(CLAIMED, ()), (workload(volumes=[CLAIM]), (NO_TEMPLATES,))]
)
def test_every_pod_has_claims_of_its_own(body: Body, causes: tuple[Cause, ...]) -> None:
    first, second = kept().after
    bare = replace(kept(), after=(first, replace(second, claims=())))
    own = failed("NoClaimOfItsOwn", **BACK, pod="db-1")
    assert found(bare, body, identity=True) == own.because(*causes)
    shared = replace(kept(), after=(first, replace(second, claims=first.claims)))
    told: dict[str, Any] = {"pod": "db-1", "other": "db-0", "claim": "data-db-0"}
    assert found(shared, body, identity=True) == failed("ClaimShared", **BACK, **told).because(
        *causes
    )


def test_every_pod_keeps_its_name_and_claims() -> None:
    first, second = kept().after
    renamed = replace(kept(), after=(first, replace(second, name="db-2")))
    assert found(renamed, identity=True) == failed("IdentityChanged", **BACK, pod="db-2")
    other = replace(kept(), after=(first, replace(second, claims=(("data-db-1", "new"),))))
    assert found(other, identity=True) == failed("IdentityChanged", **BACK, pod="db-1")
    assert found(other).reason == "DataKept"


def came(*members: tuple[str, int, int]) -> Any:
    after = tuple(Member(n, f"new-{n}", (("d", n),), seen, ready) for n, seen, ready in members)
    return replace(kept(), after=after)


@pytest.mark.parametrize(
    ("members", "early"),
    [
        ((("db-0", 1, 5), ("db-1", 5, 9)), None),
        ((("db-0", 1, 5), ("db-1", 4, 9)), ("db-0", "db-1")),
        ((("db-0", 1, -1), ("db-1", 5, 9)), ("db-0", "db-1")),
        ((("db-0", 0, 0), ("db-1", 0, 9)), None),
        ((("db-10", 7, 9), ("db-9", 1, 6), ("db-2", 0, 1)), None),
        ((("db-10", 5, 9), ("db-9", 1, 6)), ("db-9", "db-10")),
        ((("db-0", 3, 4), ("db", 1, 2), ("db-x", 2, 3)), None),
        ((("db-x", 5, 6), ("db-0", 1, 2)), ("db-x", "db-0")),
    ],
)
def test_each_pod_waits_for_the_one_before(members: Any, early: tuple[str, str] | None) -> None:
    finding = found(came(*members), ordered=True)
    if early is None:
        assert finding.reason == "DataKept"
    else:
        assert finding.reason == "NotInOrder"
        assert dict(finding.params).items() >= {"first": early[0], "second": early[1]}.items()
        assert finding.causes == ()


def test_pods_that_come_at_once_are_explained() -> None:
    parallel = workload(podManagementPolicy="Parallel", volumeClaimTemplates=TEMPLATES)
    finding = found(came(("db-0", 1, 5), ("db-1", 4, 9)), parallel, ordered=True)
    told = failed("NotInOrder", **BACK, first="db-0", second="db-1")
    assert finding == told.because(cause("ParallelPods", **DB))
