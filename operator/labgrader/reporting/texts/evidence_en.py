"""English texts about evidence that is kept and judged again."""

from types import MappingProxyType

TEXTS = MappingProxyType(
    {
        "EvidenceMissing": (
            "The recorded evidence does not show what this check asks for: {detail}. This is not"
            " the learner's fault; a new grading can decide it."
        ),
        "PageLearner": "{learner}, namespace {namespace}",
        "PageChecks": "What each check came to, and why",
        "PageTimeline": "What was done and seen for {check}",
        "PageEvidence": "Evidence {digest}, from {started} to {ended}.",
        "PictureLegend": "requests: failed ones above, answered ones below",
        "TableBefore": "BEFORE",
        "TableNow": "NOW",
        "RegradedScore": (
            "Before: {before} of {beforeMax} points. Judged again: {now} of {max} points."
        ),
        "NothingChanged": "No check changed.",
        "ChecksChanged": "{count:check/checks} changed.",
        "ExerciseUnchanged": "The exercise asks for the same as when the evidence was recorded.",
        "EvidenceLeftOut": (
            "The evidence was too large to be kept whole: {count:answer is/answers are} left out."
        ),
        "SelfReported": (
            "This evidence is self-reported: a command line recorded it, not the operator, and"
            " whoever ran it could have changed it."
        ),
    }
)
