"""``labgrader test`` of exercises that give objects: they are there before each work."""

from pathlib import Path

import pytest

from tests.unit.authoring.lab_folder import EXERCISE, RIGHT, folder, run

pytestmark = pytest.mark.slow  # each starts the command


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
