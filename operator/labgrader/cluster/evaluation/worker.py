"""The program of a worker: reads requests, evaluates them, writes answers, until its input ends.

Started by ``pool`` as ``python -m labgrader.cluster.evaluation.worker``; imports as little as
it can, because it starts while somebody waits. It limits itself, so that an evaluation that
runs wild ends this process: in processor time, which a busy machine does not use up, and in
memory. Must not look at anything but its input.
"""

import resource
import signal
import sys
from pathlib import Path
from typing import BinaryIO

from labgrader.checks.cel.engine import BadExpression
from labgrader.checks.cel.evaluate import evaluate
from labgrader.cluster.evaluation.frames import HEADER_BYTES, answered, request_of
from labgrader.evidence.answers import NotEvaluated, Values

CPU_SECONDS = 30.0
"""Of one request: many times what the largest objects and the most steps take."""
_MEMORY_BYTES = 512 << 20
_FIRST_TO_DIE = "1000"


def main() -> None:
    """Serve standard input and output."""
    _limit()
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    while body := _receive(source):
        signal.setitimer(signal.ITIMER_PROF, CPU_SECONDS)  # its signal ends the process
        answer = _answer(body)
        signal.setitimer(signal.ITIMER_PROF, 0)
        _send(sink, answered(answer))


def _answer(body: bytes) -> Values | NotEvaluated:
    try:
        return evaluate(request_of(body))
    except BadExpression as error:
        return NotEvaluated(str(error))
    except MemoryError:
        return NotEvaluated("it needs too much memory")


def _limit() -> None:
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    wanted = _MEMORY_BYTES if most == resource.RLIM_INFINITY else min(most, _MEMORY_BYTES)
    try:
        resource.setrlimit(resource.RLIMIT_AS, (wanted, most))
        Path("/proc/self/oom_score_adj").write_text(_FIRST_TO_DIE, "ascii")
    except (OSError, ValueError):
        return  # macOS knows neither


def _receive(source: BinaryIO) -> bytes:
    """The next body; nothing at the end of the input."""
    header = source.read(HEADER_BYTES)
    return source.read(int.from_bytes(header, "big")) if len(header) == HEADER_BYTES else b""


def _send(sink: BinaryIO, content: bytes) -> None:
    sink.write(content)
    sink.flush()


if __name__ == "__main__":
    main()
