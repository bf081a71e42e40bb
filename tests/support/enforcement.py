"""Whether a cluster enforces NetworkPolicies, found out without the product.

Used by tests whose outcome depends on it. Two pods that answer, a policy on one of them, and a
third pod that asks both by kubectl exec.
"""

import json
import time

from tests.support.live import LiveCluster

_PATIENCE_SECONDS = 90
_TRIES = 3


def enforces_policies(cluster: LiveCluster) -> bool:
    """Whether a policy keeps a pod from being reached that can be reached without. Fails otherwise."""
    namespace = cluster.fresh_namespace()
    where = ("-n", namespace)
    pods = [_pod("open", "web:1"), _pod("shut", "web:1"), _pod("asks", "busybox:1", "sleep", "600")]
    policy = {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": "shut"},
        "spec": {"podSelector": {"matchLabels": {"pod": "shut"}}, "policyTypes": ["Ingress"]},
    }
    listed = {"apiVersion": "v1", "kind": "List", "items": [*pods, policy]}
    cluster.kubectl(*where, "create", "-f", "-", input=json.dumps(listed))
    cluster.kubectl(*where, "wait", "--for=condition=Ready", "pod", "--all", "--timeout=90s")
    ends = time.monotonic() + _PATIENCE_SECONDS
    seen = [(_reaches(cluster, namespace, "open"), _reaches(cluster, namespace, "shut"))]
    while len(seen) < _TRIES or len(set(seen[-_TRIES:])) > 1:
        assert time.monotonic() < ends, f"whether policies are enforced cannot be told: {seen}"
        time.sleep(1)
        seen.append((_reaches(cluster, namespace, "open"), _reaches(cluster, namespace, "shut")))
    cluster.kubectl("delete", "namespace", namespace, "--wait=false")
    assert seen[-1][0], "a pod without a policy cannot be reached"
    return not seen[-1][1]


def _pod(name: str, image: str, *command: str) -> dict[str, object]:
    container = {"name": "main", "image": image, **({"command": list(command)} if command else {})}
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name, "labels": {"pod": name}},
        "spec": {"terminationGracePeriodSeconds": 0, "containers": [container]},
    }


def _reaches(cluster: LiveCluster, namespace: str, name: str) -> bool:
    got = cluster.kubectl("-n", namespace, "get", "pod", name, "-o", "jsonpath={.status.podIP}")
    asked = ("timeout", "2", "wget", "-q", "-O", "-", f"http://{got.stdout}:8080/healthz")
    done = cluster.kubectl("-n", namespace, "exec", "asks", "--", *asked, check=False)
    return done.returncode == 0
