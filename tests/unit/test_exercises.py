"""Exercises that can be graded without a cluster, by the engine and by rules of Kubernetes' own.

Roles decide as in ``rights.authorizer``, a quota by the memory limits that a pod asks for; the
rest of their proof is ``tests/cluster/test_exercises.py``.
"""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from labgrader.api.check import Check
from labgrader.authoring.exercise_folder import ExerciseFolder, Work
from labgrader.checks.expect.quantity import parse_quantity
from labgrader.checks.finding import Finding
from labgrader.checks.scope import Scope
from labgrader.evidence.answers import Admitted, Answer, Refused
from labgrader.evidence.requests import DryRun
from labgrader.grading.plan import plan
from labgrader.grading.report import report
from labgrader.grading.run import grade
from tests.support.examination import works
from tests.unit.checks.namespaces import Namespace
from tests.unit.checks.objects import NAMESPACE, Body, meta
from tests.unit.checks.rights import authorizer
from tests.unit.grading.worlds import JumpingClock, World
from tools.shipped import ROOT

VALUE = ExerciseFolder.read(ROOT / "orchestration" / "concepts" / "business-value")
REPAIR = ExerciseFolder.read(ROOT / "orchestration" / "kubernetes" / "basic" / "repair")
RBAC = ExerciseFolder.read(ROOT / "orchestration" / "kubernetes" / "advanced" / "rbac")


class Offline(World):
    """A namespace with a learner's objects in it."""

    def __init__(self, objects: list[Body]) -> None:
        super().__init__(JumpingClock(), {})
        self.space = Namespace(objects, access=authorizer(objects), dry_run=quotas(objects))

    def _next(self, request: Any) -> Answer:
        return self.space._answer(request)


def quotas(objects: list[Body]) -> Any:
    """Refuses a pod whose memory is over a quota, in Kubernetes' words."""

    def says(request: DryRun) -> Answer:
        pod = json.loads(request.manifest)
        resources = pod["spec"]["containers"][0]["resources"]
        for quota in (b for b in objects if b["kind"] == "ResourceQuota"):
            for entry, hard in quota["spec"]["hard"].items():
                part, _, what = entry.partition(".")
                wanted = resources.get(part, {}).get(what, "0")
                if (parse_quantity(wanted) or 0) > (parse_quantity(hard) or 0):
                    said = (
                        f'pods "{pod["metadata"]["name"]}" is forbidden: exceeded quota: '
                        f"{quota['metadata']['name']}, requested: {entry}={wanted}, "
                        f"used: {entry}=0, limited: {entry}={hard}"
                    )
                    return Refused(403, "Forbidden", said)
        return Admitted()

    return says


async def findings(folder: ExerciseFolder, work: Work) -> Mapping[str, Finding]:
    made = [{**body, "metadata": meta(body["metadata"]["name"])} for body in work.objects()]
    given = {answer["name"]: answer["value"] for answer in work.given}
    world = Offline(made)
    return await grade(plan(folder.exercise), Scope(NAMESPACE), world, world.clock, answers=given)


@pytest.mark.parametrize(
    ("folder", "work"),
    [
        pytest.param(folder, work, id=f"{folder.exercise.name}-{work.name}")
        for folder in (VALUE, RBAC)
        for work in works(folder)
    ],
)
async def test_a_work_ends_as_its_folder_says(folder: ExerciseFolder, work: Work) -> None:
    found = await findings(folder, work)
    whole = report(plan(folder.exercise), found)
    assert work.least <= whole.score.low == whole.score.high <= work.most
    if work.name == "start":
        assert "Passed" not in {finding.outcome.value for finding in found.values()}
        return
    assert {name: f.outcome.value for name, f in found.items()} == work.outcomes
    reasons = {name: f.reason for name, f in found.items() if name in work.reasons}
    assert reasons == work.reasons


def repaired(objects: list[Body]) -> Namespace:
    """The namespace in which the given objects stand as a learner has changed them."""
    given = REPAIR.exercise.spec.given
    made = {(body["kind"], body["metadata"]["name"]): body for body in (*given, *objects)}
    there = [{**body, "metadata": meta(body["metadata"]["name"])} for body in made.values()]
    return Namespace(there, gave=given)


def judged(check: Check, space: Namespace) -> Finding:
    params = check.params.model_dump(by_alias=True, exclude_none=True, exclude_defaults=True)
    return space.judge(**{check.kind: params}).finding


@pytest.mark.parametrize("work", works(REPAIR), ids=lambda work: work.name)
def test_a_repair_is_judged_by_what_its_objects_say(work: Work) -> None:
    """The checks that look at objects, without those for which pods must run."""
    space = repaired(list(work.objects()))
    kinds = {"configures", "matches", "unchanged"}
    looked_at = [check for check in REPAIR.checks if check.kind in kinds]
    assert len(looked_at) == 5
    for check in looked_at:
        finding = judged(check, space)
        at_start = "Skipped" if check.needs else "Failed"
        expected = work.outcomes.get(check.name, at_start)
        assert expected in {"Skipped", finding.outcome.value}, check.name
        assert work.reasons.get(check.name, finding.reason) == finding.reason


GREETING = {"configMapKeyRef": {"name": "shop-settings", "key": "GREETING"}}
ALL_KEYS = {"configMapRef": {"name": "shop-settings"}}


@pytest.mark.parametrize(
    ("variables", "outcome"),
    [
        ({"env": [{"name": "GREETING", "valueFrom": GREETING}]}, "Passed"),
        ({"envFrom": [ALL_KEYS]}, "Passed"),
        ({"envFrom": [{**ALL_KEYS, "prefix": "SHOP_"}]}, "Failed"),
        ({"env": [{"name": "GREETING", "value": "hello"}], "envFrom": [ALL_KEYS]}, "Failed"),
        (
            {
                "env": [
                    {"name": "GREETING", "valueFrom": GREETING},
                    {"name": "GREETING", "value": "hello"},
                ]
            },
            "Failed",
        ),
    ],
)
def test_a_repair_reads_its_setting_in_any_way_that_counts(variables: Any, outcome: str) -> None:
    """No folder of a work can say these: applying leaves the given entry where it is."""
    given = next(body for body in REPAIR.exercise.spec.given if body["kind"] == "Deployment")
    shop = json.loads(json.dumps(given))
    (web,) = shop["spec"]["template"]["spec"]["containers"]
    del web["env"]
    web.update(variables)
    (check,) = [check for check in REPAIR.checks if check.name == "reads-the-settings"]
    assert judged(check, repaired([shop])).outcome.value == outcome
