"""What the API server refuses, and that it cannot be reached, as two exceptions.

Raised by ``cluster.client``; turned into Trouble by ``cluster.gather`` and the experiments.
"""

from labgrader.evidence.answers import Trouble


class ApiError(Exception):
    """The API server answered with an error status."""

    def __init__(self, status: int, reason: str, message: str) -> None:
        self.status = status
        self.reason = reason
        self.message = message
        super().__init__(f"{status} {reason}: {message}")

    @property
    def overloaded(self) -> bool:
        """The server says that the same request may succeed a little later."""
        return self.status == 429 or self.status >= 500  # noqa: PLR2004 (HTTP's own numbers)


class ApiUnreachable(Exception):
    """No answer came from the API server."""


def trouble(error: ApiError | ApiUnreachable, doing: str) -> Trouble:
    """The evidence for an error: why the grader could not look, and whether to try again.

    ``doing`` says what was asked for, as ``get deployments in kim``.
    """
    if isinstance(error, ApiUnreachable):
        return Trouble("ApiUnreachable", f"{doing}: {error}", transient=True)
    if error.status in {401, 403}:
        return Trouble("Forbidden", f"{doing}: {error.message}", transient=False)
    reason = "ApiOverloaded" if error.overloaded else "ApiRefused"
    return Trouble(reason, f"{doing}: {error}", transient=error.overloaded)
