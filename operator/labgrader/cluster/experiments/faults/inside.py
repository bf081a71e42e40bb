"""The faults inside a container: its process ends (KillProcess), its app turns sick (FailLiveness).

Used by ``disturb``. How is the exercise's: a command run in the container, or a GET at a port of
the pod, which the API server sends. An app that stays sick is deleted in the end, so that no
later grading meets it.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from labgrader.checks.recovery import FAULT_REFUSED, POD_DISTURBED
from labgrader.cluster import execution
from labgrader.cluster.errors import ApiError, ApiUnreachable
from labgrader.cluster.experiments.faults.act import Means, oldest
from labgrader.cluster.experiments.hopeless import hopeless, refused
from labgrader.cluster.experiments.permit import ASK_PODS, DELETE_PODS, RUN_COMMANDS, may
from labgrader.cluster.experiments.renewal import is_held_against
from labgrader.cluster.experiments.site import Site
from labgrader.cluster.experiments.workload import Workload, is_ready, restarts
from labgrader.cluster.probes.exchange import PLAIN
from labgrader.cluster.probes.proxied import own_words, word_for
from labgrader.evidence import experiments

Json = Mapping[str, Any]
_SECONDS = 10.0
_BODY_LIMIT = 1_000
_GOOD = range(200, 400)
_GONE = (404, 410)
_SIGNALLED = frozenset({137, 143})
"""128 + KILL and 128 + TERM: the command was ended together with its container."""
_LONGEST = 300
_NO_ANSWER = frozenset({"refused", "reset", "timeout", "unreachable"})
_LOOKS, _BETWEEN_LOOKS = 8, 0.5
"""For four seconds: as long as a kubelet may take to tell of an ended container."""


@dataclass(frozen=True, slots=True)
class Inside:
    """Something is done in a container of each pod."""

    means: Means
    share: int
    done_by: experiments.Means
    ends_process: bool

    @property
    def container(self) -> str:
        """Where it is done."""
        return self.done_by.container

    async def check(self) -> None:
        """We may run commands, or send requests to pods; and delete what is worn or stays sick."""
        rights = RUN_COMMANDS if self.done_by.command else (ASK_PODS,)
        await may(self.means.client, self.means.experiment.namespace, *rights, DELETE_PODS)

    async def choose(self, workload: Workload) -> str:  # noqa: ARG002 (no node is chosen)
        """No node."""
        return ""

    def pods(self, workload: Workload) -> Sequence[Json]:
        """The oldest Ready ones; those last that the kubelet would make wait for a restart."""
        now = self.means.journal.clock.wall()
        return oldest(
            workload, self.share, first=lambda pod: is_held_against(pod, self.container, now)
        )

    async def strike(self, site: Site, pods: Sequence[Json], at_ms: int) -> bool:
        """Do it in each; the first that refuses ends it."""
        journal = self.means.journal
        if not self.ends_process:
            await site.debts.cure(pods, self.container)
        for pod in pods:
            metadata = pod["metadata"]
            said = await (self._run(metadata) if self.done_by.command else self._ask(metadata))
            if said in _NO_ANSWER and await self._began_anew(pod):
                detail = f"pod {metadata['name']} was started again just then"
                raise hopeless("ObjectReplaced", detail, transient=True)
            if said:
                told = f"pod {metadata['name']}: {said[:_LONGEST]}"
                journal.did(FAULT_REFUSED, told, at_ms=at_ms)
                return False
            journal.did("pod-chosen", metadata["name"], at_ms=at_ms)
            journal.did(POD_DISTURBED, metadata["uid"], at_ms=at_ms)
        return True

    async def _began_anew(self, pod: Json) -> bool:
        """Whether nobody answers because the container ended by itself, a moment ago.

        Its pod counts as Ready until the kubelet has looked again.
        """
        metadata = pod["metadata"]
        path = f"/api/v1/namespaces/{metadata['namespace']}/pods/{metadata['name']}"
        for _ in range(_LOOKS):
            try:
                now = await self.means.client.get(path)
            except ApiError as error:
                if error.status in _GONE:
                    return True
                raise
            started = restarts(now, self.container) != restarts(pod, self.container)
            if started or now["metadata"]["uid"] != metadata["uid"] or not is_ready(now):
                return True
            await asyncio.sleep(_BETWEEN_LOOKS)
        return False

    async def _run(self, pod: Json) -> str:
        """Run the command; what it said where it failed."""
        namespace, command = self.means.experiment.namespace, self.done_by.command
        try:
            ran = await execution.run(
                self.means.client, namespace, pod["name"], self.container, command, _SECONDS
            )
        except TimeoutError:
            return f"the command was not over after {_SECONDS:g} s"
        except ApiError as error:
            raise refused(error, f"run a command in pod {pod['name']}") from error
        except execution.NotBegun:
            raise
        except ApiUnreachable:
            if self.ends_process:  # it may have taken the connection with it; restarts will show
                return ""
            raise
        ended = {0, None} | (_SIGNALLED if self.ends_process else set())
        return "" if ran.code in ended else f"exit code {ran.code}: {ran.said or '-'}"

    async def _ask(self, pod: Json) -> str:
        """Send the request; what came back where it was no good answer."""
        name = quote(f"http:{pod['name']}:{self.done_by.port}", safe=":")
        path = f"/api/v1/namespaces/{self.means.experiment.namespace}/pods/{name}/proxy"
        status, _, body = await self.means.client.raw(
            f"{path}{self.done_by.path}", PLAIN, seconds=_SECONDS, limit=_BODY_LIMIT
        )
        said = own_words(status, body)
        if said is None:
            return "" if status in _GOOD else f"HTTP {status}"
        word = word_for(said.message)
        if word is None:
            raise refused(said, f"ask pod {pod['name']}")
        # A process that ends at once says nothing more.
        return "" if self.ends_process and word == "reset" else word
