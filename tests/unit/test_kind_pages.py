"""The pages of the check kinds: they say all that a judge may say, and tell what they lack."""

import shutil
from collections import defaultdict
from itertools import product
from pathlib import Path

import pytest

from labgrader.api.check import CHECK_KINDS
from labgrader.checks.registry import KINDS
from tests.support.corpus import cases
from tests.unit.checks.test_corpus import judged
from tools.kinds.__main__ import main
from tools.kinds.fields import fields_table, whole_rules
from tools.kinds.files import Checkout, params_of
from tools.kinds.page import MARKER
from tools.kinds.source import said_by

ROOT = Path(__file__).parents[2]


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    shutil.copytree(ROOT / "docs" / "reference", tmp_path / "docs" / "reference")
    return Checkout(tmp_path)


def text(checkout: Checkout, path: str) -> str:
    return (checkout.root / "docs" / "reference" / path).read_text("utf-8")


def write(checkout: Checkout, path: str, content: str) -> None:
    (checkout.root / "docs" / "reference" / path).write_text(content, "utf-8")


@pytest.mark.slow
def test_the_pages_are_up_to_date_and_nothing_is_missing(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["--check"]) == 0, capsys.readouterr().err


@pytest.mark.slow
def test_a_page_names_every_reason_and_request_of_the_corpus() -> None:
    seen: dict[str, set[tuple[str, str]]] = defaultdict(set)
    asked: dict[str, set[str]] = defaultdict(set)
    for case in cases():
        found = judged(case)
        seen[case.kind].add((found.finding.reason, found.finding.outcome.value))
        seen[case.kind] |= {(cause.reason, "") for cause in found.finding.causes}
        asked[case.kind] |= {type(request).__name__ for one in found.rounds for request in one}
    for kind in CHECK_KINDS:
        said = said_by(KINDS[kind].judge.__module__)
        causes = said.causes | said.diagnosed
        known = {*said.verdicts.items(), *product(causes, ("", "Failed"))}
        assert seen[kind] - known == set(), kind
        assert asked[kind] <= said.requests, kind


def test_only_what_a_judge_reaches_is_named() -> None:
    asks = said_by("labgrader.checks.asks")
    assert asks.requests == {"ReadAnswer"}
    assert "NotFound" not in asks.verdicts
    assert not asks.causes | asks.diagnosed
    assert "CrashLoopBackOff" in said_by("labgrader.checks.ready").diagnosed


def test_fields_have_types_limits_defaults_and_sentences() -> None:
    table = fields_table(params_of("allows"))
    assert (
        "| `access[].where` | one of `Namespace`, `Cluster` | `Namespace` | Namespace is" in table
    )
    assert "| `nothingBeyond` | true or false | `false` |" in table
    assert "| `access` | list of object (1–20 items) | required |" in table
    assert '| `access[].group` | text (at most 253 characters) | `""` |' in table
    table = fields_table(params_of("rolledOut"))
    assert "| `paused` | true or false |  |" in table
    assert whole_rules(params_of("asks"))[0].startswith("set exactly one of choice, choices")


@pytest.mark.slow
def test_a_section_of_the_overview_moves_to_the_page(checkout: Checkout) -> None:
    (checkout.root / "docs" / "reference" / "kinds" / "heals.md").unlink()
    section = "\n## heals\n\nBy itself; see [points](points.md) and [why](../decisions/0001.md).\n"
    write(checkout, "checks.md", text(checkout, "checks.md") + section)
    assert main(["--check"], checkout) == 1
    assert main([], checkout) == 0
    assert text(checkout, "kinds/heals.md").startswith(
        "# heals\n\nBy itself; see [points](../points.md) and [why](../../decisions/0001.md).\n\n"
        f"{MARKER}\n"
    )
    assert text(checkout, "checks.md") == (ROOT / "docs/reference/checks.md").read_text("utf-8")
    assert main(["--check"], checkout) == 0


@pytest.mark.slow
def test_a_section_on_a_kind_with_a_page_is_dropped_only_where_it_says_the_same(
    checkout: Checkout, capsys: pytest.CaptureFixture[str]
) -> None:
    overview, page = text(checkout, "checks.md"), text(checkout, "kinds/exists.md")
    same = "\n#" + page.partition(MARKER)[0]
    write(checkout, "checks.md", overview + same)
    assert main([], checkout) == 0
    assert text(checkout, "checks.md") == overview
    write(checkout, "checks.md", overview + same + "And more.\n")
    assert main([], checkout) == 1
    assert capsys.readouterr().err == (
        "docs/reference/checks.md has a section on exists, which has a page: put what is new into "
        "docs/reference/kinds/exists.md, remove the section, and run make generate\n"
    )
    assert text(checkout, "kinds/exists.md") == page
    assert "And more." in text(checkout, "checks.md")


@pytest.mark.slow
def test_what_is_written_by_hand_stays(checkout: Checkout) -> None:
    page = text(checkout, "kinds/exists.md")
    write(checkout, "kinds/exists.md", page.replace(MARKER, f"By hand.\n\n{MARKER}") + "Stray.\n")
    assert main([], checkout) == 0
    changed = text(checkout, "kinds/exists.md")
    assert f"By hand.\n\n{MARKER}" in changed
    assert "Stray." not in changed


@pytest.mark.slow
def test_it_says_which_page_and_which_example_are_to_be_written(
    checkout: Checkout, capsys: pytest.CaptureFixture[str]
) -> None:
    kinds = checkout.root / "docs" / "reference" / "kinds"
    (kinds / "logs.md").unlink()
    (kinds / "examples" / "scales.yaml").unlink()
    assert main([], checkout) == 1
    example, page = sorted(capsys.readouterr().err.splitlines())
    assert page.startswith("docs/reference/kinds/logs.md says nothing of the kind yet")
    assert example.startswith("docs/reference/kinds/examples/scales.yaml is missing: write")
    assert "## Example" not in text(checkout, "kinds/scales.md")
