"""English texts of how points come together: groups, caps, shares of checks."""

from types import MappingProxyType

TEXTS = MappingProxyType(
    {
        "NeedsMore": (
            "Not tried, because {percent} % of check {check} must be fulfilled first, "
            "and {seen} % is."
        ),
        "ClausesHeld": "Fulfilled: {held} of {total} parts, each of which earns its share.",
        "TimeBar": "The bar is {bar} s.",
        "GapBar": "The longest time without a good answer was {gap} s; the bar is {bar} s.",
        "AvailabilityBar": "{share} % of the requests succeeded; the bar is {bar} %.",
        "ErrorShareBar": "{share} % of the load's requests failed; the bar is {bar} %.",
        "EarnsPoints": "This check earns {earned} of {points} points.",
        "EarnsShare": "This check earns {share} % of its points.",
        "GroupAll": "Counted: {total:check/checks} of the group, all of them.",
        "GroupBest": "Counted: the best {counted} of the group's {total:check/checks}.",
        "GroupWhole": (
            "The group earns its points as a whole, by its best {counted} of {total} checks: the "
            "least fulfilled of those decides."
        ),
        "Capped": "The score is held at {cap} until the required check {check} passes.",
        "Required": "Required: the score stays at {cap} or below until this passes.",
        "TableGroup": "group {group}",
        "TableExtra": "+{points}",
    }
)
