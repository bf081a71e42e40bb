"""A real S3 server on the loopback, moto's, as a process of its own.

It lives in an environment of its own (`.venv/s3`, made by `make`): its botocore and the
product's kubernetes cannot be installed together.
"""

import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError

PROGRAM = Path(sys.prefix) / "s3" / "bin" / "moto_server"
_PATIENCE_SECONDS = 60.0


@dataclass(frozen=True)
class S3Server:
    """Where it is, and the environment by which clients find it."""

    address: str

    @property
    def environment(self) -> dict[str, str]:
        return {
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_REGION": "us-east-1",
            "AWS_ENDPOINT_URL": self.address,
        }

    def make_bucket(self, name: str) -> None:
        request = urllib.request.Request(f"{self.address}/{name}", method="PUT")  # noqa: S310
        with urllib.request.urlopen(request):  # noqa: S310 (our own address)
            pass


@contextmanager
def s3_server() -> Iterator[S3Server]:
    """Start the server, and stop it."""
    assert PROGRAM.exists(), f"{PROGRAM} is not there; run `make` in a clone to install it"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [PROGRAM, "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    server = S3Server(f"http://127.0.0.1:{port}")
    try:
        _until_answered(server, process)
        yield server
    finally:
        process.terminate()
        process.wait()


def _until_answered(server: S3Server, process: "subprocess.Popen[bytes]") -> None:
    ends = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            with urllib.request.urlopen(server.address):  # noqa: S310 (our own address)
                return
        except (URLError, ConnectionError):
            assert process.poll() is None, "moto_server ended"
            assert time.monotonic() < ends, "moto_server does not answer"
            time.sleep(0.05)
