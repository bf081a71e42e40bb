"""The switch in front of every function that has mutants: which one runs, and who was called.

The generated modules import it in place of mutmut's own, which looks into the environment at
every call. Nothing here may import labgrader or pytest: it is loaded before either.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeAlias

MutantDict: TypeAlias = dict[str, Callable[..., Any]]

_ORIGINAL = "_mutmut_orig"


class Switch:
    """What is chosen in this process: nothing, or one mutant of one function."""

    def __init__(self) -> None:
        self.function = ""
        self.mutant = ""
        self.called: set[str] = set()

    def choose(self, function: str, mutant: str) -> None:
        """Let ``mutant`` run wherever ``function`` is called from now on."""
        self.function, self.mutant = function, mutant


SWITCH = Switch()


def switched(
    mutants: MutantDict, *, is_classmethod: bool = False
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Decorate a function whose copies are in ``mutants``; the generated code fills it later."""

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        name = f"{function.__module__}:{function.__qualname__}"

        @wraps(function)
        def call(*args: Any, **kwargs: Any) -> Any:
            SWITCH.called.add(name)
            chosen = mutants[SWITCH.mutant if name == SWITCH.function else _ORIGINAL]
            if is_classmethod:
                return getattr(args[0], chosen.__name__)(*args[1:], **kwargs)
            return chosen(*args, **kwargs)

        return call

    return decorate
