"""``rejects``: the API server refuses one object by a rule, or takes another, or both.

Called through ``checks.registry``. Pure: the objects are tried by dry runs, which create
nothing. A workload is tried twice, also as the Pod of its template, because most rules refuse
Pods only, after the workload was taken.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import re2

from labgrader.api.base import KIND_PATTERN
from labgrader.api.kinds import Rejects
from labgrader.checks.expect.operators import pattern
from labgrader.checks.finding import Cause, Finding, cause, error, failed, passed, unknown
from labgrader.checks.identity import identity, stand_in, subject_problems
from labgrader.checks.problem import Problem
from labgrader.checks.refused import ACCESS, INVALID, Refusal, refusal
from labgrader.checks.scope import Scope
from labgrader.evidence.answers import Json, Refused
from labgrader.evidence.requests import DryRun
from labgrader.evidence.snapshot import Snapshot

_API_VERSION = re.compile(r"([a-z0-9][a-z0-9.-]*/)?v[a-z0-9]+")
_CLUSTER_SCOPED = frozenset(
    {
        "APIService",
        "CertificateSigningRequest",
        "ClusterRole",
        "ClusterRoleBinding",
        "CustomResourceDefinition",
        "IngressClass",
        "MutatingWebhookConfiguration",
        "Namespace",
        "Node",
        "PersistentVolume",
        "PriorityClass",
        "RuntimeClass",
        "StorageClass",
        "ValidatingAdmissionPolicy",
        "ValidatingAdmissionPolicyBinding",
        "ValidatingWebhookConfiguration",
    }
)
_MOST_BYTES = 32 * 1024
_OF_LEARNERS = ("ResourceQuota", "LimitRange")


@dataclass(frozen=True, slots=True)
class _Tried:
    """One dry run: what kind was tried, and why it was refused, if it was."""

    kind: str
    refusal: Refusal | None


def problems(params: Rejects) -> tuple[Problem, ...]:
    """What makes the manifests unusable."""
    return tuple(_problems(params))


def hollow(params: Rejects) -> bool:
    """Whether it may be true before any work: all but the rules that a learner can write."""
    return params.refused is None or params.by is None or params.by.kind not in _OF_LEARNERS


def judge(params: Rejects, scope: Scope, snapshot: Snapshot) -> Finding:
    """What keeps the rule is taken, and what breaks it is refused by that rule."""
    good, bad = (_requests(part, params, scope) for part in (params.admitted, params.refused))
    snapshot.together(*good, *bad)
    taken = [_tried(request, snapshot) for request in good]
    for tried in taken:
        if tried.refusal is not None:
            return _kept_out(params, tried, tried.refusal, scope, snapshot)
    kept_out = [_tried(request, snapshot) for request in bad]
    if not kept_out:
        return passed("AdmittedAsExpected", kind=taken[0].kind)
    for tried in kept_out:
        if tried.refusal is not None and tried.refusal.is_by(params.by):
            return passed("RefusedAsExpected", kind=tried.kind, by=_rule(tried.refusal))
    for tried in kept_out:
        if tried.refusal is not None:
            return _refused_otherwise(params, tried, tried.refusal, scope, snapshot)
    return failed("NotRefused", kind=kept_out[0].kind, namespace=scope.namespace).because(
        *_no_rule(params, scope, snapshot)
    )


def _requests(manifest: Json | None, params: Rejects, scope: Scope) -> tuple[DryRun, ...]:
    """The object, and the Pod of its template."""
    if manifest is None:
        return ()
    creator = params.subject
    user = identity(creator, scope.namespace).user if creator else stand_in(scope.namespace)
    pod = _pod(manifest)
    tried = (manifest,) if pod is None else (manifest, pod)
    return tuple(
        DryRun(
            namespace=scope.namespace,
            api_version=str(body["apiVersion"]),
            kind=str(body["kind"]),
            manifest=json.dumps(body, sort_keys=True),
            user=user,
        )
        for body in tried
    )


def _pod(manifest: Json) -> Json | None:
    """The Pod that the workload's controller would make."""
    spec = _part(manifest, "spec")
    template = _part(_part(_part(spec, "jobTemplate"), "spec"), "template")
    template = template or _part(spec, "template")
    if not _part(template, "spec"):
        return None
    metadata, of_workload = _part(template, "metadata"), _part(manifest, "metadata")
    kept = {part: metadata[part] for part in ("labels", "annotations") if part in metadata}
    name = str(of_workload.get("name") or of_workload.get("generateName") or "pod")
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {**kept, "generateName": f"{name}-"},
        "spec": template["spec"],
    }


def _part(body: Json, name: str) -> Mapping[str, Any]:
    found = body.get(name)
    return found if isinstance(found, Mapping) else {}


def _tried(request: DryRun, snapshot: Snapshot) -> _Tried:
    answer = snapshot.dry_run(request)
    return _Tried(request.kind, refusal(answer) if isinstance(answer, Refused) else None)


def _kept_out(
    params: Rejects, tried: _Tried, why: Refusal, scope: Scope, snapshot: Snapshot
) -> Finding:
    """Refused, but must be taken."""
    if not why.is_rule:
        return _refused_otherwise(params, tried, why, scope, snapshot)
    return failed("NotAdmitted", kind=tried.kind, by=_rule(why), detail=why.detail)


def _refused_otherwise(
    params: Rejects, tried: _Tried, why: Refusal, scope: Scope, snapshot: Snapshot
) -> Finding:
    """Refused, but not by the rule that the check is about."""
    if why.by == ACCESS:
        creator = params.subject
        if creator is None:  # nobody has opened the namespace for dry runs, or not for this kind
            return unknown("Forbidden", detail=why.detail)
        return failed(
            "CreatorMayNot",
            subject_kind=creator.kind,
            subject=creator.name,
            kind=tried.kind,
            namespace=scope.namespace,
        )
    # Defaults of a learner's LimitRange can make a sound manifest invalid.
    if why.by == INVALID and not snapshot.objects(scope.all("LimitRange")):
        return error("ManifestInvalid", kind=tried.kind, detail=why.detail)
    return failed(
        "RefusedOtherwise", kind=tried.kind, by=_wanted(params), detail=why.detail
    ).because(*_no_rule(params, scope, snapshot))


def _no_rule(params: Rejects, scope: Scope, snapshot: Snapshot) -> tuple[Cause, ...]:
    """The namespace has no such rule at all."""
    wanted = params.by
    if wanted is None or wanted.kind not in _OF_LEARNERS:
        return ()
    names = [str(body["metadata"]["name"]) for body in snapshot.objects(scope.all(wanted.kind))]
    if wanted.name is not None and wanted.name not in names:
        return (cause("RuleMissing", rule_kind=wanted.kind, rule=wanted.name),)
    if not names:
        return (cause("NoRuleOfKind", rule_kind=wanted.kind, namespace=scope.namespace),)
    return ()


def _rule(why: Refusal) -> str:
    return f"{why.by} {why.name}".strip()


def _wanted(params: Rejects) -> str:
    wanted = params.by
    return f"{wanted.kind} {wanted.name or ''}".strip() if wanted else "-"


def _problems(params: Rejects) -> Iterator[Problem]:
    for part, manifest in (("refused", params.refused), ("admitted", params.admitted)):
        if manifest is not None:
            for text in _complaints(manifest):
                yield Problem("Invalid", f"{part}: {text}")
    if params.by is not None:
        if params.refused is None:
            yield Problem("Invalid", "by says who refuses, but nothing is to be refused")
        try:
            pattern(params.by.message or "")
        except re2.error:
            yield Problem("BadPattern", f"by.message: RE2 does not take {params.by.message!r}")
    if params.subject is not None:
        yield from subject_problems(params.subject)


def _complaints(manifest: Json) -> Iterator[str]:
    kind, metadata = manifest.get("kind"), manifest.get("metadata")
    if not isinstance(kind, str) or not re.fullmatch(KIND_PATTERN, kind):
        yield "the manifest needs a kind, such as Pod"
    elif kind in _CLUSTER_SCOPED:
        yield f"a {kind} lies in no namespace"
    if not _API_VERSION.fullmatch(str(manifest.get("apiVersion"))):
        yield "the manifest needs an apiVersion, such as v1 or apps/v1"
    if not isinstance(metadata, Mapping) or not (metadata.keys() & {"name", "generateName"}):
        yield "the manifest needs metadata.name"
    elif "namespace" in metadata:
        yield "leave metadata.namespace out; it is the learner's"
    try:
        size = len(json.dumps(manifest).encode())
    except (TypeError, ValueError, RecursionError):
        yield "the manifest is no JSON"
    else:
        if size > _MOST_BYTES:
            yield f"the manifest has over {_MOST_BYTES:,} bytes"
