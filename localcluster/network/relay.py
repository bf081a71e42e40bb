"""The way in from outside: forwards connections on a loopback port to the API server.

Runs as a unit of the control plane's machine, as a script of its own. It gets
the listening socket, which was opened outside, as file descriptor 3, and dials
the address given as arguments inside the cluster's network: so no route into
the cluster exists on the machine.
"""

import asyncio
import contextlib
import socket
import sys

LISTEN_FD = 3
CHUNK = 1 << 16


async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Carry bytes one way until that way ends."""
    with contextlib.suppress(ConnectionError):
        while some := await reader.read(CHUNK):
            writer.write(some)
            await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()


async def serve(host: str, port: int) -> None:
    """Forward each connection for as long as the process lives."""

    async def forward(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            far_reader, far_writer = await asyncio.open_connection(host, port)
        except OSError as error:
            print(f"{host}:{port}: {error}", flush=True)
            writer.transport.abort()
            return
        try:
            await asyncio.gather(pump(reader, far_writer), pump(far_reader, writer))
        finally:
            far_writer.close()
            writer.close()

    listener = socket.socket(fileno=LISTEN_FD)
    async with await asyncio.start_server(forward, sock=listener) as server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1], int(sys.argv[2])))
