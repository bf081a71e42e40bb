"""``labgrader test`` as it is typed, against a small API server; what it leaves behind: nothing."""

import asyncio
import os
import signal
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from tests.unit.authoring.api_server import ApiServer, api_server

pytestmark = pytest.mark.slow  # each starts the command

EXERCISE = """\
apiVersion: labgrader.dev/v1alpha1
kind: LabExercise
metadata: {name: lab}
spec:
  title: {ko: 웹, en: Web}
  task: {ko: 만드세요., en: Make it.}
  lang: en
  settle: 0s
  checks:
  - name: there
    points: 40
    exists: {object: {kind: ConfigMap, name: web}}
  - name: right
    points: 60
    needs: [there]
    matches: {object: {kind: ConfigMap, name: web}, expect: {data: {color: blue}}}
"""
RIGHT = "{apiVersion: v1, kind: ConfigMap, metadata: {name: web}, data: {color: blue}}\n"
WRONG = RIGHT.replace("blue", "red")
ELSEWHERE = RIGHT.replace("name: web", "name: other")
EXPECTED = "outcomes: {there: Passed, right: Failed}\nreasons: {right: FieldDiffers}\n"
NOTHING = "outcomes: {there: Failed, right: Skipped}\n"


def folder(root: Path, exercise: str = EXERCISE, **works: str) -> Path:
    """An exercise's folder; a solution and two mistakes unless told otherwise."""
    files = {
        "solutions/right/web.yaml": RIGHT,
        "mistakes/red/web.yaml": WRONG,
        "mistakes/red/expect.yaml": EXPECTED,
        "mistakes/elsewhere/web.yaml": ELSEWHERE,
        "mistakes/elsewhere/expect.yaml": NOTHING,
    } | {name.replace("__", "/") + ".yaml": text for name, text in works.items()}
    place = root / "lab"
    for name, text in {"exercise.yaml": exercise, **files}.items():
        file = place / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    return place


@dataclass(frozen=True)
class Done:
    code: int
    out: str
    err: str
    server: ApiServer

    def nothing_is_left(self) -> bool:
        made = [body["metadata"]["name"] for body in self.server.made]
        return bool(made) and sorted(made) == sorted(self.server.gone)


async def start(kubeconfig: Path, *arguments: str | Path) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "labgrader", "test", "--kubeconfig", str(kubeconfig)),
        *map(str, arguments),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "XDG_STATE_HOME": str(kubeconfig.parent), "COLUMNS": "120"},
    )


async def run(place: Path, *arguments: str | Path, **server: Any) -> Done:
    async with api_server(place.parent, **server) as (serves, kubeconfig):
        process = await start(kubeconfig, place, *arguments)
        out, err = await process.communicate()
        return Done(process.returncode or 0, out.decode(), err.decode(), serves)


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
    assert "lab: mistakes/red: 40/100 (0 s)" in done.err
    (suite,) = ET.fromstring(report.read_text("utf-8"))  # noqa: S314 (our own)
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("4", "0", "0")
    assert done.nothing_is_left()


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


GIVEN = EXERCISE.replace(
    "  checks:\n",
    "  given:\n"
    "  - {apiVersion: v1, kind: ConfigMap, metadata: {name: web}, data: {color: grey}}\n"
    "  - {apiVersion: v1, kind: Service, metadata: {name: left}, spec: {ports: [{port: 80}]}}\n"
    "  checks:\n",
).replace(
    "  - name: there\n    points: 40\n    exists: {object: {kind: ConfigMap, name: web}}",
    "  - name: there\n    points: 40\n"
    "    matches: {object: {kind: ConfigMap, name: web}, expect: {data: {color: '!=grey'}}}",
)


async def test_what_an_exercise_gives_is_there_before_each_work(tmp_path: Path) -> None:
    keeps = (
        "  - name: keeps\n    points: 10\n    needs: [there]\n"
        "    unchanged: {object: {kind: Service, name: left}}\n"
    )
    grab = "{apiVersion: v1, kind: Service, metadata: {name: left}, spec: {ports: [{port: 81}]}}\n"
    outcomes = "outcomes: {there: Passed, right: Passed, keeps: Failed}\n"
    works = {
        "mistakes__red__expect": "outcomes: {there: Passed, right: Failed, keeps: Passed}\n",
        "mistakes__elsewhere__expect": "outcomes: {there: Failed, right: Skipped, keeps: Skipped}\n",
        "mistakes__grabs__web": RIGHT,
        "mistakes__grabs__left": grab,
        "mistakes__grabs__expect": f"{outcomes}reasons: {{keeps: GivenTakenAway}}\n",
    }
    done = await run(folder(tmp_path, GIVEN.replace("points: 60", "points: 50") + keeps, **works))
    assert done.code == 0, done.out + done.err
    rows = [" ".join(line.split()) for line in done.out.splitlines()]
    assert "start ✗ – – 0/100" in rows
    assert "mistakes/grabs ✓ ✓ ✗ 90/100" in rows
    given = [path for path, query in done.server.applied if "given" in query["fieldManager"]]
    assert len(given) == 2 * len(done.server.made)
    assert done.nothing_is_left()


async def test_a_start_that_what_is_given_earns_is_told(tmp_path: Path) -> None:
    done = await run(folder(tmp_path, GIVEN.replace("!=grey", "grey")))
    assert done.code == 1
    assert "start: differs\n  there earns 40 points where nobody has done anything" in done.out


async def test_given_objects_that_the_cluster_refuses_are_told(tmp_path: Path) -> None:
    done = await run(folder(tmp_path, GIVEN), refuse_late="left")
    assert done.code == 1
    assert "the cluster refuses Service left: admission webhook says no" in done.out
    assert done.nothing_is_left()


async def test_given_workloads_that_stay_unready_are_told(tmp_path: Path) -> None:
    pod = "  given:\n  - {apiVersion: v1, kind: Pod, metadata: {name: shop}}\n"
    done = await run(
        folder(tmp_path, GIVEN.replace("  given:\n", "  givenReadyWithin: 1s\n" + pod))
    )
    assert done.code == 1
    assert "given Pod shop is not Ready within 1 s" in done.out
