"""The operator's HTTP server: /healthz, /readyz, /metrics.

Started by ``handlers.operate``; asked by the kubelet and Prometheus.
"""

from collections.abc import Callable

from aiohttp import web

from labgrader.reporting.metrics import Metrics


async def serve(
    port: int, metrics: Metrics, *, alive: Callable[[], bool], ready: Callable[[], bool]
) -> web.AppRunner:
    """Start the server; the caller cleans the runner up."""

    async def healthz(_: web.Request) -> web.Response:
        return _answer(alive(), "the watches bring nothing any more")

    async def readyz(_: web.Request) -> web.Response:
        return _answer(ready(), "not watching yet")

    async def show(_: web.Request) -> web.Response:
        return web.Response(body=metrics.text(), content_type="text/plain")

    app = web.Application()
    app.router.add_get("/healthz", healthz)
    app.router.add_get("/readyz", readyz)
    app.router.add_get("/metrics", show)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, port=port).start()
    return runner


def _answer(good: bool, otherwise: str) -> web.Response:  # noqa: FBT001 (a state, not a switch)
    return web.Response(text="ok" if good else otherwise, status=200 if good else 503)
