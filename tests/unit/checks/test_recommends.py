"""`recommends`: what it says of a VerticalPodAutoscaler, and of a cluster that has none."""

import copy
from typing import Any

import pytest
from pydantic import ValidationError

from labgrader.api.kinds import Recommends
from labgrader.checks.finding import Outcome
from labgrader.checks.recommends import problems
from labgrader.evidence.answers import Trouble
from labgrader.evidence.requests import ReadTime
from labgrader.evidence.snapshot import CouldNotLook
from tests.support.corpus import shared_objects
from tests.unit.checks.namespaces import Judged, Namespace
from tests.unit.checks.objects import Body

PARAMS: dict[str, Any] = {
    "autoscaler": "web",
    "object": {"kind": "Deployment", "name": "web"},
    "container": "web",
}


def vpa(status: Body | None = None, **spec: Any) -> Body:
    body: Body = copy.deepcopy(shared_objects()["web-vpa"])
    body["spec"] |= spec
    return body if status is None else body | {"status": status}


def judge(body: Body, **params: Any) -> Judged:
    return Namespace([shared_objects()["web"], body]).judge(recommends=PARAMS | params)


def without(*conditions: Body) -> Body:
    return {"conditions": list(conditions)}


def test_a_recommendation_is_told_in_both_languages() -> None:
    judged = judge(vpa())
    assert judged.says("en") == (
        "The VerticalPodAutoscaler web recommends resources for container web of Deployment web:"
        " cpu=100m, memory=134217728."
    )
    assert judged.says("ko") == (
        "VerticalPodAutoscaler web이 디플로이먼트 web의 컨테이너 web에 리소스를 권장합니다:"
        " cpu=100m, memory=134217728."
    )
    assert len(judged.rounds) == 1
    assert all(not isinstance(one, ReadTime) for one in judged.rounds[0])


def test_ranges_and_bounds_are_told_as_people_write_them() -> None:
    judged = judge(vpa(), target={"memory": {"min": "16Mi", "max": "64Mi"}})
    assert "memory in the range >=16Mi, <=64Mi, but recommends: 134217728." in judged.says("en")
    assert "memory를 >=16Mi, <=64Mi 범위로" in judged.says("ko")
    body = vpa()
    body["status"]["recommendation"]["containerRecommendations"][0]["lowerBound"]["cpu"] = "600m"
    judged = judge(body, requestsFit=True)
    assert "should request cpu between 600m and 1, as is recommended, but requests 500m." in (
        judged.says("en")
    )
    assert "cpu 요청은 권장값인 600m 이상 1 이하여야 하지만 500m입니다." in judged.says("ko")
    assert judged.says("en").endswith("Look: kubectl -n kim describe vpa web")


def test_a_cluster_without_the_kind_is_not_the_learners_fault() -> None:
    trouble = Trouble("KindNotServed", "VerticalPodAutoscaler (…)", transient=False)
    namespace = Namespace([shared_objects()["web"]], trouble={"VerticalPodAutoscaler": trouble})
    with pytest.raises(CouldNotLook, match="VerticalPodAutoscaler"):
        namespace.judge(recommends=PARAMS)


def test_a_cluster_without_a_recommender_is_not_the_learners_fault() -> None:
    judged = judge(vpa({}))
    assert (judged.finding.outcome, judged.finding.transient) == (Outcome.UNKNOWN, False)
    assert "Where the cluster runs none, nothing can be said" in judged.says("en")
    assert "리커멘더가 실행되지 않으면 판정할 수 없습니다" in judged.says("ko")


NOT_YET = {"type": "RecommendationProvided", "status": "False", "reason": "", "message": ""}


@pytest.mark.parametrize(
    ("body", "params", "causes"),
    [
        (vpa(without(NOT_YET)), {}, ("RecommenderSays",)),
        (
            vpa(without(NOT_YET, {"type": "NoPodsMatched", "status": "True"})),
            {},
            ("NoPodsToMeasure", "RecommenderSays"),
        ),
        (vpa(without({"type": "LowConfidence", "status": "True"})), {}, ()),
        (
            vpa(without({"type": "ConfigUnsupported", "status": "True", "message": "no scale"})),
            {},
            ("RecommenderSays",),
        ),
        (
            vpa(
                without(NOT_YET),
                resourcePolicy={"containerPolicies": [{"containerName": "*", "mode": "Off"}]},
            ),
            {},
            ("ContainerLeftOut", "RecommenderSays"),
        ),
        (
            vpa(
                without(NOT_YET),
                resourcePolicy={
                    "containerPolicies": [
                        {"containerName": "*", "mode": "Off"},
                        {"containerName": "web", "mode": "Auto"},
                    ]
                },
            ),
            {},
            ("RecommenderSays",),
        ),
        (vpa(), {"container": "wep"}, ("TemplateHasOnly",)),
    ],
)
def test_why_nothing_is_recommended_is_looked_for(
    body: Body, params: Body, causes: tuple[str, ...]
) -> None:
    judged = judge(body, **params)
    assert (judged.finding.reason, judged.causes) == ("NotRecommended", causes)
    assert "{" not in judged.says("en") + judged.says("ko")


def test_the_recommenders_own_words_are_told() -> None:
    said = {"type": "ConfigUnsupported", "status": "True", "message": "targetRef not supported"}
    judged = judge(vpa(without(said)))
    assert "The recommender says (ConfigUnsupported=True): targetRef not supported" in (
        judged.says("en")
    )


def test_only_the_container_that_is_asked_for_counts() -> None:
    body = vpa()
    listed = body["status"]["recommendation"]["containerRecommendations"]
    listed.insert(0, {"containerName": "side", "target": {"cpu": "9"}})
    assert judge(body, target={"cpu": {"max": "1"}}).finding.reason == "Recommended"


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({"object": {"kind": "Pod", "name": "web"}}, "not Pod"),
        ({"object": {"apiVersion": "example.org/v1", "kind": "Deployment", "name": "web"}}, "not"),
        ({"target": {}}, "set cpu"),
        ({"target": {"cpu": {"min": "2", "max": "1"}}}, "min is above max"),
    ],
)
def test_params_that_nothing_can_fulfil_are_problems(params: Body, said: str) -> None:
    wanted = Recommends.model_validate(PARAMS | params)
    assert said in " ".join(one.text for one in problems(wanted))
    assert problems(Recommends.model_validate(PARAMS)) == ()


def test_off_without_quotes_is_refused() -> None:
    with pytest.raises(ValidationError, match="updateMode"):
        Recommends.model_validate(PARAMS | {"updateMode": False})


def test_a_pod_has_no_template() -> None:
    judged = judge(vpa(), object={"kind": "Pod", "name": "web"})
    assert (judged.finding.outcome, judged.finding.reason) == (Outcome.ERROR, "NotAWorkload")
