"""Try mutants: a pytest plugin that runs the tests once, and then some of them per mutant.

Started by `__main__`. Each mutant has a process of its own, forked after everything is
imported and collected, in which only tests run that called the mutated function when nothing
was mutated: those first that killed its neighbours, then the quickest. The first failure ends
it. A mutant that runs ten times as long as its tests did is killed, too: it never ends.
"""

import gc
import mmap
import os
import signal
import struct
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import _lru_cache_wrapper

import pytest
from _pytest.runner import runtestprotocol

from tools.mutants.modules import Mutant, Mutated
from tools.mutants.switch import SWITCH

# In processor time. A test that takes longer proves much at once, by sampling or by starting things; whoever
# waits for it at every mutant waits for hours.
SLOWEST = 1.0
# How much longer than its tests a mutant may run, in processor time, before it counts as one that
# never ends. The clock on the wall only ends what sleeps: a busy machine must not kill mutants.
_PATIENCE = 10
AT_LEAST = 5.0
_SLEEPING = 1800.0


class Fate(StrEnum):
    """What became of a mutant."""

    KILLED = "killed"
    SURVIVED = "survived"
    UNREACHED = "no test reaches it"


@dataclass(frozen=True)
class Task:
    """Mutants of one function that are to be tried."""

    mutated: Mutated
    function: str
    mutants: tuple[Mutant, ...]


@dataclass(frozen=True)
class Result:
    """What came of one task. ``survivors`` are told with why they live."""

    task: Task
    fates: tuple[tuple[Mutant, Fate], ...]
    seconds: float


class Trial:
    """The plugin. ``results`` says what is to be done with each result, as it comes."""

    def __init__(self, tasks: Sequence[Task], results: Callable[[Result], None]) -> None:
        self._tasks = tasks
        self._results = results
        self._covering: dict[str, list[tuple[float, int]]] = defaultdict(list)
        self._killer = mmap.mmap(-1, 4)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Take the place of pytest's own loop."""
        self._baseline(session.items)
        gc.freeze()  # so that collecting in a forked process does not copy every page
        self._control(session.items)
        for task in self._tasks:
            begun = time.monotonic()
            fates = tuple(self._fates(task, session.items))
            self._results(Result(task, fates, time.monotonic() - begun))
        return True

    def _baseline(self, items: Sequence[pytest.Item]) -> None:
        """Run every test with nothing mutated, and note whom each calls and how long it takes."""
        failed, slow = [], []
        for index, item in enumerate(items):
            SWITCH.called.clear()
            begun = _processor()
            following = items[index + 1] if index + 1 < len(items) else None
            reports = runtestprotocol(item, log=False, nextitem=following)
            seconds = _processor() - begun
            if any(report.failed for report in reports):
                failed.append(item.nodeid)
            elif seconds > SLOWEST:
                slow.append(f"{item.nodeid} ({seconds:.1f} s)")
            else:
                for name in SWITCH.called:
                    self._covering[name].append((seconds, index))
        _say(f"{len(items)} tests, {len(slow)} of them too slow to be asked again:", *slow)
        if failed:
            _say("These fail with nothing mutated, and are not asked:", *failed)

    def _control(self, items: Sequence[pytest.Item]) -> None:
        """Leave out tests that fail in a forked process with nothing mutated.

        They would seem to kill whatever they are asked about.
        """
        asked = {index for covering in self._covering.values() for _, index in covering}
        SWITCH.choose("", "")
        while (
            failed := self._try([(index, items[index]) for index in asked], _SLEEPING)
        ) is not None:
            if failed not in asked:
                sys.exit(
                    "the tests do not come to an end in a forked process, with nothing mutated"
                )
            _say("Fails in a forked process, and is not asked:", items[failed].nodeid)
            asked.discard(failed)
        for name, covering in self._covering.items():
            self._covering[name] = [(spent, index) for spent, index in covering if index in asked]

    def _fates(self, task: Task, items: Sequence[pytest.Item]) -> Iterator[tuple[Mutant, Fate]]:
        function = f"{task.mutated.module.name}:{task.function}"
        order = [index for _, index in sorted(self._covering[function])]
        seconds = sum(spent for spent, _ in self._covering[function])
        for mutant in task.mutants:
            if not order:
                yield mutant, Fate.UNREACHED
                continue
            SWITCH.choose(function, mutant.name)
            killed = self._try([(index, items[index]) for index in order], seconds)
            if killed is None:
                yield mutant, Fate.SURVIVED
                continue
            yield mutant, Fate.KILLED
            if killed in order:
                order.remove(killed)
                order.insert(0, killed)

    def _try(self, chosen: Sequence[tuple[int, pytest.Item]], seconds: float) -> int | None:
        """Return the test that fails, -1 where the mutant ends otherwise, None if all pass."""
        self._killer[:] = struct.pack("i", -1)
        child = os.fork()
        if not child:
            try:
                self._in_child(chosen, seconds)
            finally:
                os._exit(1)
        _, status = os.waitpid(child, 0)
        if os.waitstatus_to_exitcode(status) == 0:
            return None
        killer: int = struct.unpack("i", self._killer[:])[0]
        return killer

    def _in_child(self, chosen: Sequence[tuple[int, pytest.Item]], seconds: float) -> None:
        _quiet()
        for number in (signal.SIGPROF, signal.SIGALRM):
            signal.signal(number, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_PROF, AT_LEAST + _PATIENCE * seconds)
        signal.setitimer(signal.ITIMER_REAL, _SLEEPING + _PATIENCE * seconds)
        _forget()
        for index, item in chosen:
            if any(report.failed for report in runtestprotocol(item, log=False, nextitem=None)):
                self._killer[:] = struct.pack("i", index)
                os._exit(1)
        os._exit(0)


def _processor() -> float:
    """Return the seconds of processor time so far, which others on the machine do not change."""
    return sum(os.times()[:4])


def _quiet() -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)


def _forget() -> None:
    """Empty what functions remember of the time before the mutant was chosen."""
    for name, module in list(sys.modules.items()):
        if name.startswith("labgrader."):
            for member in list(vars(module).values()):
                if isinstance(member, _lru_cache_wrapper):
                    member.cache_clear()


def _say(first: str, *more: str) -> None:
    sys.stderr.write("\n    ".join((first, *more)) + "\n")
    sys.stderr.flush()
