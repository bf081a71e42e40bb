"""The file around recorded evidence: one line of text that says what follows, then gzip.

Called by ``evidence.bundle``. The line holds the format's version, the digest of the JSON
inside (the evidence's name everywhere), the digest of the packed bytes, and their number; so
a file that was cut off, altered or written by a newer version is told from each other before
anything of it is believed. Digests show accidents, not forgery: who can write the file can
write the line. Unpacking never makes more than MAX_BYTES. Pure: zlib needs no files.
"""

import hashlib
import re
import zlib
from dataclasses import dataclass

FORMAT = 1
MAX_BYTES = 8 * 1024 * 1024
"""How much JSON a bundle may hold."""
MAX_FILE_BYTES = MAX_BYTES + 64 * 1024
"""How long a bundle's file can be: what gzip cannot shrink it hardly lengthens."""

_NAME = b"labgrader-evidence"
_LINE = re.compile(
    rb"labgrader-evidence (\d{1,9}) (sha256:[0-9a-f]{64}) ([0-9a-f]{64}) (\d{1,9})\n"
)
_LONGEST_LINE = 256
_GZIP = 16 + zlib.MAX_WBITS  # zlib's own gzip header carries no time and no file name
_LEVEL = 6


class BadBundle(Exception):
    """A file that is no evidence that can be read. Its text says why, for people."""


@dataclass(frozen=True, slots=True)
class Packed:
    """Evidence as a file: its digest, and the bytes."""

    digest: str
    file: bytes


def digest(document: bytes) -> str:
    """The digest that names evidence: of its JSON, however it is packed."""
    return f"sha256:{hashlib.sha256(document).hexdigest()}"


def pack(document: bytes) -> Packed:
    """The file that holds a JSON document."""
    if len(document) > MAX_BYTES:
        raise ValueError(f"{len(document)} bytes of evidence; {MAX_BYTES} are the limit")
    name = digest(document)
    gzip = zlib.compressobj(_LEVEL, zlib.DEFLATED, _GZIP)
    body = gzip.compress(document) + gzip.flush()
    line = f"{_NAME.decode()} {FORMAT} {name} {hashlib.sha256(body).hexdigest()} {len(body)}\n"
    return Packed(name, line.encode() + body)


def unpack(file: bytes) -> tuple[str, bytes]:
    """The digest and the JSON document of a file. Raises BadBundle."""
    name, body = _opened(file)
    gzip = zlib.decompressobj(_GZIP)
    try:
        document = gzip.decompress(body, MAX_BYTES + 1)
    except zlib.error as error:
        raise BadBundle(f"its packed part is broken ({error})") from error
    if len(document) > MAX_BYTES:
        raise BadBundle(f"it unpacks to more than {MAX_BYTES} bytes, which no evidence does")
    if not gzip.eof or gzip.unused_data:
        raise BadBundle("its packed part is broken (it does not end where it should)")
    if digest(document) != name:
        raise BadBundle("it was altered: its content is not what its digest names")
    return name, document


def _opened(file: bytes) -> tuple[str, bytes]:
    """The first line's digest of the document, and the packed bytes, unharmed."""
    if not file:
        raise BadBundle("it is empty")
    if not file.startswith(_NAME + b" ") and not (_NAME + b" ").startswith(file):
        raise BadBundle(f"it is no recorded evidence: it does not begin with {_NAME.decode()}")
    line = file[: file.find(b"\n", 0, _LONGEST_LINE) + 1]
    if not line and len(file) < _LONGEST_LINE:
        raise BadBundle("it is cut off within its first line")
    matched = _LINE.fullmatch(line)
    if matched is None:
        raise BadBundle("it was altered: its first line is not as it was written")
    version, name, checksum, length = matched.groups()
    if int(version) > FORMAT:
        raise BadBundle(
            f"it has format {int(version)}, and this labgrader reads formats up to {FORMAT}: "
            "use the version that recorded it, or a newer one"
        )
    body = file[len(line) :]
    if len(body) < int(length):
        raise BadBundle(f"it is cut off: {len(body)} of {int(length)} packed bytes are there")
    if int(version) != FORMAT or len(body) > int(length):
        raise BadBundle("it was altered: it is not as long, or of no format, as its line says")
    if hashlib.sha256(body).hexdigest().encode() != checksum:
        raise BadBundle("it was altered: its packed part does not have the digest in its line")
    return name.decode(), body
