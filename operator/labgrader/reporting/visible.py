"""Text without characters that documents have no place for: they are shown as escapes instead.

Called by ``reporting.junit``, ``reporting.html`` and ``reporting.timeline.svg``. What a learner's
cluster says may hold anything: a control character would make the whole document one that no
parser takes, and one that turns the direction of writing would show another text than there is. Pure.
"""

import re

_LINES, _TURNS = "\t\n\r", "\u202a-\u202e\u2066-\u2069"
_NO_PLACE = re.compile(
    f"[{_TURNS}]|[^{_LINES}\u0020-\u007e\u00a0-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd\U00010000-\U0010ffff]"
)


def visible(text: str) -> str:
    """The text, with the escapes of such characters in their place."""
    return _NO_PLACE.sub(lambda found: ascii(found[0])[1:-1], text)
