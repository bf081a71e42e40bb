"""What the enforcer finds in the API: Calico's CRDs, its rights, and that it may begin.

Applied by `up` before the first pod of a cluster, because Calico's CNI plugin
gives no pod an address without it. Applying it again changes nothing.
"""

import json
import time
from pathlib import Path

from localcluster.api import Api
from localcluster.errors import LocalClusterError
from localcluster.layout import Layout
from localcluster.policy.kubectl import Kubectl
from localcluster.record import Record

_ACCESS = Path(__file__).with_name("access.yaml")
_CRD = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/clusterinformations.crd.projectcalico.org"
# What calico/node would write as it starts; without it Felix and the CNI plugin wait.
INFORMATION = {
    "apiVersion": "crd.projectcalico.org/v1",
    "kind": "ClusterInformation",
    "metadata": {"name": "default"},
    "spec": {
        "datastoreReady": True,
        "clusterGUID": "00000000000000000000000000000001",
        "clusterType": "k8s",
    },
}


def apply(place: Layout, made: Record, api: Api, timeout: float = 30.0) -> None:
    """Send it all, and return when it is in effect."""
    kubectl = Kubectl.of(place, made)
    kubectl.apply("--filename", str(Path(made.enforcer) / "carried"), "--filename", str(_ACCESS))
    deadline = time.monotonic() + timeout
    while not _established(api):
        if time.monotonic() > deadline:
            raise LocalClusterError(
                f"the API server does not serve Calico's CRDs after {timeout:.0f} s"
            )
        time.sleep(0.1)
    kubectl.apply("--filename", "-", given=json.dumps(INFORMATION))


def _established(api: Api) -> bool:
    definition = api.get(_CRD) or {}
    conditions = definition.get("status", {}).get("conditions", [])
    return any(c["type"] == "Established" and c["status"] == "True" for c in conditions)
