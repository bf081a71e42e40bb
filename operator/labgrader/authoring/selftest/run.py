"""Trying every work of an exercise: a namespace each, the work applied, graded, compared.

Called by ``cli.selftest``. Grades with the same engine and evidence as ``labgrader grade``. Works
of exercises that disturb nothing are tried side by side; others one after the other, since the
load of one would be the trouble of the next.
"""

import asyncio
from collections.abc import Callable, Collection
from dataclasses import dataclass

from labgrader.api.check import Check
from labgrader.api.exercise import LabExercise
from labgrader.authoring.exercise_folder import ExerciseFolder, Work
from labgrader.authoring.selftest.comparing import compare, refused, uncovered, untried
from labgrader.checks.finding import Outcome
from labgrader.checks.scope import Scope
from labgrader.cluster.errors import ApiError, ApiUnreachable
from labgrader.cluster.given import NotPut
from labgrader.cluster.workbench import NotApplied, Workbench
from labgrader.evidence.source import EvidenceSource
from labgrader.grading.clock import Clock
from labgrader.grading.plan import Plan, for_learner, plan
from labgrader.grading.report import report
from labgrader.grading.run import grade
from labgrader.reporting.trials import Proof, Trial, Verdict

_AT_ONCE = 4
_PATIENCE_MS = 180_000

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Bench:
    """What a trial needs of a cluster, and how it says what it is doing."""

    workbench: Workbench
    source: EvidenceSource
    clock: Clock
    tell: Tell


async def try_folder(
    folder: ExerciseFolder, bench: Bench, lang: str, only: Collection[str] = ()
) -> Proof:
    """Try the start, every solution and every mistake, or ``only`` the works of these names."""
    planned = plan(folder.exercise)
    works = [work for work in folder.works if not only or work.name in only]
    turns = asyncio.Semaphore(1 if planned.disturbs else _AT_ONCE)
    limit = folder.exercise.spec.time_limit // 1000
    bench.tell(
        f"{folder.exercise.name}: trying {len(works)} works, "
        f"{'one after the other' if planned.disturbs else f'{_AT_ONCE} at once'}, "
        f"each for {limit} s at most once it is ready …"
    )

    async def in_turn(work: Work) -> Trial:
        async with turns:
            return await _try(planned, work, bench, lang)

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(in_turn(work)) for work in works]
    checks = tuple(check.name for check in folder.checks)
    trials = tuple(task.result() for task in tasks)
    # Of some works only, nothing can be said about what no mistake fails.
    return Proof(folder.exercise.name, checks, trials, () if only else uncovered(folder))


async def _try(planned: Plan, work: Work, bench: Bench, lang: str) -> Trial:
    began = bench.clock.now_ms()

    def seconds() -> float:
        return (bench.clock.now_ms() - began) / 1000

    try:
        opened = any(check.kind == "rejects" for check in planned.exercise.spec.checks)
        name = planned.exercise.name
        async with bench.workbench.namespace(name, dry_run=opened) as namespace:
            own = for_learner(planned, namespace)  # a learner for each work
            await _give(own.exercise, namespace, bench)
            await _put(own.exercise, work, namespace, bench)
            await _until_ready(own.exercise, _due(own.exercise, work), namespace, bench)
            answers = work.answered(own.exercise.values)
            scope = Scope(namespace)
            findings = await grade(own, scope, bench.source, bench.clock, answers=answers)
        trial = compare(work, report(own, findings), lang, seconds())
    except (NotApplied, NotPut) as error:
        trial = refused(work, f"{error}", seconds())
    except (ApiError, ApiUnreachable) as error:
        trial = untried(work, f"the cluster did not go along: {error}", seconds())
    mark = "" if trial.verdict is Verdict.AS_EXPECTED else f", {trial.verdict.value}"
    told = f"{planned.exercise.name}: {work.name}: {trial.score}{mark} ({trial.seconds:.0f} s)"
    bench.tell(told)
    return trial


async def _give(exercise: LabExercise, namespace: str, bench: Bench) -> None:
    """Put there what the exercise gives, as ``labgrader reset`` does."""
    giving = bench.workbench.giving(exercise.name, namespace, exercise.spec.given)
    await giving.put()
    within = exercise.spec.given_ready_within
    if within is not None and (late := await giving.until_ready(within / 1000)):
        raise NotPut(f"given {', '.join(late)} is not Ready within {within / 1000:g} s")


async def _put(exercise: LabExercise, work: Work, namespace: str, bench: Bench) -> None:
    """Apply the work step by step; the next step waits for the Deployments of the one before."""
    before: tuple[Check, ...] = ()
    for step in work.steps(exercise.values):
        await _until_ready(exercise, before, namespace, bench)
        await bench.workbench.apply(namespace, step)
        names = [body["metadata"]["name"] for body in step if body["kind"] == "Deployment"]
        before = tuple(_is_ready(f"step-{number}", name) for number, name in enumerate(names))


def _is_ready(name: str, deployment: str) -> Check:
    ready = {"object": {"kind": "Deployment", "name": deployment}}
    return Check.model_validate({"name": name, "points": 1, "ready": ready})


def _due(exercise: LabExercise, work: Work) -> tuple[Check, ...]:
    """The ``ready`` checks that the work is to pass."""
    return tuple(
        check.at_one_look
        for check in exercise.spec.checks
        if check.kind == "ready" and check.never is None
        if work.outcomes.get(check.name) == Outcome.PASSED
    )


async def _until_ready(
    exercise: LabExercise, waited: tuple[Check, ...], namespace: str, bench: Bench
) -> None:
    """Wait for what must become Ready, as a learner would before going on or handing in.

    By the engine: an exercise of those checks only, with all the time that images and slow
    machines may take. Where it does not help, grading will tell.
    """
    if not waited:
        return
    times = {"settle": _PATIENCE_MS, "time_limit": _PATIENCE_MS + 30_000}
    spec = exercise.spec.model_copy(update={"checks": waited, **times})
    only = exercise.model_copy(update={"spec": spec})
    await grade(plan(only), Scope(namespace), bench.source, bench.clock)
