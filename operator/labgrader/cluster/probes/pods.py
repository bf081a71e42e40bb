"""One request to the address of one pod: from inside the cluster directly, else by proxy.

Used by experiments that must know which pod they talk to. Pods are taken from the API server,
never from what anybody typed. Through the proxy it needs the right to ``pods/proxy``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import aiohttp
import orjson
from yarl import URL

from labgrader.cluster.client import Client
from labgrader.cluster.configuration import in_cluster
from labgrader.cluster.errors import ApiUnreachable
from labgrader.cluster.probes.exchange import BODY_LIMIT, PLAIN, session, why
from labgrader.cluster.probes.proxied import no_answer, own_words
from labgrader.cluster.probes.targets import with_port

SECONDS = 5.0

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Said:
    """An answer, or the word for why there is none (then ``status`` is 0)."""

    status: int
    body: str = ""
    error: str = ""


async def tell(client: Client, pod: Json, port: int, method: str, path: str, value: Any) -> Said:
    """Send one request; ``value`` is its JSON body, none where it is None.

    Raises ApiUnreachable where it had to go through an API server that does not answer, ApiError
    where that one refuses to pass it on.
    """
    if in_cluster():
        return await _directly(with_port(pod["status"]["podIP"], port), method, path, value)
    metadata = pod["metadata"]
    named = quote(f"http:{metadata['name']}:{port}", safe=":")
    place = f"/api/v1/namespaces/{metadata['namespace']}/pods/{named}/proxy{path}"
    try:
        status, _, body = await client.raw(
            place, PLAIN, seconds=SECONDS + 1, limit=BODY_LIMIT, method=method, body=value
        )
    except ApiUnreachable as error:
        await client.get("/version")  # raises where it is the server that is silent, not the pod
        return Said(0, error=str(error))
    refused = own_words(status, body)
    if refused is None:
        return Said(status, body.decode("utf-8", "replace"))
    word = no_answer(refused)
    if word is None:
        raise refused
    return Said(0, error=word)


async def _directly(address: str, method: str, path: str, value: Any) -> Said:
    try:
        async with (
            session(SECONDS) as opened,
            opened.request(
                method,
                URL(f"http://{address}{path}", encoded=True),
                data=None if value is None else orjson.dumps(value),
                allow_redirects=False,
            ) as response,
        ):
            body = await response.content.read(BODY_LIMIT)
            return Said(response.status, body.decode("utf-8", "replace"))
    except (aiohttp.ClientError, OSError) as error:
        return Said(0, error=why(error))
