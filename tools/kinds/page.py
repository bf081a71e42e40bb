"""One check kind's page: what is said of it by hand, then what follows from the source.

Used by ``files``. Pure: texts go in, a text comes out.
"""

import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping

from labgrader.api.base import Model
from labgrader.checks.registry import Phase
from labgrader.reporting.texts import TEXTS
from tools.kinds.fields import fields_table, whole_rules
from tools.kinds.source import REQUESTS, Said

MARKER = "<!-- By hand above this line; below, `make generate` writes. -->"
CAUSES = "causes.md"
_PHASES: Mapping[Phase, str] = {
    Phase.OBSERVE: "**observe**: all such checks at once, and again while `spec.settle` lasts",
    Phase.PROBE: "**probe**: after what is observed, and again while `spec.settle` lasts",
    Phase.DISTURB: "**disturb**: last, one at a time, in a namespace opened for disruption",
}
_VERBS: Mapping[str, str] = {
    "GetObject": "`get` on its kind",
    "ListObjects": "`list` on its kind",
    "ReadLog": "`get` on `pods/log`",
    "ReviewAccess": "`create` on `subjectaccessreviews`",
    "DryRun": "`impersonate`, in a namespace opened for dry runs",
}
_ABOUT_CAUSES = (
    "A check that fails says why, as far as the objects, their events and logs tell. These "
    "sentences follow a verdict of the kinds beside them."
)
_FIELD = re.compile(r"\{(\w+)(?::([^}]*))?\}")
_KEY = re.compile(r"^(\w+):", re.MULTILINE)


def page(
    kind: str, by_hand: str, params: type[Model], phase: Phase, said: Said, example: str
) -> str:
    """The whole page of a kind. ``example`` is the text of its file, empty where there is none."""
    parts = [
        by_hand.strip(),
        MARKER,
        "## When it looks, and what it asks",
        f"In the phase {_PHASES[phase]}. It may ask for:",
        "\n".join(_asked(said.requests)),
        "## Fields",
        fields_table(params),
        "\n".join(f"- {rule}" for rule in whole_rules(params)),
        "## What it says",
        "Besides, any check may be `Skipped` or `Unknown` for what the engine says of it.",
        _verdicts(said),
        _causes(said),
        _example(kind, example),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def causes_page(kinds: Mapping[str, Said]) -> str:
    """What explains the verdicts of several kinds: what the diagnosis of pods and the like finds."""
    by_cause: dict[str, list[str]] = {}
    for kind, said in kinds.items():
        for reason in said.diagnosed:
            by_cause.setdefault(reason, []).append(kind)
    rows = (
        (
            f"`{reason}`",
            *_told(reason),
            " ".join(f"[`{kind}`]({kind}.md)" for kind in by_cause[reason]),
        )
        for reason in sorted(by_cause)
    )
    return (
        "\n\n".join(
            [
                "<!-- `make generate` writes this page. -->",
                "# Causes that kinds share",
                _ABOUT_CAUSES,
                _table(("reason", "English", "한국어", "after verdicts of"), rows),
            ]
        )
        + "\n"
    )


def overview(kinds: Mapping[str, tuple[Phase, str]]) -> str:
    """The list of all kinds: phase, and the sentence that the API says of each."""
    rows = (
        (f"[`{kind}`](kinds/{kind}.md)", phase.name.lower(), sentence)
        for kind, (phase, sentence) in kinds.items()
    )
    return _table(("kind", "phase", "true when"), rows)


def sections(example: str) -> Iterator[tuple[str, str]]:
    """The top-level keys of an example's file, each with its lines as they stand there."""
    starts = [*_KEY.finditer(example)]
    ends = [*(start.start() for start in starts[1:]), len(example)]
    for start, end in zip(starts, ends, strict=True):
        yield start[1], example[start.start() : end].rstrip()


def _asked(names: Iterable[str]) -> Iterator[str]:
    for name in sorted(names):
        what = _first_sentence(REQUESTS[name].__doc__ or "")
        verbs = f" Needs {_VERBS[name]}." if name in _VERBS else ""
        yield f"- `{name}`: {what}{verbs}"


def _first_sentence(doc: str) -> str:
    return " ".join(doc.partition("\n\n")[0].split())


def _verdicts(said: Said) -> str:
    order = ("Passed", "Failed", "Unknown", "Error", "Skipped")
    reasons = sorted(said.verdicts, key=lambda reason: (order.index(said.verdicts[reason]), reason))
    rows = ((said.verdicts[reason], f"`{reason}`", *_told(reason)) for reason in reasons)
    return _table(("outcome", "reason", "English", "한국어"), rows)


def _causes(said: Said) -> str:
    parts = []
    if said.causes:
        rows = ((f"`{reason}`", *_told(reason)) for reason in sorted(said.causes))
        parts = [
            "And why: after a verdict, or as the reason of `Failed` itself.",
            _table(("reason", "English", "한국어"), rows),
        ]
    if said.diagnosed:
        also = "Causes" if said.causes else "And why: causes"
        parts.append(f"{also} that kinds share are on [a page of their own]({CAUSES}).")
    return "\n\n".join(parts)


def _told(reason: str) -> tuple[str, str]:
    return _sentence(TEXTS["en"][reason], "en"), _sentence(TEXTS["ko"][reason], "ko")


def _sentence(template: str, lang: str) -> str:
    """A text with its fields in italics: a particle or a plural beside them as it is written."""

    def shown(found: re.Match[str]) -> str:
        name, shape = found[1].replace("_", " "), found[2]
        if not shape:
            return f"*{name}*"
        return f"*{name}*{shape}" if lang == "ko" else f"*{name}* {shape.partition('/')[2]}"

    return _FIELD.sub(shown, template.replace("*", "\\*"))


def _example(kind: str, example: str) -> str:
    if not example:
        return ""
    parts = dict(sections(example))
    recorded = [text for key, text in parts.items() if key not in _SHOWN]
    told = [
        "## Example",
        "A test judges it and compares what is said, word by word.",
        _code(_dedented(parts["check"])),
        _code(parts.get("objects", "objects: []")),
        *([_code("\n".join(recorded))] if recorded else []),
        _code("\n".join(parts[key] for key in ("outcome", "reason", "message") if key in parts)),
    ]
    source = f"The file: [examples/{kind}.yaml](examples/{kind}.yaml)."
    return "\n\n".join([*told, source])


_SHOWN = ("check", "objects", "outcome", "reason", "message")


def _dedented(check: str) -> str:
    """The check as it stands in an exercise: without the key above it."""
    return textwrap.dedent(check.partition("\n")[2])


def _code(text: str) -> str:
    return f"```yaml\n{text}\n```"


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(
        "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |" for cells in lines
    )
