"""Objects of both kinds with every field set, and the ways in which one field can be wrong.

The contract tests send them to a real API server, the unit tests to the models: both must
refuse the same things.
"""

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]
Path = tuple[str | int, ...]

_OBJECT = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"}
_TEXT = {"ko": "웹", "en": "Web"}
_HTTP = {"service": "web", "port": 80, "path": "/"}
_NUMBER = {"min": 0, "max": 10}
_PROBE = {
    "kind": "httpGet",
    "path": "/healthz",
    "port": 8080,
    "initialDelaySeconds": _NUMBER,
    "periodSeconds": _NUMBER,
    "timeoutSeconds": _NUMBER,
    "failureThreshold": _NUMBER,
}
_AMOUNT = {"min": "16Mi", "max": "1.5Gi"}
_RESOURCES = {"cpu": _AMOUNT, "memory": _AMOUNT, "ephemeralStorage": _AMOUNT}

_POD = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web"}}
_GIVEN = {"apiVersion": "v1", "kind": "Pod"}
_OPTIONS = [{"name": "a", "text": _TEXT}, {"name": "b", "text": _TEXT}]

_CHECKS: list[Json] = [
    {
        "name": "is-there",
        "points": 10,
        "hint": _TEXT,
        "required": True,
        "cap": 50,
        "exists": {"object": _OBJECT},
    },
    {
        "name": "is-not-there",
        "points": 10,
        "needs": ["is-there"],
        "absent": {"object": _OBJECT},
    },
    {
        "name": "has-limits",
        "group": "either",
        "points": 10,
        "matches": {
            "object": _OBJECT,
            "expect": {"a": [1]},
            "clauses": [{"expect": {"a": [1]}, "weight": 2}],
        },
    },
    {
        "name": "follows-rules",
        "points": 10,
        "satisfies": {
            "select": {
                **_OBJECT,
                "labels": {"app": "web"},
                "owner": _OBJECT,
            },
            "minMatches": 2,
            "match": "count",
            "count": {"min": 1, "max": 3},
            "beside": [
                {
                    "variable": "services",
                    "apiVersion": "v1",
                    "kind": "Service",
                    "name": "web",
                    "labels": {"app": "web"},
                    "owner": _OBJECT,
                }
            ],
            "expression": "object.spec.replicas > 1",
            "message": _TEXT,
        },
    },
    {
        "name": "is-ready",
        "points": 10,
        "extra": True,
        "ready": {"object": _OBJECT, "replicas": {"min": 2}},
    },
    {
        "name": "routes",
        "points": 10,
        "routes": {"service": "web", "port": 80, "to": _OBJECT, "endpoints": {"min": 2}},
    },
    {
        "name": "answers",
        "points": 10,
        "needsAtLeast": [{"check": "has-limits", "percent": "50"}],
        "answers": {**_HTTP, "status": 200, "body": "~=^hello"},
    },
    {
        "name": "comes-back",
        "points": 30,
        "heals": {
            "object": _OBJECT,
            "fault": "DeletePod",
            "within": "60s",
            "availability": {**_HTTP, "min": "99.9"},
            "curve": {
                "of": "recoveryTime",
                "points": [{"at": "10s", "percent": 100}, {"at": "60s", "percent": 40}],
            },
        },
    },
    {
        "name": "scales",
        "points": 20,
        "scales": {
            "autoscaler": "web",
            "load": {**_HTTP, "concurrency": 8},
            "up": {"to": 3, "within": "3m"},
        },
    },
    {
        "name": "is-available",
        "points": 10,
        "conditions": {
            "object": _OBJECT,
            "each": "parents",
            "expect": [{"type": "Available", "status": "True", "reason": "~=^Min"}],
        },
    },
    {
        "name": "is-updated",
        "points": 10,
        "rolledOut": {
            "object": _OBJECT,
            "strategy": {"type": "RollingUpdate", "maxSurge": "25%", "maxUnavailable": "<=1"},
            "revisions": {"min": 2},
            "image": {"container": "web", "before": "web:1", "now": "web:2"},
            "rolledBack": False,
            "paused": False,
            "finished": True,
        },
    },
    {
        "name": "says-so",
        "points": 10,
        "logs": {
            "object": _OBJECT,
            "container": "web",
            "include": "^ready",
            "count": {"min": 2},
            "exclude": "error",
            "previous": False,
            "lines": 200,
        },
    },
    {
        "name": "is-told-of",
        "points": 10,
        "emitted": {
            "object": _OBJECT,
            "reason": "ScalingReplicaSet",
            "type": "Normal",
            "note": "^Scaled up",
            "by": "deployment-controller",
            "count": {"min": 2},
        },
    },
    {
        "name": "is-set-up",
        "points": 10,
        "configures": {
            "object": _OBJECT,
            "containers": ["web"],
            "probes": {"readiness": _PROBE, "liveness": _PROBE, "startup": _PROBE},
            "requests": _RESOURCES,
            "limits": _RESOURCES,
            "qos": "Guaranteed",
            "image": {"registries": ["docker.io/library"], "digest": True},
            "env": [{"name": "TOKEN", "from": {"kind": "Secret", "name": "web", "key": "token"}}],
            "security": {
                "runAsNonRoot": True,
                "readOnlyRootFilesystem": True,
                "allowPrivilegeEscalation": False,
                "privileged": False,
                "drop": ["ALL"],
                "seccomp": "RuntimeDefault",
            },
            "mounts": [
                {
                    "path": "/etc/web",
                    "from": {"kind": "ConfigMap", "name": "web"},
                    "readOnly": True,
                }
            ],
        },
    },
    {
        "name": "keeps-data",
        "points": 10,
        "claims": {
            "claim": "data",
            "usedBy": _OBJECT,
            "storageClass": "standard",
            "size": {"min": "1Gi"},
            "accessModes": ["ReadWriteOnce"],
        },
    },
    {
        "name": "may-read",
        "points": 10,
        "allows": {
            "subject": {"kind": "ServiceAccount", "name": "reader"},
            "access": [
                {
                    "verbs": ["get", "list"],
                    "resources": ["deployments", "pods/log"],
                    "group": "apps",
                    "name": "web",
                    "where": "Namespace",
                    "allowed": True,
                }
            ],
            "nothingBeyond": True,
        },
    },
    {
        "name": "is-refused",
        "points": 10,
        "rejects": {
            "refused": _POD,
            "by": {"kind": "ResourceQuota", "name": "compute", "message": "exceeded quota"},
            "admitted": _POD,
            "subject": {"kind": "ServiceAccount", "name": "builder"},
        },
    },
    {
        "name": "one-of",
        "points": 10,
        "asks": {
            "name": "model",
            "question": _TEXT,
            "choice": {"options": _OPTIONS, "right": "a"},
        },
    },
    {
        "name": "some-of",
        "points": 10,
        "asks": {
            "name": "benefits",
            "question": _TEXT,
            "choices": {"options": _OPTIONS, "right": ["a", "b"]},
        },
    },
    {
        "name": "how-many",
        "points": 10,
        "asks": {
            "name": "payback",
            "question": _TEXT,
            "number": {"value": "1.5", "tolerance": "2%", "unit": "h"},
        },
    },
    {
        "name": "in-words",
        "points": 10,
        "asks": {"name": "word", "question": _TEXT, "pattern": "(?i)canary"},
    },
    {
        "name": "keeps-its-image",
        "points": 10,
        "unchanged": {"object": {**_OBJECT, **_GIVEN}, "fields": ["spec.containers.image"]},
    },
    {
        "name": "keeps-the-rest",
        "points": 10,
        "unchanged": {"object": {**_OBJECT, **_GIVEN}, "leavingOut": ['metadata["labels"]']},
    },
]

EXERCISE: Json = {
    "apiVersion": "labgrader.dev/v1alpha1",
    "kind": "LabExercise",
    "metadata": {"name": "specimen"},
    "spec": {
        "title": _TEXT,
        "task": _TEXT,
        "lang": "ko",
        "passPercent": "60",
        "settle": "0s",
        "timeLimit": "10m",
        "aboveMax": 10,
        "groups": [{"name": "either", "rule": "bestOf", "count": 1, "points": 5, "extra": True}],
        "seed": "spring",
        "parameters": [
            {"name": "app", "oneOf": ["maple", "cedar"]},
            {"name": "port", "between": {"min": 8000, "max": 8999}},
            {"name": "word", "letters": 6},
        ],
        "given": [_POD],
        "givenReadyWithin": "60s",
        "checks": _CHECKS,
    },
}

SUBMISSION: Json = {
    "apiVersion": "labgrader.dev/v1alpha1",
    "kind": "Submission",
    "metadata": {"name": "specimen"},
    "spec": {
        "exerciseRef": {"name": "web", "namespace": "course"},
        "learner": "kim",
        "targetNamespace": "kim",
        "attempt": 2,
        "answers": [{"name": "payback", "value": "90 min"}],
        "lang": "en",
    },
}

_NOW = "2026-01-02T03:04:05Z"
_CONDITION = {
    "type": "Ready",
    "status": "True",
    "observedGeneration": 1,
    "lastTransitionTime": _NOW,
    "reason": "Graded",
    "message": "every check has an outcome",
}

_EVIDENCE = {"state": "Pending", "digest": "sha256:0", "ref": "course/kim/0.lab", "leftOut": 2}

SUBMISSION_STATUS: Json = {
    "observedGeneration": 1,
    "attempt": 2,
    "exercise": {"uid": "0", "generation": 3, "hash": "sha256:0"},
    "result": "Passed",
    "score": 85,
    "scoreMin": 85,
    "scoreMax": 85,
    "maxScore": 100,
    "cappedAt": 50,
    "summary": "5 of 6 checks passed",
    "task": "# Web",
    "startedAt": _NOW,
    "observedAt": _NOW,
    "finishedAt": _NOW,
    "checks": [
        {
            "name": "is-there",
            "outcome": "Failed",
            "points": 10,
            "earned": 0,
            "percent": "5",
            "group": "either",
            "extra": True,
            "cap": 50,
            "reason": "NotReady",
            "params": {"expected": "2"},
            "causes": [{"reason": "ImagePullBackOff", "params": {"image": "web:3"}}],
            "message": "expected 2 Ready pods, saw none",
            "hint": "look at the events",
        }
    ],
    "groups": [
        {
            "name": "either",
            "points": 10,
            "earned": 0,
            "extra": True,
            "reason": "GroupBest",
            "params": {"counted": "1", "total": "2"},
            "message": "Counted: the best 1 of the group's 2 checks.",
        }
    ],
    "history": [
        {
            "attempt": 1,
            "score": 40,
            "maxScore": 100,
            "finishedAt": _NOW,
            "exerciseHash": "sha256:0",
            "evidence": _EVIDENCE,
        }
    ],
    "evidence": _EVIDENCE,
    "conditions": [_CONDITION],
}

EXERCISE_STATUS: Json = {
    "observedGeneration": 1,
    "maxScore": 100,
    "problems": ["no check is worth a point"],
    "conditions": [_CONDITION],
}


def of_check(kind: str, *below: str | int) -> Path:
    """Where the specimen's check of a kind stands, wherever that is in the list."""
    places = [index for index, check in enumerate(EXERCISE["spec"]["checks"]) if kind in check]
    return ("checks", places[0], kind, *below)


def changed(body: Json, path: Path, value: Any) -> Json:
    """A copy of ``body`` with ``value`` at ``path``; None takes the field away."""
    copied = copy.deepcopy(body)
    place: Any = copied
    for step in path[:-1]:
        place = place[step]
    if value is None:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return copied


def written(path: Path) -> str:
    """``path`` as the API server writes it."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return text.removeprefix(".")


@dataclass(frozen=True)
class Slip:
    """One value just outside what the schema allows, and how the server says so."""

    path: Path
    value: Any
    complaint: str

    @property
    def name(self) -> str:
        """Where, as the server writes it."""
        return written(self.path)


_NUMBERS = {
    "minimum": (-1, "should be greater than or equal to {}"),
    "maximum": (+1, "should be less than or equal to {}"),
}


def slips(schema: Mapping[str, Any], value: Any, path: Path) -> Iterator[Slip]:
    """Every way to break one limit of ``schema`` once, starting from the right ``value``."""
    for keyword, (step, complaint) in _NUMBERS.items():
        if keyword in schema:
            yield Slip(path, schema[keyword] + step, complaint.format(schema[keyword]))
    if "enum" in schema:
        yield Slip(path, "Nonsense", "Unsupported value")
    if schema.get("type") == "string":
        yield from _text_slips(schema, path)
    if schema.get("type") == "integer":
        yield Slip(path, "many", "must be of type integer")
    if schema.get("x-kubernetes-int-or-string"):
        yield Slip(path, "many", "should match")
        yield Slip(path, "x" * (schema["maxLength"] + 1), "Too long")
    if schema.get("type") == "array":
        yield from _list_slips(schema, value, path)
    if schema.get("type") == "object":
        yield from _object_slips(schema, value, path)


def _text_slips(schema: Mapping[str, Any], path: Path) -> Iterator[Slip]:
    yield Slip(path, 5, f"must be of type {schema.get('format', 'string')}")
    if "maxLength" in schema:
        yield Slip(path, "x" * (schema["maxLength"] + 1), "Too long")
    if "minLength" in schema:
        yield Slip(path, "", "should be at least 1 chars long")
    if "pattern" in schema:
        yield Slip(path, "-no-", "should match")
    if schema.get("format") == "date-time":
        yield Slip(path, "yesterday", "must be of type date-time")


def _list_slips(schema: Mapping[str, Any], value: list[Any], path: Path) -> Iterator[Slip]:
    if "maxItems" in schema:
        longer = value[:1] * (schema["maxItems"] + 1)
        yield Slip(path, longer, f"must have at most {schema['maxItems']} items")
    if "minItems" in schema:
        yield Slip(path, [], f"should have at least {schema['minItems']} items")
    for index, item in enumerate(value):
        yield from slips(schema["items"], item, (*path, index))


def _object_slips(schema: Mapping[str, Any], value: Json, path: Path) -> Iterator[Slip]:
    for name in schema.get("required", ()):
        if name in value:
            yield Slip((*path, name), None, "Required value")
    for name, item in value.items():
        inner = schema.get("properties", {}).get(name) or schema.get("additionalProperties")
        if inner:
            yield from slips(inner, item, (*path, name))
    if "maxProperties" in schema:
        many = {f"key-{index}": "x" for index in range(schema["maxProperties"] + 1)}
        yield Slip(path, many, f"must have at most {schema['maxProperties']} items")


def fields(schema: Mapping[str, Any], at: str = "") -> Iterator[str]:
    """The path of every field that ``schema`` knows, without list positions."""
    for name, inner in schema.get("properties", {}).items():
        yield f"{at}.{name}"
        yield from fields(inner, f"{at}.{name}")
    if "items" in schema:
        yield from fields(schema["items"], at)


def fields_of(value: Any, at: str = "") -> Iterator[str]:
    """The path of every field that ``value`` has, without list positions."""
    if isinstance(value, list):
        for item in value:
            yield from fields_of(item, at)
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield f"{at}.{name}"
            yield from fields_of(inner, f"{at}.{name}")
