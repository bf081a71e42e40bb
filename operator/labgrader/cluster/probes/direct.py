"""The Dialer of an operator that runs inside the cluster: it sends the request itself.

Used by ``cluster.gather``, for ``answers``, whose judge asks only once the endpoints have been
shown to be pods of the namespace. One exchange of at most five seconds; no retry, because a
check that fails is looked at again as a whole.
"""

from dataclasses import dataclass

import aiohttp

from labgrader.cluster.client import Client
from labgrader.cluster.errors import ApiError, ApiUnreachable, trouble
from labgrader.cluster.probes.exchange import ask, session, why
from labgrader.cluster.probes.targets import resolve
from labgrader.evidence.answers import Answer, Hindered, HttpAnswer, NoHttpAnswer
from labgrader.evidence.requests import CallHttp

SECONDS = 5.0
"""The time for one whole exchange."""


@dataclass(frozen=True, slots=True)
class DirectDialer:
    """Dials the Service's cluster address, or a pod of a headless one."""

    client: Client

    async def call(self, request: CallHttp) -> Answer:
        """HttpAnswer, NoHttpAnswer, Hindered or Trouble."""
        try:
            target = await resolve(self.client, request.target, proven=True)
        except (ApiError, ApiUnreachable) as error:
            wanted = request.target
            return trouble(error, f"look up Service {wanted.service} in {wanted.namespace}")
        if isinstance(target, NoHttpAnswer | Hindered):
            return target
        try:
            async with session(SECONDS) as opened:
                status, body = await ask(opened, target)
        except (aiohttp.ClientError, OSError) as error:
            return NoHttpAnswer(why(error))
        return HttpAnswer(status, body.decode("utf-8", "replace"))
