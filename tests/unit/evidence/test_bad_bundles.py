"""Files that are no evidence: each is refused, with a reason, whatever was done to it."""

import hashlib
import zlib
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from labgrader.evidence.bundle import read, written
from labgrader.evidence.packing import MAX_BYTES, BadBundle, digest, pack
from tests.unit.evidence.bundles import some_bundle

GOOD = written(some_bundle())[1].file
LINE, _, BODY = GOOD.partition(b"\n")


def refused(file: bytes) -> str:
    with pytest.raises(BadBundle) as why:
        read(file)
    return str(why.value)


def line(body: bytes, document: bytes, version: int = 1) -> bytes:
    """A first line that fits what follows it."""
    checksum = hashlib.sha256(body).hexdigest()
    return f"labgrader-evidence {version} {digest(document)} {checksum} {len(body)}\n".encode()


def test_the_good_one_is_read() -> None:
    assert read(GOOD).exercise == "web"


def test_cut_off_anywhere() -> None:
    for length in range(1, len(GOOD)):
        assert "cut off" in refused(GOOD[:length]), length
    assert "empty" in refused(b"")


def test_altered_by_one_byte_anywhere() -> None:
    for place in range(len(GOOD)):
        for change in (1, 0x20, 0xFF):
            altered = bytearray(GOOD)
            altered[place] ^= change
            refused(bytes(altered))


@given(st.integers(len(LINE) + 1, len(GOOD) - 1), st.integers(1, 255))
def test_an_altered_content_is_said_to_be(place: int, change: int) -> None:
    altered = bytearray(GOOD)
    altered[place] ^= change
    assert "altered" in refused(bytes(altered))


def test_more_than_it_should_be() -> None:
    assert "altered" in refused(GOOD + b"x")


@pytest.mark.parametrize("file", [b"x", b"PK\x03\x04", b"{}", b"\x1f\x8b\x08", b"labgrader: 1\n"])
def test_something_else(file: bytes) -> None:
    assert "no recorded evidence" in refused(file)


def test_of_a_newer_format() -> None:
    document = orjson.dumps({"format": 2, "new": True})
    body = zlib.compress(document, wbits=31)
    said = refused(line(body, document, 2) + body)
    assert "format 2" in said
    assert "up to 1" in said


@given(st.binary())
def test_no_file_makes_it_stumble(file: bytes) -> None:
    refused(file)
    refused(b"labgrader-evidence 1 " + file)


def test_a_bomb_is_not_unpacked() -> None:
    gzip = zlib.compressobj(9, zlib.DEFLATED, 31)
    zeros, body = bytes(1024 * 1024), b""
    for _ in range(64):  # sixty-four megabytes in sixty-four kilobytes
        body += gzip.compress(zeros)
    body += gzip.flush()
    assert len(body) < MAX_BYTES
    assert f"more than {MAX_BYTES} bytes" in refused(line(body, b"") + body)


def test_packed_wrongly_with_digests_that_fit() -> None:
    document = orjson.dumps({"format": 1})
    whole = zlib.compress(document, wbits=31)
    for body in (b"no gzip", whole[:-3], whole + whole):
        assert "packed part is broken" in refused(line(body, document) + body)
    assert "not what its digest names" in refused(line(whole, b"another") + whole)


def raw(**changes: Any) -> dict[str, Any]:
    found: dict[str, Any] = orjson.loads(zlib.decompress(BODY, wbits=31))
    return found | changes


LOOKS = {"atMs": 0, "untilMs": 0, "times": 1, "seen": [9]}
SEEN = {"request": {"type": "readLog"}, "answer": {"type": "notThere"}}


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (b"[]", "not of format 1"),
        (b"{", "no JSON"),
        (b'{"a":"\xff"}', "no JSON"),
        (b'{"a":' * 2000 + b"1" + b"}" * 2000, "no JSON"),
        (orjson.dumps(raw(format=3)), "not of format 1"),
        (orjson.dumps(raw(exercise=1)), "evidence.exercise: is no str but a int"),
        (orjson.dumps(raw(selfReported=1)), "is no bool but a int"),
        (orjson.dumps(raw(more=1)), "unknown field 'more'"),
        (orjson.dumps(raw(verdict={})), "evidence.verdict: lacks a field"),
        (orjson.dumps(raw(record={"checks": {"a": [9]}})), "evidence that is not there"),
        (orjson.dumps(raw(record={"checks": {"a": [-1]}})), "evidence that is not there"),
        (orjson.dumps(raw(record={"watched": {"a": [LOOKS]}})), "record.watched.a: names evidence"),
        (orjson.dumps(raw(record={"watched": {"a": [{}]}})), "watched.a[0]: lacks a field"),
        (orjson.dumps(raw(record={"seen": [SEEN]})), "record.seen[0].request: lacks a field"),
        (orjson.dumps(raw(record={"seen": [{"request": {"type": "x"}}]})), "unknown type 'x'"),
        (orjson.dumps(raw(record={"seen": [{"request": {"type": "found"}}]})), "unknown type"),
        (orjson.dumps(raw(record={"seen": [{"request": {}}]})), "has no type"),
        (orjson.dumps(raw(record={"seen": {}})), "is no list but a dict"),
    ],
)
def test_written_by_somebody_else(document: bytes, said: str) -> None:
    assert said in refused(pack(document).file)


def test_no_more_is_packed_than_is_unpacked() -> None:
    with pytest.raises(ValueError, match="are the limit"):
        pack(bytes(MAX_BYTES + 1))
