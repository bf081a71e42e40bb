"""``labgrader test --work``: an author tries one work again and again while writing it."""

from pathlib import Path

import pytest

from tests.unit.authoring.lab_folder import folder, run

pytestmark = pytest.mark.slow  # each starts the command line


async def test_only_the_named_works_are_tried(tmp_path: Path) -> None:
    done = await run(folder(tmp_path), "--work", "mistakes/red", "--work", "start")
    assert done.code == 0, done.err
    rows = [" ".join(line.split()) for line in done.out.splitlines()]
    assert "start ✗ – 0/100" in rows
    assert "mistakes/red ✓ ✗ 40/100" in rows
    assert not any(row.startswith(("solutions/", "mistakes/elsewhere")) for row in rows)
    assert "No mistake fails" not in done.out  # of two works that cannot be said
    assert len(done.server.made) == 2


async def test_a_work_that_is_not_there_is_refused_with_those_that_are(tmp_path: Path) -> None:
    done = await run(folder(tmp_path), "--work", "mistakes/rde")
    assert done.code == 2
    assert "no work mistakes/rde: there are mistakes/elsewhere, mistakes/red, " in done.err
    assert not done.server.made
