"""Evaluating in worker processes: real ones, also where they hang, crash or cannot start."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Collection, Mapping
from typing import Any

import orjson
import pytest

from labgrader.checks.cel.evaluate import evaluate
from labgrader.checks.finding import Outcome
from labgrader.checks.scope import Scope
from labgrader.cluster.evaluation.frames import answer_of, answered, asked, request_of
from labgrader.cluster.evaluation.pool import WORKERS, Workers
from labgrader.cluster.gather import ClusterEvidence
from labgrader.evidence.answers import Answer, Found, NotEvaluated, Obstacle, Value, Values
from labgrader.evidence.requests import Evaluate, GetObject, Request
from labgrader.grading.plan import plan
from labgrader.grading.run import grade
from tests.unit.checks.objects import deployment
from tests.unit.grading.worlds import JumpingClock, World, exercise

OBJECT = orjson.dumps({"kind": "Pod", "metadata": {"labels": {c: c for c in "abcdef"}}}).decode()
IS_POD = Evaluate("object.kind == 'Pod'", (OBJECT, "{}"))
YES = Value(satisfied=True, seen=(("kind", "Pod"),))
NOT_THERE = Value(satisfied=False, obstacle=Obstacle.NOT_THERE, detail="kind")


@pytest.fixture
async def workers() -> AsyncIterator[Workers]:
    pool = Workers()
    yield pool
    await pool.close()


def program(code: str) -> tuple[str, ...]:
    """A worker that runs other code where it should evaluate."""
    module = "import labgrader.cluster.evaluation.worker as worker\n"
    return (sys.executable, "-c", f"{module}{code}\nworker.main()")


def pids(pool: Workers) -> list[int]:
    return [process.pid for process in pool._idle]


async def test_a_worker_answers_as_a_call_does(workers: Workers) -> None:
    answer = await workers.evaluate(IS_POD)
    assert answer == evaluate(IS_POD) == Values((YES, NOT_THERE))


async def test_a_worker_is_used_again_and_there_are_never_more_than_a_few(
    workers: Workers,
) -> None:
    await workers.evaluate(IS_POD)
    first = pids(workers)
    await workers.evaluate(IS_POD)
    assert pids(workers) == first
    await asyncio.gather(*(workers.evaluate(IS_POD) for _ in range(10)))
    assert len(pids(workers)) == WORKERS


async def test_closing_ends_the_processes() -> None:
    pool = Workers()
    await pool.evaluate(IS_POD)
    (pid,) = pids(pool)
    await pool.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


HANGING = """
real = worker.evaluate
def stuck(request):
    while 'hang' in request.expression: __import__('time').sleep(1)
    return real(request)
worker.evaluate = stuck
"""
HANGS = Evaluate("hang", ("{}",))


async def test_others_go_on_while_an_evaluation_hangs() -> None:
    pool = Workers(program(HANGING))
    hung = asyncio.ensure_future(pool.evaluate(HANGS))
    for _ in range(3):
        assert await pool.evaluate(IS_POD) == Values((YES, NOT_THERE))
    assert not hung.done()
    hung.cancel()
    await asyncio.gather(hung, return_exceptions=True)
    await pool.close()


async def test_an_evaluation_that_hangs_is_ended() -> None:
    pool = Workers(program(HANGING), patience_seconds=0.5)
    assert await pool.evaluate(HANGS) == NotEvaluated("no answer within 0.5 s")
    assert pids(pool) == []


async def test_an_evaluation_that_computes_without_end_is_ended_by_its_processor_time() -> None:
    spinning = "worker.CPU_SECONDS = 0.2\ndef spin(request):\n    while True: pass\n"
    pool = Workers(program(f"{spinning}worker.evaluate = spin"))
    answer = await pool.evaluate(IS_POD)
    assert answer == NotEvaluated("its process was ended by SIGPROF")
    assert pids(pool) == []


async def test_a_crash_is_tried_once_more_and_then_told() -> None:
    crashing = "def crash(request):\n    __import__('os').kill(__import__('os').getpid(), 11)\n"
    pool = Workers(program(f"{crashing}worker.evaluate = crash"))
    answer = await pool.evaluate(IS_POD)
    assert answer == NotEvaluated("its process was ended by SIGSEGV")


async def test_workers_that_were_killed_while_idle_fail_nobody(workers: Workers) -> None:
    await asyncio.gather(*(workers.evaluate(IS_POD) for _ in range(WORKERS)))
    killed = pids(workers)
    assert len(killed) == WORKERS
    for pid in killed:
        os.kill(pid, 9)
    assert await workers.evaluate(IS_POD) == Values((YES, NOT_THERE))


async def test_a_program_that_does_not_start_or_speaks_nonsense_is_told() -> None:
    missing = Workers((sys.executable, "-c", "raise SystemExit(7)"))
    assert await missing.evaluate(IS_POD) == NotEvaluated("its process ended with 7")
    print_nonsense = "import sys; sys.stdout.write('\\0\\0\\0\\3abc')"
    nonsense = Workers((sys.executable, "-c", print_nonsense))
    assert await nonsense.evaluate(IS_POD) == NotEvaluated("its process ended with 0")


async def test_too_much_memory_ends_the_worker_and_nothing_else() -> None:
    greedy = "def take(request):\n    return b'x' * (1 << 31)\n"
    pool = Workers(program(f"{greedy}worker.evaluate = take"))
    assert await pool.evaluate(IS_POD) == NotEvaluated("it needs too much memory")
    await pool.close()


async def test_whoever_stops_waiting_leaves_no_process_behind() -> None:
    pool = Workers(program("worker.evaluate = lambda request: __import__('time').sleep(60)"))
    process = await pool._worker(fresh=True)
    asking = asyncio.ensure_future(pool._ask(process, IS_POD))
    await asyncio.sleep(0)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert process.returncode == -9
    assert pids(pool) == []


ORDERLESS = (
    "object.metadata.labels.all(k, object.metadata.labels[k + 'x'] == 1)",
    "object.metadata.labels.exists(k, k == 'a' ? object[k] == 1 : k < 3)",
    "size(object.metadata.labels.filter(k, k > 'c')) == 3",
    "object.metadata.labels.map(k, k)[0] == 'a'",
    "object.metadata.labels.map(k, k) == ['a', 'b', 'c', 'd', 'e', 'f']",
    "object.metadata.labels.map(k, {'x': k}).exists(m, m.x == 'd')",
)


def test_maps_have_another_order_in_each_process() -> None:
    """The library seeds them by where their process lies in memory: the next test needs that."""
    code = (
        "from cel_expr_python import cel\n"
        "env = cel.NewEnv(variables={'o': cel.Type.DYN})\n"
        "print(env.compile('o.map(k, k)').eval(data={'o': {c: c for c in 'abcdef'}}))"
    )
    orders = {subprocess.check_output([sys.executable, "-c", code]) for _ in range(6)}
    assert len(orders) > 1


@pytest.mark.slow
async def test_every_process_says_the_same() -> None:
    answers = set()
    for _ in range(5):
        pool = Workers()
        told = [await pool.evaluate(Evaluate(source, (OBJECT,))) for source in ORDERLESS]
        await pool.close()
        answers.add(tuple(answered(answer) for answer in told))
    assert len(answers) == 1


async def test_the_clusters_evidence_has_expressions_evaluated(workers: Workers) -> None:
    unused: Any = None
    source = ClusterEvidence(*(unused,) * 5, workers, *(unused,) * 3)
    assert await source.gather([IS_POD]) == {IS_POD: Values((YES, NOT_THERE))}


class Evaluating(World):
    """A scripted cluster beside real workers."""

    workers: Workers

    async def gather(self, requests: Collection[Request]) -> Mapping[Request, Answer]:
        answers: dict[Request, Answer] = {}
        for request in requests:
            if isinstance(request, Evaluate):
                answers[request] = await self.workers.evaluate(request)
            else:
                answers |= await super().gather([request])
        return answers


async def test_an_object_that_changes_is_evaluated_again_until_it_satisfies(
    workers: Workers,
) -> None:
    check = {
        "name": "odd",
        "points": 10,
        "satisfies": {
            "select": {"kind": "Deployment", "name": "web"},
            "expression": "object.spec.replicas % 2 == 1",
        },
    }
    clock = JumpingClock()
    asked = GetObject("kim", "apps/v1", "Deployment", "web")
    seen: list[Answer] = [Found(deployment(replicas=count)) for count in (2, 4, 5)]
    world = Evaluating(clock, {asked: seen})
    world.workers = workers
    findings = await grade(plan(exercise(check, settle="30s")), Scope("kim"), world, clock)
    assert findings["odd"].outcome is Outcome.PASSED
    assert clock.now < 30_000


@pytest.mark.parametrize(
    "answer", [evaluate(IS_POD), NotEvaluated("why"), Values(()), Values((Value(satisfied=True),))]
)
def test_frames_lose_nothing(answer: Values | NotEvaluated) -> None:
    assert answer_of(answered(answer)[4:]) == answer
    assert request_of(asked(IS_POD)[4:]) == IS_POD


@pytest.mark.slow
def test_nothing_loads_the_library_before_an_expression_comes() -> None:
    code = (
        "import sys, labgrader.cli.grade, labgrader.cli.run, labgrader.cluster.assemble\n"
        "print([m for m in sys.modules if m.startswith('cel_expr')])"
    )
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "[]"


def test_a_worker_loads_neither_models_nor_a_client() -> None:
    code = (
        "import sys, labgrader.cluster.evaluation.worker\n"
        "print([m for m in ('pydantic', 'kubernetes', 'aiohttp', 'kopf') if m in sys.modules])"
    )
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "[]"
