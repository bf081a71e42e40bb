"""Grades every work of every exercise on a real cluster, by the operator and by the command line.

Used by the exercises' end-to-end test, which only reads what came of it: gradings take
minutes, so they run side by side as far as they do not disturb each other. Both ways look at
the same namespace, at the same time where nothing is disturbed, one after the other where a
fault is healed; only load, whose traces stay for minutes, gets a fresh namespace for each.
Where nothing is there and nothing comes, nobody waits for it: an exercise that gives nothing is
published without ``settle`` for those who did nothing.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
import yaml

from labgrader.api.parameters import Values
from labgrader.authoring.exercise_folder import ExerciseFolder, Work
from labgrader.checks.registry import KINDS, Phase
from labgrader.grading.plan import plan
from tests.support.classroom import Course, Json
from tests.support.live import LiveCluster

IMAGE = "labgrader:dev"


class Disturbance(StrEnum):
    """What a grading of the work does to the machine that all of them share.

    What disturbs begins when all that only looks is done: its clients are to keep their rate.
    """

    NONE = "none"
    FAULT = "fault"
    LOAD = "load"


# Load is sent to one namespace at a time: two would fight for the CPU that makes them scale.
_AT_ONCE: Mapping[Disturbance, int] = MappingProxyType(
    {Disturbance.NONE: 6, Disturbance.FAULT: 1, Disturbance.LOAD: 1}
)


@dataclass(frozen=True)
class Graded:
    """What came of one work: the operator's status, the command line's document and exit status."""

    status: Json
    document: Json
    exit_code: int


@dataclass(frozen=True)
class Published:
    """An exercise in a course, and the file with it for the command line."""

    course: Course
    file: Path


@dataclass(frozen=True)
class Examination:
    """All gradings, done or still under way."""

    results: Mapping[tuple[str, str], Future[Graded]]

    def of(self, folder: ExerciseFolder, work: Work) -> Graded:
        """What came of a work; waits for it."""
        return self.results[folder.exercise.name, work.name].result()


_FAULTS = ("heals", "drains", "persists")
"""Kinds that delete pods."""
# These show everything that operator and command line do differently; of the others, all works
# are tried by `make exercises`.
_WHOLE = frozenset({"deployment", "service", "web-survives"})


def works(folder: ExerciseFolder) -> tuple[Work, ...]:
    """What learners may have made of an exercise: all of it, or one of each sort."""
    most = None if folder.exercise.name in _WHOLE else 1
    return (folder.start, *folder.solutions[:most], *folder.mistakes[:most])


def each_work(folders: Iterable[ExerciseFolder], *names: str) -> pytest.MarkDecorator:
    """A parameter ``folder`` and ``work`` for each work, or each whose name begins so."""
    return pytest.mark.parametrize(
        ("folder", "work"),
        [
            pytest.param(folder, work, id=f"{folder.exercise.name}-{work.name}")
            for folder in folders
            for work in works(folder)
            if work.name.startswith(names or ("",))
        ],
    )


def disturbance(folder: ExerciseFolder, work: Work) -> Disturbance:
    """What grading this work does, as far as its expected outcomes tell."""
    done = {c.kind: work.outcomes.get(c.name) for c in folder.checks}
    if done.get("scales") == "Passed":
        return Disturbance.LOAD
    disturbs = any(
        KINDS[kind].phase is Phase.DISTURB and outcome in {"Passed", "Failed"}
        for kind, outcome in done.items()
    )
    return Disturbance.FAULT if disturbs else Disturbance.NONE


def _disturbs(folder: ExerciseFolder, work: Work) -> bool:
    return disturbance(folder, work) is not Disturbance.NONE


@contextmanager
def examine(
    cluster: LiveCluster, folders: tuple[ExerciseFolder, ...], ends: str = "Ready"
) -> Iterator[Examination]:
    """Begin to grade everything. Leaving waits for what is under way and drops the rest.

    ``ends`` is the condition in which the operator's gradings end on this cluster.
    """
    pools = {kind: ThreadPoolExecutor(count) for kind, count in _AT_ONCE.items()}
    handed_in = [(folder, work) for folder in folders for work in works(folder)]
    results: dict[tuple[str, str], Future[Graded]] = {}
    calm: list[Future[Graded]] = []
    with tempfile.TemporaryDirectory() as files:
        patient, hasty = _published(cluster, folders, Path(files))
        try:
            for folder, work in sorted(handed_in, key=lambda one: _disturbs(*one)):
                kind = disturbance(folder, work)
                before = tuple(calm) if _disturbs(folder, work) else ()
                exercise = (hasty if _stays_empty(folder, work) else patient)[folder.exercise.name]
                graded = pools[kind].submit(_grade_after, before, exercise, folder, work, ends)
                results[folder.exercise.name, work.name] = graded
                if not _disturbs(folder, work):
                    calm.append(graded)
            yield Examination(results)
        finally:
            for pool in pools.values():
                pool.shutdown(cancel_futures=True)


def _stays_empty(folder: ExerciseFolder, work: Work) -> bool:
    return work.name == folder.start.name and not folder.exercise.spec.given


def _published(
    cluster: LiveCluster, folders: Sequence[ExerciseFolder], files: Path
) -> tuple[Mapping[str, Published], Mapping[str, Published]]:
    """The exercises as they are in one course, and without ``settle`` in another."""
    bodies = {f.exercise.name: yaml.safe_load(f.file.read_text("utf-8")) for f in folders}
    hasty = {
        name: {**body, "spec": {**body["spec"], "settle": "0s"}} for name, body in bodies.items()
    }
    for name, body in hasty.items():
        (files / f"{name}.yaml").write_text(json.dumps(body), "utf-8")
    one, other = _publish(cluster, bodies.values()), _publish(cluster, hasty.values())
    return (
        {folder.exercise.name: Published(one, folder.file) for folder in folders},
        {name: Published(other, files / f"{name}.yaml") for name in hasty},
    )


def _publish(cluster: LiveCluster, bodies: Iterable[Json]) -> Course:
    """A new course with these exercises."""
    course = Course.begin(cluster)
    place = {"namespace": course.name}
    items = [{**body, "metadata": {**body["metadata"], **place}} for body in bodies]
    listed = {"apiVersion": "v1", "kind": "List", "items": items}
    cluster.kubectl("apply", "--server-side", "-f", "-", input=json.dumps(listed))
    return course


def _grade_after(
    others: Iterable[Future[Graded]],
    exercise: Published,
    folder: ExerciseFolder,
    work: Work,
    ends: str,
) -> Graded:
    for other in others:
        other.exception()
    return _grade(exercise, folder, work, ends)


def _grade(exercise: Published, folder: ExerciseFolder, work: Work, ends: str) -> Graded:
    kind, course = disturbance(folder, work), exercise.course
    if kind is Disturbance.LOAD:
        with _worked(course, folder, work) as namespace:
            status = _by_operator(course, folder, work, namespace, ends)
        with _worked(course, folder, work) as namespace:
            return Graded(status, *_by_command_line(exercise, work, namespace))
    with _worked(course, folder, work) as namespace, ThreadPoolExecutor(1) as meanwhile:
        verdict = meanwhile.submit(_by_operator, course, folder, work, namespace, ends)
        if kind is Disturbance.FAULT:
            verdict.result()
        document, exit_code = _by_command_line(exercise, work, namespace)
        return Graded(verdict.result(), document, exit_code)


@contextmanager
def _worked(course: Course, folder: ExerciseFolder, work: Work) -> Iterator[str]:
    """A learner's namespace with the work in it, as far along as a learner would wait for it."""
    kinds = {check.kind for check in folder.checks}
    namespace = course.learner(
        disruption=any(KINDS[kind].phase is Phase.DISTURB for kind in kinds),
        dry_run="rejects" in kinds,
        probe=plan(folder.exercise).stands_beside,
    )
    try:
        own = folder.exercise.for_learner(namespace)
        if own.spec.given:
            _give(course, folder, namespace)
        _work(course, namespace, work, own.values)
        for check in own.spec.checks:
            if check.kind == "ready" and work.outcomes.get(check.name) == "Passed":
                ref = check.params.object
                course.rolled_out(namespace, ref.name, ref.kind)
        yield namespace
    finally:
        course.cluster.kubectl("delete", "namespace", namespace, "--wait=false")


def _give(course: Course, folder: ExerciseFolder, namespace: str) -> None:
    """Put there what the exercise gives, as an instructor does."""
    kubeconfig = ("--kubeconfig", str(course.cluster.kubeconfig))
    course.labgrader("reset", str(folder.file), "-n", namespace, "--yes", *kubeconfig)


def _work(course: Course, namespace: str, work: Work, values: Values) -> None:
    """Apply the work step by step; the next step waits for the Deployments of the one before."""
    steps = list(work.steps(values))
    for index, step in enumerate(steps, 1):
        course.put(namespace, *step)
        for body in step if index < len(steps) else ():
            if body["kind"] == "Deployment":
                course.rolled_out(namespace, body["metadata"]["name"])


def _by_operator(
    course: Course, folder: ExerciseFolder, work: Work, namespace: str, ends: str
) -> Json:
    handed = course.submit(folder.exercise.name, namespace, lang="en", answers=work.given)
    # kubectl waits by a watch, while asking again and again would take CPU from the gradings.
    course.cluster.kubectl(
        *("wait", "submission", handed.name, f"--namespace={handed.namespace}"),
        *(f"--for=condition={ends}", f"--timeout={folder.exercise.spec.time_limit // 1000}s"),
        check=False,  # the status says better what is wrong
    )
    return handed.status()


def _by_command_line(exercise: Published, work: Work, namespace: str) -> tuple[Json, int]:
    command = (
        *(sys.executable, "-m", "labgrader", "grade", str(exercise.file)),
        *("--kubeconfig", str(exercise.course.cluster.kubeconfig), "--namespace", namespace),
        *(("--answers", str(work.answers)) if work.answers else ()),
        *("--allow-disruption", "--probe-image", IMAGE, "--output", "json", "--lang", "en"),
    )
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if not done.stdout:
        raise AssertionError(f"labgrader grade said nothing but: {done.stderr}")
    document: dict[str, Any] = json.loads(done.stdout)
    return document, done.returncode
