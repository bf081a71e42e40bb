"""A picture of a Timeline for the terminal: one line for each lane, one column for each moment.

Called by ``cli.showing``. Pure. What a colour shows, a sign shows too: not everybody sees colours,
and files have none.
"""

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from labgrader.evidence.record import Record
from labgrader.evidence.timeline import Timeline
from labgrader.reporting.messages import text
from labgrader.reporting.timeline.lanes import Lane, Picture, Share, Shows, moment, picture
from labgrader.reporting.timeline.of_checks import of_checks

_COLUMNS = 60
_HEIGHTS = "▁▂▃▄▅▆▇█"
_LEAST_WIDTH = 10
_GOOD, _SOME_BAD, _BAD, _NOTHING = "·", "▄", "█", " "
_MOST_DIGIT = 9


def print_timelines(record: Record, lang: str, console: Console) -> None:
    """Print the picture of each experiment; nothing where none was made."""
    for check, timeline in of_checks(record):
        console.print()
        console.print(Text(check, style="bold"))
        console.print(drawn(timeline, lang), soft_wrap=True, end="")


def drawn(timeline: Timeline, lang: str, *, columns: int = _COLUMNS) -> Text:
    """The picture; each column stands for an equal part of the time."""
    shown = picture(timeline)
    labels = [text(lane.shows, {}, lang) for lane in shown.lanes]
    actions, seconds = text("LaneActions", {}, lang), text("LaneSeconds", {}, lang)
    width = max([_LEAST_WIDTH, *(cell_len(label) for label in (*labels, actions, seconds))])
    made = Text()
    made.append_text(_line(actions, Text(_actions(shown, columns), style="bold"), width))
    for label, lane in zip(labels, shown.lanes, strict=True):
        made.append_text(_line(label, _lane(lane, shown.ends_ms, columns), width))
    made.append_text(_line(seconds, Text(_scale(shown.ends_ms, columns), style="dim"), width))
    for mark in shown.marks:
        told = f"{mark.letter}  {moment(mark.at_ms)}  {mark.what} {mark.subject}".rstrip()
        made.append(f"{told}\n", style="dim")
    if any(lane.samples for lane in shown.lanes):
        made.append(f"{text('LaneLegend', {}, lang)}\n", style="dim")
    return made


def _line(label: str, content: Text, width: int) -> Text:
    made = Text(label + " " * (width - cell_len(label)) + " │")
    made.append_text(content)
    return made.append("\n")


def _actions(shown: Picture, columns: int) -> str:
    """The letters where they belong; of several in one column the next free one takes them."""
    cells = [" "] * columns
    for mark in shown.marks:
        place = min(columns - 1, mark.at_ms * columns // (shown.ends_ms + 1))
        while place < columns - 1 and cells[place] != " ":
            place += 1
        cells[place] = mark.letter
    return "".join(cells).rstrip()


def _lane(lane: Lane, ends_ms: int, columns: int) -> Text:
    made = Text()
    for column in range(columns):
        from_ms, until_ms = (
            (ends_ms + 1) * column // columns,
            (ends_ms + 1) * (column + 1) // columns,
        )
        if lane.samples:
            sign, style = _requests(lane.share(from_ms, until_ms))
        else:
            sign, style = _number(lane, lane.value_at(until_ms - 1))
        made.append(sign, style=style)
    return made


def _requests(share: Share) -> tuple[str, str]:
    if not share.sent:
        return _NOTHING, ""
    if not share.failed:
        return _GOOD, "green"
    return (_BAD, "red") if share.failed * 2 >= share.sent else (_SOME_BAD, "yellow")


def _number(lane: Lane, value: int | None) -> tuple[str, str]:
    if value is None:
        return _NOTHING, ""
    if lane.shows is Shows.METRIC:
        return _HEIGHTS[value * (len(_HEIGHTS) - 1) // lane.most], "cyan"
    return (str(value) if value <= _MOST_DIGIT else "+"), "cyan"


def _scale(ends_ms: int, columns: int) -> str:
    """The seconds at the beginning, in the middle and at the end."""
    middle, end = moment(ends_ms // 2), moment(ends_ms)
    left = "0".ljust(columns // 2) + middle
    return left.ljust(columns - len(end)) + end
