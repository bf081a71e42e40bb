"""How a request and its answer travel between the engine and a worker: JSON with its length.

Used by ``pool`` and ``worker``, which run the same version of labgrader. Must not read or write.
"""

from typing import Any

import orjson

from labgrader.evidence.answers import NotEvaluated, Obstacle, Value, Values
from labgrader.evidence.requests import Evaluate

HEADER_BYTES = 4


def frame(content: Any) -> bytes:
    """What is sent."""
    body = orjson.dumps(content)
    return len(body).to_bytes(HEADER_BYTES, "big") + body


def asked(request: Evaluate) -> bytes:
    """A request as it is sent to a worker."""
    return frame([request.expression, request.objects, request.beside])


def request_of(body: bytes) -> Evaluate:
    """The request that a worker received."""
    expression, objects, beside = orjson.loads(body)
    return Evaluate(expression, tuple(objects), beside)


def answered(answer: Values | NotEvaluated) -> bytes:
    """An answer as it is sent back."""
    if isinstance(answer, NotEvaluated):
        return frame(answer.why)
    return frame([[v.satisfied, v.obstacle, v.detail, v.seen] for v in answer.values])


def answer_of(body: bytes) -> Values | NotEvaluated:
    """The answer that came back. Raises ValueError where it is none."""
    content = orjson.loads(body)
    if isinstance(content, str):
        return NotEvaluated(content)
    return Values(
        tuple(
            Value(
                satisfied,
                None if obstacle is None else Obstacle(obstacle),
                detail,
                tuple((path, text) for path, text in seen),
            )
            for satisfied, obstacle, detail, seen in content
        )
    )
