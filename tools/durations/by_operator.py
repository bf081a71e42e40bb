"""One experiment, graded by the operator: a Submission is handed in, and its status watched.

Used by ``tools.durations``.
"""

import subprocess
import time
from collections.abc import Mapping
from typing import Any

from labgrader.api.names import OPERATOR_ACCOUNT, SYSTEM_NAMESPACE
from labgrader.cluster.experiments.permit import OWN_CLUSTER_ROLE
from labgrader.evidence.bundle import read
from tools.durations.cpu import Meter
from tools.durations.decided import decided
from tools.durations.measured import LEARNER, Measured
from tools.durations.wanted import Wanted
from tools.durations.witness import told
from tools.installed import COURSE, Installed, is_graded

_PATIENCE_SECONDS = 420
_RBAC = "rbac.authorization.k8s.io"
_OPERATOR = ("deployment/labgrader", f"--namespace={SYSTEM_NAMESPACE}")


def own_cluster(made: Installed) -> None:
    """Let the operator drain nodes; wait until it works so."""
    role = {"apiGroup": _RBAC, "kind": "ClusterRole", "name": OWN_CLUSTER_ROLE}
    account = {
        "kind": "ServiceAccount",
        "name": OPERATOR_ACCOUNT,
        "namespace": SYSTEM_NAMESPACE,
    }
    binding = {
        "apiVersion": f"{_RBAC}/v1",
        "kind": "ClusterRoleBinding",
        "metadata": {"name": OWN_CLUSTER_ROLE},
        "roleRef": role,
        "subjects": [account],
    }
    made.kubectl.apply([binding])
    made.kubectl.run("set", "env", *_OPERATOR, "LABGRADER_OWN_CLUSTER=true")
    made.kubectl.run("rollout", "status", *_OPERATOR, "--timeout=180s")


def measure(made: Installed, one: Wanted) -> Measured:
    """Grade it once. Raises DemoError."""
    made.clean(LEARNER)
    made.exercise(one.body)
    made.learner(LEARNER)
    made.work(LEARNER, one.folder.solutions[0])
    made.until(made.is_calm, 120, "a calm grader")
    meter, since = Meter(made.cluster, made.kubectl), time.time()
    with meter.running():
        made.submit_all(one.folder.exercise.name, {LEARNER: LEARNER})
        made.until(lambda: is_graded(made.status(LEARNER)), _PATIENCE_SECONDS, "a verdict")
        made.until(made.is_calm, 120, "what was put back")
    status = made.status(LEARNER)
    outcome = status["checks"][0] if status.get("checks") else {"outcome": status["result"]}
    return Measured(
        outcome=outcome["outcome"],
        told=told(made.cluster.audit_log, since, LEARNER, (COURSE, LEARNER), disturbs=one.disturbs),
        decided_ms=_decided(made, status),
        grader=meter.used(operator=True),
        clients=meter.used(operator=False),
    )


def _decided(made: Installed, status: Mapping[str, Any]) -> int | None:
    """By the evidence that the operator keeps."""
    ref = (status.get("evidence") or {}).get("ref")
    if ref is None:
        return None
    command = [made.kubectl.program, f"--kubeconfig={made.kubectl.kubeconfig}", "exec"]
    done = subprocess.run(
        [*command, *_OPERATOR, "--", "cat", f"/evidence/{ref}"], capture_output=True, check=True
    )
    return decided(read(done.stdout).record)
