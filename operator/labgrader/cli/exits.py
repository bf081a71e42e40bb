"""The exit statuses of the commands that grade. Must hold constants only."""

from collections.abc import Mapping
from types import MappingProxyType

from labgrader.api.status import Result

EXIT: Mapping[Result, int] = MappingProxyType(
    {Result.PASSED: 0, Result.FAILED: 1, Result.INCONCLUSIVE: 3, Result.STALLED: 3}
)
EXIT_USAGE = 2
