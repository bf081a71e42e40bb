"""HTML made of elements, in which text is text unless it says that it is HTML.

Called by the modules beside it. Much of a report comes from a learner's cluster; so escaping is
what happens by itself, and not what somebody must remember. Pure.
"""

from html import escape

from labgrader.reporting.visible import visible


class Markup(str):
    """Text that is HTML already. Made by ``element``, and of what this project wrote itself."""

    __slots__ = ()


def element(name: str, /, *content: str, **attributes: str) -> Markup:
    """One element with its end tag. An attribute's name may end in an underscore: ``class_``."""
    inside = "".join(_html(part) for part in content)
    return Markup(f"<{name}{_written(attributes)}>{inside}</{name}>\n")


def empty(name: str, /, **attributes: str) -> Markup:
    """One element that never has content, such as ``meta``."""
    return Markup(f"<{name}{_written(attributes)}>\n")


def _written(attributes: dict[str, str]) -> str:
    return "".join(
        f' {name.rstrip("_").replace("_", "-")}="{escape(visible(value))}"'
        for name, value in attributes.items()
    )


def _html(part: str) -> str:
    return part if isinstance(part, Markup) else escape(visible(part), quote=False)
