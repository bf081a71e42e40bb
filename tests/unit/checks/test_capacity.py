"""Who asks for capacity that is there already, by the owners of fields as an API server keeps them."""

from typing import Any

import orjson
import pytest

from labgrader.checks.capacity import Asked, There, there
from tests.unit.checks.objects import Body, deployment
from tests.unit.checks.test_scales_on_schedule import hpa, rush

BORN, MADE = "2026-03-02T09:00:00Z", "2026-03-02T09:00:05Z"
"""When the workload was made, and the CronJob."""
EDITED, RAN = "2026-03-04T10:00:00Z", "2026-03-05T23:45:20Z"
FIRED = "2026-03-05T23:45:00Z"
WHOLE = ("selector", "template", "replicas")
APPLIED = "kubectl.kubernetes.io/last-applied-configuration"


def entry(manager: str, *fields: str, time: str = BORN, **more: str) -> Body:
    operation = {"operation": "Update", "time": time, "fieldsType": "FieldsV1", **more}
    return {"manager": manager, "fieldsV1": {"f:spec": {f"f:{f}": {} for f in fields}}, **operation}


def cron(**status: Any) -> Body:
    body = rush() | {"status": status}
    body["metadata"]["creationTimestamp"] = MADE
    return body


NEVER, ONCE = cron(), cron(lastScheduleTime=FIRED, lastSuccessfulTime=RAN)


def written(body: Body, *entries: Body, applied: int | None = None) -> Body:
    body["metadata"]["managedFields"] = list(entries)
    body["metadata"]["creationTimestamp"] = BORN
    if applied is not None:
        key = "minReplicas" if body["kind"] == "HorizontalPodAutoscaler" else "replicas"
        text = orjson.dumps({"spec": {key: applied}}).decode()
        body["metadata"]["annotations"] = {APPLIED: text}
    return body


def web(*entries: Body, replicas: int = 4, applied: int | None = None) -> Body:
    return written(deployment(replicas=replicas), *entries, applied=applied)


def found(body: Body, *scalers: Body, ran: Body = ONCE, to: int = 4) -> There | None:
    return there(body, body["spec"]["replicas"], scalers, ran, to)


def asked(body: Body, *scalers: Body, ran: Body = ONCE) -> Asked:
    there_is = found(body, *scalers, ran=ran)
    assert there_is is not None
    return there_is.asked


SCALED = entry("kubectl", "replicas", time=RAN, subresource="scale")
CONTROLLER = entry("kube-controller-manager", "replicas", time=RAN, subresource="scale")
CLIENT, SERVER = "kubectl-client-side-apply", "kubectl"


def test_less_than_is_to_come_is_not_there() -> None:
    assert found(web(replicas=3), hpa(minimum=3)) is None


@pytest.mark.parametrize("ran", [NEVER, ONCE, cron(active=[{"name": "rush-1"}])])
@pytest.mark.parametrize(
    "declared",
    [
        entry(CLIENT, *WHOLE),
        entry(SERVER, *WHOLE, operation="Apply"),
        entry("kubectl-create", *WHOLE),
        entry("helm", *WHOLE),
        entry("rancher", *WHOLE, time=MADE),
    ],
    ids=lambda one: one["manager"],
)
def test_who_declares_the_workload_asks_for_what_it_says(declared: Body, ran: Body) -> None:
    """Whether or not the Job has run since: four all day are four all day."""
    assert asked(web(declared), ran=ran) is Asked.ALWAYS


@pytest.mark.parametrize("ran", [NEVER, ONCE], ids=["no run is known", "it has run"])
@pytest.mark.parametrize(
    "scaled",
    [
        SCALED,
        entry("kubectl-patch", "replicas", time=RAN),
        entry("scaler", "replicas", time=RAN, operation="Apply"),
        entry("kubectl-edit", "replicas", time=EDITED),
    ],
    ids=lambda one: one["manager"],
)
def test_who_writes_the_number_alone_scales(scaled: Body, ran: Body) -> None:
    """A Job that was tried by hand and deleted leaves nothing else behind."""
    declared = entry(CLIENT, "selector", "template")
    assert asked(web(declared, scaled, applied=2), ran=ran) is Asked.RAISED
    assert asked(web(declared, scaled), ran=ran) is Asked.RAISED


def test_who_declares_what_somebody_has_scaled_to_asks_for_it() -> None:
    declared = entry(SERVER, *WHOLE, time=EDITED, operation="Apply")
    assert asked(web(SCALED, declared), ran=NEVER) is Asked.ALWAYS


@pytest.mark.parametrize(
    ("time", "status", "expected"),
    [
        (EDITED, {}, Asked.ALWAYS),
        (EDITED, {"lastScheduleTime": FIRED, "lastSuccessfulTime": RAN}, Asked.UNCLEAR),
        (RAN, {"lastScheduleTime": FIRED, "lastSuccessfulTime": RAN}, Asked.UNCLEAR),
        (RAN, {"lastSuccessfulTime": RAN}, Asked.UNCLEAR),
        (RAN, {"lastScheduleTime": RAN, "lastSuccessfulTime": FIRED}, Asked.UNCLEAR),
        (RAN, {"lastSuccessfulTime": EDITED, "active": [{}]}, Asked.UNCLEAR),
        (RAN, {"lastSuccessfulTime": EDITED}, Asked.ALWAYS),
        (MADE, {"lastSuccessfulTime": RAN}, Asked.ALWAYS),
        ("?", {"lastSuccessfulTime": RAN}, Asked.ALWAYS),
    ],
)
def test_a_job_that_applies_the_whole_manifest_may_have_declared_it(
    time: str, status: Body, expected: Asked
) -> None:
    assert asked(web(entry(CLIENT, *WHOLE, time=time)), ran=cron(**status)) is expected


def test_what_was_made_after_the_run_was_not_made_by_it() -> None:
    body = web(entry(CLIENT, *WHOLE, time=EDITED))
    body["metadata"]["creationTimestamp"] = EDITED
    assert asked(body) is Asked.ALWAYS


def test_a_manifest_that_asks_for_it_beside_somebody_who_scaled_is_unclear() -> None:
    """Applying the number that is there already changes no owner."""
    assert asked(web(SCALED, applied=4)) is Asked.UNCLEAR
    assert asked(web(SCALED, applied=3)) is Asked.RAISED


def test_a_number_that_nobody_is_known_to_have_written_is_unclear() -> None:
    assert asked(web()) is Asked.UNCLEAR
    bare = deployment(replicas=4)
    assert asked(bare) is Asked.UNCLEAR


def parted(manager: str) -> tuple[Body, Body]:
    """As an API server leaves an entry when a Job has scaled four replicas to four."""
    number = entry(manager, "replicas")
    del number["time"]
    return number, entry(manager, "selector", "template")


@pytest.mark.parametrize("ran", [NEVER, ONCE], ids=["no run is known", "it has run"])
@pytest.mark.parametrize("manager", [CLIENT, "kubectl-create"])
def test_scaling_to_what_is_there_does_not_hide_who_declares_it(manager: str, ran: Body) -> None:
    assert asked(web(*parted(manager)), ran=ran) is Asked.ALWAYS


@pytest.mark.parametrize(
    ("manager", "applied", "expected"),
    [
        (CLIENT, 4, Asked.ALWAYS),
        (CLIENT, 2, Asked.RAISED),
        (CLIENT, 5, Asked.UNCLEAR),
        ("kubectl-create", None, Asked.UNCLEAR),
    ],
)
def test_of_a_number_that_has_lost_its_owner_kubectl_remembers_whose_it_was(
    manager: str, applied: int | None, expected: Asked
) -> None:
    """The next change of an object merges the two entries of one writer, and loses one."""
    _, declares = parted(manager)
    assert asked(web(declares, applied=applied), ran=ONCE) is expected


def test_a_writer_of_the_same_name_that_scales_declares_nothing() -> None:
    """Both are called kubectl where the manifest is applied on the server."""
    declares = entry(SERVER, "selector", "template", operation="Apply")
    assert asked(web(declares, SCALED)) is Asked.RAISED


def scaler(minimum: int, *entries: Body, applied: int | None = None, name: str = "web") -> Body:
    return written(hpa(name, minimum), *entries, applied=applied)


PATCHED = entry("kubectl-patch", "minReplicas", time=RAN)
MINIMUM = entry(CLIENT, "scaleTargetRef", "maxReplicas", "minReplicas")


@pytest.mark.parametrize(
    ("minimum", "replicas", "expected"),
    [
        (scaler(4, PATCHED, applied=2), web(CONTROLLER), Asked.RAISED),
        (scaler(4, PATCHED), web(CONTROLLER, replicas=2), Asked.RAISED),
        (scaler(4, MINIMUM), web(CONTROLLER), Asked.ALWAYS),
        (scaler(4, MINIMUM), web(entry(CLIENT, *WHOLE), replicas=2), Asked.ALWAYS),
        (scaler(2, MINIMUM), web(CONTROLLER), Asked.RAISED),
        (scaler(2, MINIMUM), web(SCALED, applied=2), Asked.RAISED),
        (scaler(2, MINIMUM), web(CONTROLLER, applied=4), Asked.RAISED),
        (scaler(2, MINIMUM), web(), Asked.RAISED),
        (scaler(2, MINIMUM), web(entry(CLIENT, *WHOLE)), Asked.UNCLEAR),
    ],
    ids=[
        "the Job raised the minimum",
        "and the autoscaler has yet to follow",
        "the autoscaler is to keep as many all day",
        "and has yet to begin",
        "it had load, and has yet to come back",
        "the Job scaled beside the autoscaler",
        "the manifest only says how it begins",
        "and nothing is known of that",
        "it began with as many, and the autoscaler has yet to come down",
    ],
)
def test_autoscalers_keep_capacity_too(minimum: Body, replicas: Body, expected: Asked) -> None:
    assert asked(replicas, minimum) is expected


def test_the_gravest_of_several_numbers_decides() -> None:
    keeps = scaler(5, MINIMUM, name="other")
    there_is = found(web(CONTROLLER), scaler(4, PATCHED), keeps)
    assert there_is is not None
    assert (there_is.asked, there_is.by.body, there_is.most) == (Asked.ALWAYS, keeps, 5)
    assert there_is.by.writer == CLIENT


@pytest.mark.parametrize(
    ("body", "scalers", "quiet"),
    [
        (web(SCALED, applied=2), (), 2),
        (web(SCALED, applied=0), (), 0),
        (web(SCALED), (), 3),
        (web(SCALED, applied=9), (), 3),
        (web(CONTROLLER, applied=3), (scaler(4, PATCHED, applied=2),), 2),
        (web(CONTROLLER, applied=3), (scaler(4, PATCHED),), 3),
        (web(CONTROLLER, applied=1), (scaler(2, MINIMUM, applied=2),), 2),
        (web(CONTROLLER, applied=0), (scaler(4, PATCHED),), 1),
        (web(CONTROLLER, replicas=2, applied=2), (scaler(4, PATCHED),), 2),
    ],
)
def test_to_how_many_it_is_taken_down(body: Body, scalers: tuple[Body, ...], quiet: int) -> None:
    """What kubectl applied is what there is in quiet times; without that, one fewer shows enough."""
    there_is = found(body, *scalers)
    assert there_is is not None
    assert there_is.quiet == quiet


@pytest.mark.parametrize("odd", ["", "{", "[]", '{"spec": 4}', '{"spec": {"replicas": true}}'])
def test_an_annotation_that_is_none_of_kubectls_says_nothing(odd: str) -> None:
    body = web(SCALED)
    body["metadata"]["annotations"] = {APPLIED: odd}
    there_is = found(body)
    assert there_is is not None
    assert (there_is.asked, there_is.quiet) == (Asked.RAISED, 3)
