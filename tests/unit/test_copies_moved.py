"""What becomes of one object, and of the experiment, when they move into a copy."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labgrader.cluster.experiments.copies.bare import bare
from labgrader.cluster.experiments.copies.move import moved
from labgrader.cluster.experiments.copies.original import Original, references
from labgrader.cluster.experiments.copies.plan import planned
from labgrader.evidence.experiments import (
    Commands,
    DeletePod,
    Disturb,
    HttpTarget,
    KeepData,
    LoadAutoscaler,
)
from tests.unit.kims_objects import API, NAMESPACE, Json, made, workload


@pytest.mark.parametrize("kind", [*API, "Service", "Secret", "ConfigMap", "ResourceQuota"])
def test_nothing_of_the_one_object_is_left(kind: str) -> None:
    left = bare(made(kind, spec={"template": {}}))
    assert set(left["metadata"]) == {"name", "labels", "annotations"}
    assert left["metadata"]["labels"] == {"app": "web"}
    assert left["metadata"]["annotations"] == {"example.org/kept": "yes"}
    assert "status" not in left


def test_everything_that_pods_refer_to_is_found() -> None:
    spec = {
        "imagePullSecrets": [{"name": "registry"}],
        "volumes": [
            {"secret": {"secretName": "s1"}},
            {"configMap": {"name": "c1"}},
            {"persistentVolumeClaim": {"claimName": "data"}},
            {"projected": {"sources": [{"secret": {"name": "s2"}}, {"configMap": {"name": "c2"}}]}},
            {"projected": {"sources": [{"configMap": {"name": "kube-root-ca.crt"}}]}},
        ],
        "initContainers": [{"envFrom": [{"secretRef": {"name": "s3"}}]}],
        "containers": [
            {
                "envFrom": [{"configMapRef": {"name": "c3"}}],
                "env": [
                    {"valueFrom": {"secretKeyRef": {"name": "s4", "key": "k"}}},
                    {"valueFrom": {"configMapKeyRef": {"name": "c4", "key": "k"}}},
                    {"name": "PLAIN", "value": "x"},
                ],
            }
        ],
    }
    secrets = {("Secret", name) for name in ("registry", "s1", "s2", "s3", "s4")}
    config_maps = {("ConfigMap", name) for name in ("c1", "c2", "c3", "c4")}
    assert references(spec) == secrets | config_maps | {("PersistentVolumeClaim", "data")}


ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)
KINDS = st.sampled_from([*API, "Service", "Secret", "ConfigMap", "PersistentVolumeClaim"])


@given(KINDS, ODD, ODD, st.dictionaries(st.sampled_from(["env", "ports", "args"]), ODD))
def test_odd_objects_are_copied_without_what_is_the_ones(
    kind: str, spec: Any, data: Any, container: Json
) -> None:
    found = planned(Original(NAMESPACE, workload(**container), (made(kind, spec=spec, data=data),)))
    assert "uid" not in repr([body["metadata"] for body in found.objects])
    assert all("status" not in body for body in found.objects)


@pytest.mark.parametrize("fault", ["plain", "share", "load", "data"])
def test_the_experiment_moves_with_its_clients(fault: str) -> None:
    where = ("kim", "apps/v1", "Deployment", "web", "d", 60_000)
    before, after = HttpTarget("kim", "web", 80, "/"), HttpTarget("copy", "web", 80, "/")
    there = ("copy", "apps/v1", "Deployment", "web", "new", 60_000)
    match fault:
        case "plain":
            assert moved(DeletePod(*where), "copy", "new") == DeletePod(*there)
        case "share":
            here = Disturb(*where, "DeletePod", before, 50_000)
            assert moved(here, "copy", "new") == Disturb(*there, "DeletePod", after, 50_000)
        case "load":
            load = LoadAutoscaler("kim", "web", "h", before, 4, 3, 60_000)
            moves = LoadAutoscaler("copy", "web", "new", after, 4, 3, 60_000)
            assert moved(load, "copy", "new") == moves
        case "data":
            keep = (8080, "PUT", "/data/{key}")
            here_kept = KeepData(*where, *keep, every=True)
            assert moved(here_kept, "copy", "new") == KeepData(*there, *keep, every=True)
            by = Commands("web", ("put", "{key}", "{value}"), ("get", "{key}"))
            run = KeepData(*where, *keep, every=True, commands=by)
            assert moved(run, "copy", "new") == KeepData(*there, *keep, every=True, commands=by)
