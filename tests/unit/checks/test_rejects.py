"""`rejects` tries what must be refused: by which rule it was, and what proves nothing."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labgrader.checks.finding import Outcome
from labgrader.evidence.answers import Admitted, Answer
from labgrader.evidence.requests import DryRun
from tests.unit.checks.dry_runs import (
    BY_QUOTA,
    QUOTA,
    SMALL,
    judged,
    limit_range,
    pod,
    quota,
    refuses,
    saying,
    workload,
)


def test_refused_by_the_rule_passes_with_one_request() -> None:
    found = judged(saying(refuses(QUOTA)), quota())
    assert found.finding.outcome is Outcome.PASSED
    assert [len(requests) for requests in found.rounds] == [1]
    assert found.says("en") == (
        "The API server refuses the Pod, as it should (ResourceQuota compute)."
    )
    assert found.says("ko") == "API 서버가 파드를 올바르게 거부합니다(ResourceQuota compute)."


def test_it_is_asked_as_somebody_with_a_learners_rights() -> None:
    found = judged(saying(refuses(QUOTA)), quota())
    [request] = found.rounds[0]
    assert isinstance(request, DryRun)
    assert (request.namespace, request.api_version, request.kind) == ("kim", "v1", "Pod")
    assert request.user == "system:serviceaccount:kim:labgrader-dry-run"


@pytest.mark.parametrize(
    ("subject", "user"),
    [
        ({"kind": "ServiceAccount", "name": "builder"}, "system:serviceaccount:kim:builder"),
        ({"kind": "User", "name": "jane"}, "jane"),
    ],
)
def test_it_is_asked_as_the_subject_that_the_check_names(subject: Any, user: str) -> None:
    found = judged(saying(refuses(QUOTA)), quota(), subject=subject)
    assert {r.user for r in found.rounds[0] if isinstance(r, DryRun)} == {user}


FORMS = [
    ("ResourceQuota", "compute", 403, QUOTA),
    ("ResourceQuota", "compute", 403, 'pods "big" is forbidden: failed quota: compute: must specify limits.memory for: app'),
    ("LimitRange", None, 403, 'pods "big" is forbidden: maximum memory usage per Container is 128Mi, but limit is 1Gi'),
    ("LimitRange", None, 403, 'pods "big" is forbidden: [minimum cpu usage per Pod is 100m.  No request is specified, maximum cpu usage per Pod is 1, but limit is 2]'),
    ("LimitRange", None, 403, 'pods "big" is forbidden: cpu max limit to request ratio per Container is 2, but provided ratio is 4.000000'),
    ("LimitRange", None, 403, 'persistentvolumeclaims "big" is forbidden: maximum storage usage per PersistentVolumeClaim is 1Gi, but request is 2Gi'),
    ("PodSecurity", "restricted", 403, 'pods "big" is forbidden: violates PodSecurity "restricted:latest": runAsNonRoot != true (pod or container "app" must set it)'),
    ("ValidatingAdmissionPolicy", "no-latest", 422, "pods \"big\" is forbidden: ValidatingAdmissionPolicy 'no-latest' with binding 'all' denied request: exceeded quota: of patience"),
    ("Webhook", "images.example.test", 400, 'admission webhook "images.example.test" denied the request: violates PodSecurity "mine"'),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "name", "status", "said"), FORMS)
def test_each_rule_is_known_by_what_the_server_says(
    kind: str, name: str | None, status: int, said: str
) -> None:
    reason = "Invalid" if status == 422 else "Forbidden"
    wanted = {"kind": kind} | ({"name": name} if name else {})
    for by in (wanted, {"kind": kind}, None):
        found = judged(saying(refuses(said, status, reason)), by=by)
        assert (found.finding.outcome, found.finding.reason) == (
            Outcome.PASSED,
            "RefusedAsExpected",
        )
    for other in {form[0] for form in FORMS} - {kind}:
        found = judged(saying(refuses(said, status, reason)), quota(), by={"kind": other})
        assert found.finding.reason == "RefusedOtherwise", other


def test_another_rule_of_the_kind_is_another_reason() -> None:
    found = judged(saying(refuses(QUOTA)), quota(), by={**BY_QUOTA, "name": "objects"})
    assert found.finding.outcome is Outcome.FAILED
    assert found.says("en") == (
        "The Pod is refused, but for another reason than the exercise is about (ResourceQuota "
        'objects): pods "big" is forbidden: exceeded quota: compute, requested: limits.memory=2Gi, '
        "used: limits.memory=0, limited: limits.memory=1Gi. There is no ResourceQuota named objects."
    )
    assert "리소스쿼터 objects가 없습니다." in found.says("ko")


@pytest.mark.parametrize(
    ("message", "reason"),
    [("limits[.]memory=2Gi", "RefusedAsExpected"), ("limits[.]cpu", "RefusedOtherwise")],
)
def test_the_servers_words_may_be_asked_for(message: str, reason: str) -> None:
    found = judged(saying(refuses(QUOTA)), quota(), by={**BY_QUOTA, "message": message})
    assert found.finding.reason == reason


def test_what_is_taken_must_be_refused() -> None:
    found = judged(saying(Admitted()))
    assert (found.finding.outcome, found.finding.reason) == (Outcome.FAILED, "NotRefused")
    assert found.says("en") == (
        "The API server should refuse the Pod in namespace kim, but takes it. There is no "
        "ResourceQuota named compute. Look: kubectl -n kim describe resourcequotas,limitranges"
    )
    assert "파드를 거부해야 하지만 받아들입니다. 리소스쿼터 compute가 없습니다." in found.says("ko")
    some = judged(saying(Admitted()), by={"kind": "LimitRange"})
    assert "There is no LimitRange in namespace kim." in some.says("en")
    there = judged(saying(Admitted()), quota())
    assert there.causes == ()


INVALID = refuses('Pod "big" is invalid: spec.containers: Required value', 422, "Invalid")
NO_RIGHT = refuses(
    'pods is forbidden: User "system:serviceaccount:kim:builder" cannot create resource "pods" '
    'in API group "" in the namespace "kim"'
)


def test_an_invalid_manifest_is_the_exercises_fault() -> None:
    found = judged(saying(INVALID))
    assert (found.finding.outcome, found.finding.reason) == (Outcome.ERROR, "ManifestInvalid")
    assert "not the learner's fault" in found.says("en")
    assert "학습자의 잘못이 아닙니다" in found.says("ko")
    control = judged(saying(refuses(QUOTA), INVALID), quota(), admitted=pod(SMALL))
    assert control.finding.outcome is Outcome.ERROR


def test_defaults_of_a_learners_limit_range_may_make_it_invalid() -> None:
    found = judged(saying(INVALID), limit_range())
    assert (found.finding.outcome, found.finding.reason) == (Outcome.FAILED, "RefusedOtherwise")


def test_a_creator_without_the_right_proves_nothing() -> None:
    builder = {"kind": "ServiceAccount", "name": "builder"}
    found = judged(saying(NO_RIGHT, NO_RIGHT), quota(), subject=builder)
    assert (found.finding.outcome, found.finding.reason) == (Outcome.FAILED, "CreatorMayNot")
    assert "ServiceAccount builder may not create a Pod in namespace kim at all" in found.says("en")
    assert "서비스어카운트 builder는" in found.says("ko")


def test_a_namespace_that_is_not_open_for_dry_runs_is_the_graders_trouble() -> None:
    found = judged(saying(NO_RIGHT), quota())
    assert (found.finding.outcome, found.finding.reason) == (Outcome.UNKNOWN, "Forbidden")
    assert "labgrader-dry-run" in found.says("en")
    assert "labgrader-dry-run" in found.says("ko")


def test_other_refusals_are_no_pass() -> None:
    lost = refuses('pods "big" is forbidden: error looking up service account kim/x: not found')
    found = judged(saying(lost), quota(), by=None)
    assert (found.finding.outcome, found.finding.reason) == (Outcome.FAILED, "RefusedOtherwise")


def test_the_variant_must_be_taken() -> None:
    both = {"admitted": pod(SMALL)}
    assert judged(saying(refuses(QUOTA)), quota(), **both).finding.outcome is Outcome.PASSED
    found = judged(saying(refuses(QUOTA), refuses(QUOTA)), quota(), **both)
    assert (found.finding.outcome, found.finding.reason) == (Outcome.FAILED, "NotAdmitted")
    assert found.says("en").startswith(
        "The API server should take the Pod, but ResourceQuota compute refuses it: pods"
    )
    assert "받아들여야 하지만 ResourceQuota compute가 거부합니다" in found.says("ko")


def test_what_is_only_to_be_taken() -> None:
    alone = {"refused": None, "by": None, "admitted": pod(SMALL)}
    found = judged(saying(Admitted()), **alone)
    assert found.says("en") == "The API server takes the Pod, as it should."
    assert judged(saying(Admitted(), INVALID), **alone).finding.outcome is Outcome.ERROR


@pytest.mark.parametrize("kind", ["Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob"])
def test_a_workload_is_tried_as_the_pod_of_its_template_too(kind: str) -> None:
    def only_pods(request: DryRun) -> Answer:
        return refuses(QUOTA) if request.kind == "Pod" else Admitted()

    found = judged(only_pods, quota(), refused=workload(kind))
    assert found.finding.outcome is Outcome.PASSED
    tried = [r for r in found.rounds[0] if isinstance(r, DryRun)]
    assert [r.kind for r in tried] == [kind, "Pod"]
    assert json.loads(tried[1].manifest) == {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"generateName": "big-", "labels": {"app": "big"}},
        "spec": pod()["spec"],
    }
    taken = {"refused": None, "by": None, "admitted": workload(kind)}
    assert judged(only_pods, quota(), **taken).finding.reason == "NotAdmitted"


@pytest.mark.slow
@given(status=st.integers(400, 599), reason=st.text(max_size=5), said=st.text(max_size=80))
def test_no_answer_makes_it_raise(status: int, reason: str, said: str) -> None:
    found = judged(saying(refuses(said, status, reason)), quota(), admitted=pod(SMALL))
    assert found.finding.outcome in {Outcome.FAILED, Outcome.ERROR, Outcome.UNKNOWN}


@given(
    template=st.recursive(
        st.none() | st.integers() | st.text(max_size=3),
        lambda inner: (
            st.lists(inner, max_size=2)
            | st.dictionaries(st.sampled_from(["spec", "metadata", "template", "name"]), inner)
        ),
        max_leaves=8,
    )
)
def test_no_template_makes_it_raise(template: Any) -> None:
    strange = {**workload(), "spec": template}
    found = judged(saying(Admitted()), quota(), refused=strange)
    assert found.finding.reason == "NotRefused"
