"""What ``labgrader grade`` prints: a table, JSON, or a page for the browser.

Called by ``cli.grade`` after the grading. What only one of the forms takes is loaded for it alone,
because start-up counts.
"""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from labgrader.evidence.record import Record
from labgrader.grading.report import Report

FORMS = ("table", "json", "html")


@dataclass(frozen=True, slots=True)
class Graded:
    """What came of one namespace.

    ``evidence`` says which was recorded, None where none was. The timelines of ``record``
    are in a table and in JSON only where ``timeline`` asks for them.
    """

    namespace: str
    learner: str
    report: Report
    record: Record
    evidence: Mapping[str, Any] | None = None
    timeline: bool = False


def show(results: Sequence[Graded], form: str, lang: str) -> None:
    """Print all of them, in one of FORMS."""
    shown = {"table": _table, "json": _json, "html": _html}
    shown[form](results, lang)


def _table(results: Sequence[Graded], lang: str) -> None:
    from rich.console import Console  # noqa: PLC0415

    from labgrader.reporting.table import print_report  # noqa: PLC0415
    from labgrader.reporting.timeline.terminal import print_timelines  # noqa: PLC0415

    console = Console()
    for one in results:
        if len(results) > 1:
            console.rule(one.namespace, align="left")
        print_report(one.report, lang, console)
        if one.timeline:
            print_timelines(one.record, lang, console)


def _json(results: Sequence[Graded], lang: str) -> None:
    from labgrader.reporting.document import document, timelines  # noqa: PLC0415

    documents = [
        document(one.report, one.namespace, lang)
        | ({"evidence": one.evidence} if one.evidence else {})
        | (timelines(one.record) if one.timeline else {})
        for one in results
    ]
    print_json(documents if len(documents) > 1 else documents[0])


def print_json(whole: Any) -> None:
    """Print JSON for programs."""
    options = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
    sys.stdout.write(orjson.dumps(whole, option=options).decode())


def _html(results: Sequence[Graded], lang: str) -> None:
    from labgrader.reporting.html.page import page  # noqa: PLC0415
    from labgrader.reporting.html.sheet import Sheet  # noqa: PLC0415

    sheets = [
        Sheet(one.namespace, one.learner, one.report, one.record, one.evidence) for one in results
    ]
    print_page(page(sheets, lang))


def print_page(page: str) -> None:
    """Print a page as the bytes that it says it is made of, whatever the terminal's encoding."""
    sys.stdout.buffer.write(page.encode())
    sys.stdout.buffer.flush()
