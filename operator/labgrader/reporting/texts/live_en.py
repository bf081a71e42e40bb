"""English texts of live grading: what is shown while the learner works."""

from types import MappingProxyType

TEXTS = MappingProxyType(
    {
        "NotHandedIn": "Nothing is handed in yet. To be graded, set attempt to 1.",
        "LivePassed": "now {passed} of {total} checks pass",
        "Latched": "It passed before, and that stays shown here. Now: {now}",
        "NotAskedNow": "Answers to questions are judged when the work is handed in.",
        "CannotWatch": (
            "The grader cannot follow changes of the kind {kind}, so this is not shown while you"
            " work; it is graded when you hand in. The ClusterRole labgrader grants list and watch"
            " in all namespaces. {detail}"
        ),
    }
)
