"""The page: one part for each learner, under the exercise's title.

Called by ``cli``. Pure. It is a whole by itself, so it can be sent by mail and kept for years; and
should a text of the cluster ever get through as HTML, the page's own policy lets nothing run and
loads nothing.
"""

from collections.abc import Sequence

from labgrader.reporting.html.markup import Markup, element, empty
from labgrader.reporting.html.sheet import Sheet, section
from labgrader.reporting.html.style import STYLE

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def page(sheets: Sequence[Sheet], lang: str) -> str:
    """The whole document; there is at least one learner."""
    exercise = sheets[0].report.plan.exercise
    titles = {sheet.report.plan.exercise.spec.title.render(lang) for sheet in sheets}
    title = titles.pop() if len(titles) == 1 else exercise.name  # parameters may stand in it
    head = element(
        "head",
        empty("meta", charset="utf-8"),
        empty("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        empty("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("title", _title(title, sheets)),
        element("style", Markup(STYLE)),
    )
    body = element(
        "body",
        element("h1", title),
        element("p", exercise.name, class_="faint"),
        element("main", *(section(sheet, lang) for sheet in sheets)),
    )
    return f"<!DOCTYPE html>\n{element('html', head, body, lang=lang)}"


def _title(title: str, sheets: Sequence[Sheet]) -> str:
    return f"{title} – {sheets[0].learner}" if len(sheets) == 1 else title
