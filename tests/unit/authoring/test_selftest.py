"""``labgrader test`` as it is typed, against a small API server; what it leaves behind: nothing."""

import asyncio
import re
import signal
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from labgrader.authoring.exercise_folder import ExerciseFolder
from labgrader.authoring.selftest.run import _due
from tests.unit.authoring.api_server import api_server
from tests.unit.authoring.lab_folder import EXERCISE, EXPECTED, RIGHT, WRONG, folder, run, start

pytestmark = pytest.mark.slow  # each starts the command


async def test_an_exercise_that_proves_itself(tmp_path: Path) -> None:
    report = tmp_path / "junit.xml"
    done = await run(folder(tmp_path), "--junit", report)
    assert done.code == 0, done.err
    rows = [" ".join(line.split()) for line in done.out.splitlines()]
    assert "work 1 2 score" in rows
    assert "start ✗ – 0/100" in rows
    assert "solutions/right ✓ ✓ 100/100" in rows
    assert "mistakes/red ✓ ✗ 40/100" in rows
    assert "mistakes/elsewhere ✗ – 0/100" in rows
    assert "No mistake fails" not in done.out
    assert "trying 4 works, 4 at once" in done.err
    assert re.search(r"^lab: mistakes/red: 40/100 \(\d+ s\)$", done.err, re.MULTILINE)
    (suite,) = ET.fromstring(report.read_text("utf-8"))  # noqa: S314 (our own)
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("4", "0", "0")
    assert done.nothing_is_left()


async def test_answers_hold_the_learners_own_parameters(tmp_path: Path) -> None:
    asks = """\
  - name: port
    asks: {name: port, question: {ko: 포트는?, en: Which port?}, pattern: "${port}"}
  parameters:
  - {name: port, between: {min: 8000, max: 8999}}
"""
    works = {
        "solutions__right__answers": 'port: "${port}"\n',
        "mistakes__red__answers": 'port: "1${port}"\n',
        "mistakes__red__expect": "outcomes: {there: Passed, right: Failed, port: Failed}\n",
        "mistakes__elsewhere__expect": "outcomes: {there: Failed, right: Skipped, port: Failed}\n",
    }
    done = await run(folder(tmp_path, EXERCISE + asks, **works))
    assert done.code == 0, done.out + done.err


async def test_works_are_applied_in_namespaces_like_a_learners(tmp_path: Path) -> None:
    done = await run(folder(tmp_path))
    labels = [body["metadata"]["labels"] for body in done.server.made]
    assert {found["pod-security.kubernetes.io/enforce"] for found in labels} == {"baseline"}
    assert len({found["labgrader.dev/selftest"] for found in labels}) == 1
    names = {body["metadata"]["name"] for body in done.server.made}
    assert len(names) == 4
    assert all(name.startswith("labgrader-test-lab-") for name in names)
    for path, query in done.server.applied:
        assert path.split("/")[4] in names
        assert query == {"fieldManager": "labgrader-test", "force": "true"}
        assert done.server.objects[path]["metadata"]["namespace"] == path.split("/")[4]


@pytest.mark.parametrize(
    ("works", "told"),
    [
        (
            {"solutions__right__web": WRONG},
            [
                "solutions/right: differs",
                "right is Failed (FieldDiffers), expected Passed: ",
                "the score is 40, expected 100",
            ],
        ),
        (
            {"mistakes__red__expect": EXPECTED.replace("FieldDiffers", "FieldMissing")},
            [
                "mistakes/red: differs",
                "right is Failed (FieldDiffers), expected Failed (FieldMissing)",
            ],
        ),
        (
            {"mistakes__red__web": RIGHT},
            ["right is Passed (FieldsMatch), expected Failed (FieldDiffers)", "the score is 100"],
        ),
    ],
    ids=["solution", "reason", "mistake"],
)
async def test_what_differs_is_told(tmp_path: Path, works: dict[str, str], told: list[str]) -> None:
    done = await run(folder(tmp_path, **works))
    assert done.code == 1
    for words in told:
        assert words in done.out
    assert done.nothing_is_left()


async def test_a_start_that_earns_is_told(tmp_path: Path) -> None:
    hollow = EXERCISE.replace(
        "kind: ConfigMap, name: web}}\n  -", "kind: ServiceAccount, name: default}}\n  -"
    )
    done = await run(folder(tmp_path, hollow))
    assert done.code == 1
    assert "start: differs\n  there earns 40 points where nobody has done anything" in done.out


async def test_checks_that_no_mistake_fails_are_named(tmp_path: Path) -> None:
    place = folder(tmp_path)
    for file in (place / "mistakes" / "elsewhere").iterdir():
        file.unlink()
    (place / "mistakes" / "elsewhere").rmdir()
    done = await run(place)
    assert done.code == 0
    assert "No mistake fails: there. Nothing shows that these checks can fail." in done.out


async def test_a_work_that_the_cluster_refuses_differs(tmp_path: Path) -> None:
    done = await run(folder(tmp_path), refuse="other")
    assert done.code == 1
    assert "mistakes/elsewhere: differs" in done.out
    assert "the cluster refuses ConfigMap other: admission webhook says no" in done.out
    assert done.nothing_is_left()


async def test_what_cannot_be_looked_at_is_open(tmp_path: Path) -> None:
    report = tmp_path / "junit.xml"
    done = await run(folder(tmp_path), "--junit", report, broken="/configmaps/")
    assert done.code == 3
    assert "solutions/right: could not be decided" in done.out
    assert "there is Unknown (Forbidden), expected Passed" in done.out
    (suite,) = ET.fromstring(report.read_text("utf-8"))  # noqa: S314 (our own)
    assert (suite.get("failures"), suite.get("errors")) == ("0", "4")
    assert done.nothing_is_left()


async def test_who_may_make_no_namespaces_is_told(tmp_path: Path) -> None:
    done = await run(folder(tmp_path), closed=True)
    assert done.code == 3
    assert "the cluster did not go along: 403 Forbidden: not you" in done.out
    assert "Could not remove" not in done.err


async def test_what_cannot_be_removed_is_named(tmp_path: Path) -> None:
    done = await run(folder(tmp_path), stuck=True)
    assert done.code == 0
    (run_label,) = {
        body["metadata"]["labels"]["labgrader.dev/selftest"] for body in done.server.made
    }
    for body in done.server.made:
        assert body["metadata"]["name"] in done.err
    assert f"kubectl delete namespace -l labgrader.dev/selftest={run_label}" in done.err


async def test_what_must_become_ready_is_waited_for(tmp_path: Path) -> None:
    exercise = EXERCISE.replace(
        "exists: {object: {kind: ConfigMap, name: web}}", "ready: {object: {kind: Pod, name: web}}"
    )
    pod = "{apiVersion: v1, kind: Pod, metadata: {name: web}, spec: {containers: [{name: web, image: web}]}}"
    done = await run(folder(tmp_path, exercise, solutions__right__pod=pod, mistakes__red__pod=pod))
    assert done.code == 0, done.out
    assert "solutions/right" in done.out


async def test_what_must_become_ready_is_waited_for_whatever_it_needs(tmp_path: Path) -> None:
    exercise = EXERCISE.replace(
        """    needs: [there]
    matches: {object: {kind: ConfigMap, name: web}, expect: {data: {color: blue}}}
""",
        """    needsAtLeast: [{check: there, percent: "50"}]
    ready: {object: {kind: Pod, name: web}}
""",
    )
    pod = "{apiVersion: v1, kind: Pod, metadata: {name: web}, spec: {containers: [{name: web, image: web}]}}"
    missing = EXPECTED.replace("FieldDiffers", "NotFound")
    works = {"solutions__right__pod": pod, "mistakes__red__expect": missing}
    done = await run(folder(tmp_path, exercise, **works))
    assert done.code == 0, done.out


def test_what_must_never_be_ready_is_not_waited_for_and_nothing_is_watched(tmp_path: Path) -> None:
    exercise = EXERCISE.replace(
        "    matches: {object: {kind: ConfigMap, name: web}, expect: {data: {color: blue}}}\n",
        "    never: {for: 30s}\n    ready: {object: {kind: Pod, name: web}}\n"
        "  - name: stays\n    points: 0\n    consistently: {for: 30s}\n"
        "    ready: {object: {kind: Pod, name: web}}\n",
    )
    found = ExerciseFolder.read(folder(tmp_path, exercise))
    (waited,) = _due(found.exercise, found.solution("right"))
    assert (waited.name, waited.over_time, waited.needs) == ("stays", None, ())


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
async def test_stopping_leaves_nothing_behind(tmp_path: Path, name: str) -> None:
    place = folder(tmp_path)
    async with api_server(tmp_path, slow="/configmaps/") as (server, kubeconfig):
        process = await start(kubeconfig, place)
        await asyncio.wait_for(server.asked.wait(), 60)
        process.send_signal(signal.Signals[name])
        _, err = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 130
    assert "Stopped." in err.decode()
    assert "Traceback" not in err.decode()
    made = [body["metadata"]["name"] for body in server.made]
    assert made
    assert sorted(made) == sorted(server.gone)
