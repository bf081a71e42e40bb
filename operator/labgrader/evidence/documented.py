"""Holds objects to the shape that Kubernetes documents, so that judges may rely on it.

Called by ``Snapshot`` for every object that is read. An API server keeps built-in kinds to their
types; a record that somebody edited, an extension server or a broken proxy need not. A field of
another type than documented is not there; one that an object always has is there, empty. Fields
that no judge takes for granted stay as they are, and so does every object that is well. Pure.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from labgrader.api.names import BUILT_IN_API_VERSIONS
from labgrader.evidence.shape import (
    BAD,
    Shape,
    fields,
    filled_text,
    list_of,
    map_of,
    text,
    truth,
    whole,
    whole_or_text,
)

Json = Mapping[str, Any]

_REFERENCE = fields(
    needed={"uid": lambda value: text(value) or BAD},
    kind=text,
    name=text,
    controller=truth,
)
_METADATA = fields(
    {"uid": filled_text(), "creationTimestamp": filled_text()},
    name=text,
    generateName=text,
    namespace=text,
    labels=map_of(text),
    generation=whole,
    deletionTimestamp=text,
    finalizers=list_of(text),
    ownerReferences=list_of(_REFERENCE),
)
_ANY_METADATA: Mapping[str, tuple[Shape, Any]] = {"metadata": (_METADATA, {})}
_ANY_KIND = fields(_ANY_METADATA)

_HANDLER = fields(
    httpGet=fields({"port": (whole_or_text, "")}, path=text, host=text),
    tcpSocket=fields({"port": (whole_or_text, "")}, host=text),
    exec=fields(command=list_of(text)),
    grpc=fields({"port": (whole, 0)}),
)
_PORT = fields(needed={"containerPort": whole}, name=text, protocol=text)
_RESOURCES = fields(requests=map_of(whole_or_text), limits=map_of(whole_or_text))
_CONTAINER = fields(
    needed={"name": text},
    image=text,
    command=list_of(text),
    args=list_of(text),
    ports=list_of(_PORT),
    resources=_RESOURCES,
    restartPolicy=text,
    readinessProbe=_HANDLER,
    livenessProbe=_HANDLER,
    startupProbe=_HANDLER,
)
_VOLUME = fields(
    needed={"name": text},
    persistentVolumeClaim=fields(needed={"claimName": text}),
)
_POD_SPEC = fields(
    {"containers": (list_of(_CONTAINER), [])},
    initContainers=list_of(_CONTAINER),
    volumes=list_of(_VOLUME),
    resources=_RESOURCES,
    nodeName=text,
)
_TEMPLATE = fields({"spec": (_POD_SPEC, {})}, metadata=fields(labels=map_of(text)))
_CONDITIONS = list_of(
    fields(
        {"type": filled_text(), "status": filled_text()},
        reason=text,
        message=text,
        lastTransitionTime=text,
    )
)
_ENDED = fields({"exitCode": (whole, 0)}, reason=text, message=text, signal=whole)
_STATE = fields(
    waiting=fields(reason=text, message=text),
    running=fields(startedAt=text),
    terminated=_ENDED,
)
_CONTAINER_STATUSES = list_of(
    fields(
        {"ready": (truth, False), "restartCount": (whole, 0)},
        needed={"name": text},
        started=truth,
        image=text,
        state=_STATE,
        lastState=_STATE,
    )
)
_POD_STATUS = fields(
    phase=text,
    podIP=text,
    podIPs=list_of(fields(needed={"ip": text})),
    qosClass=text,
    conditions=_CONDITIONS,
    containerStatuses=_CONTAINER_STATUSES,
    initContainerStatuses=_CONTAINER_STATUSES,
)
_WORKLOAD_STATUS = fields(
    observedGeneration=whole,
    replicas=whole,
    updatedReplicas=whole,
    readyReplicas=whole,
    availableReplicas=whole,
    currentReplicas=whole,
    desiredNumberScheduled=whole,
    currentNumberScheduled=whole,
    updatedNumberScheduled=whole,
    numberReady=whole,
    numberAvailable=whole,
    numberMisscheduled=whole,
    failed=whole,
    succeeded=whole,
    active=whole,
    conditions=_CONDITIONS,
)
_ROLLING = fields(
    type=text,
    rollingUpdate=fields(partition=whole, maxSurge=whole_or_text, maxUnavailable=whole_or_text),
)
_WORKLOAD_SPEC = fields(
    {"template": (_TEMPLATE, {})},
    replicas=whole,
    selector=fields(matchLabels=map_of(text)),
    strategy=_ROLLING,
    updateStrategy=_ROLLING,
    paused=truth,
    revisionHistoryLimit=whole,
)
_WORKLOAD = fields({**_ANY_METADATA, "spec": (_WORKLOAD_SPEC, {})}, status=_WORKLOAD_STATUS)
_ENDPOINT = fields(
    {"addresses": (list_of(text), [])},
    conditions=fields(ready=truth, serving=truth, terminating=truth),
    targetRef=fields(kind=text, name=text, uid=text),
)
_SERVICE_PORT = fields(needed={"port": whole}, name=text, protocol=text, targetPort=whole_or_text)
_SERVICE_SPEC = fields(
    type=text,
    clusterIP=text,
    externalName=text,
    ipFamilies=list_of(text),
    selector=map_of(text),
    ports=list_of(_SERVICE_PORT),
)
_POLICY_SPEC = fields(policyTypes=list_of(text), podSelector=fields(matchLabels=map_of(text)))
_METRIC = fields(
    {"type": filled_text()},
    resource=fields(
        {
            "name": filled_text(),
            "target": (fields({"type": filled_text()}, averageUtilization=whole), {}),
        }
    ),
)
_RULE = fields(
    {"verbs": (list_of(text), [])},
    apiGroups=list_of(text),
    resources=list_of(text),
    resourceNames=list_of(text),
)
_SUBJECT = fields({"kind": filled_text(), "name": filled_text()}, namespace=text, apiVersion=text)

_KINDS: Mapping[str, Shape] = MappingProxyType(
    {
        **dict.fromkeys(("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job"), _WORKLOAD),
        "Pod": fields({**_ANY_METADATA, "spec": (_POD_SPEC, {}), "status": (_POD_STATUS, {})}),
        "Service": fields(
            {**_ANY_METADATA, "spec": (_SERVICE_SPEC, {})},
        ),
        "EndpointSlice": fields(
            _ANY_METADATA,
            endpoints=list_of(_ENDPOINT),
            ports=list_of(fields(name=text, port=whole)),
        ),
        "HorizontalPodAutoscaler": fields(
            {
                **_ANY_METADATA,
                "spec": (
                    fields(
                        {
                            "maxReplicas": (whole, 0),
                            "scaleTargetRef": (_SUBJECT, {}),
                        },
                        minReplicas=whole,
                        metrics=list_of(_METRIC),
                    ),
                    {},
                ),
            },
            status=fields(conditions=_CONDITIONS),
        ),
        "CronJob": fields(
            {
                **_ANY_METADATA,
                "spec": (fields(schedule=text, timeZone=text, suspend=truth), {}),
            },
            status=fields(lastScheduleTime=text),
        ),
        "NetworkPolicy": fields(
            {**_ANY_METADATA, "spec": (_POLICY_SPEC, {})},
        ),
        "Role": fields(_ANY_METADATA, rules=list_of(_RULE)),
        "RoleBinding": fields(
            {**_ANY_METADATA, "roleRef": (_SUBJECT, {})}, subjects=list_of(_SUBJECT)
        ),
        "Event": fields(
            _ANY_METADATA,
            involvedObject=fields(kind=text, name=text, uid=text, fieldPath=text),
            reason=text,
            message=text,
            type=text,
            lastTimestamp=text,
            eventTime=text,
        ),
    }
)


def shaped(api_version: str, kind: str, body: Any, **always: str) -> Json:
    """The object in the shape of its kind; ``always`` are the metadata that it has anyway."""
    found = body if isinstance(body, Mapping) else {}
    built_in = BUILT_IN_API_VERSIONS.get(kind) == api_version
    shape = _KINDS.get(kind, _ANY_KIND) if built_in else _ANY_KIND
    well = shape(found)
    lacking = {key: name for key, name in always.items() if not well["metadata"].get(key)}
    return {**well, "metadata": {**well["metadata"], **lacking}} if lacking else well


def is_named(body: Json) -> bool:
    """Whether it has a name, as every item of a list has."""
    return bool(body["metadata"].get("name"))
