"""The condition types and reasons that both kinds carry in their status.

Written by ``reporting``, read by people, ``kubectl wait`` and tools that follow kstatus:
``Ready`` says that the work is done, ``Reconciling`` that it is under way, ``Stalled`` that
it goes on only after somebody acts. Must hold names only; sentences are ``reporting``'s.
"""

from enum import StrEnum


class ConditionType(StrEnum):
    """What a condition speaks about."""

    READY = "Ready"
    """Submission: the present attempt is graded, passed or not. LabExercise: it can grade."""
    PASSED = "Passed"
    """The graded attempt reached the exercise's passPercent; Unknown until it is graded."""
    RECONCILING = "Reconciling"
    """A grading is waiting or under way. Only there while it is True."""
    STALLED = "Stalled"
    """Nothing goes on until the cause in the reason is removed. Only there while it is True."""


class SubmissionReason(StrEnum):
    """Why a Submission's condition is as it is."""

    GRADED = "Graded"
    """Every check has a conclusive outcome."""
    OUTDATED = "Outdated"
    """Graded, on an earlier version of the exercise than the present one."""
    ENOUGH_POINTS = "EnoughPoints"
    """The score reaches the exercise's passPercent."""
    TOO_FEW_POINTS = "TooFewPoints"
    """The score stays below the exercise's passPercent."""
    NOT_HANDED_IN = "NotHandedIn"
    """The attempt is 0: nothing is to be graded yet."""
    QUEUED = "Queued"
    """Checks disturb, and others' come first; ``queue`` says how many and until when."""
    GRADING = "Grading"
    """Checks are being looked at."""
    INCONCLUSIVE = "Inconclusive"
    """Some checks could not be looked at, so the score is a range."""
    INVALID = "Invalid"
    """The Submission itself cannot be read."""
    EXERCISE_NOT_FOUND = "ExerciseNotFound"
    """The course has no exercise of this name."""
    EXERCISE_INVALID = "ExerciseInvalid"
    """The exercise cannot grade; its own conditions say why."""
    NOT_A_COURSE = "NotACourse"
    """The exercise's namespace, or the Submission's, carries no label of a course."""
    TARGET_NOT_IN_COURSE = "TargetNotInCourse"
    """The target namespace does not belong to the exercise's course."""
    TARGET_NOT_OWN = "TargetNotOwn"
    """A Submission in a learner's namespace targets another namespace."""
    LEARNER_MISMATCH = "LearnerMismatch"
    """The learner is not the one whose namespace is the target."""
    TARGET_MISSING = "TargetMissing"
    """The target namespace is not there."""
    TARGET_TERMINATING = "TargetTerminating"
    """The target namespace is being deleted."""
    DISRUPTION_NOT_ALLOWED = "DisruptionNotAllowed"
    """A check disturbs, and the target namespace has not been opened for it."""
    FORBIDDEN = "Forbidden"
    """The grader lacks a right; the message names the Role that grants it."""
    GRADER_ERROR = "GraderError"
    """The grader itself failed; never the learner's fault."""


class ExerciseReason(StrEnum):
    """Why a LabExercise's condition is as it is."""

    VALID = "Valid"
    """It can grade."""
    INVALID = "Invalid"
    """It cannot be read; the message says which field."""
    NOT_A_COURSE = "NotACourse"
    """Its namespace carries no label that makes it a course."""
    NO_POINTS = "NoPoints"
    """No check is worth a point."""
    NEEDS_LATER_PHASE = "NeedsLaterPhase"
    """A check needs one that is looked at in a later phase than itself."""
    HOLLOW_CHECK = "HollowCheck"
    """A check with points is true before any work."""
    POINTLESS_GROUP = "PointlessGroup"
    """A group's checks cannot earn what the group is worth, or count in no way."""
    POINTLESS_RULE = "PointlessRule"
    """A cap, a share or extra credit that can never change a score."""
    BAD_PARAMETER = "BadParameter"
    """With some value of a parameter the exercise would be wrong."""
    BAD_PATTERN = "BadPattern"
    """A pattern does not compile."""
    EXPECT_TOO_LARGE = "ExpectTooLarge"
    """An expect tree has over 2,000 nodes or is deeper than 32."""
    BAD_EXPRESSION = "BadExpression"
    """A CEL expression does not compile, is not true or false, or may cost too much."""
