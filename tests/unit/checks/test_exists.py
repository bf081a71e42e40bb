from labgrader.checks.finding import FULL_CREDIT, Outcome
from labgrader.evidence.answers import Answer
from labgrader.evidence.requests import ListObjects
from tests.unit.checks.namespaces import FORBIDDEN, Namespace
from tests.unit.checks.objects import config_map, meta

CHECK = {"exists": {"object": {"kind": "ConfigMap", "name": "settings"}}}


class OnlyByName(Namespace):
    """A namespace in which the grader may get objects, but not list them."""

    def _list(self, request: ListObjects) -> Answer:
        assert request.kind == "ConfigMap"
        return FORBIDDEN


GOING = {"deletionTimestamp": "2026-03-02T10:00:00Z"}


def test_what_is_there_exists_and_costs_one_request() -> None:
    judged = Namespace([config_map("settings")]).judge(**CHECK)
    assert judged.finding.outcome is Outcome.PASSED
    assert judged.finding.credit == FULL_CREDIT
    assert [len(requests) for requests in judged.rounds] == [1]
    assert judged.says("en") == "ConfigMap settings is there."
    assert judged.says("ko") == "컨피그맵 settings가 있습니다."


def test_what_is_not_there_fails_and_says_where_to_look() -> None:
    judged = Namespace().judge(**CHECK)
    assert judged.finding.outcome is Outcome.FAILED
    assert judged.finding.credit == 0
    assert judged.says("en") == (
        "There should be a ConfigMap named settings in namespace kim, but there is none. "
        "Look: kubectl -n kim get configmap"
    )
    assert judged.says("ko") == (
        "네임스페이스 kim에 컨피그맵 settings가 있어야 하지만 없습니다. "
        "확인: kubectl -n kim get configmap"
    )


def test_a_slip_in_the_name_is_pointed_out() -> None:
    judged = Namespace([config_map("setings"), config_map("other")]).judge(**CHECK)
    assert judged.causes == ("NearestName",)
    assert "The nearest name that is there is setings." in judged.says("en")


def test_without_a_near_name_some_others_are_told() -> None:
    judged = Namespace([config_map(f"x{n}") for n in range(7)]).judge(**CHECK)
    assert "There are others: x0, x1, x2, x3, x4, …." in judged.says("en")


def test_what_is_being_deleted_does_not_exist() -> None:
    judged = Namespace([config_map("settings", **GOING, finalizers=["kim/keep"])]).judge(**CHECK)
    assert judged.finding.outcome is Outcome.FAILED
    assert judged.finding.reason == "BeingDeleted"
    assert "kim/keep" in judged.says("ko")


def test_what_is_not_there_fails_also_where_nothing_may_be_listed() -> None:
    namespace = OnlyByName([config_map("setings")])
    judged = namespace.judge(**CHECK)
    assert (judged.finding.reason, judged.causes) == ("NotFound", ())


def test_an_object_of_another_group_needs_its_api_version() -> None:
    widget = {"apiVersion": "example.com/v1", "kind": "Widget", "metadata": meta("one")}
    ref = {"apiVersion": "example.com/v1", "kind": "Widget", "name": "one"}
    assert Namespace([widget]).judge(exists={"object": ref}).finding.reason == "ObjectThere"
