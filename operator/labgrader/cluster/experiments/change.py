"""Changes to a learner's object: recorded before they are made, and put back whatever happens.

``planned``, ``left_to_a_job`` and ``make`` are used by the experiments through ``site``,
``put_back`` and ``clear_away`` also by ``debts`` for what a crashed grader left; each of these
may be repeated. Put back are only fields that still hold our value, and with them who owned them,
so that the learner's next apply meets no conflict
(docs/decisions/0032-changing-what-is-the-learners.md, 0038-what-a-job-changes-is-ours.md).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from labgrader.checks.expect.quantity import parse_quantity
from labgrader.cluster.client import Client
from labgrader.cluster.errors import ApiError
from labgrader.cluster.experiments.bell import Bell
from labgrader.cluster.experiments.fields import (
    ABSENT,
    Steps,
    handed_back,
    owners,
    setting,
    settings,
    value,
)
from labgrader.cluster.experiments.hopeless import hopeless
from labgrader.cluster.experiments.mirror import Mirror
from labgrader.cluster.experiments.workload import owner

MANAGER = "labgrader-experiment"
"""The field manager of changes."""
_JSON_PATCH = "application/json-patch+json"
_GONE = (404, 410)
_MOVED = (409, 422)
_CONTROLLERS = "kube-controller-manager"
"""The field manager of Kubernetes' own controllers: what they write follows from other fields."""
_TRIES = 8
_CALM_MS = 60_000

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its path, what stood there, what we put, and who owned it.

    ``before`` and ``ours`` are lists of the one value. ``before`` is empty where there was none,
    ``ours`` where a Job of the learner's puts one that nobody knows yet.
    """

    steps: Steps
    before: tuple[Any, ...]
    ours: tuple[Any, ...]
    owners: tuple[Json, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """Fields of one object, which are written through its ``subresource`` where there is one.

    ``revisions`` are the uids of the ReplicaSets that it had before.
    """

    path: str
    uid: str
    fields: tuple[Field, ...]
    revisions: tuple[str, ...] = ()
    subresource: str = ""

    def written(self) -> Json:
        """As it stands in a record."""
        return asdict(self)


def read(written: Json) -> Change:
    """The change that a record tells of."""
    fields = tuple(
        Field(
            steps=tuple(one["steps"]),
            before=tuple(one["before"]),
            ours=tuple(one["ours"]),
            owners=tuple(one["owners"]),
        )
        for one in written["fields"]
    )
    return Change(
        written["path"], written["uid"], fields, tuple(written["revisions"]), written["subresource"]
    )


def planned(
    body: Json,
    path: str,
    wanted: Mapping[Steps, Any],
    revisions: Sequence[str] = (),
    subresource: str = "",
) -> Change:
    """The change of an object, as it is now, to the wanted values."""
    fields = tuple(_field(body, steps, (ours,)) for steps, ours in wanted.items())
    return Change(path, body["metadata"]["uid"], fields, tuple(sorted(revisions)), subresource)


def left_to_a_job(body: Json, path: str, steps: Steps) -> Change:
    """The change of one field that a Job of the learner's may make, when it is run."""
    return Change(path, body["metadata"]["uid"], (_field(body, steps, ()),))


def _field(body: Json, steps: Steps, ours: tuple[Any, ...]) -> Field:
    return Field(steps, _stands(body, steps), ours, tuple(owners(body, steps)))


async def make(client: Client, change: Change) -> None:
    """Set the fields. It must be on record already. Raises Hopeless, ApiError, ApiUnreachable."""
    refused: tuple[str, ApiError] | None = None
    for _ in range(_TRIES):
        body = await _same(client, change)
        if body is None or any(_stands(body, one.steps) != one.before for one in change.fields):
            detail = f"{change.path} was changed by somebody else meanwhile"
            raise hopeless("ObjectReplaced", detail, transient=True)
        version = body["metadata"]["resourceVersion"]
        if refused is not None and refused[0] == version:
            raise refused[1]  # nothing has moved: it is the values that are not taken
        patch = settings(body, {one.steps: one.ours[0] for one in change.fields})
        if patch is None:
            raise hopeless("ObjectReplaced", f"{change.path} has not the fields to change")
        try:
            await _patch(client, change, patch, change.subresource)
        except ApiError as error:
            if error.status not in _MOVED:
                raise
            refused = version, error
        else:
            return
    raise hopeless("ObjectReplaced", f"{change.path} changes all the time", transient=True)


async def put_back(
    client: Client, change: Change, ended: str = "", left: Sequence[Any] = ()
) -> None:
    """Fields that still hold our value get their own again, and all get their owners.

    ``ended`` is when the Job ended that a field was left to, and ``left`` the one value that it had
    then, as far as that is known: what was written later, somebody else wrote. Raises ApiError,
    ApiUnreachable.
    """
    refused: ApiError | None = None
    for _ in range(_TRIES):
        body = await _same(client, change)
        if body is None:
            return
        patch = [step for one in change.fields for step in _back(body, one, ended, left)]
        try:
            if patch:
                body = await _patch(client, change, patch, change.subresource)
            back = [(one.steps, _still(body, one)) for one in change.fields]
            entries = handed_back(body, MANAGER, back)
            if entries is None:
                return
            version = body["metadata"]["resourceVersion"]
            await _patch(
                client,
                change,
                [
                    {"op": "test", "path": "/metadata/resourceVersion", "value": version},
                    {"op": "replace", "path": "/metadata/managedFields", "value": entries},
                ],
            )
        except ApiError as error:
            if error.status in _GONE:
                return
            if error.status not in _MOVED:
                raise
            refused = error
        else:
            return
    if refused is not None:
        raise refused


async def clear_away(client: Client, change: Change) -> None:
    """Delete the ReplicaSets that the change caused, once they have no pods.

    So the learner's history is what it was, and nobody has to be told what to overlook. Those
    that the learner has taken up stay. Raises ApiError, ApiUnreachable.
    """
    body = await _same(client, change)
    if body is None or all(holds(body, one) for one in change.fields):
        return
    bell = Bell()
    collection = f"{change.path.rpartition('/')[0].rpartition('/')[0]}/replicasets"
    sets = Mirror(client, collection, {}, bell)
    async with sets.following():

        def ours() -> list[Json]:
            return [one for one in sets.objects.values() if caused(change, one)]

        await bell.until(lambda: all(map(_is_empty, ours())), _CALM_MS)
        for one in filter(_is_empty, ours()):
            await _delete(client, f"{collection}/{one['metadata']['name']}", one["metadata"]["uid"])


def caused(change: Change, replica_set: Json) -> bool:
    """A ReplicaSet of the object that was not there before and holds our values."""
    known = replica_set["metadata"]["uid"] in change.revisions
    return not known and carries(change, replica_set)


def carries(change: Change, replica_set: Json) -> bool:
    """A ReplicaSet of the object that holds our values: of us, or of an earlier version like it."""
    return owner(replica_set) == change.uid and all(
        holds(replica_set, one) for one in change.fields
    )


def _is_empty(replica_set: Json) -> bool:
    status = replica_set.get("status") or {}
    return replica_set["spec"].get("replicas") == 0 and not status.get("replicas")


def holds(body: Json, one: Field) -> bool:
    """The field has our value. The API server writes quantities in a way of its own."""
    found, ours = value(body, one.steps), one.ours[0]
    if found == ours:
        return True
    number = parse_quantity(found)
    return number is not None and number == parse_quantity(ours)


def _back(body: Json, one: Field, ended: str, left: Sequence[Any]) -> Iterator[Json]:
    """The patch of one field."""
    if _stands(body, one.steps) == one.before:
        return
    others = [entry for entry in owners(body, one.steps) if entry.get("manager") != MANAGER]
    if one.ours and (not holds(body, one) or others):
        return  # what somebody else owns with us, they want so
    if not one.ours and (left and value(body, one.steps) != left[0]):
        return
    if not one.ours and any(_is_later(entry, ended) for entry in others):
        return
    before = one.before[0] if one.before else ABSENT
    yield from setting(body, one.steps, before) or ()


def _is_later(entry: Json, ended: str) -> bool:
    """Written after the Job had ended, and not by a controller that follows what it had written."""
    return bool(ended) and entry.get("time", "") > ended and entry["manager"] != _CONTROLLERS


def _still(body: Json, one: Field) -> tuple[Json, ...]:
    """The owners from before, where the field is as it was then."""
    return one.owners if _stands(body, one.steps) == one.before else ()


def _stands(body: Json, steps: Steps) -> tuple[Any, ...]:
    found = value(body, steps)
    return () if found is ABSENT else (found,)


async def _same(client: Client, change: Change) -> Any:
    """The object, or None where it is gone or another one."""
    try:
        body = await client.get(change.path)
    except ApiError as error:
        if error.status in _GONE:
            return None
        raise
    return body if body["metadata"]["uid"] == change.uid else None


async def _patch(
    client: Client, change: Change, steps: Sequence[Json], subresource: str = ""
) -> Any:
    """Owners are never taken from a request to a subresource, so they go to the object itself."""
    test = {"op": "test", "path": "/metadata/uid", "value": change.uid}
    return await client.request(
        "PATCH",
        "/".join(filter(None, (change.path, subresource))),
        body=[test, *steps],
        params={"fieldManager": MANAGER},
        content_type=_JSON_PATCH,
    )


async def _delete(client: Client, path: str, uid: str) -> None:
    try:
        await client.delete(
            path, {"preconditions": {"uid": uid}, "propagationPolicy": "Background"}
        )
    except ApiError as error:
        if error.status not in {*_GONE, *_MOVED}:
            raise
