"""Looking up names as pods do: through a search path, at the cluster's own name servers.

Run by the probe program inside the cluster. The standard library's resolver tells of addresses
only, and follows an alias to what no cluster without internet can resolve; so here are the few
lines of DNS that tell of aliases and ports of Services, too. Imports nothing of the project.
Answers may be hostile: whatever cannot be read is a failure, never an exception.
"""

import asyncio
import secrets
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path

A, CNAME, AAAA, SRV = 1, 5, 28, 33
RECORDS = {"address": (A, AAAA), "alias": (CNAME,), "srv": (SRV,)}
"""What is asked for each record of a LookUp."""
_PORT = 53
_NO_SUCH_NAME, _SUCCESS = 3, 0
_ANSWER, _TRUNCATED = 0x8000, 0x0200
_HEADER = struct.Struct("!6H")
_RECORD = struct.Struct("!HHIH")
_TRY_SECONDS = 1.5
_TRIES = 2
_MOST_JUMPS = 32
_MOST_RECORDS = 200
_POINTER, _OFFSET = 0xC0, 0x3FFF


class Unreadable(Exception):
    """No DNS message, or one that is cut off."""


@dataclass(frozen=True, slots=True)
class Resolver:
    """What a pod's /etc/resolv.conf says."""

    servers: tuple[str, ...]
    search: tuple[str, ...] = ()
    port: int = _PORT

    def seen_from(self, namespace: str) -> "Resolver":
        """The same for a pod in another namespace: the first place to search is its own."""
        place = self._place()
        own = ".".join([namespace, *place.split(".")[1:]])
        search = tuple(own if domain == place else domain for domain in self.search)
        return Resolver(self.servers, search, self.port)

    def candidates(self, name: str) -> Iterator[str]:
        """The whole names that a Service's name may stand for, in their order.

        A pod would also ask for names outside the cluster; those are no Service's, and who knows
        whether anybody answers there.
        """
        domain = self._place().partition(".svc.")[2]
        for place in self.search:
            if place == domain or place.endswith(f".{domain}"):
                yield f"{name}.{place}"

    def _place(self) -> str:
        """The domain of the pod's own namespace, such as kim.svc.cluster.local."""
        places = (domain for domain in self.search if domain.split(".")[1:2] == ["svc"])
        return next(places, "default.svc.cluster.local")


@dataclass
class Found:
    """The answers to one question. ``status`` as in evidence.answers.LookedUp."""

    status: str
    name: str = ""
    addresses: list[str] = field(default_factory=list)
    alias: str = ""
    services: list[tuple[str, int]] = field(default_factory=list)


def read_configuration(path: Path = Path("/etc/resolv.conf")) -> Resolver:
    """The pod's own resolver."""
    servers: list[str] = []
    search: list[str] = []
    for line in path.read_text("utf-8", "replace").splitlines():
        word, _, rest = line.strip().partition(" ")
        if word == "nameserver":
            servers.append(rest.strip())
        if word == "search":
            search = rest.split()
    return Resolver(tuple(servers), tuple(search))


async def look_up(resolver: Resolver, name: str, record: str) -> Found:
    """The first name of the search path at which something stands."""
    for whole in resolver.candidates(name):
        found = await _at(resolver, whole, record)
        if found.status != "none":
            return found
    return Found("none")


async def _at(resolver: Resolver, whole: str, record: str) -> Found:
    merged = Found("none", whole)
    for kind in RECORDS[record]:
        found = await _ask(resolver, whole, kind)
        if found.status in {"timeout", "failed"}:
            return found
        if found.status == "found":
            merged.status = "found"
            merged.addresses += found.addresses
            merged.services += found.services
            merged.alias = merged.alias or found.alias
    return merged


async def _ask(resolver: Resolver, name: str, kind: int) -> Found:
    status = "timeout"
    for _ in range(_TRIES):
        for server in resolver.servers:
            try:
                async with asyncio.timeout(_TRY_SECONDS):
                    return read(await _exchange(server, resolver.port, name, kind), name, kind)
            except TimeoutError:
                continue
            except (OSError, Unreadable):
                status = "failed"
    return Found(status, name)


async def _exchange(server: str, port: int, name: str, kind: int) -> bytes:
    """One question and its answer: by UDP, and by TCP where that is cut off."""
    number = secrets.randbelow(2**16)
    asked = question(number, name, kind)
    loop = asyncio.get_running_loop()
    transport, mailbox = await loop.create_datagram_endpoint(
        lambda: _Mailbox(number), remote_addr=(server, port)
    )
    try:
        transport.sendto(asked)
        answer = await mailbox.answer
    finally:
        transport.close()
    if int.from_bytes(answer[2:4]) & _TRUNCATED:
        return await _by_stream(server, port, asked)
    return answer


async def _by_stream(server: str, port: int, asked: bytes) -> bytes:
    reader, writer = await asyncio.open_connection(server, port)
    try:
        writer.write(len(asked).to_bytes(2) + asked)
        size = int.from_bytes(await reader.readexactly(2))
        return await reader.readexactly(size)
    except asyncio.IncompleteReadError as error:
        raise Unreadable("cut off") from error
    finally:
        writer.close()


class _Mailbox(asyncio.DatagramProtocol):
    """Takes the first answer to the question of this number."""

    def __init__(self, number: int) -> None:
        self._number = number
        self.answer: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

    def datagram_received(self, data: bytes, addr: object) -> None:  # noqa: ARG002 (asyncio's)
        """Others' answers are not ours."""
        if data[:2] == self._number.to_bytes(2) and not self.answer.done():
            self.answer.set_result(data)

    def error_received(self, exc: Exception) -> None:
        """The server refuses."""
        if not self.answer.done():
            self.answer.set_exception(exc)


def question(number: int, name: str, kind: int) -> bytes:
    """A DNS message that asks for one record of a name."""
    recursion_desired, internet = 0x0100, 1
    labels = [part.encode("ascii", "replace")[:63] for part in name.rstrip(".").split(".")]
    written = b"".join(bytes([len(part)]) + part for part in labels) + b"\0"
    header = _HEADER.pack(number, recursion_desired, 1, 0, 0, 0)
    return header + written + struct.pack("!HH", kind, internet)


def read(message: bytes, name: str, kind: int) -> Found:
    """What the answer says. Raises Unreadable."""
    if len(message) < _HEADER.size:
        raise Unreadable("too short")
    _, flags, questions, answers, _, _ = _HEADER.unpack_from(message)
    code = flags & 0x000F
    if not flags & _ANSWER or code not in {_SUCCESS, _NO_SUCH_NAME}:
        return Found("failed", name)
    at, found = _HEADER.size, Found("none", name)
    for _ in range(min(questions, 1)):
        _, at = _name(message, at)
        at += 4
    for _ in range(min(answers, _MOST_RECORDS)):
        _, at = _name(message, at)
        if at + _RECORD.size > len(message):
            raise Unreadable("cut off")
        what, _, _, size = _RECORD.unpack_from(message, at)
        at += _RECORD.size
        if at + size > len(message):
            raise Unreadable("cut off")
        _take(found, message, at, size, what)
        if what == kind:
            found.status = "found"
        at += size
    return found


def _take(found: Found, message: bytes, at: int, size: int, what: int) -> None:
    body = message[at : at + size]
    if what == A and size == 4:  # noqa: PLR2004 (bytes of an address)
        found.addresses.append(str(IPv4Address(body)))
    elif what == AAAA and size == 16:  # noqa: PLR2004 (bytes of an address)
        found.addresses.append(str(IPv6Address(body)))
    elif what == CNAME:
        found.alias = _name(message, at)[0]
    elif what == SRV and size > 6:  # noqa: PLR2004 (bytes before the target)
        found.services.append((_name(message, at + 6)[0], int.from_bytes(body[4:6])))


def _name(message: bytes, at: int) -> tuple[str, int]:
    """A name, which may go on elsewhere in the message, and where what follows it begins."""
    labels: list[str] = []
    after: int | None = None
    for _ in range(_MOST_JUMPS + 128):
        if at >= len(message):
            raise Unreadable("a name is cut off")
        size = message[at]
        if size >= _POINTER:
            after = at + 2 if after is None else after
            at = int.from_bytes(message[at : at + 2]) & _OFFSET
        elif size == 0:
            return ".".join(labels), at + 1 if after is None else after
        else:
            labels.append(message[at + 1 : at + 1 + size].decode("ascii", "replace"))
            at += 1 + size
    raise Unreadable("a name without an end")
