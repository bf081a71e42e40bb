"""Whose rights an experiment on a copy needs, and which a copy gives: none to the learner."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from labgrader.cluster.clock import SystemClock
from labgrader.cluster.experiments.laboratory import Laboratory, Permission, Settings
from labgrader.cluster.probes.proxied import ProxiedDialer
from labgrader.cluster.records import ConfigMapRecords
from labgrader.cluster.resources import Resources
from labgrader.evidence.answers import Trouble
from tests.support.bench import Bench, short_id, until
from tests.support.copied import copies, did, on_copy, pods, web
from tests.support.live import LiveCluster
from tests.support.rights import as_operator

pytestmark = [pytest.mark.cluster, pytest.mark.experiment]


@pytest.fixture
def bench(cluster: LiveCluster, image: str) -> Bench:
    """A namespace that nobody has opened for disruption."""
    return Bench(cluster, cluster.fresh_namespace(), cluster.fresh_namespace(), image)


@asynccontextmanager
async def operator(bench: Bench, *roles: str, secrets: bool = True) -> AsyncIterator[Laboratory]:
    """A laboratory with the operator's rights, and these ClusterRoles everywhere."""
    account = f"--serviceaccount={bench.grader}:default"
    async with as_operator(bench.cluster, bench.grader, ()) as client:
        for role in roles:
            name = f"{bench.grader}-{role}"
            bench.cluster.kubectl(
                "create", "clusterrolebinding", name, f"--clusterrole={role}", account
            )
        if secrets:
            bench.cluster.kubectl(
                *("-n", bench.target, "create", "rolebinding", "secrets", account),
                "--clusterrole=labgrader-clone-secrets",
            )
        settings = Settings("this", bench.image, bench.grader, Permission.LABEL)
        records = ConfigMapRecords(client, bench.grader, "this")
        laboratory = Laboratory(
            *(client, Resources(client), records, settings, ProxiedDialer(client)),
            clock=SystemClock(),
            ids=short_id,
        )
        try:
            yield laboratory
        finally:
            await laboratory.close()
            for role in roles:
                bench.cluster.kubectl("delete", "clusterrolebinding", f"{bench.grader}-{role}")


async def test_the_operators_rights_suffice(bench: Bench) -> None:
    web(bench)
    before = pods(bench)
    async with operator(bench, "labgrader-clone") as laboratory:
        answer = await laboratory.run(on_copy(bench))
    assert len(did(answer, "pod-deleted")) == 1
    assert (copies(bench), pods(bench)) == ([], before)


async def test_without_the_right_the_role_is_named(bench: Bench) -> None:
    web(bench)
    async with operator(bench) as laboratory:
        answer = await laboratory.run(on_copy(bench))
    assert isinstance(answer, Trouble), answer
    assert (answer.reason, answer.transient) == ("Forbidden", False)
    assert "ClusterRole labgrader-clone" in answer.detail
    assert (copies(bench), bench.left()) == ([], [])


async def test_without_the_right_to_its_secrets_that_role_is_named(bench: Bench) -> None:
    web(bench)
    async with operator(bench, "labgrader-clone", secrets=False) as laboratory:
        answer = await laboratory.run(on_copy(bench))
    assert isinstance(answer, Trouble), answer
    assert (answer.reason, answer.transient) == ("Forbidden", False)
    assert "ClusterRole labgrader-clone-secrets" in answer.detail
    assert copies(bench) == []


async def test_no_learner_has_a_right_in_a_copy(bench: Bench) -> None:
    web(bench)
    async with bench.laboratory() as laboratory:
        run = asyncio.create_task(laboratory.run(on_copy(bench)))
        await until(lambda: bool(copies(bench)), 60)
        place = copies(bench)[0]
        labels = bench.get("namespace", place)["metadata"]["labels"]
        bindings = bench.get("rolebindings", namespace=place)["items"]
        await run
        await laboratory.close()
    assert not [key for key in labels if "labgrader.dev" in key]
    assert json.dumps(bindings) == "[]"
