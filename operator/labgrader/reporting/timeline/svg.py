"""A picture of a Timeline as SVG, for reports that are read in a browser.

Called by ``reporting.html``. Pure.

Everything that an author or a learner may have typed is escaped; there is no script in it and
nothing is loaded from anywhere. It says in words, too, what it shows (``title``, ``desc``).
"""

from html import escape

from labgrader.evidence.timeline import Timeline
from labgrader.reporting.messages import text
from labgrader.reporting.timeline.lanes import Lane, Picture, moment, picture
from labgrader.reporting.visible import visible

_LEFT, _WIDTH, _ROW, _TOP = 130, 600, 36, 30
_BAR = 24
_LEAST = 2
"""So tall is the least bar."""
_PARTS = 120
"""In so many parts at most a lane of requests is cut; fewer where those would have gaps that mean
nothing."""
_A_PART = 2
"""So many requests are in a part, if they are spread evenly."""
_GOOD, _BAD, _LINE = "#2f9e44", "#e03131", "#1c7ed6"
"""Seen on light and on dark paper alike."""
_TEXT = "currentColor"
"""Texts have the colour of the page."""
_APART = 12
"""So far apart are letters and numbers at least."""


def svg(timeline: Timeline, lang: str, title: str) -> str:
    """The picture as one ``<svg>`` element."""
    shown = picture(timeline)
    height = _TOP + _ROW * len(shown.lanes) + 30
    listed = "; ".join(f"{moment(mark.at_ms)} {mark.what}" for mark in shown.marks)
    width = _LEFT + _WIDTH + 20
    size = f'width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
    font = f'font-family="sans-serif" font-size="12" fill="{_TEXT}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" {size} {font}>',
        f"<title>{escape(visible(title))}</title>",
        f"<desc>{escape(visible(listed))}</desc>",
    ]
    for row, lane in enumerate(shown.lanes):
        parts += _lane(lane, shown, _TOP + _ROW * row, lang)
    parts += _marks(shown, height)
    parts += _scale(shown, height, lang)
    return "\n".join([*parts, "</svg>"]) + "\n"


def _lane(lane: Lane, shown: Picture, top: int, lang: str) -> list[str]:
    label = escape(text(lane.shows, {}, lang))
    made = [f'<text x="4" y="{top + _BAR - 8}">{label}</text>']
    if lane.samples:
        return made + _requests(lane, shown, top)
    points, numbers, before, free = [], [], None, 0
    for step in lane.steps:
        x, y = _x(step.at_ms, shown), top + _BAR - max(0, step.value) * _BAR // lane.most
        points += [f"{x},{before}"] * (before is not None) + [f"{x},{y}"]
        before = y
        number = str(step.value)
        if x >= free and step.value >= 0:
            numbers.append(f'<text x="{x + 2}" y="{y - 3}" font-size="10">{number}</text>')
            free = x + _APART + 6 * len(number)
    points.append(f"{_LEFT + _WIDTH},{before}")
    drawn = " ".join(points)
    made.append(f'<polyline fill="none" stroke="{_LINE}" stroke-width="2" points="{drawn}"/>')
    return made + numbers


def _requests(lane: Lane, shown: Picture, top: int) -> list[str]:
    """A bar for each part of the time: failed requests above the middle, answered ones below."""
    made, half = [], _BAR // 2
    parts = max(1, min(_PARTS, len(lane.samples) // _A_PART))
    for part in range(parts):
        from_ms = (shown.ends_ms + 1) * part // parts
        share = lane.share(from_ms, (shown.ends_ms + 1) * (part + 1) // parts)
        if not share.sent:
            continue
        x, good = _LEFT + _WIDTH * part // parts, share.sent - share.failed
        width = _LEFT + _WIDTH * (part + 1) // parts - x
        if share.failed:
            tall = max(_LEAST, share.failed * half // share.sent)
            made.append(_rect(x, top + half - tall, width, tall, _BAD))
        if good:
            made.append(_rect(x, top + half, width, max(_LEAST, good * half // share.sent), _GOOD))
    return made


def _rect(x: int, y: int, width: int, height: int, colour: str) -> str:
    size = f'x="{x}" y="{y}" width="{width}" height="{height}"'
    return f'<rect {size} fill="{colour}" shape-rendering="crispEdges"/>'


def _marks(shown: Picture, height: int) -> list[str]:
    made, free = [], 0
    for mark in shown.marks:
        x = _x(mark.at_ms, shown)
        letter_x = max(x, free)
        free = letter_x + _APART
        told = escape(visible(f"{moment(mark.at_ms)} s: {mark.what} {mark.subject}".rstrip()))
        made.append(
            f'<g><title>{told}</title><line x1="{x}" y1="18" x2="{x}" y2="{height - 26}" '
            f'stroke="{_TEXT}" stroke-dasharray="3 3"/>'
            f'<text x="{letter_x}" y="14" text-anchor="middle">{mark.letter}</text></g>'
        )
    return made


def _scale(shown: Picture, height: int, lang: str) -> list[str]:
    y = height - 8
    label = escape(text("LaneSeconds", {}, lang))
    made = [f'<text x="4" y="{y}">{label}</text>']
    for ms in (0, shown.ends_ms // 2, shown.ends_ms):
        x = _x(ms, shown)
        made.append(f'<text x="{x}" y="{y}" text-anchor="middle">{moment(ms)}</text>')
    return made


def _x(ms: int, shown: Picture) -> int:
    return _LEFT + ms * _WIDTH // shown.ends_ms
