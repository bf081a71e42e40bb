"""`satisfies`, `configures` and `unchanged` at their limits, with everything that is told."""

from typing import Any

import pytest

from labgrader.checks.finding import Cause, Finding, cause, error, failed, passed
from labgrader.checks.scope import Scope
from tests.unit.checks.given_and_served import CONFIG, DEPLOYMENT, served
from tests.unit.checks.namespaces import Namespace
from tests.unit.checks.objects import Body, config_map, container, deployment
from tests.unit.checks.test_configures import judge as configured
from tests.unit.checks.test_configures import web as configurable
from tests.unit.checks.test_satisfies import judge, web

ODD = "object.spec.replicas % 2 == 1"
WISH = {"wish.ko": f"`{ODD}`", "wish.en": f"`{ODD}`"}


def about(count: int, many: int, **more: Any) -> dict[str, Any]:
    return {"kind": "Deployment", "namespace": "kim", "all": count, "many": many, **WISH, **more}


def found(*replicas: int, **more: Any) -> Finding:
    """Of Deployments a, b, c… with so many replicas."""
    objects = [web(name, number) for name, number in zip("abcdefghijkl", replicas, strict=False)]
    return judge(objects, ODD, **more).finding


def seen(replicas: int) -> Cause:
    return cause("Seen", seen=f"spec.replicas = {replicas}")


def others(names: str) -> Cause:
    return cause("OthersNeither", kind="Deployment", names=names)


def test_all_must_satisfy() -> None:
    assert found(1, 3) == passed("AllSatisfy", **about(2, 2))
    assert found(1, 2) == failed("NotSatisfied", **about(2, 1), name="b").because(seen(2))
    assert found(1, 2, 4, 6) == failed("NotSatisfied", **about(4, 1), name="b").because(
        seen(2), others("c, d")
    )


@pytest.mark.parametrize("count", [5, 6, 7])
def test_some_names_are_told(count: int) -> None:
    names = "abcdefghijkl"[1 : count + 1]
    told = ", ".join(names[:5]) + (", …" if count > 5 else "")
    assert found(*(2,) * (count + 1)).causes[1] == others(told)


def test_one_is_enough_where_any_is() -> None:
    assert found(2, 3, 5, match="any") == passed("SomeSatisfy", **about(3, 2), names="b, c")
    assert found(2, 4, match="any") == failed("NoneSatisfies", **about(2, 0)).because(
        cause("FirstOfThem", kind="Deployment", name="a"), seen(2)
    )


def test_none_must_satisfy() -> None:
    assert found(2, 4, match="none") == passed("NoneSatisfiesAsWanted", **about(2, 0))
    wrong = failed("SomeSatisfyWrongly", **about(2, 1), names="b")
    assert found(2, 3, match="none") == wrong.because(seen(3))


@pytest.mark.parametrize(
    ("count", "replicas", "wanted", "causes"),
    [
        ({"min": 1, "max": 2}, (1, 2), "1-2", None),
        ({"min": 2, "max": 2}, (1, 3), "2", None),
        ({"min": 1}, (1, 3, 5), ">=1", None),
        ({"max": 1}, (2, 4), "0-1", None),
        ({"min": 2}, (1, 2), ">=2", [cause("TheseSatisfy", kind="Deployment", names="a"), seen(2)]),
        ({"min": 1}, (2, 4), ">=1", [seen(2)]),
        ({"max": 1}, (1, 3, 2), "0-1", [cause("TheseSatisfy", kind="Deployment", names="a, b")]),
        ({"min": 3}, (1, 3), ">=3", [cause("TheseSatisfy", kind="Deployment", names="a, b")]),
    ],
)
def test_so_many_must_satisfy(
    count: Body, replicas: tuple[int, ...], wanted: str, causes: list[Cause] | None
) -> None:
    many = sum(number % 2 for number in replicas)
    numbers = about(len(replicas), many, wanted=wanted)
    finding = found(*replicas, match="count", count=count)
    if causes is None:
        assert finding == passed("CountSatisfies", **numbers)
    else:
        assert finding == failed("CountDiffers", **numbers).because(*causes)


def why(expression: str, body: Body) -> tuple[Cause, ...]:
    return judge([body], expression).finding.causes


def test_why_an_expression_is_not_true() -> None:
    assert why("object.spec.odd == 1", web()) == (cause("NotThere", path="spec.odd"),)
    assert why("object.spec.replicas / 0 == 1", web()) == (
        seen(3),
        cause("DoesNotFit", detail="divide by zero"),
    )
    large = web() | {"l": [1] * 1_500}
    assert why("object.l.all(a, object.l.all(b, a != b))", large) == (cause("TooMuchToEvaluate"),)


def test_an_accident_decides_nothing() -> None:
    expression = "object.metadata.labels.map(k, k)[0] == 'a'"
    finding = judge([web("w", 1, a="b", c="d")], expression).finding
    assert finding == error("ExpressionWithoutOrder", expression=expression)


def test_the_authors_words_are_told_without_their_full_stop() -> None:
    words = {"ko": "홀수여야 합니다.", "en": " be odd.. "}
    finding = found(2, message=words)
    told = dict(finding.params)
    assert (told["wish.ko"], told["wish.en"]) == ("홀수여야 합니다", "be odd")
    spaced = judge([web()], "object.spec.replicas\n  ==  3").finding
    assert dict(spaced.params)["wish.en"] == "`object.spec.replicas == 3`"


HERE: dict[str, Any] = {"kind": "Deployment", "name": "web", "namespace": "kim"}


def absent(wanted: str, names: list[str]) -> Finding:
    body = configurable(*(container(name) for name in names))
    return configured(body, containers=[wanted], image={}).finding


def test_a_container_that_is_absent_is_told_with_those_that_are_there() -> None:
    told = failed("ContainerAbsent", **HERE, container="db", seen="web, log")
    assert absent("db", ["web", "log"]) == told
    near = failed("ContainerAbsent", **HERE, container="weba", seen="web1, web2")
    found = absent("weba", ["web1", "web2"])
    assert found.because() == near
    assert [one.reason for one in found.causes] == ["NearestName"]
    for count, more in ((10, ""), (11, ", …")):
        names = [f"q{n}" for n in range(count)]
        assert dict(absent("db", names).params)["seen"] == ", ".join(names[:10]) + more


def test_no_containers_never_pass() -> None:
    body = deployment()
    body["spec"]["template"]["spec"]["containers"] = []
    assert configured(body, image={}).finding == failed("NoContainers", **HERE)
    named = configured(body, image={}, containers=["web"]).finding
    assert named == failed("ContainerAbsent", **HERE, container="web", seen="-")


def variables(count: int) -> Body:
    sources = [{"secretRef": {"name": f"s{n}"}} for n in range(count)]
    half = [sources[:50], sources[50:100], sources[100:]]
    return configurable(*(container(f"c{n}", envFrom=one) for n, one in enumerate(half) if one))


@pytest.mark.parametrize(("count", "fits"), [(100, True), (101, False)])
def test_only_so_many_objects_are_read(count: int, *, fits: bool) -> None:
    wanted = [{"name": "KEY", "from": {"kind": "Secret"}}]
    finding = configured(variables(count), env=wanted).finding
    assert (finding == failed("ObjectTooLarge", **HERE)) is not fits


def test_pods_are_asked_for_only_where_the_class_matters() -> None:
    scope = Scope("kim")
    body = configurable()
    rounds = configured(body, qos="BestEffort").rounds
    every = (scope.named("Deployment", "web"), scope.all("Pod"), scope.all("ReplicaSet"))
    assert rounds[0] == every
    assert configured(body, image={}).rounds[0] == every[:1]


def test_an_object_that_is_too_large_is_not_compared() -> None:
    large = served(DEPLOYMENT)
    containers = large["spec"]["template"]["spec"]["containers"]
    containers += [container(f"c{number}") for number in range(9_000)]
    ref = {"kind": "Deployment", "name": "shop"}
    namespace = Namespace([large], gave=(DEPLOYMENT,))
    finding = namespace.judge(unchanged={"object": ref}).finding
    assert finding == failed("ObjectTooLarge", **HERE | {"name": "shop"})


def test_an_object_that_is_gone_was_given() -> None:
    near = config_map("shopp")
    namespace = Namespace([near], gave=(CONFIG,))
    ref = {"kind": "ConfigMap", "name": "shop"}
    finding = namespace.judge(unchanged={"object": ref}).finding
    assert finding.causes == (
        cause("WasGiven", kind="ConfigMap", name="shop"),
        cause("NearestName", kind="ConfigMap", near="shopp"),
    )
