"""The arithmetic of `make durations` and `make queue`: what they write down is believed."""

import json
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from labgrader.checks.autoscaling import LOAD_ENDED, LOAD_STARTED
from labgrader.checks.recovery import POD_DELETED
from labgrader.checks.rollout import POD_NEW, UPDATED
from labgrader.evidence.answers import Answer
from labgrader.evidence.experiments import (
    DeletePod,
    HttpTarget,
    LoadAutoscaler,
    SpreadRequests,
    Update,
)
from labgrader.evidence.record import record
from labgrader.evidence.requests import Request
from labgrader.evidence.timeline import Action, AutoscalerSeen, PodsSeen, Sample, Timeline
from labgrader.evidence.traffic import Traffic
from tools.durations.by_command import run
from tools.durations.decided import decided, decided_ms
from tools.durations.measured import Measured
from tools.durations.page import BEGIN, END, Run, page
from tools.durations.wanted import PHYSICAL, wanted
from tools.durations.witness import Told, told, told_of_command
from tools.queue import Seen, moment, summary

CLIENTS = HttpTarget("kim", "web", 80, "/")
DELETION = DeletePod("kim", "apps/v1", "Deployment", "web", "u", 60_000, CLIENTS)
HEALED = Timeline(
    (Action(1000, POD_DELETED, "a"),),
    (
        PodsSeen(0, ("a", "b"), (), 2),
        PodsSeen(1100, ("b",), ("a",), 2),
        PodsSeen(3400, ("b", "c"), (), 2),
    ),
)


def test_a_recovery_is_decided_when_clients_were_watched_for_long_enough() -> None:
    assert decided_ms(DELETION, HEALED) == 11_000
    assert decided_ms(replace(DELETION, clients=None), HEALED) == 3400
    answers = Sample(10_990, 500, 200), Sample(11_040, 5, 200)  # the second is not waited for
    assert decided_ms(DELETION, replace(HEALED, samples=answers)) == 11_490
    assert decided_ms(DELETION, replace(HEALED, pods=HEALED.pods[:2])) is None


def test_an_update_is_decided_when_nothing_of_the_old_version_is_left() -> None:
    update = Update("kim", "apps/v1", "Deployment", "web", "u", 60_000, CLIENTS, "web", "web:2")
    pods = (
        PodsSeen(0, ("a",), (), 1),
        PodsSeen(4000, ("b",), ("a",), 1),
        PodsSeen(15_500, ("b",), (), 1),
    )
    ends = Action(3000, "pod-ending", "a")
    seen = Timeline((Action(500, UPDATED), Action(1000, POD_NEW, "b"), ends), pods)
    assert decided_ms(update, seen) == 15_500
    assert decided_ms(replace(update, then="hold", within_ms=7000), seen) == 7500
    assert decided_ms(replace(update, then="undo"), seen) is None


def autoscaler(at_ms: int, current: int, wanted: int, ready: int) -> AutoscalerSeen:
    return AutoscalerSeen(at_ms, current, wanted, 1, ready, 50)


def test_scaling_is_decided_when_it_is_up_or_down_again() -> None:
    load = LoadAutoscaler("kim", "web", "u", CLIENTS, 4, 2, 60_000)
    seen = Timeline(
        (Action(1000, LOAD_STARTED), Action(9000, LOAD_ENDED)),
        autoscaler=(
            autoscaler(0, 1, 1, 1),
            autoscaler(5000, 1, 2, 1),
            autoscaler(8000, 2, 2, 2),
            autoscaler(20_000, 2, 1, 2),
            autoscaler(22_000, 1, 1, 1),
        ),
    )
    assert decided_ms(load, seen) == 8000
    assert decided_ms(replace(load, hold_ms=500), seen) == 8500
    assert decided_ms(replace(load, down_within_ms=60_000), seen) == 22_000


SPREAD = SpreadRequests("kim", CLIENTS, 100)


def test_shares_are_decided_by_the_last_answer_of_the_last_requests() -> None:
    first, second = Traffic((), (), (), answered_ms=2100), Traffic((), (), (), answered_ms=7400)
    assert decided_ms(SPREAD, first) == 2100
    assert decided_ms(SPREAD, Traffic((), (), ())) is None  # as it was before this was noted
    again = replace(SPREAD, again=True)
    once: dict[Request, Answer] = {SPREAD: first}
    latest = once | {again: second}
    assert decided(record(latest, {"shares": once})) == 2100
    assert decided(record(latest, {"shares": latest})) == 7400
    assert decided(record({}, {"shares": {}})) is None


def test_overhead_runs_from_what_decides_to_the_verdict() -> None:
    one = next(one for one in wanted() if one.stops_node)
    seen = Told(begun=100.0, last=103.0, written=121.5, requests=40, back=0.3)
    noted = Measured("Passed", seen, 18_100, 0.61, 0.5).of(one)
    assert (noted.experiment, noted.digest) == ("`heals` `StopNode`", one.digest)
    assert (noted.seconds, noted.overhead, noted.back, noted.grader) == (21.5, 0.4, 0.3, 0.61)
    assert Measured("Passed", seen, None, 0.61, 0.5).of(one).overhead is None


RUN = Run("`x`", "d", "Passed", 12.0, 0.2, 40, 0.5, 1.0, "2026-11-27")


def written(runs: list[Run]) -> str:
    text = page(f"before\n{BEGIN}\nold\n{END}\nafter\n", runs, {"`x`": "waiting"})
    assert text.startswith(f"before\n{BEGIN}\n| experiment |")
    assert text.endswith(f"\n{END}\nafter\n")
    assert "old" not in text
    return text.splitlines()[4]


def test_medians_and_the_worst_are_told() -> None:
    runs = [
        RUN,
        replace(RUN, seconds=14.0, overhead=None),
        replace(RUN, seconds=30.0, overhead=0.6),
    ]
    assert written(runs) == "| `x` | 3 | 14.0 | 30.0 | 40 | 0.50 s | 1.00 s | 0.40 s | waiting |"


def test_overhead_tells_what_putting_back_takes_of_it() -> None:
    runs = [replace(RUN, overhead=2.9, back=2.75), replace(RUN, overhead=None, back=9.0)]
    assert "| 2.90 s, 2.75 s of it putting back |" in written(runs)
    assert written([replace(RUN, overhead=None)]).endswith("| 1.00 s | | waiting |")


def test_what_did_not_pass_is_no_measurement_but_told() -> None:
    late = replace(RUN, outcome="Unknown", seconds=99.0)
    assert written([RUN, late]).startswith("| `x` | 1 of 2 | 12.0 | 12.0 |")
    assert written([late]).startswith("| `x` | Unknown | |")
    assert written([]).startswith("| `x` | not run yet | |")


def test_every_experiment_of_the_table_has_an_exercise() -> None:
    assert [one.name for one in wanted()] == list(PHYSICAL)
    assert [one.name for one in wanted() if one.stops_node] == ["`heals` `StopNode`"]
    assert [one.name for one in wanted() if not one.disturbs] == ["`balances`"]


OPERATOR = "system:serviceaccount:labgrader-system:labgrader"


def event(
    second: float, verb: str, what: str, namespace: str = "", name: str = "", **more: Any
) -> Any:
    resource, _, sub = what.partition("/")
    place = {"resource": resource, "subresource": sub, "namespace": namespace, "name": name}
    return {
        "stage": "ResponseComplete",
        "verb": verb,
        "user": {"username": OPERATOR},
        "objectRef": {key: value for key, value in place.items() if value},
        "requestReceivedTimestamp": f"2026-01-01T00:00:{second:09.6f}Z",
        "stageTimestamp": f"2026-01-01T00:00:{second + 0.001:09.6f}Z",
    } | more


START = moment("2026-01-01T00:00:00Z")


def audit_log(folder: Path, said: list[Any]) -> Path:
    log = folder / "audit.log"
    log.write_text("".join(json.dumps(one) + "\n" for one in said))
    return log


def moments(seen: Told) -> list[float]:
    return [at - START for at in (seen.begun, seen.last, seen.written)]


def test_a_grading_begins_with_its_look_at_the_namespace_and_ends_with_its_last_write(
    tmp_path: Path,
) -> None:
    said = [
        event(1, "list", "submissions"),
        event(1, "update", "leases", "labgrader-system", "labgrader"),
        event(2, "get", "namespaces", "kim", "kim"),
        event(3, "get", "namespaces", "kim", "kim"),
        event(3.5, "watch", "pods", "kim", stage="ResponseStarted"),
        event(4, "create", "configmaps", "labgrader-system", "experiment-1"),
        event(4, "get", "pods", "kim", user={"username": "somebody"}),
        event(5, "update", "submissions/status", "course", "kim"),
        event(5, "get", "namespaces", "kim", "kim"),
        event(5.5, "create", "configmaps", "labgrader-system", "experiment-2"),
        event(6, "get", "namespaces", "kim", "kim"),
        event(6, "watch", "pods", "kim"),
        event(7, "update", "submissions/status", "course", "kim"),
        event(8, "update", "submissions/status", "course", "lee"),
    ]
    log = audit_log(tmp_path, said)
    kim = ("course", "kim")
    seen = told(log, START, "kim", kim, disturbs=True)
    assert moments(seen) == pytest.approx([3.001, 5.001, 7.001], abs=1e-4)
    assert seen.requests == 10
    with pytest.raises(LookupError):
        told(log, START + 6, "kim", kim, disturbs=True)


def test_requests_alone_begin_with_the_look_at_the_service(tmp_path: Path) -> None:
    said = [
        event(2, "get", "namespaces", "kim", "kim"),
        event(3, "get", "services", "kim", "web"),
        event(3.2, "create", "configmaps", "labgrader-system", "experiment-1"),
        event(3.3, "get", "services", "kim", "web"),
        event(5, "update", "submissions/status", "course", "kim"),
    ]
    seen = told(audit_log(tmp_path, said), START, "kim", ("course", "kim"), disturbs=False)
    assert moments(seen) == pytest.approx([3, 3, 5.001], abs=1e-4)


def test_the_command_line_is_told_from_others_by_its_name(tmp_path: Path) -> None:
    ours = {"user": {"username": "admin"}, "userAgent": "labgrader-cli"}
    made = "labgrader-experiment-1"
    said = [
        event(1, "get", "namespaces", "kim", "kim", **ours),
        event(2, "get", "namespaces", "kim", "kim", **ours),
        event(2.5, "get", "namespaces", "kim", "kim", **ours | {"userAgent": "kubectl"}),
        event(3, "create", "namespaces", "", made, **ours),
        event(3.5, "get", "pods/log", made, "probe", **ours),
        event(4, "delete", "namespaces", made, made, **ours),
        event(5, "create", "namespaces", "", made),
    ]
    log = audit_log(tmp_path, said)
    seen = told_of_command(log, START, "kim", START + 6)
    assert moments(seen) == pytest.approx([2.001, 2.001, 6], abs=1e-4)
    assert seen.requests == 5
    assert seen.back == pytest.approx(0.5, abs=1e-4)
    with pytest.raises(LookupError):
        told_of_command(log, START + 3.4, "kim", START + 6)


@pytest.mark.slow
def test_a_command_is_measured_to_its_verdict_and_without_the_programs_that_it_runs() -> None:
    burn = "import time\nwhile time.process_time() < {}: pass\n"
    program = (
        f"{burn.format(0.4)}import subprocess, sys\n"
        f"subprocess.run([sys.executable, '-c', {burn.format(1.5)!r}])\n"
        "print('Passed', flush=True)\ntime.sleep(0.3)\nprint('more')"
    )
    ended = run([sys.executable, "-c", program])
    assert time.time() - ended.printed >= 0.3
    assert 0.4 <= ended.used < 1.0


def line(minute: int, *, position: str = "", expected: str = "", finished: str = "") -> list[str]:
    at = f"2026-01-01T00:{minute:02}:00Z"
    queue = [position, expected, at if position else ""]
    return ["x", "90" if finished else "", *queue, "" if position else at, finished]


def test_what_learners_were_told_is_held_beside_what_came() -> None:
    first, second = Seen(), Seen()
    first.note(line(0))
    first.note(line(0, finished="2026-01-01T00:02:00Z"))
    second.note(line(0, position="1"))
    second.note(line(0, position="1"))  # the same status, told once more by the watch
    second.note(line(1, position="1", expected="2026-01-01T00:04:00Z"))
    second.note(line(2))
    second.note(line(2, finished="2026-01-01T00:04:00Z"))
    assert [told.position for told in second.told] == [1, 1]
    assert list(second.misses) == [(-120.0, 60.0)]
    told_of = "\n".join(summary([first, second], moment("2026-01-01T00:00:00Z")))
    assert "2 submissions in 4.0 min: 0.50 a minute" in told_of
    assert "median 60 s, worst 120 s" in told_of
    assert "2 in all, 2 at most to one" in told_of
    assert "1 told, 0 right to a minute or a quarter of the wait; off by 120 s" in told_of
