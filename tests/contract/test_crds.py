"""The CRDs on a real API server: every limit and every rule refuses, with a readable message."""

import copy
import json
from dataclasses import replace
from typing import Any

import pytest

from labgrader.api.schema.crds import KINDS, LAB_EXERCISE, SUBMISSION, Kind, crd
from tests.support import specimens
from tests.support.admission import refusal
from tests.support.live import LiveCluster
from tests.support.slips import Slip, fields, fields_of, slips
from tests.support.specimens import EXERCISE, Json, changed, of_check, placed
from tests.support.wrong import WRONG_EXERCISES

_MANIFESTS = ("refused", "admitted")
_OF_A_POD = ("apiVersion", "kind", "metadata", "metadata.name")


def schema_of(kind: Kind) -> Json:
    version: Json = crd(kind)["spec"]["versions"][0]
    schema: Json = version["schema"]["openAPIV3Schema"]
    return schema


def complaints(cluster: LiveCluster, bodies: list[Json], *arguments: str) -> dict[str, str]:
    """What the server says against each body, by its name, in one call."""
    documents = "\n---\n".join(json.dumps(body) for body in bodies)
    done = cluster.kubectl(*arguments, "-f", "-", input=documents, check=False)
    found = {body["metadata"]["name"]: "" for body in bodies}
    current = ""
    for line in done.stderr.splitlines():
        current = next((name for name in found if f'"{name}"' in line), current)
        found[current] = found.get(current, "") + line + "\n"
    return found


def alone(body: Json, slip: Slip) -> tuple[Json, Slip]:
    """The slip in an exercise of one check: the server works through all of them, each time."""
    match slip.path:
        case ("spec", "checks", int(index), *below):
            small = changed(body, ("spec", "checks"), [body["spec"]["checks"][index]])
            return small, replace(slip, path=("spec", "checks", 0, *below))
    return body, slip


def silent(slips: list[Slip], said: dict[str, str]) -> list[str]:
    return [
        f"{slip.name}={str(slip.value)[:30]}: expected {slip.complaint!r}, seen {seen!r}"
        for slip, seen in zip(slips, said.values(), strict=True)
        if slip.complaint not in seen or slip.name.rsplit("[", 1)[0] not in seen
    ]


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        (LAB_EXERCISE, EXERCISE, specimens.EXERCISE_STATUS),
        (SUBMISSION, specimens.SUBMISSION, specimens.SUBMISSION_STATUS),
    ],
    ids=lambda value: value.name if isinstance(value, Kind) else "",
)
def test_specimens_have_every_field(kind: Kind, body: Json, status: Json) -> None:
    schema = schema_of(kind)["properties"]
    keys = {
        ".checks.matches.expect.a",
        ".checks.matches.clauses.expect.a",
        ".checks.satisfies.select.labels.app",
        ".checks.satisfies.beside.labels.app",
        ".checks.resolves.from.labels.app",
        ".checks.connects.flows.from.labels.app",
        *(f".checks.rejects.{part}.{field}" for part in _MANIFESTS for field in _OF_A_POD),
        *(f".given.{field}" for field in _OF_A_POD),
    }
    assert set(fields(schema["spec"])) == set(fields_of(body["spec"])) - keys
    assert set(fields(schema["status"])) <= set(fields_of(status))


@pytest.mark.cluster
@pytest.mark.parametrize(
    ("kind", "body"),
    [(LAB_EXERCISE, EXERCISE), (SUBMISSION, specimens.SUBMISSION)],
    ids=["lab", "sub"],
)
def test_every_limit_of_a_spec_refuses(
    api: LiveCluster, namespace: str, kind: Kind, body: Json
) -> None:
    every = slips(schema_of(kind)["properties"]["spec"], body["spec"], ("spec",))
    found = [alone(body, slip) for slip in every]
    bodies = [
        placed(changed(small, slip.path, slip.value), namespace, f"slip-{index}")
        for index, (small, slip) in enumerate(found)
    ]
    said = complaints(api, bodies, "create", "--dry-run=server", "--validate=ignore")
    assert len(found) > 10
    assert silent([slip for _, slip in found], said) == []


@pytest.mark.cluster
@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        (LAB_EXERCISE, EXERCISE, specimens.EXERCISE_STATUS),
        (SUBMISSION, specimens.SUBMISSION, specimens.SUBMISSION_STATUS),
    ],
    ids=["lab", "sub"],
)
def test_every_limit_of_a_status_refuses(
    api: LiveCluster, kind: Kind, body: Json, status: Json
) -> None:
    namespace = api.fresh_namespace()
    found = list(slips(schema_of(kind)["properties"]["status"], status, ("status",)))
    names = [f"slip-{index}" for index in range(len(found) + 1)]
    originals = [placed(body, namespace, name) for name in names]
    created = complaints(api, originals, "create")
    assert set(created.values()) == {""}
    right = {"status": status}
    bodies = [
        {**original, **changed(right, slip.path, slip.value)}
        for original, slip in zip(originals, found, strict=False)
    ]
    replace = ("replace", "--subresource=status", "--validate=ignore")
    assert silent(found, complaints(api, bodies, *replace)) == []
    accepted = complaints(api, [{**originals[-1], **right}], *replace)
    assert set(accepted.values()) == {""}


@pytest.mark.cluster
@pytest.mark.parametrize("wrong", WRONG_EXERCISES, ids=lambda wrong: wrong.name)
def test_rules_refuse_in_words(api: LiveCluster, namespace: str, wrong: Any) -> None:
    said = refusal(api, placed(wrong.change(EXERCISE), namespace))
    assert wrong.complaint in said


@pytest.mark.cluster
def test_specimens_are_accepted_as_they_are(api: LiveCluster, namespace: str) -> None:
    for body in (EXERCISE, specimens.SUBMISSION):
        done = api.kubectl(
            "create",
            "--dry-run=server",
            "--output=json",
            "--filename=-",
            input=json.dumps(placed(body, namespace)),
        )
        assert json.loads(done.stdout)["spec"] == body["spec"]


@pytest.mark.cluster
def test_the_largest_exercise_is_affordable(api: LiveCluster, namespace: str) -> None:
    names = [f"c{index:02}-{'x' * 59}" for index in range(100)]
    groups = [f"g{index:02}-{'x' * 59}" for index in range(20)]
    heals = next(check for check in EXERCISE["spec"]["checks"] if "heals" in check)["heals"]
    heals = copy.deepcopy(heals)
    heals["curve"]["points"] = [{"at": f"{10 + at}s", "percent": at} for at in range(10)]
    checks = [
        {
            "name": name,
            "points": 1,
            "group": groups[index % 20],
            "needs": names[max(0, index - 10) : index],
            "needsAtLeast": [
                {"check": need, "percent": "50"} for need in names[max(0, index - 5) : index]
            ],
            "heals": heals,
        }
        for index, name in enumerate(names)
    ]
    body = changed(EXERCISE, ("spec", "checks"), checks)
    body["spec"]["groups"] = [{"name": name, "rule": "all"} for name in groups]
    body["spec"]["parameters"] = [
        {"name": f"p{n}", "oneOf": [f"{text:02}{'x' * 251}" for text in range(50)]}
        for n in range(10)
    ]
    assert refusal(api, placed(body, namespace)) == ""


@pytest.mark.cluster
@pytest.mark.parametrize(
    "word",
    [
        {"eventually": {"within": "000001s000001s"}},
        {"consistently": {"for": "000001s000001s"}},
        {"never": {"for": "000001s000001s"}},
        {"stableAfter": {"within": "000001s000001s", "for": "000001s000001s"}},
    ],
    ids=lambda word: next(iter(word)),
)
def test_an_exercise_of_watched_checks_is_affordable(
    api: LiveCluster, namespace: str, word: Json
) -> None:
    there = {"exists": {"object": {"kind": "Deployment", "name": "web"}}}
    checks = [{"name": f"c{index:02}", "points": 1, **word, **there} for index in range(100)]
    body = changed(EXERCISE, ("spec", "checks"), checks)
    del body["spec"]["groups"]
    body["spec"] |= {"settle": "000000s000001s", "timeLimit": "000000s000010s"}
    assert refusal(api, placed(body, namespace)) == ""
    body["spec"]["timeLimit"] = "000000s000002s"
    assert "timeLimit must be longer" in refusal(api, placed(body, namespace))


@pytest.mark.cluster
def test_parameters_may_stand_for_names_and_numbers(api: LiveCluster, namespace: str) -> None:
    body = placed(EXERCISE, namespace)
    for path, value in (
        (of_check("exists", "object", "name"), "${app}-web"),
        (of_check("ready", "replicas", "min"), "${port}"),
        (of_check("routes", "port"), "${port}"),
        (of_check("answers", "service"), "${app}"),
        (of_check("scales", "up", "to"), "${port}"),
    ):
        body = changed(body, ("spec", *path), value)
    done = api.kubectl(
        "create", "--dry-run=server", "-o", "json", "-f", "-", input=json.dumps(body)
    )
    assert json.loads(done.stdout)["spec"] == body["spec"]


@pytest.mark.cluster
def test_defaults_are_filled_in(api: LiveCluster, namespace: str) -> None:
    exercise = placed(EXERCISE, namespace)
    exercise["spec"] = {
        "title": {"en": "Web"},
        "task": {"en": "Web"},
        "checks": [{"name": "routes", "routes": {"service": "w", "port": 1, "to": _WEB}}],
    }
    done = api.kubectl(
        "create", "--dry-run=server", "-o", "json", "-f", "-", input=json.dumps(exercise)
    )
    spec = json.loads(done.stdout)["spec"]
    assert spec["checks"][0]["points"] == 0
    assert spec["checks"][0]["routes"]["endpoints"] == {"min": 1}
    del spec["title"], spec["task"], spec["checks"]
    assert spec == {
        "lang": "ko",
        "passPercent": "60",
        "settle": "30s",
        "timeLimit": "10m",
        "aboveMax": 0,
        "mode": "OnAttempt",
    }


_WEB = {"kind": "Deployment", "name": "web"}


@pytest.mark.cluster
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_kubectl_explains_every_field(api: LiveCluster, kind: Kind) -> None:
    explained = api.kubectl("explain", kind.plural, "--recursive").stdout
    names = {path.rsplit(".", 1)[1] for path in fields(schema_of(kind))}
    assert {name for name in names if f"  {name}\t" not in explained} == set()
    field = api.kubectl("explain", f"{kind.plural}.status.conditions").stdout
    assert "Ready" in field
