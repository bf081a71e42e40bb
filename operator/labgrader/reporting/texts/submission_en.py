"""English texts of summaries, conditions and tables: what is said about a whole submission."""

from types import MappingProxyType

TEXTS = MappingProxyType(
    {
        "Queued": "Number {position} in the queue.",
        "QueuedUntil": "Number {position} in the queue; its turn is expected at {time} UTC.",
        "Grading": "Grading is under way.",
        "ChecksPassed": "{passed} of {total} checks passed",
        "ChecksOpen": "{passed} of {total} checks passed, {open} could not be decided",
        "VerdictStands": (
            "The verdict stands as it is. What was changed since counts when this is mended: {why}"
        ),
        "Outdated": "The exercise has been edited since.",
        "ExerciseNotFound": "There is no exercise {name} in the course {course}.",
        "ExerciseInvalid": "The exercise cannot grade yet ({reason}): {text}.",
        "NotACourse": "The namespace {namespace} is no course and belongs to none.",
        "TargetNotInCourse": "The namespace {target} does not belong to the course {course}.",
        "TargetNotOwn": (
            "A Submission in the namespace {own} can only have {own} graded, not {target}."
        ),
        "LearnerMismatch": (
            "The Submission names the learner {learner}, but the namespace belongs to {label}."
        ),
        "TableCheck": "CHECK",
        "TableOutcome": "OUTCOME",
        "TablePoints": "POINTS",
        "TableMessage": "WHY",
        "ScorePassed": "{score} of {max} points: passed",
        "ScoreFailed": "{score} of {max} points: not passed",
        "ScoreOpen": "between {score} and {high} of {max} points: not everything could be looked at",
        "Hint": "Hint: {hint}",
    }
)
