"""What is undone after a Job was run, and whose the fields are then."""

from typing import Any

import orjson
import pytest

from labgrader.cluster.errors import ApiError
from labgrader.cluster.experiments.change import left_to_a_job, make, planned
from labgrader.cluster.experiments.debts import pay
from labgrader.cluster.experiments.fields import field, item
from tests.unit.owning_server import OwningServer, entry
from tests.unit.servers import serving
from tests.unit.test_client import talking_to

Json = dict[str, Any]
WEB = "/apis/apps/v1/namespaces/kim/deployments/web"
HPA = "/apis/autoscaling/v2/namespaces/kim/horizontalpodautoscalers/web"
JOB = "/apis/batch/v1/namespaces/kim/jobs/experiment-1"
POD = "/api/v1/namespaces/kim/pods/web-1"
REPLICAS, MINIMUM = field("spec", "replicas"), field("spec", "minReplicas")
LIMITS = (*field("spec", "containers"), item("web"), *field("resources", "limits"))
CPU, MEMORY = (*LIMITS, "f:cpu"), (*LIMITS, "f:memory")
LATER = "2026-01-01T01:00:00Z"


def scaled(name: str, number: int, *entries: Json) -> Json:
    metadata = {"uid": f"uid-{name}", "name": "web", "resourceVersion": "1"}
    return {"metadata": {**metadata, "managedFields": list(entries)}, "spec": {name: number}}


KIM = {"manager": "kubectl", "operation": "Apply", "apiVersion": "v1", "time": "t"}


def before() -> dict[str, Json]:
    """Kim has applied the replicas; the minimum is Kubernetes' own."""
    applied = {**entry("kubectl", REPLICAS), **KIM}
    return {WEB: scaled("replicas", 2, applied), HPA: scaled("minReplicas", 1)}


def debt(*left: int) -> Json:
    """As it was written when the Job was made."""
    objects = before()
    changes = [
        left_to_a_job(objects[HPA], HPA, MINIMUM),
        left_to_a_job(objects[WEB], WEB, REPLICAS),
    ]
    written = [one.written() for one in changes]
    owed = {"what": "run-job", "job": JOB, "changes": written, "left": [[], left]}
    read: Json = orjson.loads(orjson.dumps(owed))
    return read


def raised(*, ended: str = "", **more: Json) -> dict[str, Json]:
    """What the Job has made of it; ``more`` are other objects."""
    done = [{"type": "Complete", "status": "True", "lastTransitionTime": ended}]
    found = {
        WEB: scaled("replicas", 4, entry("kubectl", REPLICAS, subresource="scale")),
        HPA: scaled("minReplicas", 4, entry("kubectl-patch", MINIMUM)),
        JOB: {"metadata": {"uid": "j"}, "status": {"conditions": done if ended else []}},
    }
    return found | more


async def paid(server: OwningServer, owed: Json | None = None) -> OwningServer:
    async with serving(server.answer) as address, talking_to(address) as client:
        await pay(client, owed or debt(), None)
    return server


def owners(body: Json) -> list[str]:
    return [one["manager"] for one in body["metadata"]["managedFields"]]


async def test_a_job_goes_and_what_it_raised_is_as_it_was() -> None:
    server = await paid(OwningServer(raised()))
    assert server.done == [
        "delete experiment-1",
        "web minReplicas=1",
        "web managedFields",
        "web replicas=2",
        "web managedFields",
    ]
    [applied] = server.objects[WEB]["metadata"]["managedFields"]
    assert applied == {**KIM, "fieldsV1": {"f:spec": {"f:replicas": {}}}}
    assert owners(server.objects[HPA]) == []
    again = len(server.done)
    assert len((await paid(server)).done) == again, "it may be repeated"


async def test_a_job_that_has_ended_goes_last() -> None:
    server = await paid(OwningServer(raised(ended=LATER)))
    assert server.done[-1] == "delete experiment-1"
    assert server.objects[WEB]["spec"]["replicas"] == 2


async def test_what_is_as_it_was_is_left_alone() -> None:
    assert (await paid(OwningServer(before()))).done == []


async def test_what_a_job_lowered_is_put_back_too() -> None:
    lowered = scaled("replicas", 0, entry("kubectl", REPLICAS, subresource="scale"))
    server = await paid(OwningServer(raised() | {WEB: lowered}))
    assert server.objects[WEB]["spec"]["replicas"] == 2


async def test_another_object_of_that_name_is_left_alone() -> None:
    another = scaled("replicas", 4)
    another["metadata"]["uid"] = "another"
    server = await paid(OwningServer(raised() | {WEB: another}))
    assert server.objects[WEB]["spec"]["replicas"] == 4


@pytest.mark.parametrize(
    ("manager", "time", "replicas"),
    [
        ("kubectl", "2026-01-01T01:00:01Z", 5),
        ("kubectl", LATER, 2),
        ("kube-controller-manager", "2026-01-01T01:00:01Z", 2),
    ],
    ids=["the learner, after the Job", "the Job", "an autoscaler that the Job has raised"],
)
async def test_what_is_written_after_the_end_of_a_job_is_not_its_doing(
    manager: str, time: str, replicas: int
) -> None:
    written = scaled("replicas", 5, entry(manager, REPLICAS, subresource="scale", time=time))
    server = await paid(OwningServer(raised(ended=LATER) | {WEB: written}))
    assert server.objects[WEB]["spec"]["replicas"] == replicas


@pytest.mark.parametrize(("left", "replicas"), [(4, 2), (3, 4)])
async def test_a_value_that_the_job_did_not_leave_is_not_its_doing(
    left: int, replicas: int
) -> None:
    """A field keeps its time where the same manager writes it again, as kubectl does for both."""
    server = await paid(OwningServer(raised(ended=LATER)), debt(left))
    assert server.objects[WEB]["spec"]["replicas"] == replicas


async def test_a_change_between_look_and_change_is_looked_at_again() -> None:
    server = OwningServer(raised())
    server.meddling = [
        lambda body: body["spec"].update(minReplicas=5),
        lambda body: body["spec"].update(minReplicas=6),
    ]
    await paid(server)
    assert server.objects[HPA]["spec"]["minReplicas"] == 1


async def test_what_cannot_be_put_back_stays_owed() -> None:
    server = OwningServer(raised())
    server.refused = "replicas"
    with pytest.raises(ApiError):
        await paid(server)


def raised_before() -> dict[str, Json]:
    """What an earlier run of the Job has left: capacity is there already."""
    return {
        WEB: scaled("replicas", 4, entry("kubectl", REPLICAS, subresource="scale")),
        HPA: scaled("minReplicas", 4, entry("kubectl-patch", MINIMUM)),
    }


async def taken_down(server: OwningServer) -> list[Json]:
    """As the experiment does it; the debts, in order."""
    bodies = {path: orjson.loads(orjson.dumps(server.objects[path])) for path in (HPA, WEB)}
    steps = {HPA: MINIMUM, WEB: REPLICAS}
    lowered = [planned(bodies[path], path, {steps[path]: 2}) for path in (HPA, WEB)]
    async with serving(server.answer) as address, talking_to(address) as client:
        for change in lowered:
            await make(client, change)
    left = [left_to_a_job(bodies[path], path, steps[path]) for path in (HPA, WEB)]
    run = {"what": "run-job", "job": JOB, "changes": [one.written() for one in left]}
    owed = [{"what": "lower", "change": one.written()} for one in lowered]
    found: list[Json] = orjson.loads(orjson.dumps([*owed, {**run, "left": [[], []]}]))
    return found


async def all_paid(server: OwningServer, owed: list[Json]) -> tuple[int, int]:
    for debt in owed:
        await paid(server, debt)
    return (
        server.objects[WEB]["spec"]["replicas"],
        server.objects[HPA]["spec"]["minReplicas"],
    )


def without_times(body: Json) -> list[Json]:
    """Whose fields they are."""
    entries = orjson.loads(orjson.dumps(body["metadata"]["managedFields"]))
    return [{key: of for key, of in one.items() if key != "time"} for one in entries]


async def test_what_was_taken_down_for_a_job_is_put_back_where_it_did_nothing() -> None:
    before = raised_before()
    server = OwningServer(raised_before())
    owed = await taken_down(server)
    assert server.done == ["web minReplicas=2", "web replicas=2"]
    assert await all_paid(server, owed) == (4, 4)
    for path in (WEB, HPA):
        assert without_times(server.objects[path]) == without_times(before[path])
    again = len(server.done)
    await all_paid(server, owed)
    assert len(server.done) == again, "it may be repeated"


@pytest.mark.parametrize("raised", [3, 4, 6])
async def test_what_a_job_made_of_it_is_put_back_too(raised: int) -> None:
    server = OwningServer(raised_before())
    owed = await taken_down(server)
    job = entry("kubectl", REPLICAS, subresource="scale")
    server.objects[WEB] = scaled("replicas", raised, job)
    server.objects[HPA] = scaled("minReplicas", raised, entry("kubectl-patch", MINIMUM))
    assert await all_paid(server, owed) == (4, 4)
    assert without_times(server.objects[WEB]) == without_times(raised_before()[WEB])


async def test_a_grader_that_died_before_the_job_owes_what_it_took_down() -> None:
    server = OwningServer(raised_before())
    owed = await taken_down(server)
    assert await all_paid(server, owed[:2]) == (4, 4)
    untouched = OwningServer(raised_before())
    assert await all_paid(untouched, owed[:2]) == (4, 4)
    assert untouched.done == []


async def test_what_the_learner_writes_before_the_job_stays() -> None:
    server = OwningServer(raised_before())
    owed = await taken_down(server)
    server.objects[WEB] = scaled("replicas", 1, entry("kubectl-edit", REPLICAS))
    assert await all_paid(server, owed[:2]) == (1, 4)
