"""What checks ask and the task does not say, in each of its languages; and missing languages.

Rules of lint. A learner can only fulfil what they were told. Patterns are left out: whether a
text tells what a pattern takes, only a person can say.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic.alias_generators import to_snake

from labgrader.api.base import Model, Text
from labgrader.api.check import Check
from labgrader.api.names import LANGS
from labgrader.api.over_time import WORDS, Eventually
from labgrader.authoring.draft import Draft
from labgrader.authoring.lint.leaves import Leaf, Path, leaves, maps
from labgrader.authoring.lint.own_fields import ANYWHERE, WHOLE, Keys, own_fields
from labgrader.authoring.lint.words import Words
from labgrader.authoring.positions import find, plain
from labgrader.checks.expect.operators import ABSENT, PRESENT, split
from labgrader.checks.expect.quantity import parse_quantity
from labgrader.reporting.remarks import Remark

_NAMED_BY_LEARNERS = frozenset({"labels", "matchLabels", "selector", "annotations", "data"})
"""Maps whose keys are names, too."""
_LANGUAGES = {"ko": "Korean", "en": "English"}


def task(draft: Draft) -> Iterator[Remark]:
    """Each value once for each check."""
    if draft.exercise is None:
        return
    spec = draft.exercise.spec
    texts = {}
    for lang in LANGS:
        written = [text for text in (getattr(spec.title, lang), getattr(spec.task, lang)) if text]
        if getattr(spec.task, lang):
            texts[lang] = Words("\n".join(written))
    for index, check in draft.checks:
        told = set()
        params: Model = check.params
        own = own_fields(type(params))
        asked = [found for leaf in leaves(draft, index) for found in _asked(leaf, own)]
        asked += [found for path, inside in maps(draft, index) for found in _keys(path, inside)]
        asked += _times(("spec", "checks", index), check)
        for path, value in asked:
            lacking = [_LANGUAGES[lang] for lang, words in texts.items() if not words.say(value)]
            if lacking and value not in told:
                told.add(value)
                message = f"check {check.name} asks for {_as_written(draft, path, value)}, and the "
                message += f"{' and the '.join(lacking)} task does not say it"
                yield draft.remark("not-in-task", path, message)


def texts(draft: Draft) -> Iterator[Remark]:
    """Texts for learners in one language only."""
    if draft.exercise is None:
        return
    for path, text in _texts(draft.exercise.spec, ("spec",)):
        for lang in LANGS:
            if getattr(text, lang) is None:
                place = ".".join(str(part) for part in path)
                told = f"{place} has no {_LANGUAGES[lang]} text ({lang})"
                yield draft.remark("text-missing", path, told)


def _asked(leaf: Leaf, own: frozenset[Keys]) -> Iterator[tuple[Path, str]]:
    """What a leaf asks a learner to write; nothing where it goes without saying."""
    value = leaf.value
    keys = tuple(part for part in leaf.inner if isinstance(part, str))
    if isinstance(value, bool) or ANYWHERE.intersection(keys) or keys[0] in WHOLE:
        return
    if any(keys[:length] in own for length in range(1, len(keys) + 1)):
        return
    if isinstance(value, str):
        if value in {PRESENT, ABSENT}:
            return
        sign, value = split(value)
        if sign == "~=":
            return
        if leaf.inner[-1] == "path":
            value = value.partition("?")[0]
    if str(value) in {"", "/"} or parse_quantity(value) in {0, 1}:
        return
    yield leaf.path, str(value)


def _times(path: Path, check: Check) -> Iterator[tuple[Path, str]]:
    """How long it must stay true, or never be. Eventually only says how long it is waited for."""
    for word in WORDS:
        rule = getattr(check, to_snake(word))
        if rule is not None and not isinstance(rule, Eventually):
            for name, value in rule.model_dump(by_alias=True).items():
                yield (*path, word, name), value


def _as_written(draft: Draft, path: Path, value: str) -> str:
    """The author's own 60s, not the 1m that it was read as."""
    node = find(draft.document.node, path).node
    return str(node.value) if path[-1] in {"within", "for"} and plain(node) else value


def _keys(path: Path, inside: Mapping[str, Any]) -> Iterator[tuple[Path, str]]:
    if path[-1] in _NAMED_BY_LEARNERS:
        for key, value in inside.items():
            if not isinstance(value, Mapping | list):
                yield (*path, key), key


def _texts(value: Any, path: Path) -> Iterator[tuple[Path, Text]]:
    if isinstance(value, Text):
        yield path, value
    elif isinstance(value, Model):
        for name, field in type(value).model_fields.items():
            if (below := getattr(value, name)) is not None:  # as most fields of a check are
                yield from _texts(below, (*path, field.alias or name))
    elif isinstance(value, tuple):
        for number, below in enumerate(value):
            yield from _texts(below, (*path, number))
