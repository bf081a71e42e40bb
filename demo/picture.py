"""A terminal's content as an SVG for the README, without the fonts that it would load from afar."""

import re
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import MONOKAI

_FONT_FACES = re.compile(r"\s*@font-face\s*\{[^}]*\}")


def save(console: Console, file: Path) -> None:
    """Write what the recording console has shown; any monospaced font will do."""
    drawn = console.export_svg(title="make demo", theme=MONOKAI, unique_id="demo")
    plain = _FONT_FACES.sub("", drawn).replace("Fira Code, ", "")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("\n".join(line.rstrip() for line in plain.splitlines()) + "\n", "utf-8")
