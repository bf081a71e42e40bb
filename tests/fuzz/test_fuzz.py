"""No input makes a judge raise, or think for ever: objects and answers that nobody should ever see.

Starts from the objects of the corpus, changes them at random places to anything that JSON can
say, and judges every check of the corpus and of every exercise by them. Runs for SECONDS seconds
(20 where nothing is said): ``make fuzz SECONDS=600``.
"""

import os
import time
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from labgrader.api.check import CHECK_KINDS, Check
from labgrader.api.names import LANGS
from labgrader.authoring.exercise_folder import ExerciseFolder
from labgrader.checks.cel.evaluate import evaluate
from labgrader.checks.finding import Finding, Outcome
from labgrader.checks.registry import KINDS
from labgrader.checks.scope import Scope
from labgrader.evidence.answers import (
    Admitted,
    Answer,
    Answered,
    Enforcement,
    Found,
    HttpAnswer,
    Items,
    KeptOut,
    LogLines,
    LookedUp,
    NoHttpAnswer,
    NotThere,
    Refused,
    Reviewed,
    TimeRead,
    Tried,
)
from labgrader.evidence.experiments import Experiment, KeepData, Probing
from labgrader.evidence.requests import (
    CallHttp,
    DryRun,
    Evaluate,
    GetObject,
    ListObjects,
    LookUp,
    ProvePolicies,
    ReadAnswer,
    ReadLog,
    ReadTime,
    Request,
    ReviewAccess,
    TryFlow,
)
from labgrader.evidence.snapshot import MissingEvidence, Snapshot
from labgrader.evidence.timeline import Timeline
from labgrader.grading.score import earned
from labgrader.reporting.messages import message
from tests.support.corpus import Case, Json, cases, shared_objects
from tools.shipped import ROOT

SECONDS = float(os.environ.get("SECONDS", "20"))
FIRST = time.time_ns() if "SECONDS" in os.environ else 0
"""Where nobody looks for what is new, the same inputs come each time."""
ROUNDS = 30
FOR_EVER = 5
"""Seconds of CPU for one judgement, of which the slowest takes a tenth."""
NAMESPACE = "kim"
_ONCE = settings(
    max_examples=100,
    deadline=None,
    database=None,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
)


def deep(levels: int) -> Any:
    value: Any = "x"
    for level in range(levels):
        value = [value] if level % 2 else {"spec": value}
    return value


ODD: list[Any] = [None, "", "x", "web", "한글 \u0000\U0001f600", True, False]
ODD += [0, -1, 2**63 - 1, 2**70, 0.5, 1e300]
ODD += [[], {}, [None], [{}], [[]], {"": None}, {"name": None}, [{"name": 1}], [1, "a", None]]
ODD += [deep(30), "y" * 100_000, ["z"] * 5_000, [{"name": "web"}] * 300]
ODD += ["$(X)", "{name}", "{", "%s", "1e999999999", "9" * 400, "-1", "٣", "1Ki" * 30]


@dataclass(frozen=True)
class Asked:
    """A check, and the case that its objects come from; all of the shared ones where none."""

    label: str
    check: Check
    case: Case | None = None

    def objects(self) -> list[Json]:
        return list(shared_objects().values()) if self.case is None else self.case.objects()


def asked() -> list[Asked]:
    found = [
        Asked(
            f"{case.kind}: {case.name}",
            Check.model_validate({"name": "c", "points": 7, case.kind: case.params}),
            case,
        )
        for case in cases()
    ]
    for file in sorted(ROOT.rglob("exercise.yaml")):
        folder = ExerciseFolder.read(file.parent)
        found += [Asked(f"{folder.exercise.name}: {check.name}", check) for check in folder.checks]
    return found


ASKED = asked()
RECORDS = [case.timeline() for case in cases() if case.body.get("timeline")]
KEPT = [case.kept() for case in cases() if case.body.get("kept")]
TRAFFIC = [case.traffic() for case in cases() if case.body.get("traffic")]


@dataclass
class Hostile:
    """Answers any request: with the objects of its kind, changed; else with something drawn."""

    objects: list[tuple[Json, Any]]
    case: Case | None
    data: st.DataObject
    given: dict[Request, Answer] = field(default_factory=dict)

    def answer(self, request: Request) -> Answer:
        match request:
            case GetObject():
                return self._get(request)
            case ListObjects():
                return Items(tuple(b for b in self._of(request) if isinstance(b, dict)))
            case Evaluate():
                return evaluate(request)
            case KeepData():
                found = None if self.case is None else self.case.kept()
                kept = found or self.data.draw(st.sampled_from(KEPT))
                assert kept is not None
                return kept
            case Probing():
                own = None if self.case is None else self.case.traffic()
                sent = own or self.data.draw(st.sampled_from(TRAFFIC))
                assert sent is not None
                return sent
            case _ if isinstance(request, Experiment):
                return self._record()
        return self._drawn(request)

    def _get(self, request: GetObject) -> Answer:
        of_kind = [
            (was, now)
            for was, now in self.objects
            if (was["apiVersion"], was["kind"]) == (request.api_version, request.kind)
        ]
        named = [now for was, now in of_kind if was["metadata"]["name"] == request.name]
        any_ = named or ([now for _, now in of_kind] if self.case is None else [])
        if not any_ or not isinstance(any_[0], dict):
            return NotThere()
        return Found({"apiVersion": request.api_version, **any_[0], "kind": request.kind})

    def _of(self, request: ListObjects) -> list[Any]:
        kind = (request.api_version, request.kind)
        return [now for was, now in self.objects if (was["apiVersion"], was["kind"]) == kind]

    def _record(self) -> Timeline:
        own = None if self.case is None else self.case.timeline()
        record = own or self.data.draw(st.sampled_from(RECORDS))
        assert record is not None
        return record

    def _drawn(self, request: Request) -> Answer:
        text = st.text(max_size=60) | st.sampled_from([o for o in ODD if isinstance(o, str)])
        match request:
            case ReadLog():
                return self.data.draw(st.builds(LogLines, st.lists(text, max_size=4).map(tuple)))
            case ReviewAccess():
                return Reviewed(self.data.draw(st.booleans()), self.data.draw(text))
            case DryRun():
                return self.data.draw(
                    st.just(Admitted())
                    | st.builds(Refused, st.sampled_from([400, 403, 422, 500]), text, text)
                )
            case ReadAnswer():
                return self.data.draw(st.just(NotThere()) | st.builds(Answered, text))
            case ReadTime():
                return TimeRead(self.data.draw(st.just("2026-11-27T03:00:00Z") | text))
            case CallHttp():
                why = st.sampled_from(["refused", "timeout", "reset", "unreachable", "not-http"])
                return self.data.draw(
                    st.builds(HttpAnswer, st.integers(100, 599), text)
                    | st.builds(NoHttpAnswer, why)
                )
            case TryFlow():
                said = st.lists(st.sampled_from(["open", "timeout", "refused"]), max_size=3)
                tried = st.builds(Tried, said.map(tuple))
                return self.data.draw(tried | st.builds(KeptOut, text, text))
            case LookUp():
                status = st.sampled_from(["found", "none", "timeout", "failed"])
                names, ports = st.lists(text, max_size=3).map(tuple), st.integers(0, 65535)
                targets = st.lists(st.tuples(text, ports), max_size=2).map(tuple)
                return self.data.draw(
                    st.builds(LookedUp, status, text, names, text, targets)
                    | st.builds(KeptOut, text, text)
                )
            case ProvePolicies():
                return Enforcement(self.data.draw(st.booleans()))
        raise AssertionError(f"nobody answers {request}")


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a value, those of values in it too."""
    inside: list[Any] = []
    if isinstance(value, dict):
        inside = list(value.items())
    elif isinstance(value, list):
        inside = list(enumerate(value[:5]))
    found = [(*path, key) for key, _ in inside]
    return found + [deeper for key, below in inside for deeper in places(below, (*path, key))]


def changed(value: Any, path: tuple[Any, ...], new: Any, *, drop: bool) -> Any:
    if not path:
        return new
    copied: Any = dict(value) if isinstance(value, dict) else list(value)
    if len(path) == 1 and drop:
        del copied[path[0]]
    else:
        copied[path[0]] = changed(copied[path[0]], path[1:], new, drop=drop)
    return copied


def mutated(data: st.DataObject, body: Json) -> Any:
    now: Any = body
    for _ in range(data.draw(st.integers(0, 2))):
        open_ = [path for path in places(now) if path[0] not in {"apiVersion", "kind"}]
        if not open_:
            break
        path = data.draw(st.sampled_from(open_))
        now = changed(now, path, data.draw(st.sampled_from(ODD)), drop=data.draw(st.booleans()))
    return now


def judged(one: Asked, data: st.DataObject) -> Finding:
    objects = [(body, mutated(data, body)) for body in one.objects()[:40]]
    source, answers = Hostile(objects, one.case, data), dict[Request, Answer]()
    for _ in range(ROUNDS):
        try:
            return KINDS[one.check.kind].judge(
                one.check.params, Scope(NAMESPACE), Snapshot(answers)
            )
        except MissingEvidence as missing:
            answers |= {request: source.answer(request) for request in missing.requests}
    raise AssertionError("it asks forever")


@_ONCE
@given(st.data())
def any_input_is_judged(data: st.DataObject) -> None:
    one = data.draw(st.sampled_from(ASKED), label="asked")
    begun = time.process_time()
    finding = judged(one, data)
    assert time.process_time() - begun < FOR_EVER, "it takes time that grows faster than its input"
    assert finding.outcome in set(Outcome)
    assert 0 <= earned(one.check, finding) <= one.check.points
    for lang in LANGS:
        assert message(finding, lang)


@pytest.mark.slow
def test_no_input_makes_a_judge_raise() -> None:
    ends, rounds = time.monotonic() + SECONDS, 0
    while rounds == 0 or time.monotonic() < ends:
        seed(FIRST + rounds)(any_input_is_judged)()
        rounds += 1


def test_every_kind_and_every_exercise_is_fuzzed() -> None:
    assert {one.check.kind for one in ASKED} == set(CHECK_KINDS)
    assert sum(one.case is None for one in ASKED) > len(list(ROOT.rglob("exercise.yaml")))
