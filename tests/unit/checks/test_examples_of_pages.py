"""The worked example on each kind's page: what the judge says of it is what stands there."""

from pathlib import Path

import pytest
import yaml

from labgrader.api.check import CHECK_KINDS, Check
from labgrader.api.names import LANGS
from tests.support.corpus import Case
from tests.unit.checks.test_corpus import judged

FOLDER = Path(__file__).parents[3] / "docs" / "reference" / "kinds" / "examples"
FILES = {path.stem: path for path in sorted(FOLDER.glob("*.yaml"))}


def test_there_is_one_for_each_kind_and_none_besides() -> None:
    lacking = [kind for kind in CHECK_KINDS if kind not in FILES]
    assert not lacking, (
        f"write docs/reference/kinds/examples/<kind>.yaml (check, objects, outcome, reason, and "
        f"message in ko and en; see exists.yaml there) for {', '.join(lacking)}, and run "
        "`make generate`"
    )
    assert set(FILES) == set(CHECK_KINDS)


@pytest.mark.parametrize("kind", FILES)
def test_the_judge_says_what_the_page_says(kind: str) -> None:
    body = yaml.safe_load(FILES[kind].read_text("utf-8"))
    Check.model_validate(body["check"])
    assert body["check"]["points"] if kind != "unchanged" else body["check"]["required"]
    found = judged(Case(kind, "example", body | {"check": body["check"][kind]}))
    said = {lang: found.says(lang) for lang in LANGS}
    assert (found.finding.outcome, found.finding.reason) == (body["outcome"], body["reason"]), said
    assert said == body["message"]
