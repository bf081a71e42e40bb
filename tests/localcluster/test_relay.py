import contextlib
import os
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from localcluster.controlplane import flags


@contextmanager
def relay_to(target: tuple[str, int]) -> Iterator[tuple[str, int]]:
    """The relay as the plug starts it, its listening socket as file descriptor 3."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        words = [sys.executable, "-I", "-S", str(flags.RELAY_PROGRAM), target[0], str(target[1])]
        moves = [(os.POSIX_SPAWN_DUP2, listener.fileno(), 3)]
        relay = os.posix_spawn(words[0], words, os.environ, file_actions=moves)
        try:
            yield listener.getsockname()
        finally:
            os.kill(relay, signal.SIGKILL)
            os.waitpid(relay, 0)


def test_bytes_and_their_end_go_both_ways() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, relay_to(server.getsockname()) as near:
        server.settimeout(10)
        with socket.create_connection(near, timeout=10) as client:
            far, _ = server.accept()
            with far:
                far.settimeout(10)
                client.sendall(b"question")
                client.shutdown(socket.SHUT_WR)
                assert far.makefile("rb").read() == b"question"
                far.sendall(b"answer" * 100_000)
            with client.makefile("rb") as answer:
                assert answer.read() == b"answer" * 100_000


def test_a_target_that_is_down_ends_the_connection_and_not_the_relay() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = server.getsockname()
    with relay_to(address) as near:
        with (
            socket.create_connection(near, timeout=10) as client,
            contextlib.suppress(ConnectionResetError),  # an end as good as any
        ):
            assert client.recv(1) == b""
        with (
            socket.create_server(address) as server,
            socket.create_connection(near, timeout=10),
        ):
            server.settimeout(10)
            server.accept()[0].close()
