"""Exercises that need several nodes and do not say so.

A rule of lint. On a cluster of one node such a check stays Unknown, and neither learner nor
instructor should be surprised by that.
"""

import re
from collections.abc import Iterator

from labgrader.api.names import LANGS
from labgrader.authoring.draft import Draft
from labgrader.checks.registry import KINDS
from labgrader.reporting.remarks import Remark

_NODE = re.compile(r"\bnodes?\b|노드", re.IGNORECASE)
_LANGUAGES = {"ko": "Korean", "en": "English"}


def several_nodes(draft: Draft) -> Iterator[Remark]:
    """Once for each check that takes a node away."""
    if draft.exercise is None:
        return
    task = draft.exercise.spec.task
    written = {lang: getattr(task, lang) for lang in LANGS if getattr(task, lang)}
    lacking = [_LANGUAGES[lang] for lang, text in written.items() if not _NODE.search(text)]
    for index, check in draft.checks:
        if lacking and KINDS[check.kind].takes_nodes(check.params):
            told = f"check {check.name} takes a node away, and the {' and the '.join(lacking)} task"
            told += " does not mention nodes"
            yield draft.remark("several-nodes", ["spec", "checks", index], told)
