"""Keeps the evidence of gradings: into the store, or to wait for it, never in a grading's way.

Called by ``handlers.grader`` before a verdict is written, run beside the workers by
``handlers.operate``. Whatever happens to the store, grading goes on: the status says where the
evidence is, and what waits is delivered when the store is back.
"""

import asyncio
import logging
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from labgrader.api.status import EvidenceState
from labgrader.api.submission import Submission
from labgrader.cluster.errors import ApiError, ApiUnreachable
from labgrader.cluster.submissions import Courses
from labgrader.evidence.bundle import Bundle, Handed, read, written
from labgrader.evidence.packing import BadBundle
from labgrader.evidence.record import Record, joined
from labgrader.evidence.store import EvidenceStore, NoStore, StoreTrouble, outdated, ref_of
from labgrader.grading.recording import bundle as bundle_of
from labgrader.grading.report import Report
from labgrader.reporting.evidence_metrics import EvidenceMetrics
from labgrader.reporting.evidence_status import evidence_moved
from labgrader.store.spool import NoRoom, Spool

_LOG = logging.getLogger(__name__)
_IN_THE_WAY_SECONDS = 1.0
_PAUSES = (2.0, 5.0, 15.0, 60.0)
_UNTOLD_SECONDS = 900.0
_TIDY_SECONDS = 3600.0
_ABANDONED_SECONDS = 3600.0

Status = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Retention:
    """How many bundles of one Submission are kept, and for how long."""

    count: int = 10
    days: int = 365


@dataclass
class Keeper:
    """The evidence of all gradings of this operator."""

    store: EvidenceStore
    spool: Spool
    courses: Courses
    retention: Retention = field(default_factory=Retention)
    metrics: EvidenceMetrics = field(default_factory=EvidenceMetrics)
    _away: bool = False
    _untold: set[str] = field(default_factory=set)
    """What is in the store, while its status does not say so yet."""

    async def keep_grading(
        self,
        submission: Submission,
        report: Report,
        record: Record,
        settled: Collection[str],
        *,
        started: str,
        ended: str,
    ) -> dict[str, Any]:
        """Keep what a grading saw, with the evidence of what an earlier try had settled."""
        spec = submission.spec
        whole = await self.with_earlier(record, submission.status, settled)
        handed = Handed(submission.namespace, submission.name, submission.uid, spec.attempt)
        return await self.keep(
            bundle_of(
                report,
                whole,
                namespace=spec.target_namespace,
                started=started,
                ended=ended,
                learner=spec.learner,
                submission=handed,
            )
        )

    async def keep(self, bundle: Bundle) -> dict[str, Any]:
        """Keep a bundle; what the status says of it. Never raises but to be cancelled."""
        try:
            fitted, packed = await asyncio.to_thread(written, bundle)
            ref = str(ref_of(fitted, packed.digest))
        except Exception:  # noqa: BLE001 (the verdict stands, whatever is wrong with keeping)
            _LOG.exception("evidence of %s cannot be written", bundle.submission)
            self.metrics.failed.inc()
            return {"state": EvidenceState.LOST.value}
        state = await self._put(ref, packed.digest, packed.file)
        told: dict[str, Any] = {"state": state.value, "digest": packed.digest, "ref": ref}
        if fitted.record.left_out:
            told["leftOut"] = len(fitted.record.left_out)
        return told

    async def with_earlier(self, record: Record, status: Status, names: Collection[str]) -> Record:
        """``record`` with the evidence of what an earlier try, told of in ``status``, settled."""
        told = status.get("evidence") or {}
        if not names or "ref" not in told:
            return record
        try:
            content = self.spool.find(told["digest"]) or await self.store.get(told["ref"])
            if content is None:
                return record
            return joined(record, read(content).record, names)
        except (StoreTrouble, BadBundle, OSError, ValueError) as error:
            _LOG.warning("the evidence of an earlier try is not there: %s", error)
            return record

    async def run(self) -> None:
        """Deliver what waits and let go what is too old, until cancelled."""
        tries, tidied, looked = 0, float("-inf"), False
        while True:
            try:
                looked = looked or await self._look_for_lost()
                await self._deliver()
                if time.monotonic() - tidied > _TIDY_SECONDS:
                    await self._tidy()
                    tidied = time.monotonic()
                self._away, tries = False, 0
            except (StoreTrouble, ApiError, ApiUnreachable, OSError) as error:
                _LOG.warning("evidence waits: %s", error)
                tries += 1
            except Exception:  # noqa: BLE001 (what waits must not stop being delivered)
                _LOG.exception("keeping evidence failed; tried again")
                tries += 1
            self._count_waiting()
            await asyncio.sleep(_PAUSES[min(tries, len(_PAUSES) - 1)])

    async def _put(self, ref: str, digest: str, content: bytes) -> EvidenceState:
        if not self._away:  # a store that is away is asked by one at a time, beside the work
            try:
                async with asyncio.timeout(_IN_THE_WAY_SECONDS):
                    await self.store.put(ref, content)
            except (StoreTrouble, TimeoutError) as error:
                _LOG.warning("the evidence store does not take %s: %s", ref, str(error) or "slow")
                self._away = True
            else:
                self.metrics.delivered.inc()
                return EvidenceState.KEPT
        try:
            await asyncio.to_thread(self.spool.add, digest, content)
        except NoRoom as error:
            _LOG.error("evidence %s is lost: %s", ref, error)
            self.metrics.failed.inc()
            return EvidenceState.LOST
        self._count_waiting()
        return EvidenceState.PENDING

    def _count_waiting(self) -> None:
        """What is in the store and not yet told of no longer waits for it."""
        try:
            waiting = {digest for digest, _ in self.spool.waiting()}
        except OSError as error:  # a number is no reason to end anything
            _LOG.warning("what waits cannot be counted: %s", error)
            return
        self.metrics.pending.set(len(waiting - self._untold))

    async def _deliver(self) -> None:
        """Bring what waits to the store, then say so. Raises at the first trouble."""
        for digest, arrived in self.spool.waiting():
            content = self.spool.find(digest)
            if content is None:
                continue
            try:
                bundle = read(content)
                ref = str(ref_of(bundle, digest))
            except (BadBundle, ValueError) as error:
                _LOG.error("what waited as evidence %s is none: %s", digest, error)
                self.metrics.failed.inc()
                self.spool.remove(digest)
                continue
            if digest not in self._untold:
                await self.store.put(ref, content)
                self._untold.add(digest)
                self.metrics.delivered.inc()
            told = bundle.submission is None or await self._tell(
                bundle.submission, digest, EvidenceState.KEPT
            )
            # The verdict that speaks of it may be about to be written: it is told then.
            if told or time.time() - arrived > _UNTOLD_SECONDS:
                self.spool.remove(digest)
                self._untold.discard(digest)

    async def _tell(self, handed: Handed, digest: str, state: EvidenceState) -> bool:
        """Write where the evidence is. False where the status does not speak of it yet."""
        body = await self.courses.submission(handed.namespace, handed.name)
        if body is None or body["metadata"]["uid"] != handed.uid:
            return True
        status = evidence_moved(body.get("status") or {}, digest, state.value)
        if status is None:
            return False
        await self.courses.write_status(body, status)
        return True

    async def _look_for_lost(self) -> bool:
        """What a predecessor left pending and does not wait here has arrived, or is lost."""
        async for body in self.courses.submissions():
            metadata, status = body["metadata"], body.get("status") or {}
            handed = Handed(metadata["namespace"], metadata["name"], metadata["uid"], 1)
            for holder in (status, *(status.get("history") or ())):
                told = holder.get("evidence") or {}
                if told.get("state") != EvidenceState.PENDING or self.spool.holds(told["digest"]):
                    continue
                there = await self.store.get(told["ref"]) is not None
                state = EvidenceState.KEPT if there else EvidenceState.LOST
                self.metrics.failed.inc(not there)
                await self._tell(handed, told["digest"], state)
        return True

    async def _tidy(self) -> None:
        self.spool.sweep(_ABANDONED_SECONDS)
        oldest = datetime.now(UTC) - timedelta(days=self.retention.days)
        try:
            refs = await self.store.refs()
            left = await self.store.unfinished(_ABANDONED_SECONDS)
        except NoStore:  # the first bundle that is put makes it
            return
        gone = outdated(refs, self.retention.count, oldest.strftime("%Y%m%dT%H%M%SZ"))
        await self.store.remove([*gone, *left])
        if gone:
            _LOG.info("let go %d bundles of evidence", len(gone))
