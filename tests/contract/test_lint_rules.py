"""The page on lint, the table of rules and the exercises of this repository hold together."""

import re
from pathlib import Path

import pytest

from labgrader.api.names import BUILT_IN_API_VERSIONS
from labgrader.authoring.lint.run import lint
from labgrader.authoring.lint.versions import REMOVED
from labgrader.authoring.rules import RULES
from labgrader.reporting.remark_text import lines

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "reference" / "lint.md").read_text("utf-8")


def test_the_page_lists_every_rule_as_it_is() -> None:
    rows = re.findall(r"^\| `([a-z0-9-]+)` \| (\w+) \| (.+) \| (.+) \|$", PAGE, re.MULTILINE)
    assert rows == [(r.id, r.severity.value, r.summary, r.mend) for r in RULES.values()]


def test_the_page_explains_rules_that_exist() -> None:
    named = re.findall(r"^- \*\*([a-z-]+)\*\*", PAGE, re.MULTILINE)
    assert named
    assert set(named) <= set(RULES)


def test_every_rule_is_used() -> None:
    folder = ROOT / "operator" / "labgrader" / "authoring"
    source = "".join(f.read_text("utf-8") for f in folder.rglob("*.py") if f.name != "rules.py")
    assert [rule for rule in RULES if f'"{rule}"' not in source] == []


def test_what_labgrader_itself_takes_for_built_in_is_served() -> None:
    assert not {(version, kind) for kind, version in BUILT_IN_API_VERSIONS.items()} & set(REMOVED)
    for (version, kind), (went, now) in REMOVED.items():
        assert now != version, kind
        assert re.fullmatch(r"1\.\d\d", went)
        assert now in {"", BUILT_IN_API_VERSIONS.get(kind, now), "events.k8s.io/v1"}, kind


@pytest.mark.slow
def test_the_exercises_here_are_clean() -> None:
    assert "\n".join(lines(lint([ROOT / "exercises"]).remarks)) == ""
