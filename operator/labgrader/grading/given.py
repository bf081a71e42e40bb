"""What is wrong with the objects that an exercise gives, and with checks that refer to them.

Called by ``grading.plan`` and ``grading.composition``. The API server takes any object into an
exercise; what it would refuse once the object is put into a namespace, or what nobody should put
there, is found here, as far as that can be seen without a cluster. Pure.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from labgrader.api.base import NAME_PATTERN, ObjectRef
from labgrader.api.check import Check
from labgrader.api.exercise import ExerciseSpec
from labgrader.api.given import GIVEN_KINDS, MOST_GIVEN_BYTES, given_key
from labgrader.checks.expect.exact import expectation, leads_somewhere, place_of
from labgrader.checks.expect.size import below
from labgrader.checks.problem import Problem
from labgrader.checks.unchanged import looks_of

_METADATA = frozenset({"name", "labels", "annotations"})
_KUBERNETES_OWN = frozenset({("ConfigMap", "kube-root-ca.crt"), ("ServiceAccount", "default")})
_OWN_MARK = re.compile(r"([a-z0-9.-]+[.])?labgrader[.]dev/")
_TOKEN = "kubernetes.io/service-account-token"  # noqa: S105 (a type, not a token)
_LONGEST_NAME, _LONGEST_WAIT_MS, _MAX_DEPTH = 253, 600_000, 32
_MAPS_OF_TEXT = ("data", "stringData", "binaryData")


def given_problems(spec: ExerciseSpec) -> Iterator[Problem]:
    """The problems of spec.given, and of the checks that refer to it."""
    size = len(json.dumps(spec.given, ensure_ascii=False, default=str).encode())
    if size > MOST_GIVEN_BYTES:
        yield Problem("Invalid", f"given: {size:,} bytes of JSON; {MOST_GIVEN_BYTES:,} are allowed")
    seen: set[tuple[str, str]] = set()
    for index, body in enumerate(spec.given):
        for text in _complaints(body):
            yield Problem("Invalid", f"given[{index}]: {text}")
        key = given_key(body)
        if key in seen:
            yield Problem("Invalid", f"given[{index}]: {key[0]} {key[1]} is given twice")
        seen.add(key)
    yield from _of_waiting(spec)
    for check in spec.checks:
        if check.kind == "unchanged":
            for text in _of_check(check, spec):
                yield Problem("Invalid", f"check {check.name}: {text}")


def gives(spec: ExerciseSpec, ref: ObjectRef) -> bool:
    """Whether the object is one of those that the exercise gives."""
    return any(given_key(body) == (ref.kind, ref.name) for body in spec.given)


def _of_waiting(spec: ExerciseSpec) -> Iterator[Problem]:
    within = spec.given_ready_within
    if within is None:
        return
    if not spec.given:
        yield Problem("PointlessRule", "givenReadyWithin is set, but nothing is given")
    if within > _LONGEST_WAIT_MS:
        yield Problem("Invalid", "givenReadyWithin: at most 10m can be waited for")


def _complaints(body: Mapping[str, Any]) -> Iterator[str]:
    kind, version = body.get("kind"), body.get("apiVersion")
    if not isinstance(kind, str) or kind not in GIVEN_KINDS:
        yield f"{kind} cannot be given; these can: {', '.join(GIVEN_KINDS)}"
        return
    if version != GIVEN_KINDS[kind]:
        yield f"a {kind} has the apiVersion {GIVEN_KINDS[kind]}, not {version}"
    yield from _of_metadata(kind, body.get("metadata"))
    if "status" in body:
        yield f"leave status out; the cluster writes it ({kind})"
    if kind == "Secret" and body.get("type") == _TOKEN:
        yield f"a Secret of type {_TOKEN} would hold somebody's rights"
    for part in _MAPS_OF_TEXT if kind in {"ConfigMap", "Secret"} else ():
        yield from _of_texts(part, body.get(part, {}))
    yield from _of_values(body)


def _of_metadata(kind: str, metadata: Any) -> Iterator[str]:
    name = metadata.get("name") if isinstance(metadata, Mapping) else None
    if not isinstance(metadata, Mapping) or not isinstance(name, str):
        yield f"the {kind} needs metadata.name"
        return
    if len(name) > _LONGEST_NAME or not re.fullmatch(NAME_PATTERN, name):
        yield f"{name[:80]!r} is no name of an object"
    if (kind, name) in _KUBERNETES_OWN:
        yield f"{kind} {name} is in every namespace by itself"
    if "namespace" in metadata:
        yield "leave metadata.namespace out; it is the learner's"
    for part in sorted(str(key) for key in metadata.keys() - _METADATA - {"namespace"}):
        yield f"leave metadata.{part} out; only name, labels and annotations can be given"
    for part in ("labels", "annotations"):
        yield from _of_texts(f"metadata.{part}", metadata.get(part, {}))
        marks = metadata.get(part)
        for key in marks if isinstance(marks, Mapping) else ():
            if _OWN_MARK.match(str(key)):
                yield f"metadata.{part}: {key} is labgrader's own"


def _of_texts(part: str, value: Any) -> Iterator[str]:
    if not isinstance(value, Mapping):
        yield f"{part} must be a map of texts"
        return
    for key, inner in value.items():
        if not isinstance(inner, str):
            yield f"{part}.{key} must be a text; put it in quotes (of a parameter: ${{name.text}})"


def _of_values(body: Mapping[str, Any]) -> Iterator[str]:
    """Null, and depth, without recursion."""
    waiting: list[tuple[Any, int]] = [(body, 1)]
    while waiting:
        value, depth = waiting.pop()
        if value is None:
            yield "null gives nothing; leave the field out"
            return
        if depth > _MAX_DEPTH:
            yield f"nested deeper than {_MAX_DEPTH} levels"
            return
        waiting.extend((inner, depth + 1) for inner in below(value))


def _of_check(check: Check, spec: ExerciseSpec) -> Iterator[str]:
    params = check.params
    ref: ObjectRef = params.object
    given = next((b for b in spec.given if given_key(b) == (ref.kind, ref.name)), None)
    if given is None:
        yield f"{ref.kind} {ref.name} is none of the objects in given"
        return
    if ref.api_version not in {None, given.get("apiVersion")}:
        yield f"given {ref.kind} {ref.name} has the apiVersion {given.get('apiVersion')}"
    if ref.kind == "Secret":
        yield "values of Secrets are never seen by the grader, so it cannot tell a change"
        return
    written = (*params.fields, *params.leaving_out)
    astray = [path for path in written if not leads_somewhere(given, place_of(path))]
    for path in astray:
        yield f"{path} is not set in given {ref.kind} {ref.name}"
    if not astray and not expectation(given, looks_of(params)):
        yield f"nothing of given {ref.kind} {ref.name} is left to compare"
