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
@click.option("--pod", required=True, metavar="IP:PORT", help="The pod that will be stopped.")
@click.option("--slow", required=True, help="What it is asked for; it should take seconds.")
@click.option("--rate", type=click.IntRange(1, 1000), default=20, show_default=True)
def drain(
    *,
    address: str,
    host: str,
    path: str,
    seconds: float,
    nonce: str,
    pod: str,
    slow: str,
    rate: int,
) -> None:
    """Ask a Service at a constant rate, and keep slow requests to one pod under way."""
    from labgrader.cluster.probes import drain, exchange  # noqa: PLC0415 (only here needed)

    service, one = exchange.Target(address, host, path), exchange.Target(pod, host, slow)
    asyncio.run(drain.drain(service, one, rate=rate, seconds=seconds, nonce=nonce))


@probe.command()
@_address
@_host
@_path
@_time
@_nonce
@click.option("--each", "pods", multiple=True, metavar="IP:PORT", help="A pod to ask, too.")
@click.option("--requests", type=click.IntRange(1, 5000), required=True)
@click.option("--header", default="", help="Tell this header instead of the body.")
def spread(
    *,
    address: str,
    host: str,
    path: str,
    seconds: float,
    nonce: str,
    pods: tuple[str, ...],
    requests: int,
    header: str,
) -> None:
    """Ask a Service and the pods behind it in a random order; one JSON line for each request."""
    from labgrader.cluster.probes import exchange, spread  # noqa: PLC0415 (only here needed)

    service, *each = (exchange.Target(one, host, path) for one in (address, *pods))
    asyncio.run(
        spread.spread(service, each, requests=requests, header=header, seconds=seconds, nonce=nonce)
    )


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


@probe.command()
@_nonce
@click.option("--connect", "flows", multiple=True, metavar="IP:PORT", help="Open connections.")
@click.option(
    "--resolve", "names", multiple=True, metavar="RECORD/NAMESPACE/NAME", help="Look up a name."
)
def errands(*, nonce: str, flows: tuple[str, ...], names: tuple[str, ...]) -> None:
    """Connect and look up, all at once; one JSON line for each."""
    from labgrader.cluster.probes import errands as program  # noqa: PLC0415 (only here needed)
    from labgrader.cluster.probes.names import read_configuration  # noqa: PLC0415

    addresses = [flow.rpartition(":") for flow in flows]
    wanted = [(address.strip("[]"), int(port)) for address, _, port in addresses]
    asked = [tuple(name.split("/", 2)) for name in names]
    resolver = read_configuration() if asked else None
    asyncio.run(program.run_errands(wanted, asked, resolver, nonce))  # type: ignore[arg-type]  # three parts


@probe.command()
@_time
@_nonce
@click.option("--port", "ports", multiple=True, required=True, type=click.IntRange(1024, 65535))
def listen(*, seconds: float, nonce: str, ports: tuple[int, ...]) -> None:
    """Take connections at the ports, so that others can try to reach them."""
    from labgrader.cluster.probes import errands as program  # noqa: PLC0415 (only here needed)

    asyncio.run(program.listen(ports, seconds, nonce))
