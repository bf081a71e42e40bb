"""What a dry run refuses only because what is given before is not really there yet."""

from pathlib import Path
from typing import Any

import pytest

from labgrader.cluster.client import Client
from labgrader.cluster.configuration import configure
from labgrader.cluster.given import Giving, NotPut
from labgrader.cluster.resources import Resources
from tests.unit.authoring.api_server import api_server


def given(kind: str) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": kind, "metadata": {"name": "app"}}


ACCOUNT, LIMITS = given("ServiceAccount"), given("LimitRange")
POD = {**given("Pod"), "metadata": {"name": "pod"}, "spec": {"serviceAccountName": "app"}}
NO_ACCOUNT = (
    'pods "pod" is forbidden: error looking up service account kim/app: '
    'serviceaccount "app" not found'
)
NO_DEFAULTS = 'pods "pod" is forbidden: failed quota: team: must specify limits.cpu for: web'
TAKEN = "failed to allocate IP 10.96.0.50: provided IP is already allocated"


async def rehearse(folder: Path, objects: tuple[dict[str, Any], ...], said: str) -> None:
    async with (
        api_server(folder, refuse_rehearsed={"pod": said}) as (_, kubeconfig),
        Client(await configure(kubeconfig, None)) as client,
    ):
        await Giving(client, Resources(client), "lab", "kim", objects).rehearse()


@pytest.mark.parametrize(
    ("objects", "said"),
    [
        ((ACCOUNT, POD), NO_ACCOUNT),
        ((LIMITS, POD), NO_DEFAULTS),
        ((POD,), TAKEN),
    ],
)
async def test_what_may_be_taken_when_it_is_put_is_not_refused_before(
    tmp_path: Path, objects: Any, said: str
) -> None:
    await rehearse(tmp_path, objects, said)


@pytest.mark.parametrize(
    ("objects", "said"),
    [
        ((POD, ACCOUNT), NO_ACCOUNT),
        ((LIMITS, POD), NO_ACCOUNT),
        ((ACCOUNT, POD), NO_ACCOUNT.replace("app", "apple")),
        ((POD, LIMITS), NO_DEFAULTS),
        ((ACCOUNT, POD), NO_DEFAULTS),
        ((LIMITS, POD), "maximum cpu usage per Container is 1, but limit is 2"),
    ],
)
async def test_what_nothing_given_before_helps_is_refused(
    tmp_path: Path, objects: Any, said: str
) -> None:
    with pytest.raises(NotPut) as refused:
        await rehearse(tmp_path, objects, said)
    assert str(refused.value) == f"the cluster refuses Pod pod: {said}"
