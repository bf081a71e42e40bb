"""Objects as a real API server returns them, made of the few things that a test is about."""

from collections.abc import Mapping, Sequence
from typing import Any

Body = dict[str, Any]
NAMESPACE = "kim"
_BORN = "2026-03-02T09:00:00Z"


def meta(name: str, owner: Body | None = None, **more: Any) -> Body:
    metadata: Body = {
        "name": name,
        "namespace": NAMESPACE,
        "uid": f"uid-of-{name}",
        "resourceVersion": "4711",
        "creationTimestamp": _BORN,
        **more,
    }
    if owner is not None:
        metadata["ownerReferences"] = [
            {
                "apiVersion": owner["apiVersion"],
                "kind": owner["kind"],
                "name": owner["metadata"]["name"],
                "uid": owner["metadata"]["uid"],
                "controller": True,
                "blockOwnerDeletion": True,
            }
        ]
    return metadata


def config_map(name: str, **more: Any) -> Body:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": meta(name, **more), "data": {}}


def deployment(
    name: str = "web", replicas: int = 2, status: Mapping[str, Any] | None = None, **spec: Any
) -> Body:
    """Rolled out, unless ``status`` says otherwise."""
    whole = {
        "observedGeneration": 3,
        "replicas": replicas,
        "updatedReplicas": replicas,
        "readyReplicas": replicas,
        "availableReplicas": replicas,
        "terminatingReplicas": 0,
        "conditions": [],
    }
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": meta(name, generation=3),
        "spec": {
            "replicas": replicas,
            "selector": {"matchLabels": {"app": name}},
            "strategy": {
                "type": "RollingUpdate",
                "rollingUpdate": {"maxSurge": "25%", "maxUnavailable": "25%"},
            },
            "template": {
                "metadata": {"labels": {"app": name}},
                "spec": {"containers": [container()]},
            },
            **spec,
        },
        "status": {**whole, **(status or {})},
    }


def stateful_set(name: str = "db", replicas: int = 2, status: Any = None, **spec: Any) -> Body:
    body = deployment(name, replicas, status)
    strategy = {"type": "RollingUpdate", "rollingUpdate": {"partition": 0}}
    body["spec"] = {**body["spec"], "updateStrategy": strategy, "serviceName": name, **spec}
    return {**body, "kind": "StatefulSet"}


def daemon_set(name: str = "agent", nodes: int = 3, **status: Any) -> Body:
    body = deployment(name)
    body["spec"].pop("replicas")
    body["spec"]["updateStrategy"] = {"type": "RollingUpdate"}
    body["status"] = {
        "observedGeneration": 3,
        "desiredNumberScheduled": nodes,
        "currentNumberScheduled": nodes,
        "updatedNumberScheduled": nodes,
        "numberAvailable": nodes,
        "numberReady": nodes,
        "numberMisscheduled": 0,
        **status,
    }
    return {**body, "kind": "DaemonSet"}


def replica_set(owner: Body, suffix: str = "6c4d5db555", **status: Any) -> Body:
    body = deployment(f"{owner['metadata']['name']}-{suffix}", status=status)
    body["metadata"] = meta(body["metadata"]["name"], owner, generation=3)
    return {**body, "kind": "ReplicaSet"}


def job(name: str = "report", *conditions: Body, owner: Body | None = None, **spec: Any) -> Body:
    """A Job; what its controller says of it are the conditions."""
    template = {"spec": {"restartPolicy": "Never", "containers": [container()]}}
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": meta(name, owner, generation=1),
        "spec": {"template": template, **spec},
        "status": {"conditions": list(conditions)} if conditions else {"active": 1},
    }


def container(name: str = "web", image: str = "web:1", **more: Any) -> Body:
    return {
        "name": name,
        "image": image,
        "imagePullPolicy": "IfNotPresent",
        "resources": {},
        "terminationMessagePath": "/dev/termination-log",
        "terminationMessagePolicy": "File",
        **more,
    }


def container_status(name: str = "web", state: Body | None = None, **more: Any) -> Body:
    """Running and Ready, unless a state is given."""
    return {
        "name": name,
        "image": "docker.io/library/web:1",
        "ready": state is None,
        "started": state is None,
        "restartCount": 0,
        "state": state or {"running": {"startedAt": _BORN}},
        "lastState": {},
        "resources": {},
        **more,
    }


def pod(
    name: str = "web-1",
    owner: Body | None = None,
    *,
    labels: Mapping[str, str] | None = None,
    ip: str = "10.244.0.5",
    containers: Sequence[Body] | None = None,
    statuses: Sequence[Body] | None = None,
    **more: Any,
) -> Body:
    """Running; Ready where all container statuses are. ``more`` goes into the spec."""
    seen = [container_status()] if statuses is None else list(statuses)
    ready = bool(seen) and all(status["ready"] for status in seen)
    chosen = {"app": "web"} if labels is None else dict(labels)
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": meta(name, owner, labels={**chosen, "pod-template-hash": "6c4d5db555"}),
        "spec": {
            "nodeName": "node1",
            "containers": list(containers or [container()]),
            **more,
        },
        "status": {
            "phase": "Running",
            "podIP": ip,
            "podIPs": [{"ip": ip}],
            "conditions": [
                {"type": "PodScheduled", "status": "True"},
                {"type": "Initialized", "status": "True"},
                {"type": "Ready", "status": str(ready)},
            ],
            "containerStatuses": seen,
        },
    }


def waiting(reason: str, message: str = "", **more: Any) -> Body:
    """The status of a container that waits."""
    state = {"waiting": {"reason": reason, "message": message}}
    return container_status(state=state, **more)


def crashing(code: int, reason: str = "Error", **more: Any) -> Body:
    """The status of a container in CrashLoopBackOff."""
    ended = {"terminated": {"exitCode": code, "reason": reason, **more}}
    said = "back-off 2m40s restarting failed container=web pod=web-1_kim(uid-of-web-1)"
    return waiting("CrashLoopBackOff", said, lastState=ended, restartCount=5)


def unready() -> Body:
    """The status of a container that runs without being Ready."""
    return container_status(ready=False, started=True)


def service(name: str = "web", *, selector: Any = None, port: int = 80, **more: Any) -> Body:
    entry = {"port": port, "targetPort": 8080, "protocol": "TCP", **more.pop("entry", {})}
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": meta(name),
        "spec": {
            "type": "ClusterIP",
            "clusterIP": "10.96.0.20",
            "selector": {"app": "web"} if selector is None else selector,
            "ports": [entry],
            **more,
        },
    }


def endpoint(of: Body, *, address: str = "", ready: bool = True) -> Body:
    """The endpoint that the controller writes for a pod."""
    return {
        "addresses": [address or of["status"]["podIP"]],
        "conditions": {"ready": ready, "serving": ready, "terminating": False},
        "nodeName": "node1",
        "targetRef": {
            "kind": "Pod",
            "name": of["metadata"]["name"],
            "namespace": NAMESPACE,
            "uid": of["metadata"]["uid"],
        },
    }


def endpoint_slice(of: str, *endpoints: Body, port: int | None = 8080, name: str = "") -> Body:
    """An EndpointSlice; without endpoints the controller writes null ports, as here."""
    ports = [{"name": name, "port": port, "protocol": "TCP"}] if endpoints else None
    labels = {
        "kubernetes.io/service-name": of,
        "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io",
    }
    return {
        "apiVersion": "discovery.k8s.io/v1",
        "kind": "EndpointSlice",
        "metadata": meta(f"{of}-abcde", labels=labels),
        "addressType": "IPv4",
        "endpoints": list(endpoints) or None,
        "ports": ports,
    }


def event(about: Body, reason: str, message: str, field: str = "", at: str = _BORN) -> Body:
    involved = {
        "kind": about["kind"],
        "name": about["metadata"]["name"],
        "namespace": NAMESPACE,
        "uid": about["metadata"]["uid"],
    }
    return {
        "apiVersion": "v1",
        "kind": "Event",
        "metadata": meta(f"{about['metadata']['name']}.{abs(hash((reason, message, at))):x}"),
        "involvedObject": involved | ({"fieldPath": field} if field else {}),
        "reason": reason,
        "message": message,
        "type": "Warning",
        "eventTime": None,
        "lastTimestamp": at,
    }


def cron_job(name: str) -> Body:
    return {
        "apiVersion": "batch/v1",
        "kind": "CronJob",
        "metadata": meta(name, generation=1),
        "spec": {"schedule": "0 3 * * *", "jobTemplate": {"spec": job(name)["spec"]}},
        "status": {},
    }


def claim(name: str = "data", phase: str = "Bound", size: str = "1Gi", **spec: Any) -> Body:
    """A PersistentVolumeClaim; with a volume where it is Bound."""
    bound = {"accessModes": ["ReadWriteOnce"], "capacity": {"storage": size}}
    return {
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "metadata": meta(name, finalizers=["kubernetes.io/pvc-protection"]),
        "spec": {
            "accessModes": ["ReadWriteOnce"],
            "resources": {"requests": {"storage": size}},
            "storageClassName": "standard",
            "volumeMode": "Filesystem",
            **({"volumeName": f"pvc-{name}"} if phase == "Bound" else {}),
            **spec,
        },
        "status": {"phase": phase, **(bound if phase == "Bound" else {})},
    }
