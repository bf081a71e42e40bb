"""English texts of ``unchanged`` and of what exercises give."""

from types import MappingProxyType

TEXTS = MappingProxyType(
    {
        "AsGiven": "{kind} {name} is still as the exercise gave it.",
        "GivenChanged": (
            "{kind} {name} must stay as the exercise gave it, but {path} was changed:"
            " given was {expected}, now it is {seen}."
        ),
        "GivenTakenAway": (
            "{kind} {name} must stay as the exercise gave it, but {path} is gone: given was"
            " {expected}."
        ),
        "GivenAddedTo": (
            "{kind} {name} must stay as the exercise gave it, but {path} was added: {seen}."
        ),
        "WasGiven": (
            "The exercise had put {kind} {name} there, and it should have stayed. Your instructor"
            " can put it there again."
        ),
        "NothingGiven": (
            "The check asks whether {kind} {name} is unchanged, but the exercise gives no such"
            " object. This is a mistake in the exercise, not the learner's."
        ),
    }
)
