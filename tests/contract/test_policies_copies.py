"""The operator may make namespaces for copies, and those alone, asked of a real API server."""

from collections.abc import Iterator

import pytest

from tests.support.admission import install_admission, refusal, until
from tests.support.course import OPERATOR
from tests.support.live import LiveCluster
from tests.support.specimens import Json

pytestmark = pytest.mark.cluster
GROUP = "rbac.authorization.k8s.io"


@pytest.fixture(scope="module")
def cloning(cluster: LiveCluster) -> Iterator[LiveCluster]:
    """A cluster whose operator may make copies."""
    install_admission(cluster)
    cluster.kubectl(
        *("create", "clusterrolebinding", "labgrader-clone", "--clusterrole=labgrader-clone"),
        "--serviceaccount=labgrader-system:labgrader",
    )
    # Before the role holds the refusal is the authorizer's, and before the policy does there is none.
    until(
        lambda: "labgrader-copy-…" in refused(cluster, namespace("kim")),
        "the policy does not hold",
    )
    yield cluster
    cluster.kubectl("delete", "clusterrolebinding", "labgrader-clone")


def namespace(name: str) -> Json:
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}


def binding(place: str, role: str) -> Json:
    return {
        "apiVersion": f"{GROUP}/v1",
        "kind": "RoleBinding",
        "metadata": {"name": "me", "namespace": place},
        "roleRef": {"apiGroup": GROUP, "kind": "ClusterRole", "name": role},
        "subjects": [{"apiGroup": GROUP, "kind": "User", "name": OPERATOR}],
    }


def refused(cluster: LiveCluster, body: Json) -> str:
    return refusal(cluster, body, as_user=OPERATOR)


def test_only_namespaces_for_copies_are_made(cloning: LiveCluster) -> None:
    assert refused(cloning, namespace("labgrader-copy-1")) == ""
    assert "labgrader-copy-…" in refused(cloning, namespace("kim"))


def test_no_other_namespace_is_deleted(cloning: LiveCluster) -> None:
    learners = cloning.fresh_namespace()
    done = cloning.kubectl(
        *("delete", "namespace", learners, "--dry-run=server"), as_user=OPERATOR, check=False
    )
    assert "labgrader-copy-…" in done.stderr


def test_the_operator_binds_itself_in_copies_only(cloning: LiveCluster) -> None:
    cloning.kubectl("create", "namespace", "labgrader-copy-test")
    try:
        for role in ("labgrader-copy", "labgrader-disturb"):
            assert refused(cloning, binding("labgrader-copy-test", role)) == ""
            assert "labgrader-copy-…" in refused(cloning, binding("default", role))
        assert "attempting to grant" in refused(cloning, binding("labgrader-copy-test", "admin"))
    finally:
        cloning.kubectl("delete", "namespace", "labgrader-copy-test", "--wait=false")


def test_others_are_not_held_to_that(cloning: LiveCluster) -> None:
    assert refusal(cloning, namespace("anything")) == ""
