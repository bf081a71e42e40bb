"""The Dialer of a grader outside the cluster: the API server's proxy sends the request.

Used by ``cluster.gather`` for the command line. What the API server itself says when it
cannot reach the Service comes as a Status object; it is put into the same words as the
direct dialer's errors. Its own troubles must never count against the learner.
"""

import re
from dataclasses import dataclass
from urllib.parse import quote

import orjson

from labgrader.cluster.client import Client
from labgrader.cluster.errors import ApiError, ApiUnreachable, trouble
from labgrader.cluster.probes.direct import SECONDS
from labgrader.cluster.probes.exchange import BODY_LIMIT, PLAIN
from labgrader.evidence.answers import Answer, HttpAnswer, NoHttpAnswer
from labgrader.evidence.experiments import HttpTarget
from labgrader.evidence.requests import CallHttp

_NOWHERE = (
    ("no endpoints available for service", "refused"),
    ("no service port", "unreachable"),
)
"""What the API server says of a Service that leads nowhere, and the word for it."""
_REACHING = "error trying to reach service: "
"""What its proxy says before the error of the connection to the pod."""
_FAILED = (
    (r"dial tcp \S+ connect: connection refused", "refused"),
    (r"dial tcp \S+ (connect: connection timed out|i/o timeout)", "timeout"),
    (
        r"dial tcp \S+ connect: (no route to host|network is unreachable|host is down)",
        "unreachable",
    ),
    (r"read tcp \S+ i/o timeout|deadline exceeded|timeout awaiting response headers", "timeout"),
    (r"connection reset by peer|\bEOF$|server closed idle connection", "reset"),
    (r"malformed HTTP|malformed MIME|transport connection broken", "not-http"),
)
"""The errors of a connection that are the target's; any other is the cluster's own trouble."""
_ERRORS = range(400, 600)
_NOT_FOUND = 404
_BUSY = (429, b"Too many requests, please try again later.")
"""The one error that the API server tells in plain text, when it has too much to do."""


@dataclass(frozen=True, slots=True)
class ProxiedDialer:
    """Asks through the API server. Needs the right to get ``services/proxy``."""

    client: Client

    async def call(self, request: CallHttp) -> Answer:
        """HttpAnswer, NoHttpAnswer or Trouble."""
        wanted = request.target
        try:
            status, _, body = await self.client.raw(
                _path(wanted), PLAIN, seconds=SECONDS + 1, limit=BODY_LIMIT
            )
        except ApiUnreachable as error:
            return _unreached(error, wanted)
        said = own_words(status, body)
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


def own_words(status: int, body: bytes) -> ApiError | None:
    """What the API server itself says, where the answer is its own."""
    if (status, body.strip()) == _BUSY:
        return ApiError(status, "TooManyRequests", body.decode().strip())
    if status not in _ERRORS or not body.startswith(b"{"):
        return None
    try:
        said = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    if said.get("kind") != "Status" or said.get("apiVersion") != "v1":
        return None
    return ApiError(status, str(said.get("reason", "")), str(said.get("message", "")))


def _why(said: ApiError, wanted: HttpTarget) -> Answer:
    """NoHttpAnswer only for what is known to be the target's: the rest is Trouble."""
    word = no_answer(said)
    if word is not None:
        return NoHttpAnswer(word)
    return trouble(said, f"ask Service {wanted.service} in {wanted.namespace} by proxy")


def no_answer(said: ApiError) -> str | None:
    """The word for why the target gave no answer, which may be gone; None for other troubles."""
    return "unreachable" if said.status == _NOT_FOUND else word_for(said.message)


def word_for(message: str) -> str | None:
    """The word for what the API server says of a target; None for troubles of its own."""
    if message.startswith(_REACHING):
        return next((word for error, word in _FAILED if re.search(error, message)), None)
    return next((word for part, word in _NOWHERE if part in message), None)
