"""Why an experiment cannot be made or finished, as an exception on its way to the answer.

Raised below ``Laboratory``, which returns the answer it carries.
"""

from labgrader.evidence.answers import Hindered, Trouble


class Hopeless(Exception):
    """``answer`` is what the check gets instead of a Timeline."""

    def __init__(self, answer: Trouble | Hindered) -> None:
        self.answer = answer
        super().__init__(answer.reason)


def hopeless(reason: str, detail: str, *, transient: bool = False) -> Hopeless:
    """The grader's trouble."""
    return Hopeless(Trouble(reason, detail, transient))
