"""The Job of a probe pod that stands beside others' pods, and takes no part in their work.

Its labels are whatever the check gives it, so a Service's selector or a policy may choose it:
it is never Ready, so no Service sends it anything, and its owner is a Job, so no ReplicaSet
takes it in. The admission policy knows it by its label and by how it is called.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from labgrader.api.names import GROUP, PROBE_LABEL
from labgrader.cluster.experiments.job import ProbeJob

GATE = f"{GROUP}/never-ready"
"""The condition that the pod waits for, and that nobody ever sets."""

Json = Mapping[str, Any]


@dataclass(frozen=True)
class OutpostJob(ProbeJob):
    """A probe Job whose pod carries ``labels`` besides the grader's own."""

    labels: tuple[tuple[str, str], ...] = ()

    def manifest(self) -> Json:
        """The Job."""
        job = super().manifest()
        own = {**job["metadata"]["labels"], PROBE_LABEL: "true"}
        pod = job["spec"]["template"]["spec"]
        (container,) = pod["containers"]
        limits = {**container["resources"]["limits"], "cpu": "500m"}  # quotas may ask for one
        resources = {**container["resources"], "limits": limits}
        spec = {
            **pod,
            "readinessGates": [{"conditionType": GATE}],
            "containers": [{**container, "resources": resources}],
        }
        template = {"metadata": {"labels": {**dict(self.labels), **own}}, "spec": spec}
        return {
            **job,
            "metadata": {**job["metadata"], "labels": own},
            "spec": {**job["spec"], "template": template},
        }
