"""Experiments that are not run: who forbids them, and what is missing, on a real cluster."""

from dataclasses import replace
from pathlib import Path

import pytest

from labgrader.cluster.client import Client
from labgrader.cluster.clock import SystemClock
from labgrader.cluster.configuration import configure
from labgrader.cluster.experiments.laboratory import Laboratory, Permission, Settings
from labgrader.cluster.probes.proxied import ProxiedDialer
from labgrader.cluster.records import ConfigMapRecords
from labgrader.cluster.resources import Resources
from labgrader.evidence.answers import Hindered, Trouble
from labgrader.evidence.timeline import Timeline
from tests.support.bench import Bench, short_id, trouble


async def test_a_namespace_must_be_opened_first(bench: Bench) -> None:
    bench.cluster.kubectl("label", "namespace", bench.target, "labgrader.dev/disruption-")
    pods = bench.get("pods")["items"]
    assert trouble(await bench.run(bench.deletion())) == ("DisruptionNotAllowed", False)
    given = await bench.run(bench.deletion(), permission=Permission.REFUSED)
    assert trouble(given) == ("DisruptionNotAllowed", False)
    assert {pod["metadata"]["uid"] for pod in bench.get("pods")["items"]} == {
        pod["metadata"]["uid"] for pod in pods
    }


async def test_the_user_of_the_command_line_may_open_it(bench: Bench, tmp_path: Path) -> None:
    bench.cluster.kubectl("label", "namespace", bench.target, "labgrader.dev/disruption-")
    answer = await bench.run(bench.deletion(), tmp_path, permission=Permission.GIVEN)
    assert isinstance(answer, Timeline), answer


async def test_a_missing_right_names_the_role(bench: Bench) -> None:
    account = f"system:serviceaccount:{bench.grader}:default"
    for role in ("view", "edit"):  # may read the target, and work in its own namespace
        where = bench.target if role == "view" else bench.grader
        bench.cluster.kubectl(
            *("-n", where, "create", "rolebinding", f"test-{role}", f"--clusterrole={role}"),
            f"--serviceaccount={bench.grader}:default",
        )
    bench.cluster.kubectl(
        *("create", "clusterrolebinding", bench.grader, "--clusterrole=view"),
        f"--serviceaccount={bench.grader}:default",
    )
    token = bench.cluster.kubectl("-n", bench.grader, "create", "token", "default").stdout.strip()
    configuration = await configure(bench.cluster.kubeconfig, None)
    configuration.cert_file = configuration.key_file = None
    configuration.api_key = {"BearerToken": token}
    configuration.api_key_prefix = {"BearerToken": "Bearer"}
    try:
        async with Client(configuration) as client:
            laboratory = Laboratory(
                client,
                Resources(client),
                ConfigMapRecords(client, bench.grader, "this"),
                Settings("this", bench.image, bench.grader, Permission.LABEL),
                ProxiedDialer(client),
                clock=SystemClock(),
                ids=short_id,
            )
            answer = await laboratory.run(bench.deletion())
    finally:
        bench.cluster.kubectl("delete", "clusterrolebinding", bench.grader)
    assert isinstance(answer, Trouble), (account, answer)
    assert (answer.reason, answer.transient) == ("Forbidden", False)
    assert "labgrader-disturb" in answer.detail


@pytest.mark.parametrize(
    "missing", ["labgrader:never-built", "registry.invalid/labgrader:1"], ids=["here", "registry"]
)
async def test_a_missing_probe_image_is_the_graders_trouble(bench: Bench, missing: str) -> None:
    answer = await bench.run(bench.deletion(), image=missing)
    assert trouble(answer) == ("ProbeImageMissing", False)
    assert bench.left() == []


async def test_a_full_grader_namespace_is_the_graders_trouble(bench: Bench) -> None:
    bench.cluster.kubectl("-n", bench.grader, "create", "quota", "none", "--hard=pods=0")
    answer = await bench.run(bench.deletion())
    assert trouble(answer) == ("ProbeNotStarted", True)
    assert isinstance(answer, Trouble)
    assert "exceeded quota" in answer.detail
    assert bench.left() == []


async def test_another_workload_of_the_same_name_is_not_disturbed(bench: Bench) -> None:
    stale = replace(bench.deletion(), uid="somebody-else")
    assert trouble(await bench.run(stale)) == ("ObjectReplaced", True)
    assert bench.left() == []


async def test_a_service_of_somewhere_else_is_the_learners(bench: Bench) -> None:
    spec = {"type": "ExternalName", "externalName": "kubernetes.default.svc"}
    bench.cluster.kubectl("-n", bench.target, "delete", "service", "web")
    bench.apply({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web"}, "spec": spec})
    answer = await bench.run(bench.deletion())
    assert isinstance(answer, Hindered), answer
    assert answer.reason == "ServiceExternalName"
    assert dict(answer.params)["target"] == "kubernetes.default.svc"
