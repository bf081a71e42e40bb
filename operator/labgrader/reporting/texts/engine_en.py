"""English texts of the engine: what kept a check from being decided."""

from types import MappingProxyType

TEXTS = MappingProxyType(
    {
        "NeedsFailed": "Not tried, because check {check} did not pass.",
        "NeedsOpen": "Not tried yet, because check {check} could not be decided.",
        "ApiUnreachable": (
            "The cluster's API server could not be reached; this is not the learner's fault. {detail}"
        ),
        "ApiOverloaded": (
            "The cluster's API server was overloaded; this is not the learner's fault. {detail}"
        ),
        "ApiRefused": "The cluster's API server did not take the grader's request. {detail}",
        "Forbidden": (
            "The grader lacks a right that this check needs; this is not the learner's fault. The"
            " ClusterRole labgrader grants reading and access reviews; labgrader-disturb,"
            " labgrader-dry-run and labgrader-probe, bound in the learner's namespace, grant"
            " disturbing, dry runs and probe pods; labgrader-clone grants copies."
            " {detail}"
        ),
        "KindNotServed": "The cluster has no such kind: {detail}. Is its definition (CRD) installed?",
        "TargetMissing": "The learner's namespace is not there: {detail}.",
        "TargetTerminating": "The learner's namespace is being deleted: {detail}.",
        "TimeLimit": (
            "The exercise's time limit of {seconds} seconds ended before this check was decided."
        ),
        "DisruptionNotAllowed": (
            "This check disturbs what runs, and the learner's namespace is not opened for that. An"
            " instructor sets its label labgrader.dev/disruption=allowed. {detail}"
        ),
        "ProbeImageMissing": (
            "The grader does not know which image its probe pods run; set --probe-image. {detail}"
        ),
        "ProbeNotStarted": "The grader's probe pod did not start: {detail}",
        "SamplerBehind": (
            "The grader could not send requests at a constant rate, so what it saw proves nothing."
            " {detail}"
        ),
        "GraderError": "The grader itself failed; this is not the learner's fault. {detail}",
        "UnknownKind": (
            "The check asks for a {kind}, which is not built into Kubernetes, and does not set its"
            " apiVersion."
        ),
        "CheckBroken": "Check {check} is broken; this is not the learner's fault. {why}",
    }
)
