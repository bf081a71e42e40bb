"""The corpus: what Kubernetes and the documentation say of an object is what the judge says."""

import re
from collections import Counter
from dataclasses import dataclass

import pytest

from labgrader.api.check import CHECK_KINDS
from labgrader.api.names import LANGS
from labgrader.checks.finding import Outcome, finding_credit
from labgrader.evidence.answers import Answer, NotThere
from labgrader.evidence.experiments import Experiment, Probing
from labgrader.evidence.keeping import Kept
from labgrader.evidence.requests import GetObject, ListObjects, Request
from labgrader.evidence.timeline import Timeline
from labgrader.evidence.traffic import Traffic
from tests.support.corpus import Case, cases, patched
from tests.unit.checks.namespaces import Judged, Namespace
from tests.unit.checks.rights import authorizer

CASES = cases()
_UNFILLED = re.compile(r"\{[a-z_]+(:[^}]*)?\}")
# "clusterIP: None" is what Kubernetes itself calls a headless Service.
_PYTHON = re.compile(r"(?<!clusterIP: )\bNone\b|mappingproxy|Fraction\(| object at 0x")
_HANGUL = re.compile("[가-힣]")


@dataclass
class Recorded(Namespace):
    """A namespace with the record of an experiment, whose objects belong to API groups."""

    record: Timeline | Traffic | Kept | None = None

    def _answer(self, request: Request) -> Answer:
        if isinstance(request, Experiment | Probing):
            assert self.record is not None, "the check must not disturb anything"
            return self.record
        return super()._answer(request)

    def _get(self, request: GetObject) -> Answer:
        of_kind = self._of(request).objects
        return super(Recorded, Recorded(list(of_kind)))._get(request) if of_kind else NotThere()

    def _list(self, request: ListObjects) -> Answer:
        return super(Recorded, self._of(request))._list(request)

    def _of(self, request: GetObject | ListObjects) -> "Recorded":
        return Recorded([b for b in self.objects if b["apiVersion"] == request.api_version])


def judged(case: Case) -> Judged:
    objects = case.objects()
    namespace = Recorded(
        objects=objects,
        logs=case.logs(),
        http=case.http(),
        access=authorizer(objects),
        dry_run=case.dry_run,
        given=case.body.get("given", {}),
        record=case.timeline() or case.traffic() or case.kept(),
        gave=case.gave(),
        flows=case.body.get("flows", {}),
        enforced=case.body.get("enforced", True),
        dns=case.body.get("dns", {}),
        kept_out=case.body.get("keptOut", ""),
    )
    return namespace.judge(**{case.kind: case.params})


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.kind}: {case.name}")
def test_the_judge_says_what_is_right(case: Case) -> None:
    found = judged(case)
    told = {lang: found.says(lang) for lang in LANGS}
    assert found.finding.outcome == case.body["outcome"], told
    assert found.finding.reason == case.body.get("reason", found.finding.reason), told
    if "credit" in case.body:
        assert finding_credit(found.finding) == case.body["credit"]
    assert told["ko"] != told["en"]
    assert not any(_UNFILLED.search(text) for text in told.values())
    assert not any(_PYTHON.search(text) for text in told.values())
    assert _HANGUL.search(told["ko"])


def test_the_corpus_is_large_and_covers_every_kind_both_ways() -> None:
    assert len(CASES) >= 150
    by_kind = Counter(case.kind for case in CASES)
    assert set(by_kind) == set(CHECK_KINDS)
    assert min(by_kind.values()) >= 5
    outcomes = {(case.kind, case.body["outcome"]) for case in CASES}
    for kind in CHECK_KINDS:
        assert {(kind, Outcome.PASSED.value), (kind, Outcome.FAILED.value)} <= outcomes
    assert len({(case.kind, case.name) for case in CASES}) == len(CASES)


@pytest.mark.parametrize(
    ("body", "patch", "result"),
    [
        ({"a": 1, "b": 2}, {"a": None}, {"b": 2}),
        ({"a": 1}, {"a": "(null)"}, {"a": None}),
        ({"a": [{"x": 1}, {"y": 2}]}, {"a": {1: {"y": 3}}}, {"a": [{"x": 1}, {"y": 3}]}),
        ({"a": [1, 2]}, {"a": [3]}, {"a": [3]}),
        ({"a": {"b": {"c": 1}}}, {"a": {"b": {"d": 2}}}, {"a": {"b": {"c": 1, "d": 2}}}),
    ],
)
def test_cases_change_shared_objects_by_patches(
    body: object, patch: object, result: object
) -> None:
    assert patched(body, patch) == result
