"""A web that cluster tests disturb, and what is seen of it."""

from typing import Any

from labgrader.evidence.answers import Answer
from labgrader.evidence.experiments import Disturb
from labgrader.evidence.timeline import Timeline
from tests.support.bench import Bench
from tests.support.classroom import deployment, service


def web(bench: Bench, replicas: int = 2, *, node: str = "", **container: Any) -> None:
    """A web that is Ready; on one node, where it is named."""
    body = deployment(replicas=replicas, **container)
    spec = body["spec"]["template"]["spec"]
    spec["tolerations"] = [
        {"key": f"node.kubernetes.io/{what}", "effect": "NoExecute", "operator": "Exists",
         "tolerationSeconds": 2}
        for what in ("not-ready", "unreachable")
    ]  # fmt: skip
    if node:
        preferred = {"matchFields": [{"key": "metadata.name", "operator": "In", "values": [node]}]}
        terms = [{"weight": 100, "preference": preferred}]
        affinity = {"nodeAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": terms}}
        spec["affinity"] = affinity
    bench.apply(body, service())
    bench.ready()


def budget(bench: Bench, name: str, **rule: Any) -> None:
    """A PodDisruptionBudget that the controller has counted."""
    bench.apply(
        {
            "apiVersion": "policy/v1",
            "kind": "PodDisruptionBudget",
            "metadata": {"name": name},
            "spec": {**rule, "selector": {"matchLabels": {"app": "web"}}},
        }
    )
    bench.cluster.kubectl(
        *("-n", bench.target, "wait", f"pdb/{name}", "--timeout=90s"),
        "--for=jsonpath={.status.expectedPods}=2",
    )


def disturb(bench: Bench, fault: str, within_ms: int = 40_000, **more: Any) -> Disturb:
    uid = bench.get("deployment", "web")["metadata"]["uid"]
    target = (bench.target, "apps/v1", "Deployment", "web", uid)
    return Disturb(*target, within_ms, fault, **more)


def did(answer: Answer, what: str) -> list[str]:
    assert isinstance(answer, Timeline), answer
    return [action.subject for action in answer.actions if action.what == what]


def recovered_ms(answer: Answer) -> int:
    """From the fault to the last change of pods, which ended the experiment."""
    assert isinstance(answer, Timeline), answer
    begun = next(a.at_ms for a in answer.actions if a.what in {"pod-disturbed", "pod-deleted"})
    return answer.pods[-1].at_ms - begun


def pods(bench: Bench) -> dict[str, Any]:
    return {pod["metadata"]["uid"]: pod for pod in bench.get("pods")["items"]}


def restarts(bench: Bench) -> list[int]:
    """Of the pods that are not ending."""
    return sorted(
        pod["status"]["containerStatuses"][0]["restartCount"]
        for pod in pods(bench).values()
        if "deletionTimestamp" not in pod["metadata"]
    )


def node_names(bench: Bench) -> list[str]:
    return [node["metadata"]["name"] for node in bench.get("nodes")["items"]]
