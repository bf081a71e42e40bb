"""Every request and every answer can be kept, under a name that stays.

Whoever adds one to ``evidence`` adds it to ``codec.TAGS``, or these tests say so. Names that
were once written into bundles must stay readable: the recording of the first format shows it.
"""

from pathlib import Path
from typing import get_args

import pytest

from labgrader.evidence.answers import Answer, NotEvaluated, Values
from labgrader.evidence.bundle import read, written
from labgrader.evidence.codec import TAGS, encode, fields, outside
from labgrader.evidence.requests import Evaluate, Request
from labgrader.grading.again import judge_again
from labgrader.grading.plan import plan
from tests.unit.grading.worlds import Calculator, exercise

RECORDED = Path(__file__).parents[1] / "recordings" / "format-1.lab"
DIGEST = "sha256:cc45bbe9181d49a99291dd2033347412453b96ce8bbe0420dfb96daf41e25cb6"


def test_every_request_and_answer_has_a_codec() -> None:
    computed = {Evaluate, Values, NotEvaluated}
    assert set(TAGS.values()) == {*get_args(Request), *get_args(Answer)} - computed
    assert len(TAGS) == len(set(TAGS.values()))


@pytest.mark.parametrize("shape", TAGS.values())
def test_no_field_is_called_as_the_tag(shape: type) -> None:
    assert "type" not in {outside(name) for name in fields(shape)}


def test_an_unknown_type_is_a_slip_that_is_told() -> None:
    with pytest.raises(TypeError, match="no codec for object"):
        encode(object(), Request)


def test_the_first_format_is_still_read_as_it_was_written() -> None:
    file = RECORDED.read_bytes()
    bundle = read(file)
    assert bundle.source == DIGEST
    assert written(bundle)[1].digest == DIGEST
    kept = {type(value) for seen in bundle.record.seen for value in (seen.request, seen.answer)}
    assert len(kept) == 22, "all kinds of requests and answers that there were then"


async def test_the_first_format_is_still_judged_as_it_was() -> None:
    bundle = read(RECORDED.read_bytes())
    web = {"exists": {"object": {"kind": "ConfigMap", "name": "web"}}, "points": 10}
    names = ("there", "was-late", "excused", "new")
    planned = plan(exercise(*({"name": name, **web} for name in names)))
    findings = await judge_again(planned, "kim", bundle.record, Calculator())
    assert {name: finding.reason for name, finding in findings.items()} == {
        "there": "ObjectThere",
        "was-late": "NotFound",
        "excused": "ObjectThere",
        "new": "ObjectThere",
    }
