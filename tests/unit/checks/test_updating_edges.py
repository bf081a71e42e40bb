"""What the judges of updates say before and after one, with everything that is told."""

from dataclasses import replace
from typing import Any

import pytest

from labgrader.api.check import Check
from labgrader.checks.finding import Finding, cause, failed, unknown
from labgrader.checks.registry import KINDS
from labgrader.evidence.answers import Answer
from labgrader.evidence.experiments import HttpTarget, Update
from labgrader.evidence.requests import Request
from labgrader.evidence.timeline import Action, PodsSeen, Sample, Timeline
from tests.support.corpus import shared_objects
from tests.unit.checks import test_rolls_back as rolling
from tests.unit.checks.objects import Body
from tests.unit.checks.test_corpus import Recorded
from tests.unit.checks.test_updates_without_downtime import CHECK, OLD, judged, replaced

WEB: dict[str, Any] = {"kind": "Deployment", "name": "web", "namespace": "kim"}
BEHIND = unknown("SamplerBehind", transient=True, detail="http://web:80/")


class Asked(Recorded):
    """A namespace that remembers the update that was asked for."""

    asked: Update

    def _answer(self, request: Request) -> Answer:
        if isinstance(request, Update):
            self.asked = request
        return super()._answer(request)


def asked(kind: str, **params: Any) -> Update:
    names = ("web", "web-rs", "web-1", "web-2", "web-service", "web-slice")
    namespace = Asked(objects=[shared_objects()[one] for one in names], record=replaced())
    namespace.judge(**{kind: params})
    return namespace.asked


def wanted(**fields: Any) -> Update:
    plain = {"container": "", "image": "", "annotation": "", "then": ""}
    return Update(
        namespace="kim",
        api_version="apps/v1",
        kind="Deployment",
        name="web",
        uid="d-web",
        within_ms=60_000,
        clients=HttpTarget("kim", "web", 80, "/"),
        **(plain | fields),
    )


def test_an_update_is_asked_for_as_the_check_says() -> None:
    image = {"container": "web", "image": "web:2"}
    assert asked("updatesWithoutDowntime", **CHECK) == wanted(**image)
    noted = CHECK | {"to": {"annotation": "example.com/x"}}
    assert asked("updatesWithoutDowntime", **noted) == wanted(annotation="example.com/x")
    assert asked("rollsBack", **CHECK) == wanted(**image, then="undo")
    bad = {"object": CHECK["object"], "to": image, "during": "60s"}
    survives = asked("survivesBadUpdate", **bad, availability=CHECK["availability"])
    assert replace(survives, then="") == wanted(**image)


def found(timeline: Timeline, **but: Any) -> Finding:
    return judged(timeline, **but).finding


def in_template(*containers: Body) -> dict[str, Any]:
    return {"spec": {"template": {"spec": {"containers": list(containers)}}}}


def test_an_update_that_would_show_nothing_is_not_made() -> None:
    assert found(replaced(), spec={"paused": True}) == failed("UpdatePaused", **WEB)
    image = {"container": "web", "image": "web:2"}
    same = in_template({"name": "web", "image": "web:2"})
    assert found(replaced(), **same) == failed("AlreadyUpdated", **WEB, **image)  # type: ignore[arg-type]
    others = in_template({"name": "a", "image": "x"}, {"name": "b", "image": "x"})
    told = failed("ContainerNotThere", **WEB, container="web", seen="a, b")
    assert found(replaced(), **others) == told


def test_a_deployment_that_was_not_whole_is_told_as_seen_last() -> None:
    pods = (PodsSeen(0, (), (), 9), PodsSeen(1, ("a",), (), 3))
    broken = Timeline((Action(1, "not-whole"),), pods=pods)
    told = failed("NotWholeBeforeUpdate", **WEB, ready=1, wanted=3)
    assert found(broken).because() == told
    assert found(replace(broken, pods=())) == BEHIND


def test_clients_that_were_kept_out_before_are_told_with_the_last_word() -> None:
    bad = tuple(Sample(at, 1, 0, "refused") for at in range(0, 1_000, 50))
    last = (*bad[:-1], replace(bad[-1], error="timeout"))
    kept_out = Timeline((), samples=last, ended_ms=1_000)
    told: dict[str, Any] = {"url": "http://web:80/", "sent": "20", "lost": "20", "seen": "timeout"}
    assert found(kept_out).because() == failed("UnavailableBeforeUpdate", **WEB, **told)
    assert found(replace(kept_out, kept_rate=False)) == BEHIND
    assert found(replace(kept_out, samples=(Sample(0, 1, 200),))) == BEHIND
    assert found(replace(kept_out, samples=(*bad[:-1], Sample(950, 1, 200)))) == BEHIND


def test_an_update_without_requests_proves_nothing() -> None:
    assert found(replace(replaced(), samples=())) == BEHIND


def test_fewer_replicas_meanwhile_leave_it_open() -> None:
    seen = replaced()
    fewer = replace(seen, pods=(*seen.pods[:2], PodsSeen(9_100, (OLD[1],), (), 1)))
    told = unknown("ScaledDuring", transient=True, **WEB, before=2, after=1)
    assert found(fewer) == told


def test_somebody_elses_template_leaves_it_open() -> None:
    seen = replaced()
    meddled = replace(seen, actions=(*seen.actions, Action(9_000, "template-changed")))
    assert found(meddled) == unknown("ChangedDuring", transient=True, **WEB)


def with_curve(timeline: Timeline, kind: str, **more: Any) -> Finding:
    names = ("web", "web-rs", "web-1", "web-2", "web-service", "web-slice")
    objects = [shared_objects()[one] for one in names]
    return Recorded(objects=objects, record=timeline).judge(**{kind: CHECK | more}).finding


GAPS = {"of": "longestGap", "points": [{"at": "0s", "percent": 100}, {"at": "2s", "percent": 0}]}
ANY = {"service": "web", "port": 80, "path": "/", "min": "0"}


def test_a_gap_may_be_as_long_as_is_allowed() -> None:
    lost = replaced((5_000, 5_500))
    for gap, reason in (("500ms", "UpdatedWithoutDowntime"), ("499ms", "UpdatedWithGap")):
        finding = with_curve(lost, "updatesWithoutDowntime", longestGap=gap, availability=ANY)
        assert finding.reason == reason


def test_a_gap_earns_its_part_of_the_points_and_says_why() -> None:
    told = cause("GapBar", gap="0.5", bar="0")
    lost = replaced((5_000, 5_500))
    finding = with_curve(lost, "updatesWithoutDowntime", curve=GAPS, availability=ANY)
    assert (finding.credit, finding.causes[0]) == (75_000, told)
    assert len(finding.causes) > 1
    back = with_curve(rolling.undone((9_000, 9_500)), "rollsBack", curve=GAPS, availability=ANY)
    assert (back.reason, back.credit, back.causes[0]) == ("BackPartly", 75_000, told)


def test_the_way_back_earns_by_its_time_alone() -> None:
    points = [{"at": "1s", "percent": 100}, {"at": "5s", "percent": 0}]
    curve = {"of": "recoveryTime", "points": points}
    timeline = rolling.undone((9_000, 9_500))
    finding = with_curve(timeline, "rollsBack", curve=curve, availability=ANY)
    assert (finding.reason, finding.credit) == ("BackPartly", 50_000)
    assert finding.causes == (cause("TimeBar", bar="1"),)
    share = {
        "of": "availability",
        "points": [{"at": "0", "percent": 0}, {"at": "100", "percent": 100}],
    }
    partly = with_curve(timeline, "rollsBack", curve=share, availability=ANY)
    assert partly.causes[0].reason == "AvailabilityBar"


@pytest.mark.parametrize("kind", ["updatesWithoutDowntime", "rollsBack"])
def test_curves_over_what_is_not_measured_are_refused(kind: str) -> None:
    points = [{"at": "0", "percent": 100}, {"at": "9", "percent": 0}]
    params = CHECK | {"curve": {"of": "errorShare", "points": points}}
    parsed = Check.model_validate({"name": "check", kind: params})
    (problem,) = KINDS[kind].problems(parsed.params)
    assert problem.text.startswith(f"{kind} measures ")
    assert problem.text.endswith("availability, not errorShare")
