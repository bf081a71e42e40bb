from labgrader.checks.finding import Outcome
from tests.unit.checks.namespaces import Namespace
from tests.unit.checks.objects import config_map

CHECK = {"absent": {"object": {"kind": "ConfigMap", "name": "old"}}}


def test_what_is_not_there_is_absent_and_costs_one_request() -> None:
    judged = Namespace([config_map("new")]).judge(**CHECK)
    assert judged.finding.outcome is Outcome.PASSED
    assert [len(requests) for requests in judged.rounds] == [1]
    assert judged.says("ko") == "컨피그맵 old가 없습니다. 기대한 대로입니다."


def test_what_is_there_is_not_absent() -> None:
    judged = Namespace([config_map("old")]).judge(**CHECK)
    assert judged.finding.outcome is Outcome.FAILED
    assert judged.says("en") == (
        "ConfigMap old should be gone, but it is still there. "
        "Look: kubectl -n kim get configmap old -o yaml"
    )


def test_what_is_still_being_deleted_is_still_there() -> None:
    going = config_map("old", deletionTimestamp="2026-03-02T10:00:00Z", finalizers=["kim/keep"])
    judged = Namespace([going]).judge(**CHECK)
    assert judged.finding.outcome is Outcome.FAILED
    assert judged.says("en").startswith(
        "ConfigMap old should be gone, but it is still being deleted. "
        "Its deletion waits for the finalizers kim/keep."
    )
    assert judged.says("ko").startswith(
        "컨피그맵 old가 없어야 하지만 아직 삭제되는 중입니다. "
        "파이널라이저 kim/keep 때문에 삭제가 끝나지 않고 있습니다."
    )
