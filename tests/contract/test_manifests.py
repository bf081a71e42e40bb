"""The manifests as users apply them: they build, they are taken, they ask for little."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from labgrader.api import names
from labgrader.cluster.experiments import permit
from labgrader.cluster.experiments.copies.plan import COPIED_KINDS
from tests.support.admission import ROOT, install_admission, until
from tests.support.live import LiveCluster
from tests.support.specimens import Json

BASE = ROOT / "manifests" / "base"


def documents(folder: Path) -> Iterator[Json]:
    for path in sorted(folder.rglob("*.yaml")):
        if path.name != "kustomization.yaml":
            yield from yaml.safe_load_all(path.read_text(encoding="utf-8"))


def roles() -> dict[str, list[Json]]:
    kinds = {"ClusterRole", "Role"}
    found = [body for body in documents(BASE) if body["kind"] in kinds]
    return {f"{body['kind']}/{body['metadata']['name']}": body["rules"] for body in found}


def test_the_names_in_the_manifests_are_those_in_the_code() -> None:
    found = {(body["kind"], body["metadata"]["name"]) for body in documents(BASE)}
    assert ("Namespace", names.SYSTEM_NAMESPACE) in found
    assert ("ServiceAccount", names.OPERATOR_ACCOUNT) in found
    assert ("ClusterRole", names.LEARNER_ROLE) in found
    assert ("ClusterRole", names.DISTURB_ROLE) in found
    assert ("ClusterRole", names.DRY_RUN_ROLE) in found
    assert ("ClusterRole", names.RULES_ROLE) in found
    assert ("ClusterRole", names.PROBE_ROLE) in found
    assert ("ClusterRole", names.COPY_ROLE) in found
    assert ("ClusterRole", permit.CLONE_ROLE) in found
    assert ("ClusterRole", permit.SECRETS_ROLE) in found
    assert ("ValidatingAdmissionPolicy", names.PROBE_POLICY) in found
    assert ("ValidatingAdmissionPolicyBinding", names.PROBE_POLICY) in found


@pytest.mark.slow
def test_no_role_asks_for_everything() -> None:
    for name, rules in roles().items():
        for rule in rules:
            assert "*" not in rule["verbs"] + rule["resources"] + rule["apiGroups"], name


def test_the_operator_changes_nothing_of_a_learners() -> None:
    reading = {"get", "list", "watch"}
    writing = {
        resource: set(rule["verbs"]) - reading
        for rule in roles()["ClusterRole/labgrader"]
        for resource in rule["resources"]
        if set(rule["verbs"]) - reading
    }
    assert writing == {
        "labexercises/status": {"update", "patch"},
        "submissions/status": {"update", "patch"},
        "submissions/verdict": {"write"},
        "probes": {"run"},  # no API serves it
        "events": {"create", "patch"},
        "subjectaccessreviews": {"create"},  # answered, not stored
    }
    read = {r for rule in roles()["ClusterRole/labgrader"] for r in rule["resources"]}
    assert "secrets" not in read


def test_the_operator_may_read_every_kind_that_needs_no_api_version() -> None:
    read = {r for rule in roles()["ClusterRole/labgrader"] for r in rule["resources"]}
    plurals = {"Ingress": "ingresses", "NetworkPolicy": "networkpolicies"}
    kinds = set(names.BUILT_IN_API_VERSIONS) - {"Secret"}
    wanted = {plurals.get(kind, f"{kind.lower()}s") for kind in kinds}
    assert wanted - read == set()


def test_the_role_that_fills_copies_makes_every_kind_that_is_copied() -> None:
    made = {r for rule in roles()["ClusterRole/labgrader-copy"] for r in rule["resources"]}
    plurals = {"NetworkPolicy": "networkpolicies"}
    assert made == {plurals.get(kind, f"{kind.lower()}s") for kind in COPIED_KINDS}


def built(cluster: LiveCluster, folder: Path) -> Json:
    text = cluster.kubectl("kustomize", str(folder)).stdout
    bodies = list(yaml.safe_load_all(text))
    [found] = [body for body in bodies if body["kind"] == "Deployment"]
    container: Json = found["spec"]["template"]["spec"]["containers"][0]
    return container


@pytest.mark.cluster
def test_the_probe_image_follows_the_operators(cluster: LiveCluster, tmp_path: Path) -> None:
    for part in ("crds", "manifests"):
        shutil.copytree(ROOT / part, tmp_path / part)
    path = tmp_path / "manifests" / "base" / "kustomization.yaml"
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    document["images"] = [
        {"name": "labgrader", "newName": "example.test/lab", "digest": "sha256:1"}
    ]
    path.write_text(yaml.safe_dump(document), encoding="utf-8")
    for folder, image in ((BASE, "labgrader:dev"), (path.parent, "example.test/lab@sha256:1")):
        container = built(cluster, folder)
        environment = {item["name"]: item.get("value") for item in container["env"]}
        assert container["image"] == image
        assert environment["LABGRADER_PROBE_IMAGE"] == image


@pytest.mark.cluster
def test_one_command_applies_everything_without_a_warning(cluster: LiveCluster) -> None:
    install_admission(cluster)
    done = cluster.kubectl("apply", "--server-side", "--dry-run=server", "-k", str(BASE))
    assert done.stderr == ""
    applied = {line.split(" ", 1)[0].split(".", 1)[0] for line in done.stdout.splitlines()}
    kinds = {name.split("/", 1)[0] for name in applied}
    assert {"deployment", "service", "customresourcedefinition", "clusterrole"} <= kinds


@pytest.mark.cluster
def test_the_api_server_understands_every_policy(cluster: LiveCluster) -> None:
    install_admission(cluster)
    policies: list[Json] = []

    def checked() -> bool:
        listed = cluster.kubectl("get", "validatingadmissionpolicies", "-o", "json").stdout
        policies[:] = [
            item
            for item in json.loads(listed)["items"]
            if item["metadata"]["name"].startswith("labgrader-")
        ]
        return all(
            item.get("status", {}).get("observedGeneration") == item["metadata"]["generation"]
            for item in policies
        )

    until(checked, "the policies are not type-checked")
    assert len(policies) == 6
    warnings = [item["status"]["typeChecking"].get("expressionWarnings") for item in policies]
    assert warnings == [None] * 6
