"""The fields of both kinds' status: what the operator reports.

Read by ``api.schema`` only, which makes the CRDs from them. The operator writes plain JSON, so
nothing is parsed with these, and no running program loads them: making models takes its time.
"""

from typing import Annotated, Literal

from pydantic import Field

from labgrader.api.base import LabelName, Model, Share
from labgrader.api.status import (
    MAX_CAUSES,
    MAX_HISTORY,
    MAX_LIVE_MESSAGE,
    MAX_MESSAGE,
    MAX_PARAM,
    MAX_PARAMS,
    MAX_PROBLEMS,
    MAX_TASK_BYTES,
    EvidenceState,
    Outcome,
    Result,
)

Reason = Annotated[str, Field(max_length=63, pattern="^[A-Z][A-Za-z0-9]*[A-Za-z0-9]$")]
Message = Annotated[str, Field(max_length=MAX_MESSAGE)]
Params = Annotated[
    dict[str, Annotated[str, Field(max_length=MAX_PARAM)]], Field(max_length=MAX_PARAMS)
]
Points = Annotated[int, Field(ge=0, le=100_000)]
AttemptNumber = Annotated[int, Field(ge=1, le=1_000_000)]
Generation = Annotated[int, Field(ge=0, json_schema_extra={"format": "int64"})]
Digest = Annotated[str, Field(max_length=128)]
Time = Annotated[str, Field(max_length=64, json_schema_extra={"format": "date-time"})]


class Condition(Model):
    """One aspect of the object's state, as in every Kubernetes kind."""

    type: Annotated[str, Field(min_length=1, max_length=63)]
    """Ready, Passed, Reconciling or Stalled."""
    status: Literal["True", "False", "Unknown"]
    """True, False or Unknown."""
    observed_generation: Generation | None = None
    """The generation of the spec that this speaks about."""
    last_transition_time: Time
    """When the status changed last."""
    reason: Reason
    """Why, in one CamelCase word."""
    message: Annotated[str, Field(max_length=32768)] = ""
    """Why, in a sentence."""


Conditions = Annotated[tuple[Condition, ...], Field(max_length=10)]


class GradedExercise(Model):
    """Which version of the exercise was graded."""

    uid: Annotated[str, Field(max_length=64)]
    """The exercise object's uid."""
    generation: Generation
    """The generation of its spec."""
    hash: Digest
    """A digest of its spec."""


class Cause(Model):
    """A deeper reason, found while explaining a failure."""

    reason: Reason
    """The cause in one CamelCase word, for example ImagePullBackOff."""
    params: Params | None = None
    """What was seen, by name."""


class CheckStatus(Model):
    """What came of one check."""

    name: LabelName
    """The check's name."""
    outcome: Outcome
    """Passed, Failed, Error, Unknown or Skipped."""
    points: Points
    """What the check is worth."""
    earned: Points | None = None
    """What it earned; absent while the outcome is open."""
    percent: Share | None = None
    """How much of a failed check is fulfilled, as text; absent where that is nothing."""
    group: LabelName | None = None
    """The group in which it counts."""
    extra: bool | None = None
    """True where its points are extra credit."""
    cap: Points | None = None
    """The score that is not exceeded while this check, which is required, does not pass."""
    reason: Reason | None = None
    """Why, in one CamelCase word."""
    params: Params | None = None
    """What was expected and what was seen, by name; the message is made from these."""
    causes: Annotated[tuple[Cause, ...], Field(max_length=MAX_CAUSES)] | None = None
    """The deeper reasons, the most telling one first."""
    message: Message | None = None
    """What was expected, what was seen and where to look, in the Submission's language."""
    hint: Annotated[str, Field(max_length=8192)] | None = None
    """The author's help, while the check does not pass."""


class GroupStatus(Model):
    """What checks that count together came to."""

    name: LabelName
    """The group's name."""
    points: Points
    """What the group is worth."""
    earned: Points | None = None
    """What it earned; absent while open checks may change it."""
    extra: bool | None = None
    """True where its points are extra credit."""
    reason: Reason | None = None
    """How it counts, in one CamelCase word."""
    params: Params | None = None
    """How many checks it has, and how many of them count."""
    message: Message | None = None
    """How it counts, in the Submission's language."""


class KeptEvidence(Model):
    """The recorded evidence of a grading, for judging it again."""

    state: EvidenceState
    """Kept, Pending or Lost."""
    digest: Digest | None = None
    """The digest of the evidence."""
    ref: Annotated[str, Field(max_length=1024)] | None = None
    """Its name in the operator's evidence store."""
    left_out: Annotated[int, Field(ge=0, le=1_000_000)] | None = None
    """How many answers were left out because there was too much; absent where none was."""


class PastAttempt(Model):
    """An earlier score."""

    attempt: AttemptNumber
    """Which attempt."""
    score: Points | None = None
    """The points that it earned; absent where it stayed open."""
    max_score: Points | None = None
    """The points that there were."""
    finished_at: Time | None = None
    """When its grading ended."""
    exercise_hash: Digest | None = None
    """Which version of the exercise was graded."""
    evidence: KeptEvidence | None = None
    """What it rests on."""


class LiveCheck(Model):
    """What one check would come to now."""

    name: LabelName
    """The check's name."""
    outcome: Outcome
    """Passed, Failed, Error, Unknown or Skipped."""
    latched: Literal[True] | None = None
    """True where it was seen to pass earlier and does not pass now."""
    reason: Reason | None = None
    """Why, in one CamelCase word."""
    message: Annotated[str, Field(max_length=MAX_LIVE_MESSAGE)] | None = None
    """What was expected, what was seen and where to look, in the Submission's language."""


class LiveStatus(Model):
    """How far the work is; it never counts for the grade."""

    summary: Annotated[str, Field(max_length=1024)] | None = None
    """The state in one sentence."""
    observed_at: Time
    """Since when it has been so: it is written when something in it changes."""
    exercise_hash: Digest
    """Which version of the exercise the checks are of."""
    checks: Annotated[tuple[LiveCheck, ...], Field(max_length=100)]
    """The checks that look at objects, in the exercise's order."""


class QueueStatus(Model):
    """A place among the gradings that disturb, of which few are at work at a time."""

    position: Annotated[int, Field(ge=1, le=1_000_000)]
    """As which of those that wait it begins; 1 is the next."""
    expected_at: Time | None = None
    """When its turn is expected, by how long earlier gradings took; absent where none has ended."""
    observed_at: Time
    """When this was so. It is written again when the position has halved or the time is far off."""


class SubmissionStatus(Model):
    """What came of the submission; written by the operator only."""

    observed_generation: Generation | None = None
    """The generation of the spec that this status speaks about."""
    attempt: Annotated[int, Field(ge=0, le=1_000_000)] | None = None
    """The attempt that this status speaks about; 0 while nothing is handed in."""
    exercise: GradedExercise | None = None
    """Which version of the exercise was graded."""
    result: Result | None = None
    """Pending, Grading, Passed, Failed, Inconclusive or Stalled. It speaks about
    observedGeneration, so wait for the condition Ready rather than for this."""
    score: Points | None = None
    """The points earned; only there when every check has a conclusive outcome."""
    score_min: Points | None = None
    """The points earned for certain, while some checks are open."""
    score_max: Points | None = None
    """The points that can still be reached, while some checks are open."""
    max_score: Points | None = None
    """The points that there are, without extra credit."""
    capped_at: Points | None = None
    """Where a required check that did not pass holds the score; absent where none does."""
    summary: Annotated[str, Field(max_length=1024)] | None = None
    """The state in one sentence."""
    task: Annotated[str, Field(max_length=MAX_TASK_BYTES)] | None = None
    """What the learner has to do, in markdown; at most 16 KiB."""
    queue: QueueStatus | None = None
    """Its place while the grading waits for its turn; absent from then on."""
    started_at: Time | None = None
    """When the grading began."""
    observed_at: Time | None = None
    """When the cluster was looked at last."""
    finished_at: Time | None = None
    """When the grading ended."""
    checks: Annotated[tuple[CheckStatus, ...], Field(max_length=100)] | None = None
    """What came of each check, in the exercise's order."""
    groups: Annotated[tuple[GroupStatus, ...], Field(max_length=20)] | None = None
    """What came of the checks that count together."""
    evidence: KeptEvidence | None = None
    """What the score rests on, recorded; absent where the operator keeps no evidence."""
    history: Annotated[tuple[PastAttempt, ...], Field(max_length=MAX_HISTORY)] | None = None
    """The earlier attempts, the latest first."""
    live: LiveStatus | None = None
    """How far the work is while the exercise's mode is Continuous and a check is left to pass.
    It is no grade."""
    conditions: Conditions | None = None
    """Ready, Passed, Reconciling, Stalled. Ready=True means graded, also when it failed."""


class LabExerciseStatus(Model):
    """Whether the exercise can grade; written by the operator only."""

    observed_generation: Generation | None = None
    """The generation of the spec that this status speaks about."""
    max_score: Points | None = None
    """The points that there are, without extra credit."""
    problems: Annotated[tuple[Message, ...], Field(max_length=MAX_PROBLEMS)] | None = None
    """What keeps the exercise from grading, one sentence each."""
    conditions: Conditions | None = None
    """Ready and Stalled."""
