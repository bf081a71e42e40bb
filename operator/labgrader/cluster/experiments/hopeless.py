"""Why an experiment cannot be made or finished, as an exception on its way to the answer.

Raised below ``Laboratory``, which returns the answer it carries.
"""

from labgrader.cluster.errors import ApiError
from labgrader.evidence.answers import Hindered, Trouble

_FORBIDDEN = (401, 403)
_GONE = (404, 410)


class Hopeless(Exception):
    """``answer`` is what the check gets instead of a Timeline."""

    def __init__(self, answer: Trouble | Hindered) -> None:
        self.answer = answer
        super().__init__(answer.reason)


def hopeless(reason: str, detail: str, *, transient: bool = False) -> Hopeless:
    """The grader's trouble."""
    return Hopeless(Trouble(reason, detail, transient))


def refused(error: ApiError, doing: str) -> Exception:
    """What to raise where the API server does not let us do something in a pod, or it is gone."""
    if error.status in _FORBIDDEN:
        return hopeless("Forbidden", f"{doing}: {error.message}")
    if error.status in _GONE:
        return hopeless("ObjectReplaced", f"{doing}: {error.message}", transient=True)
    return error
