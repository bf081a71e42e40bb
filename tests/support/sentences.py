"""Whether a finding tells everything that its sentences need.

Used by the tests that judge: `message` shows a question mark for what a finding lacks, so that an
old status can still be read, and so a judge that forgets a param would go unnoticed.
"""

from collections.abc import Iterator, Mapping
from string import Formatter

from labgrader.checks.finding import Finding
from labgrader.reporting.texts import LOOKS, TEXTS

_HEADLESS = "clusterIP"


def told_whole(finding: Finding, seen: object = None) -> Finding:
    """The finding itself, which lacks nothing: raises AssertionError where it does.

    The word None is nobody's unless it stands in what was ``seen``.
    """
    told = ((finding.reason, finding.params), *((one.reason, one.params) for one in finding.causes))
    for reason, given in told:
        params = dict(given)
        lacking = {name for name in _needed(reason, params) if name not in params}
        assert not lacking, f"{reason} does not tell {sorted(lacking)}"
        nothing = {name for name, value in params.items() if value == "None"}
        theirs = nothing and (_HEADLESS in params.get("path", "") or "'None'" in repr(seen))
        assert not nothing or theirs, f"{reason}: None for {nothing}"
    return finding


def _needed(reason: str, params: Mapping[str, str]) -> Iterator[str]:
    """The params of a sentence in each language, and of the command that shows more."""
    for lang, texts in TEXTS.items():
        assert reason in texts, f"{reason} has no text"
        for _, name, _, _ in Formatter().parse(texts[reason]):
            if name is not None:
                own = f"{name}.{lang}"  # what an author wrote in this language
                yield own if own in params else name
    for _, name, _, _ in Formatter().parse(LOOKS.get(reason, "")):
        if name is not None:
            yield name
