"""The worker processes: started when the first expression comes, ended when one hangs.

Used by ``cluster.gather``. Each worker serves one request at a time, so a hang or a crash is
the doing of the request at hand, and of no other. Must not evaluate anything itself.
"""

import asyncio
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from labgrader.cluster.evaluation.frames import HEADER_BYTES, answer_of, asked
from labgrader.evidence.answers import NotEvaluated, Values
from labgrader.evidence.requests import Evaluate

WORKERS = 2
PATIENCE_SECONDS = 90.0
"""A worker ends itself after half a minute of processor time; this is for one that does not run."""
_LAST_WORDS_SECONDS = 1.0
_COMMAND = (sys.executable, "-P", "-m", "labgrader.cluster.evaluation.worker")


class _Ended(Exception):
    """The worker is gone; the text says how."""


@dataclass(slots=True)
class Workers:
    """A few worker processes, started when they are needed."""

    command: Sequence[str] = _COMMAND
    patience_seconds: float = PATIENCE_SECONDS
    _turns: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(WORKERS))
    _idle: list[asyncio.subprocess.Process] = field(default_factory=list)

    async def evaluate(self, request: Evaluate) -> Values | NotEvaluated:
        """The answer; NotEvaluated where a worker hangs, or where two in a row crash."""
        async with self._turns:
            ended = ""
            for fresh in (False, True):
                process = await self._worker(fresh=fresh)
                try:
                    return await self._ask(process, request)
                except TimeoutError:
                    return NotEvaluated(f"no answer within {self.patience_seconds:g} s")
                except _Ended as end:
                    ended = str(end)
                    if signal.SIGPROF.name in ended:
                        break  # it would take as long again
            return NotEvaluated(ended)

    async def close(self) -> None:
        """End the workers."""
        while self._idle:
            await _end(self._idle.pop(), 0)

    async def _worker(self, *, fresh: bool) -> asyncio.subprocess.Process:
        if self._idle and not fresh:
            return self._idle.pop()
        return await asyncio.create_subprocess_exec(
            *self.command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            start_new_session=True,  # Ctrl-C is for us
        )

    async def _ask(
        self, process: asyncio.subprocess.Process, request: Evaluate
    ) -> Values | NotEvaluated:
        """Ask a worker, which is ended where it does not answer. Raises _Ended, TimeoutError."""
        try:
            async with asyncio.timeout(self.patience_seconds):
                answer = await _exchange(process, asked(request))
        except TimeoutError:
            await _end(process, 0)
            raise
        except (OSError, EOFError, ValueError) as error:
            raise _Ended(await _end(process, _LAST_WORDS_SECONDS)) from error
        except BaseException:
            await _end(process, 0)
            raise
        self._idle.append(process)
        return answer


async def _exchange(process: asyncio.subprocess.Process, request: bytes) -> Values | NotEvaluated:
    """Send, and read the answer. Raises OSError, EOFError or ValueError where none comes."""
    if process.stdin is None or process.stdout is None:
        raise EOFError
    process.stdin.write(request)
    await process.stdin.drain()
    header = await process.stdout.readexactly(HEADER_BYTES)
    return answer_of(await process.stdout.readexactly(int.from_bytes(header, "big")))


async def _end(process: asyncio.subprocess.Process, patience_seconds: float) -> str:
    """End a worker, whatever it does, and say how it ended."""
    try:
        async with asyncio.timeout(patience_seconds):
            await process.wait()
    except TimeoutError:
        with suppress(ProcessLookupError):
            process.kill()
    code = await process.wait()
    if code < 0:
        return f"its process was ended by {signal.Signals(-code).name}"
    return f"its process ended with {code}"
