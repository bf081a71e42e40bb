"""Any experiment on a copy: the copy is made and waited for, and then it is the experiment's place.

Run by ``laboratory``; the namespace of the copy is a debt of the experiment's record, so it goes at the
end, also after a crash. The learner's namespace is only read.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from labgrader.checks.copies import COPIED, NOT_COPIED, ORIGINAL_SERVES, ORIGINAL_WHOLE
from labgrader.checks.diagnosis.shape import items, mapping, words
from labgrader.cluster.client import Client
from labgrader.cluster.experiments.bell import Bell
from labgrader.cluster.experiments.copies.ground import fill, make
from labgrader.cluster.experiments.copies.move import asked, moved
from labgrader.cluster.experiments.copies.original import read_original
from labgrader.cluster.experiments.copies.plan import Plan, planned
from labgrader.cluster.experiments.hopeless import Hopeless, hopeless
from labgrader.cluster.experiments.journal import Journal
from labgrader.cluster.experiments.permit import MAKE_COPIES, may
from labgrader.cluster.experiments.site import Site
from labgrader.cluster.experiments.subject import Subject
from labgrader.cluster.experiments.trial import MakesTrial
from labgrader.cluster.experiments.workload import Workload
from labgrader.cluster.resources import Resources
from labgrader.evidence.answers import Hindered, HttpAnswer, Trouble
from labgrader.evidence.experiments import LoadAutoscaler, OnCopy, Update
from labgrader.evidence.keeping import Kept
from labgrader.evidence.requests import CallHttp
from labgrader.evidence.timeline import Timeline
from labgrader.evidence.traffic import Traffic

_READY_MS = 120_000
_READY_IF_THE_ORIGINAL_IS_NOT_MS = 30_000
_GOOD = range(200, 400)
_LONGEST = 300

Json = Mapping[str, Any]


@dataclass
class CopyTrial:
    """One run; ``trials`` are the experiments in place."""

    trials: Mapping[type, MakesTrial]
    client: Client
    resources: Resources
    journal: Journal
    bell: Bell
    experiment: OnCopy
    _original: Subject | None = None
    _plan: Plan | None = None

    async def check(self) -> None:
        """We may make copies, and the workload can be copied. Raises Hopeless."""
        await may(self.client, self.experiment.namespace, *MAKE_COPIES)
        self._original = await self._found()
        original = await read_original(self.client, self.resources, self._original.body)
        of, clients = self.experiment.of, asked(self.experiment.of)
        self._plan = planned(
            original,
            clients.service if clients is not None else "",
            goes_back=isinstance(of, Update) and of.then == "undo",
        )

    async def conduct(self, site: Site) -> Timeline | Traffic | Kept:
        """Make the copy, wait for it, and run the experiment on it."""
        if self._plan is None or self._original is None:
            raise TypeError("conduct comes after check")
        namespace = await make(self.client, site, self.experiment.namespace, self._plan)
        made = await fill(self.client, self.resources, namespace, self._plan)
        self.journal.did(COPIED, namespace)
        for lack, what in self._plan.lacks:
            self.journal.did(NOT_COPIED, f"{lack} {what}")
        await self._until_ready(
            _one(made, *_identity(self._original.body)), self._original, self._plan
        )
        await self._ask_original(site)
        of = self.experiment.of
        if isinstance(of, LoadAutoscaler):
            about = _one(made, "HorizontalPodAutoscaler", of.autoscaler)
        else:
            about = _one(made, of.kind, of.name)
        there = moved(of, namespace, about["metadata"]["uid"])
        trial = self.trials[type(there)](
            self.client, self.resources, self.journal, self.bell, there
        )
        try:
            await trial.check()
            return await trial.conduct(site)
        except Hopeless as error:
            raise Hopeless(_of_the_learner(error.answer, namespace, of.namespace)) from error

    async def _found(self) -> Subject:
        """The learner's workload. Raises Hopeless, KindNotServed, ApiError."""
        of = self.experiment.of
        if not isinstance(of, LoadAutoscaler):
            return await Subject.of(self.client, self.resources, of)
        return await Subject.scaled_by(self.client, self.resources, of)

    async def _until_ready(self, copy: Json, original: Subject, plan: Plan) -> None:
        """Wait for the copy; one that does not become what the original is proves nothing.

        Where the original is not whole either, the experiment tells so of the copy.
        """
        path, body = original.path, original.body
        async with (
            Workload.followed(self.client, copy["path"], copy, self.bell) as copied,
            Workload.followed(self.client, path, body, self.bell) as learners,
        ):
            soon = _READY_IF_THE_ORIGINAL_IS_NOT_MS
            ready = await self.bell.until(lambda: copied.whole, soon)
            if not ready and learners.whole:
                ready = await self.bell.until(lambda: copied.whole, _READY_MS - soon)
            if learners.whole:
                self.journal.did(ORIGINAL_WHOLE)
                if not ready:
                    raise hopeless("CopyNotReady", _why(copied, plan))

    async def _ask_original(self, site: Site) -> None:
        """Whether clients get answers from the learner's own Service now."""
        clients = asked(self.experiment.of)
        if clients is None:
            return
        answer = await site.dialer.call(CallHttp(clients))
        if isinstance(answer, HttpAnswer) and answer.status in _GOOD:
            self.journal.did(ORIGINAL_SERVES)


def _of_the_learner(answer: Trouble | Hindered, copy: str, own: str) -> Trouble | Hindered:
    """What is the learner's to mend is told of their own objects."""
    if isinstance(answer, Trouble):
        return answer
    return replace(answer, params=tuple((k, v.replace(copy, own)) for k, v in answer.params))


def _identity(body: Json) -> tuple[str, str]:
    return body["kind"], body["metadata"]["name"]


def _one(made: Sequence[Json], kind: str, name: str) -> Json:
    """The copy of an object. Raises Hopeless where it was not copied."""
    found = next((body for body in made if _identity(body) == (kind, name)), None)
    if found is None:
        raise hopeless("NotCopyable", f"{kind} {name} was not copied")
    return found


def _why(copied: Workload, plan: Plan) -> str:
    """What its pods wait for, and what the copy lacks."""
    pods = list(copied.pods())
    told = dict.fromkeys(word for pod in pods for word in _waits(pod))
    lacks = [f"{lack} {what}" for lack, what in plan.lacks]
    return (
        f"{len(copied.ready())} of {copied.wanted} pods are Ready"
        f"{': ' + '; '.join(told) if told else ''}. "
        f"Not copied: {', '.join(lacks) or 'nothing that is known'}"
    )[:_LONGEST]


def _waits(pod: Json) -> list[str]:
    """What the scheduler, or the containers' states, say."""
    status = mapping(pod.get("status"))
    unplaced = [
        words(one.get("message"))
        for one in items(status.get("conditions"))
        if (one.get("type"), one.get("status")) == ("PodScheduled", "False")
    ]
    waiting = [
        mapping(mapping(one.get("state")).get("waiting"))
        for one in (
            *items(status.get("initContainerStatuses")),
            *items(status.get("containerStatuses")),
        )
    ]
    return unplaced + [
        f"{words(one.get('reason'))} {words(one.get('message'))}".strip() for one in waiting if one
    ]
