"""`persists` judges records as values: what was kept, what was lost, and why."""

from typing import Any

import pytest

from labgrader.api.kinds import Persists
from labgrader.checks.finding import Outcome
from labgrader.checks.keeping import expected
from labgrader.checks.persists import problems
from labgrader.evidence.answers import Answer
from labgrader.evidence.experiments import KeepData
from labgrader.evidence.keeping import Exchange, Kept, Member
from labgrader.evidence.requests import Request
from labgrader.evidence.timeline import Action, PodsSeen, Timeline
from tests.unit.checks.namespaces import Judged, Namespace
from tests.unit.checks.objects import Body, container, stateful_set

STORE = {"port": 8080, "path": "/data/{key}"}
TEMPLATES = [{"metadata": {"name": "data"}, "spec": {}}]


class Written(Namespace):
    """A namespace into whose pods something was written."""

    record: Kept
    asked: KeepData

    def _answer(self, request: Request) -> Answer:
        if isinstance(request, KeepData):
            self.asked = request
            return self.record
        return super()._answer(request)


def workload(mounts: tuple[str, ...] = ("data",), **spec: Any) -> Body:
    body = stateful_set("db")
    made = container("db", volumeMounts=[{"name": m, "mountPath": f"/{m}"} for m in mounts])
    inside = {"containers": [made], "volumes": spec.pop("volumes", [])}
    body["spec"] |= {"template": {"metadata": {}, "spec": inside}, **spec}
    return body


def kept(lost: tuple[str, ...] = (), **more: Any) -> Kept:
    names = ("db-0", "db-1")
    fields: dict[str, Any] = {
        "timeline": Timeline(
            actions=tuple(Action(1_000, "pod-deleted", f"old-{n}") for n in names),
            pods=(
                PodsSeen(0, ("old-db-0", "old-db-1"), (), 2),
                PodsSeen(9_400, ("new-db-0", "new-db-1"), (), 2),
            ),
        ),
        "before": tuple(Member(n, f"old-{n}", ((f"data-{n}", f"c-{n}"),)) for n in names),
        "written": tuple(Exchange(500, f"old-{n}", f"k-{n}", 201, held=True) for n in names),
        "read_first": tuple(Exchange(600, f"old-{n}", f"k-{n}", 200, held=True) for n in names),
        "after": (
            Member("db-0", "new-db-0", (("data-db-0", "c-db-0"),), 2_000, 5_000),
            Member("db-1", "new-db-1", (("data-db-1", "c-db-1"),), 5_000, 9_400),
        ),
        "read": tuple(
            Exchange(9_500, f"new-{n}", f"k-{n}", 404 if n in lost else 200, held=n not in lost)
            for n in names
        ),
    }
    return Kept(**fields | more)


def judged(record: Kept, body: Body | None = None, **params: Any) -> Judged:
    namespace = Written([body or workload(volumeClaimTemplates=TEMPLATES)])
    namespace.record = record
    db = {"object": {"kind": "StatefulSet", "name": "db"}, "store": STORE, "within": "60s"}
    return namespace.judge(persists={**db, **params})


def test_tells_how_long_it_took() -> None:
    found = judged(kept(), identity=True, ordered=True)
    assert found.finding.outcome is Outcome.PASSED
    assert found.says("en") == (
        "What was written into the pods of StatefulSet db was still there after 2 pods were deleted;"
        " all were back after 8.4 s (allowed: 60 s)."
    )
    assert found.says("ko") == (
        "스테이트풀셋 db의 파드에 쓴 데이터가 파드 2개를 삭제한 뒤에도 남아 있었고, 파드는 8.4초 만에 모두"
        " 돌아왔습니다(제한: 60초)."
    )


@pytest.mark.parametrize(
    ("body", "causes"),
    [
        (workload(volumes=[{"name": "data", "emptyDir": {}}]), ("OnEmptyDir", "NoClaimAtAll")),
        (workload(()), ("NoClaimAtAll",)),
        (workload((), volumeClaimTemplates=TEMPLATES), ("ClaimUnmounted",)),
        (workload(volumeClaimTemplates=TEMPLATES), ("WrittenElsewhere",)),
        (
            workload(
                ("cache",),
                volumes=[{"name": "cache", "emptyDir": {}}],
                volumeClaimTemplates=TEMPLATES,
            ),
            ("OnEmptyDir", "ClaimUnmounted"),
        ),
    ],
)
def test_why_it_was_lost(body: Body, causes: tuple[str, ...]) -> None:
    found = judged(kept(lost=("db-1",)), body)
    assert (found.finding.reason, found.causes) == ("DataLost", causes)
    assert "1 of 2 values were gone after 2 pods were deleted (looked for in: db-1)" in found.says(
        "en"
    )
    assert "데이터 2건 중 1건이 없어졌습니다(찾아본 파드: db-1)" in found.says("ko")


def test_claims_of_their_own_need_templates() -> None:
    shared = tuple(Member(f"db-{n}", f"new-db-{n}", (("all", "c"),)) for n in (0, 1))
    found = judged(kept(after=shared), workload(), identity=True)
    assert (found.finding.reason, found.causes) == ("ClaimShared", ("NoClaimTemplates",))
    assert "but db-1 and db-0 share all" in found.says("en")
    assert "db-1과 db-0이 all을 함께 씁니다" in found.says("ko")


def test_no_claim_is_no_claim_of_its_own() -> None:
    bare = tuple(Member(f"db-{n}", f"new-db-{n}", ()) for n in (0, 1))
    assert judged(kept(after=bare), identity=True).finding.reason == "NoClaimOfItsOwn"


def test_parallel_pods_are_named() -> None:
    after = (
        Member("db-0", "new-db-0", (), 2_000, 5_000),
        Member("db-1", "new-db-1", (), 2_010, 4_000),
    )
    body = workload(volumeClaimTemplates=TEMPLATES, podManagementPolicy="Parallel")
    found = judged(kept(after=after), body, ordered=True)
    assert (found.finding.reason, found.causes) == ("NotInOrder", ("ParallelPods",))
    assert "db-1 was made before db-0 was Ready" in found.says("en")
    assert "db-0이 준비(Ready)되기 전에 db-1이 만들어졌습니다" in found.says("ko")


def test_pods_are_ordered_by_number_and_not_by_letter() -> None:
    names = [f"db-{n}" for n in range(11)]
    after = tuple(
        Member(name, f"new-{name}", (), 1_000 * n, 1_000 * n + 900) for n, name in enumerate(names)
    )
    shuffled = tuple(sorted(after, key=lambda member: member.name))
    assert judged(kept(after=shuffled), ordered=True).finding.outcome is Outcome.PASSED


def test_says_what_the_program_answered() -> None:
    refused = (Exchange(500, "old-db-0", "k-db-0", 500), Exchange(500, "old-db-1", "k-db-1", 201))
    found = judged(kept(written=refused))
    assert found.finding.reason == "NotWritten"
    assert (
        "Pod db-0 of StatefulSet db should keep what is written with PUT :8080/data/k-db-0, but"
        in (found.says("en"))
    )
    assert "answered HTTP 500. Nothing was deleted." in found.says("en")
    assert "HTTP 500으로 응답했습니다" in found.says("ko")


def test_asks_for_what_the_check_says() -> None:
    namespace = Written([workload()])
    namespace.record = kept()
    db = {"object": {"kind": "StatefulSet", "name": "db"}, "store": {**STORE, "method": "POST"}}
    namespace.judge(persists={**db, "within": "20s", "delete": "One"})
    assert namespace.asked == KeepData(
        *("kim", "apps/v1", "StatefulSet", "db", "uid-of-db"),
        *(20_000, 8080, "POST", "/data/{key}"),
        every=False,
    )


def test_what_a_pod_must_hold() -> None:
    record = kept()
    first, _ = record.after
    assert expected("StatefulSet", first, record.before, record.written) == ("k-db-0",)
    assert expected("Deployment", first, record.before, record.written) == ("k-db-0", "k-db-1")


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"object": {"kind": "DaemonSet", "name": "db"}}, "not DaemonSet"),
        ({"store": {"port": 80, "path": "/data"}}, "write {key} where the key belongs"),
        (
            {"object": {"kind": "Deployment", "name": "db"}, "ordered": True},
            "belong to a StatefulSet",
        ),
    ],
)
def test_unusable_params_are_named(change: dict[str, Any], complaint: str) -> None:
    db = {"object": {"kind": "StatefulSet", "name": "db"}, "store": STORE, "within": "60s"}
    found = problems(Persists.model_validate({**db, **change}))
    assert complaint in " ".join(problem.text for problem in found)
