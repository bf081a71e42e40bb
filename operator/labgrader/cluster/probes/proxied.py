"""The Dialer of a grader outside the cluster: the API server's proxy sends the request.

Used by ``cluster.gather`` for the command line. What the API server itself says when it
cannot reach the Service comes as a Status object; it is put into the same words as the
direct dialer's errors.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import orjson

from labgrader.cluster.client import Client
from labgrader.cluster.errors import ApiError, ApiUnreachable, trouble
from labgrader.cluster.probes.direct import SECONDS
from labgrader.cluster.probes.exchange import BODY_LIMIT
from labgrader.evidence.answers import Answer, HttpAnswer, NoHttpAnswer
from labgrader.evidence.requests import CallHttp, HttpTarget

_SAID = (
    ("no endpoints available", "refused"),
    ("connection refused", "refused"),
    ("timeout", "timeout"),
    ("deadline exceeded", "timeout"),
    ("connection reset", "reset"),
    ("EOF", "reset"),
    ("malformed HTTP", "not-http"),
)
"""What the API server's proxy says, and the word for it; anything else is ``unreachable``."""
_ERRORS = range(400, 600)


@dataclass(frozen=True, slots=True)
class ProxiedDialer:
    """Asks through the API server. Needs the right to get ``services/proxy``."""

    client: Client

    async def call(self, request: CallHttp) -> Answer:
        """HttpAnswer, NoHttpAnswer or Trouble."""
        wanted = request.target
        try:
            status, _, body = await self.client.raw(
                _path(wanted), seconds=SECONDS + 1, limit=BODY_LIMIT
            )
        except ApiUnreachable as error:
            return _unreached(error, wanted)
        said = _status_object(status, body)
        return (
            HttpAnswer(status, body.decode("utf-8", "replace"))
            if said is None
            else _why(said, wanted)
        )


def _path(wanted: HttpTarget) -> str:
    service = quote(f"http:{wanted.service}:{wanted.port}", safe=":")
    return f"/api/v1/namespaces/{wanted.namespace}/services/{service}/proxy{wanted.path}"


def _unreached(error: ApiUnreachable, wanted: HttpTarget) -> Answer:
    """An exchange that took too long is the application's: the API server answers at once."""
    if isinstance(error.__cause__, TimeoutError):
        return NoHttpAnswer("timeout")
    return trouble(error, f"ask Service {wanted.service} in {wanted.namespace}")


def _status_object(status: int, body: bytes) -> Mapping[str, Any] | None:
    """The API server's own Status, where the answer is one."""
    if status not in _ERRORS or not body.startswith(b"{"):
        return None
    try:
        said = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    is_status = said.get("kind") == "Status" and said.get("apiVersion") == "v1"
    return said if is_status else None


def _why(said: Mapping[str, Any], wanted: HttpTarget) -> Answer:
    message = str(said.get("message", ""))
    if said.get("reason") in {"Forbidden", "Unauthorized"}:
        error = ApiError(403, str(said["reason"]), message)
        return trouble(error, f"ask Service {wanted.service} in {wanted.namespace} by proxy")
    return NoHttpAnswer(next((word for part, word in _SAID if part in message), "unreachable"))
