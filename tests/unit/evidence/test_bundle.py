"""Bundles: what goes in comes out, in one form on every machine, and no larger than allowed."""

import gzip

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from labgrader.evidence.answers import Answer, Found, Items, LogLines, NotThere, Trouble
from labgrader.evidence.bundle import canonical, read, written
from labgrader.evidence.record import Stretch, joined, record
from labgrader.evidence.requests import Request
from tests.unit.evidence.bundles import (
    ANSWERS,
    CALL,
    CONFIG,
    EVENTS,
    LOG,
    OBJECTS,
    REQUESTS,
    some_bundle,
    some_record,
)


@pytest.mark.slow
@given(
    st.dictionaries(REQUESTS, ANSWERS, max_size=4),
    st.dictionaries(st.text("ab", max_size=2), st.dictionaries(REQUESTS, ANSWERS, max_size=2)),
)
def test_whatever_was_seen_is_read_back(
    latest: dict[Request, Answer], checks: dict[str, dict[Request, Answer]]
) -> None:
    trouble = Trouble("TargetMissing", "gone", transient=False)
    kept = record(latest, checks, {"a": trouble}, [LOG])
    bundle, packed = written(some_bundle(kept))
    back = read(packed.file)
    assert back == bundle
    assert back.source == packed.digest
    assert {name: back.record.own(name) for name in checks} == checks
    for name, own in checks.items():
        assert back.record.answers_for(name).items() >= (latest | own).items()
    assert back.record.answers_for("another").items() >= latest.items()


@given(OBJECTS)
def test_the_order_of_keys_makes_no_other_digest(body: dict[str, object]) -> None:
    turned = dict(reversed(body.items()))
    digests = {
        written(some_bundle(record({CONFIG: Found(one)}, {})))[1].digest for one in (body, turned)
    }
    assert len(digests) == 1


def test_numbers_have_one_form() -> None:
    """Another form would be another digest: a change of the JSON library must not pass unseen."""
    numbers = [1, -0.0, 1.0, 1.5, 1e16, 1e-7, 1e100, 0.1, 2**63, 123456789.123]
    text = b"[1,-0.0,1.0,1.5,1e+16,1e-7,1e+100,0.1,9223372036854775808,123456789.123]"
    assert canonical(numbers) == text
    assert canonical(orjson.loads(text)) == text


def test_the_file_is_a_line_of_text_and_gzip_that_tells_no_time() -> None:
    _, packed = written(some_bundle())
    line, _, body = packed.file.partition(b"\n")
    assert line.split()[:3] == [b"labgrader-evidence", b"1", packed.digest.encode()]
    assert body[4:8] == bytes(4), "gzip's field for the time"
    assert orjson.loads(gzip.decompress(body))["exercise"] == "web"
    assert written(some_bundle())[1].file == packed.file


def test_what_came_earlier_is_kept_apart_from_what_came_last() -> None:
    kept = some_record()
    assert kept.answers_for("early")[CONFIG] == NotThere()
    assert isinstance(kept.answers_for("there")[CONFIG], Found)
    assert isinstance(kept.answers_for("a-new-check")[CONFIG], Found)
    assert kept.answers_for("early")[LOG] == LogLines(("started",))


def test_an_answer_that_several_checks_saw_is_kept_once() -> None:
    again = Found({"same": True})
    kept = record({CONFIG: Found({"same": True})}, {"a": {CONFIG: again}, "b": {CONFIG: again}})
    assert len(kept.seen) == 1


def test_an_earlier_trys_evidence_stays_for_what_it_settled() -> None:
    before = record({CONFIG: NotThere(), CALL: NotThere()}, {"a": {CONFIG: NotThere()}})
    now = record({CONFIG: Found({})}, {"b": {CONFIG: Found({})}})
    both = joined(now, before, ["a"])
    assert both.own("a") == {CONFIG: NotThere()}
    assert both.own("b") == {CONFIG: Found({})}
    assert both.answers_for("new") == {CONFIG: Found({}), CALL: NotThere()}


def test_the_looks_of_a_watch_are_kept_with_what_each_saw() -> None:
    looks = (
        Stretch(0, 0, 1, {CONFIG: NotThere(), LOG: LogLines(("a",))}),
        Stretch(500, 9000, 3, {CONFIG: Found({"a": 1})}),
        Stretch(9500, 9500, 1, {CONFIG: NotThere()}),
    )
    kept = record({CONFIG: NotThere()}, {}, watched={"a": looks})
    assert len(kept.seen) == 3, "what was seen twice is kept once"
    _, packed = written(some_bundle(kept))
    back = read(packed.file).record
    assert back.stretches("a") == looks
    assert back.stretches("b") == ()
    place = next(n for n, seen in enumerate(back.seen) if seen.request == LOG)
    less = back.without([place])
    assert less.stretches("a")[0].answers == {CONFIG: NotThere()}
    assert less.stretches("a")[1:] == looks[1:]


def test_what_was_not_watched_is_written_as_it_was_before_there_were_watches() -> None:
    _, packed = written(some_bundle())
    document = gzip.decompress(packed.file.partition(b"\n")[2])
    assert "watched" not in orjson.loads(document)["record"]


def test_too_much_is_left_out_the_least_needed_first_and_said() -> None:
    long = "x" * 3000
    latest: dict[Request, Answer] = {
        CONFIG: Found({"big": long}),
        CALL: NotThere(),
        EVENTS: Items(({"message": long},)),
        LOG: LogLines((long,)),
    }
    bundle = some_bundle(record(latest, {"a": {CONFIG: latest[CONFIG], LOG: latest[LOG]}}))
    for limit, gone in ((8000, [LOG]), (5000, [LOG, EVENTS]), (2500, [LOG, EVENTS, CONFIG])):
        fitted, packed = written(bundle, limit)
        assert set(fitted.record.left_out) == set(gone)
        assert fitted.record.own("a").keys() == {CONFIG, LOG} - set(gone)
        assert read(packed.file) == fitted
        assert set(fitted.record.answers_for("a")) == latest.keys() - set(gone)
    whole, _ = written(bundle)
    assert whole == bundle


def test_a_bundle_that_cannot_fit_is_a_slip_and_not_written() -> None:
    with pytest.raises(ValueError, match="not even a bundle without answers"):
        written(some_bundle(), 100)
