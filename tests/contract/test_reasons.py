"""Every reason that the code can give has a text in both languages, with the same params.

Reasons and params are read from the source: each call that makes a finding, a cause, trouble
or a sentence names its reason in plain sight, or these tests say that it does not.
"""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Formatter

import pytest

import labgrader
from labgrader.checks.over_time import HIDING
from labgrader.reporting.messages import text
from labgrader.reporting.particles import PAIRS
from labgrader.reporting.texts import LOOKS, TEXTS, en, ko

SOURCE = Path(labgrader.__file__).parent
MAKERS = {"cause", "error", "failed", "passed", "skipped", "unknown"}
"""They take the reason, then its params by name."""
OTHERS = {"Hindered", "Refusal", "Trouble", "_refuse", "text"}
"""They take a reason, too."""
NO_PARAMS = {"credit", "transient"}


@dataclass(frozen=True)
class Use:
    """One place that gives a reason. ``params`` is None where they are not written out."""

    where: str
    reason: str
    params: frozenset[str] | None


class NotWrittenOut(Exception):
    """A reason that cannot be read from the source."""


def uses(tree: ast.AST, where: str, makers: set[str], *, strict: bool = True) -> Iterator[Use]:
    """The reasons that a module gives. Raises NotWrittenOut where one cannot be read.

    Not ``strict``: those are left out, for modules that pass on the reasons of others.
    """
    nodes = [*ast.walk(tree)]
    assigned = _assigned(nodes)
    for node in nodes:
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        if node.func.id in makers and node.args:
            names = [keyword.arg for keyword in node.keywords]
            params = frozenset(name for name in names if name) - NO_PARAMS
            place = f"{where}:{node.lineno}"
            try:
                for reason in _literals(node.args[0], assigned, place):
                    yield Use(place, reason, None if None in names else params)
            except NotWrittenOut:
                if strict:
                    raise


def _assigned(nodes: list[ast.AST]) -> dict[str, list[ast.expr]]:
    """What is assigned to each name of a module."""
    found: dict[str, list[ast.expr]] = {}
    for node in nodes:
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    found.setdefault(target.id, []).append(node.value)
    return found


def _literals(value: ast.expr, assigned: Mapping[str, list[ast.expr]], where: str) -> Iterator[str]:
    match value:
        case ast.Constant(value=str(reason)):
            yield reason
        case ast.IfExp(body=first, orelse=second):
            yield from _literals(first, assigned, where)
            yield from _literals(second, assigned, where)
        case ast.Name(id=name) if name in assigned:
            for given in assigned[name]:
                yield from _literals(given, {}, where)
        case _:
            raise NotWrittenOut(where)


def in_package(folder: str, makers: set[str], *, strict: bool) -> list[Use]:
    found: list[Use] = []
    for path in sorted((SOURCE / folder).rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        found += uses(tree, str(path.relative_to(SOURCE)), makers, strict=strict)
    return found


@cache
def of_checks() -> list[Use]:
    """What the judges say."""
    found = in_package("checks", MAKERS, strict=True)
    return [use for use in found if not use.where.startswith("checks/finding.py")]


@cache
def of_the_rest() -> list[Use]:
    """What all others say."""
    folders = ("grading", "cluster", "handlers", "cli", "reporting")
    return [use for one in folders for use in in_package(one, MAKERS | OTHERS, strict=False)]


CATALOGS = {"en": en.CATALOGS, "ko": ko.CATALOGS}
LANGS = sorted(TEXTS)


def fields(template: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in Formatter().parse(template) if name is not None)


def test_the_reasons_are_found() -> None:
    assert len({use.reason for use in of_checks()}) > 60
    assert {"NeedsFailed", "Forbidden", "TargetNotOwn", "ChecksPassed"} <= {
        use.reason for use in of_the_rest()
    }


@pytest.mark.parametrize("lang", LANGS)
def test_every_reason_has_a_text(lang: str) -> None:
    lacking = {f"{use.where}: {use.reason}" for use in [*of_checks(), *of_the_rest()]}
    lacking -= {
        f"{u.where}: {u.reason}" for u in [*of_checks(), *of_the_rest()] if u.reason in TEXTS[lang]
    }
    assert lacking == set()


@pytest.mark.parametrize("lang", LANGS)
def test_no_text_asks_for_a_param_that_is_not_given(lang: str) -> None:
    for use in of_checks():
        if use.params is not None:
            template = TEXTS[lang].get(use.reason, "")
            assert fields(template) <= use.params, f"{use.where}: {use.reason}"
            assert fields(LOOKS.get(use.reason, "")) <= use.params, f"{use.where}: {use.reason}"


@pytest.mark.parametrize("reason", sorted(TEXTS["en"] | TEXTS["ko"]))
def test_both_languages_tell_the_same_params(reason: str) -> None:
    assert reason in TEXTS["en"]
    assert reason in TEXTS["ko"]
    assert fields(TEXTS["en"][reason]) == fields(TEXTS["ko"][reason])


@pytest.mark.parametrize("lang", LANGS)
def test_no_reason_has_two_texts(lang: str) -> None:
    reasons = [reason for catalog in CATALOGS[lang] for reason in catalog]
    assert len(reasons) == len(set(reasons))


@pytest.mark.slow
def test_no_text_is_without_use() -> None:
    """A reason may also be named by the API's conditions, and by name only."""
    named = {
        node.value
        for path in SOURCE.rglob("*.py")
        if "texts" not in path.parts
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert set(TEXTS["en"]) - named == set()
    assert set(LOOKS) <= set(TEXTS["en"])


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("value", ["web", "3", "1"])
def test_every_text_can_be_filled_in(lang: str, value: str) -> None:
    for reason, template in TEXTS[lang].items():
        told = text(reason, dict.fromkeys(fields(template), value), lang)
        assert "{" not in told, reason
        assert "?" not in told.replace("installed?", "").replace("있나요?", ""), reason


def test_korean_texts_ask_for_particles_that_exist() -> None:
    for reason, template in TEXTS["ko"].items():
        for _, _, shape, _ in Formatter().parse(template):
            assert not shape or shape in PAIRS, reason


def test_what_keeps_the_grader_from_seeing_does_not_show_that_nothing_is_so() -> None:
    """What dialers and probe pods are kept from is told by these reasons, and by no other."""
    kept_out = in_package("cluster/probes", {"_hindered", "Hindered"}, strict=False)
    kept_out += [use for use in of_checks() if use.where.startswith("checks/sources.py")]
    assert {use.reason for use in kept_out} - {"ProbeNotAdmitted"} == HIDING


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('failed("Gone", name=x, credit=3)', [Use("x:1", "Gone", frozenset({"name"}))]),
        ('cause("Odd", **about)', [Use("x:1", "Odd", None)]),
        (
            'r = "A" if x else "B"\npassed(r)',
            [Use("x:2", "A", frozenset()), Use("x:2", "B", frozenset())],
        ),
    ],
)
def test_reasons_are_read_from_the_source(source: str, found: list[Use]) -> None:
    assert list(uses(ast.parse(source), "x", MAKERS)) == found


@pytest.mark.parametrize("source", ["failed(reason)", 'failed(f"{x}")', "failed(table[x])"])
def test_a_reason_out_of_sight_is_noticed(source: str) -> None:
    with pytest.raises(NotWrittenOut):
        list(uses(ast.parse(source), "x", MAKERS))
