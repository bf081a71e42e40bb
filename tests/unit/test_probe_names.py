"""The probe's own resolver against name servers on the loopback, and against hostile bytes."""

import asyncio
import struct
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labgrader.cluster.probes import names
from labgrader.cluster.probes.names import (
    AAAA,
    CNAME,
    SRV,
    A,
    Resolver,
    Unreadable,
    look_up,
    question,
    read,
    read_configuration,
)

SEARCH = ("kim.svc.cluster.local", "svc.cluster.local", "cluster.local")
WEB = "web.kim.svc.cluster.local"
Answers = dict[tuple[str, int], list[tuple[int, bytes]]]


def labels(name: str) -> bytes:
    return b"".join(bytes([len(p)]) + p.encode() for p in name.split(".")) + b"\0"


def asked_for(message: bytes) -> tuple[str, int]:
    at, parts = 12, []
    while message[at]:
        parts.append(message[at + 1 : at + 1 + message[at]].decode())
        at += 1 + message[at]
    return ".".join(parts), int.from_bytes(message[at + 1 : at + 3])


def answer(asked: bytes, known: Answers, *, code: int | None = None, cut: bool = False) -> bytes:
    records = known.get(asked_for(asked), [])
    there = any(name == asked_for(asked)[0] for name, _ in known)
    code = code if code is not None else (0 if there else 3)
    flags = 0x8180 | code | (0x0200 if cut else 0)
    shown = [] if cut else records
    head = asked[:2] + struct.pack("!5H", flags, 1, len(shown), 0, 0)
    written = b"".join(
        b"\xc0\x0c" + struct.pack("!HHIH", kind, 1, 5, len(body)) + body for kind, body in shown
    )
    return head + asked[12:] + written


@asynccontextmanager
async def serving(says: Callable[[bytes, bool], bytes | None]) -> AsyncIterator[Resolver]:
    """A name server by UDP and, at the same port, by TCP; None is silence."""

    class Server(asyncio.DatagramProtocol):
        def connection_made(self, transport: Any) -> None:
            self.transport = transport

        def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
            said = says(data, False)  # noqa: FBT003
            if said is not None:
                self.transport.sendto(said, addr)

    async def stream(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        size = int.from_bytes(await reader.readexactly(2))
        said = says(await reader.readexactly(size), True) or b""  # noqa: FBT003
        writer.write(len(said).to_bytes(2) + said)
        writer.close()

    tcp = await asyncio.start_server(stream, "127.0.0.1", 0)
    port = tcp.sockets[0].getsockname()[1]
    loop = asyncio.get_running_loop()
    udp, _ = await loop.create_datagram_endpoint(Server, local_addr=("127.0.0.1", port))
    try:
        yield Resolver(("127.0.0.1",), SEARCH, port)
    finally:
        udp.close()
        tcp.close()


KNOWN: Answers = {
    (WEB, A): [(A, bytes([10, 96, 0, 20]))],
    (WEB, AAAA): [(AAAA, bytes(15) + b"\1")],
    ("alias.kim.svc.cluster.local", CNAME): [(CNAME, labels("web.example.com"))],
    (f"_http._tcp.{WEB}", SRV): [(SRV, struct.pack("!3H", 0, 100, 80) + b"\xc0\x17")],
    ("db.lee.svc.cluster.local", A): [(A, bytes([10, 96, 0, 21]))],
}


def known(asked: bytes, _: bool) -> bytes:  # noqa: FBT001
    return answer(asked, KNOWN)


async def test_a_short_name_is_found_through_the_search_path() -> None:
    async with serving(known) as resolver:
        found = await look_up(resolver, "web", "address")
    assert (found.status, found.name) == ("found", WEB)
    assert found.addresses == ["10.96.0.20", "::1"]


async def test_it_is_seen_from_another_namespace() -> None:
    async with serving(known) as resolver:
        assert (await look_up(resolver, "db", "address")).status == "none"
        found = await look_up(resolver.seen_from("lee"), "db", "address")
        assert found.addresses == ["10.96.0.21"]
        assert (await look_up(resolver.seen_from("lee"), "web", "address")).status == "none"


async def test_aliases_and_ports_are_told() -> None:
    async with serving(known) as resolver:
        alias = await look_up(resolver, "alias", "alias")
        port = await look_up(resolver, "_http._tcp.web", "srv")
    assert alias.alias == "web.example.com"
    assert port.services == [(WEB, 80)]  # by a pointer into the question


async def test_what_is_cut_off_is_asked_for_again_by_stream() -> None:
    streams: list[bool] = []

    def says(asked: bytes, stream: bool) -> bytes:  # noqa: FBT001
        streams.append(stream)
        return answer(asked, KNOWN, cut=not stream)

    async with serving(says) as resolver:
        found = await look_up(resolver, "web", "address")
    assert found.addresses == ["10.96.0.20", "::1"]
    assert True in streams


@pytest.mark.parametrize(
    ("says", "status"),
    [
        (lambda _asked, _stream: None, "timeout"),
        (lambda asked, _stream: answer(asked, {}, code=2), "failed"),
        (lambda asked, _stream: asked[:2] + b"\x81\x80", "failed"),
    ],
)
async def test_a_server_that_fails_is_not_a_name_that_is_not_there(
    says: Callable[[bytes, bool], bytes | None],
    status: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(names, "_TRY_SECONDS", 0.05)
    async with serving(says) as resolver:
        assert (await look_up(resolver, "web", "address")).status == status


async def test_an_answer_to_another_question_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(names, "_TRY_SECONDS", 0.05)

    def says(asked: bytes, _: bool) -> bytes:  # noqa: FBT001
        return bytes([asked[0] ^ 1, asked[1]]) + answer(asked, KNOWN)[2:]

    async with serving(says) as resolver:
        assert (await look_up(resolver, "web", "address")).status == "timeout"


def test_only_names_of_the_cluster_are_asked_for() -> None:
    """Not those of the company that its nodes stand in, nor anything on the internet."""
    resolver = Resolver((), (*SEARCH, "example.com", "notcluster.local"))
    assert list(resolver.candidates("web")) == [f"web.{domain}" for domain in SEARCH]


def test_the_pods_configuration_is_read(tmp_path: Path) -> None:
    file = tmp_path / "resolv.conf"
    file.write_text("search a.svc.c c\nnameserver 10.96.0.10\noptions ndots:5\n# x\n")
    assert read_configuration(file) == Resolver(("10.96.0.10",), ("a.svc.c", "c"))
    assert read_configuration(file).seen_from("b").search == ("b.svc.c", "c")


@given(st.binary(max_size=80), st.sampled_from([A, CNAME, AAAA, SRV]))
def test_no_bytes_make_it_raise_anything_else(tail: bytes, kind: int) -> None:
    head = struct.pack("!6H", 1, 0x8180, 1, 3, 0, 0)
    for message in (tail, head + tail, head + question(1, "web", kind)[12:] + tail):
        try:
            read(message, "web", kind)
        except Unreadable:
            continue


def test_a_name_that_points_to_itself_ends() -> None:
    head = struct.pack("!6H", 1, 0x8180, 1, 0, 0, 0)
    with pytest.raises(Unreadable):
        read(head + b"\xc0\x0c", "web", A)
