"""How something is written into one pod and read from it: by HTTP, or by commands in a container.

Used by ``keep_data``. What the program says is recorded; what the API server says of its own
accord is the grader's trouble, and is raised. Each asks once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from labgrader.cluster import execution
from labgrader.cluster.client import Client
from labgrader.cluster.errors import ApiError, ApiUnreachable
from labgrader.cluster.experiments.hopeless import refused
from labgrader.cluster.experiments.journal import Journal
from labgrader.cluster.experiments.permit import RUN_COMMANDS, Right
from labgrader.cluster.probes.exchange import BODY_LIMIT
from labgrader.cluster.probes.pods import tell
from labgrader.evidence.experiments import Commands, KeepData
from labgrader.evidence.keeping import Exchange

_SECONDS = 10.0
_GOOD = range(200, 300)
_TOLD = 300
"""So much of what a command said is recorded."""

Json = Mapping[str, Any]


class Store(Protocol):
    """One way. Methods raise Hopeless, ApiError, ApiUnreachable."""

    @property
    def rights(self) -> tuple[Right, ...]:
        """What it takes."""

    async def write(self, pod: Json, key: str, value: str) -> Exchange:
        """Have the pod keep the value."""

    async def read(self, pod: Json, key: str, value: str) -> Exchange:
        """Whether the pod has the value; it is not told which."""


def store(client: Client, journal: Journal, experiment: KeepData) -> Store:
    """The way that the experiment asks for."""
    if experiment.commands is not None:
        return CommandStore(client, journal, experiment.namespace, experiment.commands)
    return HttpStore(client, journal, experiment.port, experiment.method, experiment.path)


def has_settled(one: Exchange) -> bool:
    """Whether the program would say the same if it were asked again."""
    return 0 < one.status < 500 or one.exit_code in {0, execution.NO_PROGRAM}  # noqa: PLR2004 (server errors may pass)


@dataclass(frozen=True, slots=True)
class HttpStore:
    """Requests to the pod's own address."""

    client: Client
    journal: Journal
    port: int
    method: str
    path: str
    rights: tuple[Right, ...] = ()

    async def write(self, pod: Json, key: str, value: str) -> Exchange:
        """PUT or POST it."""
        return await self._ask(pod, key, self.method, value, value)

    async def read(self, pod: Json, key: str, value: str) -> Exchange:
        """GET it."""
        return await self._ask(pod, key, "GET", None, value)

    async def _ask(
        self, pod: Json, key: str, method: str, body: str | None, value: str
    ) -> Exchange:
        path = self.path.replace("{key}", key)
        said = await tell(self.client, pod, self.port, method, path, body)
        held = said.status in _GOOD and value in said.body
        uid = pod["metadata"]["uid"]
        return Exchange(self.journal.now_ms(), uid, key, said.status, held, said.error)


@dataclass(frozen=True, slots=True)
class CommandStore:
    """Commands in a container of the pod, without a shell."""

    client: Client
    journal: Journal
    namespace: str
    commands: Commands
    rights: tuple[Right, ...] = RUN_COMMANDS

    async def write(self, pod: Json, key: str, value: str) -> Exchange:
        """Run the one that writes. It need not print anything."""
        words = [word.replace("{value}", value) for word in self.commands.write]
        code, said = await self._run(pod, key, words)
        return self._exchange(pod, key, code, said, held=code == 0)

    async def read(self, pod: Json, key: str, value: str) -> Exchange:
        """Run the one that reads."""
        code, said = await self._run(pod, key, self.commands.read)
        return self._exchange(pod, key, code, said, held=code == 0 and value in said)

    def _exchange(self, pod: Json, key: str, code: int, said: str, *, held: bool) -> Exchange:
        told = f"exit code {code}: {said or '-'}" if code >= 0 else said
        uid, error = pod["metadata"]["uid"], "" if held else told[:_TOLD]
        return Exchange(self.journal.now_ms(), uid, key, 0, held, error, code)

    async def _run(self, pod: Json, key: str, words: Sequence[str]) -> tuple[int, str]:
        """The exit code and what was said; -1 where it did not end in time."""
        name, container = pod["metadata"]["name"], self.commands.container
        filled = [word.replace("{key}", key) for word in words]
        try:
            ran = await execution.run(
                *(self.client, self.namespace, name, container, filled, _SECONDS, BODY_LIMIT)
            )
        except TimeoutError:
            return -1, f"timeout ({_SECONDS:g} s)"
        except ApiError as error:
            raise refused(error, f"run a command in pod {name}") from error
        if ran.code is None:
            raise ApiUnreachable(f"the connection to pod {name} ended before the command")
        return ran.code, ran.said
