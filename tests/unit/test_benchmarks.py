"""The benchmarks' own arithmetic: a wrong ratio would be believed."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from benchmarks import audit, facts, linting, summary
from benchmarks.bars import BARS, Bar, Rounds, Spread
from benchmarks.contestants import CONTESTANTS
from benchmarks.measure import Notes, read
from labgrader.api.exercise import LabExercise
from labgrader.authoring.lint.run import lint
from labgrader.grading.plan import problems


def event(moment: str, verb: str = "get", **other: Any) -> dict[str, Any]:
    return {
        "stage": "ResponseComplete",
        "verb": verb,
        "requestReceivedTimestamp": f"2026-01-01T00:00:{moment}.000000Z",
        "userAgent": "somebody",
        "user": {"username": "admin", "groups": ["system:masters"]},
        "objectRef": {"resource": "pods"},
    } | other


def test_only_the_contestants_requests_within_the_time_count(tmp_path: Path):
    events = [
        event("01"),
        event("05"),
        event("06", "update", objectRef={"resource": "submissions", "subresource": "status"}),
        event("06", "watch"),
        event("06", userAgent=audit.DRIVER),
        event("06", objectRef={"resource": "leases"}),
        event("06", user={"username": "system:apiserver", "groups": ["system:masters"]}),
        event("06", user={"username": "system:node:one", "groups": ["system:nodes"]}),
        event("06", stage="ResponseStarted"),
        event("09"),
    ]
    log = tmp_path / "audit.log"
    log.write_text("".join(json.dumps(e) + "\n" for e in events) + '{"cut off')
    since, until = "2026-01-01T00:00:02.000000Z", "2026-01-01T00:00:07.000000Z"
    assert audit.requests(log, since, until) == {"get pods": 1, "update submissions/status": 1}


def test_notes_are_taken_up_where_they_were_cut_off(tmp_path: Path):
    file = tmp_path / "notes.jsonl"
    Notes(file).add(0, "burst", "bare", {"rate": 90.0})
    with file.open("ab") as notes:
        notes.write(b'{"round": 0, "part": "bur')
    again = Notes(file)
    assert not again.lacks(0, "burst", "bare")
    assert again.lacks(0, "burst", "stock")
    again.add(0, "burst", "stock", {"rate": 30.0})
    assert [note["name"] for note in read(file)] == ["bare", "stock"]


def test_a_bar_compares_what_was_measured_in_the_same_round():
    rounds: Rounds = {
        ("burst", "operator"): [{"rate": 50.0}, {"rate": 80.0}, {"rate": 10.0}],
        ("burst", "bare"): [{"rate": 100.0}, {"rate": 100.0}, {"rate": 10.0}],
    }
    bar = Bar("rate", "burst", "rate", 0.75, beside="bare", at_least=True)
    assert bar.seen(rounds) == Spread(0.5, 0.8, 1.0)
    assert bar.reached(bar.seen(rounds))
    assert not Bar("rate", "burst", "rate", 0.75, beside="bare").reached(bar.seen(rounds))


def test_all_tools_are_asked_for_the_same_twenty_facts():
    exercise = LabExercise.parse(yaml.safe_load(facts.exercise()), strict=True)
    assert problems(exercise) == ()
    assert len(exercise.spec.checks) == len(facts.FACTS) == 20
    assert facts.script().count("kubectl ") == 20
    [step] = yaml.safe_load(facts.chainsaw("kim"))["spec"]["steps"]
    assert len(step["try"]) == 20
    subprocess.run(["bash", "-n"], input=facts.script(), text=True, check=True)


@pytest.mark.slow
def test_a_hundred_exercises_without_a_fault_are_linted(tmp_path: Path):
    linting.write(tmp_path)
    linted = lint([tmp_path])
    assert len(linted.files) == 100
    assert linted.remarks == ()


def test_the_results_name_every_contestant_and_every_bar(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(summary, "RESULTS", tmp_path)
    values = {"p50": 10.0, "p99": 20.0, "rate": 90.0, "cpuMs": 3.0, "requests": 9.0}
    values |= {"peakMB": 70.0, "keptBytes": 100.0, "seconds": 0.5}
    notes = [
        {"round": 0, "part": part, "name": name, **values}
        for part in ("close", "apart", "burst")
        for name in CONTESTANTS
    ]
    calls = ("cli-1-0", "cli-20-0", "cli-lint-0")
    notes += [{"round": 0, "part": part, "name": "labgrader", **values} for part in calls]
    text = summary.write(notes, summary.Machine(2), "2026-01-01")
    assert all(f"| {name} |" in text for name in (*CONTESTANTS, "labgrader"))
    assert text.count("reached") + text.count("missed") == len(BARS)
    assert json.loads((tmp_path / "latest.json").read_text())["notes"] == notes
