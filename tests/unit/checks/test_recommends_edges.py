"""`recommends` at each of its limits, with everything that is told."""

import copy
from typing import Any

import pytest

from labgrader.api.kinds import Recommends
from labgrader.checks.finding import Cause, Finding, cause, failed, passed, unknown
from labgrader.checks.problem import Problem
from labgrader.checks.recommends import problems
from tests.unit.checks.objects import Body
from tests.unit.checks.test_recommends import PARAMS, judge, vpa, without

WEB: dict[str, Any] = {
    "autoscaler": "web",
    "namespace": "kim",
    "kind": "Deployment",
    "name": "web",
    "container": "web",
}


def recommended(body: Body, **params: Any) -> Finding:
    return judge(body, **params).finding


def test_unusable_params_are_told() -> None:
    known = "Deployment, StatefulSet, DaemonSet, ReplicaSet, Job, CronJob"
    odd = {"object": {"kind": "Pod", "name": "web"}, "target": {"cpu": {"min": "2", "max": "1"}}}
    told = [f"recommends knows {known}, not Pod", "target.cpu: min is above max"]
    found = problems(Recommends.model_validate(PARAMS | odd))
    assert found == tuple(Problem("Invalid", text) for text in told)
    nothing = problems(Recommends.model_validate(PARAMS | {"target": {}}))
    assert nothing == (Problem("Invalid", "target: set cpu, memory or both"),)


def test_a_recommendation_is_told_with_its_amounts() -> None:
    told = passed("Recommended", **WEB, target="cpu=100m, memory=134217728")
    assert recommended(vpa()) == told


@pytest.mark.parametrize(
    ("ref", "seen"),
    [
        ({"apiVersion": "apps/v1", "kind": "Deployment", "name": "db"}, "apps/v1 Deployment db"),
        (
            {"apiVersion": "apps/v1", "kind": "StatefulSet", "name": "web"},
            "apps/v1 StatefulSet web",
        ),
        ({"apiVersion": "v1", "kind": "Deployment", "name": "web"}, "v1 Deployment web"),
        ({}, "- - -"),
        (None, "- - -"),
    ],
)
def test_it_must_be_for_the_workload(ref: Any, seen: str) -> None:
    assert recommended(vpa(targetRef=ref)) == failed("RecommendsForOther", **WEB, seen=seen)
    older = {"apiVersion": "apps/v1beta1", "kind": "Deployment", "name": "web"}
    assert recommended(vpa(targetRef=older)).reason == "Recommended"


@pytest.mark.parametrize(
    ("policy", "mode", "seen"),
    [
        ({"updateMode": "Off"}, "Off", None),
        ({"updateMode": "Off"}, "Recreate", "Off"),
        (None, "Recreate", None),
        (None, "Off", "-"),
        ({"updateMode": "Initial"}, "Recreate", "Initial"),
    ],
)
def test_what_it_does_is_told(policy: Any, mode: str, seen: str | None) -> None:
    finding = recommended(vpa(updatePolicy=policy), updateMode=mode)
    if seen is None:
        assert finding.reason == "Recommended"
    else:
        assert finding == failed("UpdateModeOther", **WEB, wanted=mode, seen=seen)


def said(kind: str, status: str, **words: str) -> Body:
    return {"type": kind, "status": status, **words}


NOT: Any = failed("NotRecommended", **WEB)


@pytest.mark.parametrize(
    ("condition", "causes"),
    [
        (said("NoPodsMatched", "True"), [cause("NoPodsToMeasure")]),
        (said("NoPodsMatched", "False"), []),
        (
            said("ConfigUnsupported", "True", message="odd", reason="x"),
            [cause("RecommenderSays", condition="ConfigUnsupported=True", said="odd")],
        ),
        (
            said("RecommendationProvided", "False", reason="Early"),
            [cause("RecommenderSays", condition="RecommendationProvided=False", said="Early")],
        ),
        (
            said("RecommendationProvided", "False"),
            [cause("RecommenderSays", condition="RecommendationProvided=False", said="-")],
        ),
        (
            said("RecommendationProvided", "False", message="x" * 301),
            [cause("RecommenderSays", condition="RecommendationProvided=False", said="x" * 300)],
        ),
        (said("RecommendationProvided", "True"), []),
    ],
)
def test_why_nothing_is_recommended(condition: Body, causes: list[Cause]) -> None:
    assert recommended(vpa(without(condition))) == NOT.because(*causes)


def test_a_container_that_is_not_there_or_left_out_is_told() -> None:
    nothing = without(said("Other", "True"))
    absent = recommended(vpa(nothing), container="db")
    told = failed("NotRecommended", **WEB | {"container": "db"})
    assert absent == told.because(cause("TemplateHasOnly", there="web"))
    for policies in (
        [{"containerName": "web", "mode": "Off"}],
        [{"containerName": "*", "mode": "Off"}],
        [{"containerName": "*", "mode": "Auto"}, {"containerName": "web", "mode": "Off"}],
    ):
        body = vpa(nothing, resourcePolicy={"containerPolicies": policies})
        assert recommended(body) == NOT.because(cause("ContainerLeftOut", container="web"))
    on = [{"containerName": "*", "mode": "Off"}, {"containerName": "web", "mode": "Auto"}]
    assert recommended(vpa(nothing, resourcePolicy={"containerPolicies": on})) == NOT


@pytest.mark.parametrize(
    ("born", "told"),
    [
        ("2026-11-27T02:57:00Z", unknown("NoRecommender", **WEB)),
        ("2026-11-27T02:57:01Z", NOT.because(cause("NotLookedAtYet"))),
    ],
)
def test_a_recommender_has_three_minutes(born: str, told: Finding) -> None:
    young = vpa({})
    young["metadata"] = young["metadata"] | {"creationTimestamp": born}
    assert recommended(young) == told


def bounded(**parts: Any) -> Body:
    body = vpa()
    body["status"]["recommendation"]["containerRecommendations"][0] |= copy.deepcopy(parts)
    return body


def test_what_is_recommended_must_be_in_range() -> None:
    about = WEB | {"resource": "cpu", "expected": ">=200m"}
    assert recommended(vpa(), target={"cpu": {"min": "200m"}}) == failed(
        "RecommendationOutside", **about, seen="100m"
    )
    odd = bounded(target={"memory": "1Gi"})
    assert recommended(odd, target={"cpu": {"min": "200m"}}) == failed(
        "RecommendationOutside", **about, seen="-"
    )
    assert recommended(odd) == passed("Recommended", **WEB, target="memory=1Gi")


@pytest.mark.parametrize(
    ("low", "high", "seen"),
    [("500m", "500m", None), ("501m", "1", "500m"), ("1m", "499m", "500m"), (None, "1", None)],
)
def test_requests_must_be_within_the_bounds(low: Any, high: Any, seen: str | None) -> None:
    memory = {"memory": "64Mi"}
    body = bounded(lowerBound={"cpu": low, **memory}, upperBound={"cpu": high, **memory})
    finding = recommended(body, requestsFit=True)
    if seen is None:
        assert finding.reason == "Recommended"
    else:
        bounds = {"resource": "cpu", "lower": low, "upper": high}
        assert finding == failed("RequestOutside", **WEB, **bounds, seen=seen)


def test_bounds_are_needed_to_judge_by() -> None:
    one = bounded(lowerBound={"memory": "1"}, upperBound={"memory": "1Ti"})
    assert recommended(one, requestsFit=True).reason == "Recommended"
    none = bounded(lowerBound={}, upperBound={})
    without_bounds = failed("RecommendationWithoutBounds", **WEB)
    assert recommended(none, requestsFit=True) == without_bounds
