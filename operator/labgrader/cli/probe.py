"""``labgrader probe``: what the pods run that an experiment starts inside the cluster.

Not for people. Imports the probe program only when it runs; durations are plain ``120s``, so
that a probe pod need not load the API models.
"""

import asyncio

import click


def duration(text: str) -> float:
    """Seconds in a duration such as ``90s`` or ``500ms``; click words the ValueError."""
    number, unit = (text[:-2], 0.001) if text.endswith("ms") else (text[:-1], 1.0)
    if not number.isdigit() or not text.endswith("s"):
        raise ValueError(text)
    return int(number) * unit


_address = click.option("--target", "address", required=True, metavar="IP:PORT")
_host = click.option("--host", required=True, help="What the Host header says.")
_path = click.option("--path", default="/", show_default=True)
_time = click.option("--for", "seconds", type=duration, required=True, metavar="DURATION")
_nonce = click.option("--nonce", default="", help="Printed in the first and last line.")


@click.group(hidden=True)
def probe() -> None:
    """Send requests to one address and print what comes back (run by probe Jobs)."""


@probe.command()
@_address
@_host
@_path
@_time
@_nonce
@click.option("--rate", type=click.IntRange(1, 1000), default=20, show_default=True)
def sample(*, address: str, host: str, path: str, seconds: float, nonce: str, rate: int) -> None:
    """Ask at a constant rate per second; one JSON line for each request."""
    from labgrader.cluster.probes import agent, exchange  # noqa: PLC0415 (only here needed)

    target = exchange.Target(address, host, path)
    asyncio.run(agent.sample(target, rate=rate, seconds=seconds, nonce=nonce))


@probe.command()
@_address
@_host
@_path
@_time
@_nonce
@click.option("--concurrency", type=click.IntRange(1, 64), default=8, show_default=True)
def load(
    *, address: str, host: str, path: str, seconds: float, nonce: str, concurrency: int
) -> None:
    """Keep requests under way; one JSON line a second with the sums."""
    from labgrader.cluster.probes import agent, exchange  # noqa: PLC0415 (only here needed)

    target = exchange.Target(address, host, path)
    asyncio.run(agent.load(target, concurrency=concurrency, seconds=seconds, nonce=nonce))
