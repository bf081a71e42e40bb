"""What is judged of a copy: the same as in place, and never what only the copy lacks."""

from dataclasses import replace
from typing import Any

import pytest

from labgrader.api.kinds import Persists
from labgrader.checks import heals, persists
from labgrader.checks.copies import (
    COPIED,
    NOT_COPIED,
    ORIGINAL_SERVES,
    ORIGINAL_WHOLE,
    Lack,
)
from labgrader.checks.finding import Finding, Outcome
from labgrader.evidence.answers import Answer
from labgrader.evidence.experiments import KeepData, OnCopy
from labgrader.evidence.keeping import Exchange, Kept, Member
from labgrader.evidence.requests import Request
from labgrader.evidence.snapshot import MissingEvidence, Snapshot
from labgrader.evidence.timeline import Action, PodsSeen, Sample, Timeline
from labgrader.reporting.messages import message
from tests.support.sentences import told_whole
from tests.unit.checks import healing as plain

GOOD = (Action(0, COPIED, "labgrader-copy-1"), Action(1, ORIGINAL_WHOLE))
SERVES = Action(2, ORIGINAL_SERVES)
NEIGHBOUR = Action(0, NOT_COPIED, f"{Lack.NEIGHBOUR} db")
BEFORE = PodsSeen(10, ("a", "b"), (), 2)
SAMPLES = tuple(Sample(at, 5, 200) for at in range(0, 14_000, 50))
REFUSED = tuple(replace(sample, status=0, error="refused") for sample in SAMPLES)


def timeline(*actions: Action, healed: bool = True, **more: Any) -> Timeline:
    """A pod of the copy was deleted."""
    deleted = Action(1_000, "pod-deleted", "a")
    after = (PodsSeen(3_000, ("b", "c"), (), 2),) if healed else ()
    pods = (BEFORE, PodsSeen(1_100, ("b",), ("a",), 2), *after)
    return Timeline((*actions, deleted), pods, ended_ms=14_000, **more)


def judged(found: Timeline | None, *, clients: bool = False) -> Finding:
    more: dict[str, Any] = {"availability": plain.AVAILABILITY} if clients else {}
    there = plain.snapshot(plain.deployment(), None)
    answers: dict[Request, Answer] = dict(there.answers)
    if found is not None:
        answers[OnCopy("kim", plain.experiment(clients=clients))] = found
    return told_whole(
        heals.judge(plain.heals(isolation="Clone", **more), plain.SCOPE, Snapshot(answers))
    )


def causes(finding: Finding) -> list[str]:
    return [cause.reason for cause in finding.causes]


def test_the_experiment_is_asked_for_on_a_copy() -> None:
    with pytest.raises(MissingEvidence) as missing:
        judged(None)
    assert missing.value.requests == (OnCopy("kim", plain.experiment(clients=False)),)


def test_a_recovery_of_the_copy_passes_and_says_where_it_was() -> None:
    finding = judged(timeline(*GOOD))
    assert (finding.outcome, finding.reason) == (Outcome.PASSED, "Healed")
    assert causes(finding) == ["TriedOnCopy"]
    told = message(finding, "en")
    assert "Deployment web" in told
    assert "tried on a copy" in told
    assert "복사본에서 시험했으며" in message(finding, "ko")


def test_what_does_not_heal_is_failed_on_a_copy_too() -> None:
    finding = judged(timeline(*GOOD, NEIGHBOUR, healed=False))
    assert (finding.outcome, finding.reason) == (Outcome.FAILED, "NotHealed")
    assert causes(finding)[0] == "TriedOnCopy"  # whatever else there is to tell
    assert causes(finding)[-1] == "CopyWithoutNeighbour"


@pytest.mark.parametrize(
    ("word", "reason"),
    [
        (Lack.DATA, "CopyWithoutData"),
        (Lack.ADDRESS, "CopyWithoutAddress"),
        (Lack.HOST_PORT, "CopyWithoutHostPort"),
        (Lack.TOKEN, "CopyWithoutToken"),
        (Lack.RIGHTS, "CopyWithoutRights"),
        (Lack.NEIGHBOUR, "CopyWithoutNeighbour"),
        (Lack.ELSEWHERE, "CopyNamesElsewhere"),
        (Lack.UNREAD, "CopyWithoutUnread"),
    ],
)
def test_everything_that_a_copy_lacks_is_told(word: Lack, reason: str) -> None:
    finding = judged(timeline(*GOOD, Action(0, NOT_COPIED, f"{word} some name")))
    assert causes(finding) == ["TriedOnCopy", reason]
    assert "some name" in message(finding, "en")
    assert "some name" in message(finding, "ko")


def test_no_message_grows_with_what_a_copy_lacks() -> None:
    many = [Action(0, NOT_COPIED, f"{Lack.DATA} claim-{n}") for n in range(40)]
    assert len(causes(judged(timeline(*GOOD, *many)))) == 6


def never_served(*actions: Action) -> Finding:
    found = Timeline(actions, (BEFORE,), samples=REFUSED, ended_ms=14_000)
    return judged(found, clients=True)


def test_a_copy_that_never_served_says_nothing_where_the_original_serves() -> None:
    finding = never_served(*GOOD, SERVES, NEIGHBOUR)
    assert (finding.outcome, finding.reason) == (Outcome.UNKNOWN, "CopyDiffers")
    assert causes(finding) == ["CopyWithoutNeighbour"]
    assert not finding.transient
    assert "not the learner's fault" in message(finding, "en")


def test_a_copy_that_lacks_something_says_nothing_of_a_silent_original() -> None:
    assert never_served(*GOOD, NEIGHBOUR).outcome is Outcome.UNKNOWN


def test_an_original_that_does_not_serve_is_failed_by_its_copy() -> None:
    assert never_served(*GOOD).reason == "UnavailableBefore"


def test_an_original_that_is_not_whole_is_failed_by_its_copy() -> None:
    found = Timeline((GOOD[0], NEIGHBOUR, Action(5, "not-whole")), (PodsSeen(9, (), ("a",), 2),))
    finding = judged(found)
    assert (finding.outcome, finding.reason) == (Outcome.FAILED, "NotWholeBefore")


def test_lost_requests_after_the_deletion_are_the_learners() -> None:
    lost = tuple(s if s.at_ms < 1_000 else replace(s, status=0, error="x") for s in SAMPLES)
    finding = judged(timeline(*GOOD, SERVES, NEIGHBOUR, samples=lost), clients=True)
    assert (finding.outcome, finding.reason) == (Outcome.FAILED, "HealedButUnavailable")


def kept(*actions: Action) -> Finding:
    store = {"port": 8080, "path": "/data/{key}"}
    asked = {"object": plain.WEB, "store": store, "within": "60s", "isolation": "Clone"}
    params = Persists.model_validate(asked)
    request = KeepData(
        *("kim", "apps/v1", "Deployment", "web", "d", 60_000, 8080, "PUT", "/data/{key}"),
        every=True,
    )
    said = (Exchange(1, "a", "k", 404, held=False),)
    member = Member("web-1", "a", (), 0, 0)
    answer = Kept(Timeline(actions, (BEFORE,)), (member,), said, said)
    there = plain.snapshot(plain.deployment(), None)
    answers: dict[Request, Answer] = {**there.answers, OnCopy("kim", request): answer}
    return told_whole(persists.judge(params, plain.SCOPE, Snapshot(answers)))


def test_an_app_that_does_not_store_is_failed_although_volumes_are_new() -> None:
    finding = kept(*GOOD, Action(0, NOT_COPIED, f"{Lack.DATA} data"))
    assert (finding.outcome, finding.reason) == (Outcome.FAILED, "NotWritten")
    assert "TriedOnCopy" in causes(finding)


def test_an_app_that_misses_its_neighbour_does_not_fail_for_it() -> None:
    assert kept(*GOOD, NEIGHBOUR).reason == "CopyDiffers"


def test_what_is_felt_on_a_node_is_not_tried_on_a_copy() -> None:
    params = plain.heals(fault="DrainNode", isolation="Clone")
    assert any("copy" in problem.text for problem in heals.problems(params))
    assert not heals.problems(plain.heals(isolation="Clone"))
