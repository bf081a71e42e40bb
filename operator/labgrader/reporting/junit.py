"""Outcomes as JUnit XML, which every CI system shows.

Called by ``cli.lint`` and ``cli.selftest``. Pure.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from labgrader.reporting.visible import visible


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a case is not well. ``headline`` is one line, ``detail`` the whole story.

    ``error`` says that it could not be found out, instead of that it is wrong.
    """

    headline: str
    detail: str
    error: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """One test case."""

    name: str
    seconds: float = 0.0
    trouble: Trouble | None = None


@dataclass(frozen=True, slots=True)
class Suite:
    """Test cases that belong together."""

    name: str
    cases: Sequence[Case]


def junit(suites: Iterable[Suite]) -> str:
    """The whole document."""
    body = "".join(_suite(suite) for suite in suites)
    return f'<?xml version="1.0" encoding="utf-8"?>\n<testsuites>\n{body}</testsuites>\n'


def _suite(suite: Suite) -> str:
    troubles = [case.trouble for case in suite.cases if case.trouble]
    errors = sum(trouble.error for trouble in troubles)
    head = (
        f'<testsuite name={_attribute(suite.name)} tests="{len(suite.cases)}"'
        f' failures="{len(troubles) - errors}" errors="{errors}" skipped="0"'
        f' time="{sum(case.seconds for case in suite.cases):.3f}">\n'
    )
    return f"{head}{''.join(_case(suite.name, case) for case in suite.cases)}</testsuite>\n"


def _case(suite: str, case: Case) -> str:
    head = (
        f"<testcase classname={_attribute(suite)} name={_attribute(case.name)}"
        f' time="{case.seconds:.3f}"'
    )
    if case.trouble is None:
        return f"{head}/>\n"
    what = "error" if case.trouble.error else "failure"
    detail = escape(visible(case.trouble.detail))
    told = f"<{what} message={_attribute(case.trouble.headline)}>{detail}</{what}>"
    return f"{head}>{told}</testcase>\n"


def _attribute(text: str) -> str:
    return quoteattr(visible(text), {"\n": "&#10;", "\t": "&#9;", "\r": "&#13;"})
