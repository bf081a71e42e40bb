"""English texts of what ``satisfies`` and selections of objects can find.

``wish`` is the author's own message in the language, or the expression.
"""

from types import MappingProxyType

TEXTS = MappingProxyType(
    {
        "TooFewSelected": (
            "There should be at least {min:object/objects} of kind {kind}{which} in namespace"
            " {namespace}, but {found:was/were} found."
        ),
        "NotSelected": "Objects of kind {kind} that do not count: {names}.",
        "ObjectsTooLarge": (
            "The objects of kind {kind} that this check reads are too large or too deeply nested to"
            " be evaluated. Keep only what the exercise asks for."
        ),
        "AllSatisfy": "{kind}: {many} of {all} as required: {wish}.",
        "SomeSatisfy": "{kind}: {many} of {all} as required ({names}): {wish}.",
        "NoneSatisfiesAsWanted": "No {kind} of {all} matches, as it should be: {wish}.",
        "CountSatisfies": "{kind}: {many} of {all} (expected: {wanted}): {wish}.",
        "NotSatisfied": "{kind} {name} is not as required: {wish}.",
        "CannotBeTold": "Whether {kind} {name} matches cannot be told, so it may: {wish}.",
        "NoneSatisfies": (
            "At least one {kind} should be as required, but none of {all} is: {wish}."
        ),
        "SomeSatisfyWrongly": (
            "No {kind} should match, but {many} of {all} match ({names}): {wish}."
        ),
        "CountDiffers": (
            "The number of objects of kind {kind} that are as required should be {wanted}, but of"
            " {all} it is {many}: {wish}."
        ),
        "OthersNeither": "Objects of kind {kind} that are not as required either: {names}.",
        "TheseSatisfy": "Objects of kind {kind} that are as required: {names}.",
        "FirstOfThem": "For example {kind} {name}:",
        "Seen": "Found: {seen}.",
        "NotThere": "{path} is not there.",
        "DoesNotFit": "What is there does not fit the check: {detail}.",
        "TooMuchToEvaluate": (
            "It has too much in it for this check to be evaluated. Keep only what the exercise asks"
            " for."
        ),
        "ExpressionWithoutOrder": (
            "The check itself is broken; this is not the learner's fault. Its expression depends on"
            " the order of a map's keys, and a map has none: {expression}"
        ),
        "FieldHides": (
            "The check itself is broken; this is not the learner's fault. {kind} {name} has no {path},"
            " without which its expression says nothing of what is beside it: {expression}"
        ),
        "ExpressionBroke": (
            "The check itself is broken; this is not the learner's fault. Evaluating its expression"
            " ended badly ({why}): {expression}"
        ),
    }
)
