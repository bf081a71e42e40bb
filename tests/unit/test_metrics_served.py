"""Which APIs of metrics an autoscaler needs, and what is said where the cluster lacks them."""

from collections.abc import Collection

import pytest
from aiohttp import web

from labgrader.cluster.errors import ApiError
from labgrader.cluster.experiments.hopeless import Hopeless
from labgrader.cluster.experiments.permit import metrics_served
from labgrader.evidence.answers import Trouble
from tests.unit.servers import serving
from tests.unit.test_client import talking_to

RESOURCE, CUSTOM, EXTERNAL = (f"{p}metrics.k8s.io" for p in ("", "custom.", "external."))


async def asked(apis: Collection[str], answers: dict[str, int]) -> tuple[str, ...]:
    """What is missing, where the server answers these paths so, and others with 404."""

    async def answer(request: web.Request) -> web.StreamResponse:
        status = answers.get(request.path.removeprefix("/apis/"), 404)
        return web.json_response({"message": f"said {status}"}, status=status)

    async with serving(answer) as address, talking_to(address) as client:
        return await metrics_served(client, apis)


@pytest.mark.parametrize("version", ["v1beta1", "v1beta2"])
async def test_any_version_that_autoscalers_ask_will_do(version: str) -> None:
    assert await asked({CUSTOM}, {f"{CUSTOM}/{version}": 200}) == ()


async def test_what_is_missing_beside_another_is_told() -> None:
    assert await asked({RESOURCE, EXTERNAL}, {f"{RESOURCE}/v1beta1": 200}) == (EXTERNAL,)


@pytest.mark.parametrize(
    ("apis", "answers", "transient"),
    [
        ({EXTERNAL}, {}, False),
        ({EXTERNAL}, {f"{RESOURCE}/v1beta1": 200}, False),
        ({EXTERNAL, CUSTOM}, {}, False),
        ({EXTERNAL}, {f"{EXTERNAL}/v1beta1": 503}, True),
        ({CUSTOM}, {f"{CUSTOM}/v1beta2": 503}, True),
    ],
    ids=["none at all", "only another", "both", "it does not answer", "one version of two"],
)
async def test_where_none_is_served_nothing_can_be_said(
    apis: set[str], answers: dict[str, int], *, transient: bool
) -> None:
    with pytest.raises(Hopeless) as raised:
        await asked(apis, answers)
    answer = raised.value.answer
    assert isinstance(answer, Trouble)
    assert (answer.reason, answer.transient) == ("MetricsNotServed", transient)
    for api in apis:
        assert f"APIService v1beta1.{api} " in answer.detail


async def test_what_may_not_be_asked_is_not_taken_for_missing() -> None:
    with pytest.raises(ApiError, match="403"):
        await asked({EXTERNAL}, {f"{EXTERNAL}/v1beta1": 403})
