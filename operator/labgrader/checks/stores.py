"""How something is written into pods and read from them: by HTTP or by commands, as an exercise says.

Called by ``checks.persists``. A program that does not even take something, or does not give it
back at once, is told apart from one that loses it. Pure.
"""

import shlex
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from labgrader.api.kinds import Stored
from labgrader.checks.clients import told
from labgrader.checks.diagnosis.events import one_line
from labgrader.checks.faults import first_container
from labgrader.checks.finding import Cause, Finding, cause, failed
from labgrader.evidence.answers import Json
from labgrader.evidence.experiments import Commands
from labgrader.evidence.keeping import Exchange, Kept, Member

_KEY, _VALUE = "{key}", "{value}"

Numbers = dict[str, Any]


def problems(store: Stored) -> Iterator[str]:
    """What makes it unusable."""
    if store.exec is None:
        if _KEY not in (store.path or ""):
            yield "store.path: write {key} where the key belongs"
        return
    if not (_holds(store.exec.write, _KEY) and _holds(store.exec.write, _VALUE)):
        yield "store.exec.write: write {key} and {value} where the key and the value belong"
    if not _holds(store.exec.read, _KEY):
        yield "store.exec.read: write {key} where the key belongs"
    if _holds(store.exec.read, _VALUE):
        yield "store.exec.read: what it prints must come from the program; leave {value} out"
    if store.method != "PUT":
        yield "store.method belongs to path and port, not to exec"


def commands(store: Stored, workload: Json) -> Commands | None:
    """The commands and their container; None where it is done by HTTP."""
    if store.exec is None:
        return None
    container = store.exec.container or first_container(workload)
    return Commands(container, store.exec.write, store.exec.read)


def not_stored(store: Stored, by: Commands | None, kept: Kept, numbers: Numbers) -> Finding | None:
    """What could not even be written, or not be read at once."""
    for one in kept.written:
        if not one.went_well:
            if by is None:
                return failed("NotWritten", **numbers, **_asked(store, kept, one))
            return failed("WriteFailed", **numbers, **_run(by, by.write, kept, one))
    for one in kept.read_first:
        if not one.held:
            if by is None:
                return failed("NotReadBack", **numbers, **_asked(store, kept, one))
            return failed("NotPrinted", **numbers, **_run(by, by.read, kept, one))
    return None


def ended(by: Commands | None, kept: Kept, lost: Sequence[Exchange]) -> Iterator[Cause]:
    """How a command ended that should have printed what is lost: the program may not run yet."""
    if by is None:
        return
    for one in lost[:1]:
        place = {"pod": name(kept.after, one.pod), "command": _line(by.read, one)}
        yield cause("ReadEnded", **place, seen=one_line(told(one)))


def name(members: Iterable[Member], uid: str) -> str:
    """The name of a pod, or its uid where it is not among them."""
    return next((member.name for member in members if member.uid == uid), uid)


def _asked(store: Stored, kept: Kept, one: Exchange) -> Numbers:
    path = (store.path or "").replace(_KEY, one.key)
    path = f"{store.method} :{store.port}{path}"
    return {"pod": name(kept.before, one.pod), "path": path, "seen": told(one)}


def _run(by: Commands, words: Iterable[str], kept: Kept, one: Exchange) -> Numbers:
    pod, seen = name(kept.before, one.pod), one_line(told(one))
    return {"pod": pod, "container": by.container, "command": _line(words, one), "seen": seen}


def _line(words: Iterable[str], one: Exchange) -> str:
    """A command as it can be typed; the value that was written is not known any more."""
    return one_line(
        shlex.join(word.replace(_KEY, one.key).replace(_VALUE, "VALUE") for word in words)
    )


def _holds(words: Iterable[str], mark: str) -> bool:
    return any(mark in word for word in words)
