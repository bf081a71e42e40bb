"""The switch of a node's power, for whoever has one: a program that the user names.

Made by the command line, used by the experiment that stops a node. The operator has none: a
program that it could run would be run with its rights.
"""

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

_SECONDS = 120
_LONGEST = 300
_INDEX = re.compile(r"[0-9]+$")


class NotSwitched(Exception):
    """The node is as it was, or nobody knows how it is."""


class NodeSwitch(Protocol):
    """Switches nodes off and on. Both may be repeated, and raise NotSwitched."""

    async def off(self, node: str) -> None:
        """As if its plug were pulled."""

    async def on(self, node: str) -> None:
        """It starts, and joins the cluster again."""


@dataclass(frozen=True, slots=True)
class CommandSwitch:
    """A command in which ``{node}`` is the node's name, ``{index}`` the number at its end.

    ``{action}`` is stop or start; where the command does not place it, it comes last.
    """

    command: Sequence[str]

    async def off(self, node: str) -> None:
        """Run it with stop."""
        await self._run(node, "stop")

    async def on(self, node: str) -> None:
        """Run it with start."""
        await self._run(node, "start")

    def argv(self, node: str, action: str) -> list[str]:
        """The words to run."""
        index = _INDEX.search(node)
        fill = {"{node}": node, "{index}": index[0] if index else "", "{action}": action}
        words = list(self.command)
        if not any("{action}" in word for word in words):
            words.append("{action}")
        for name, value in fill.items():
            words = [word.replace(name, value) for word in words]
        return words

    async def _run(self, node: str, action: str) -> None:
        argv = self.argv(node, action)
        try:
            process = await asyncio.create_subprocess_exec(
                *argv,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
            )
            said, _ = await asyncio.wait_for(process.communicate(), _SECONDS)
        except (OSError, TimeoutError) as error:
            raise NotSwitched(f"{' '.join(argv)}: {type(error).__name__}: {error}") from error
        if process.returncode:
            told = said.decode("utf-8", "replace").strip()[-_LONGEST:]
            raise NotSwitched(f"{' '.join(argv)}: exit status {process.returncode}: {told or '-'}")
