"""`-o html`: the page that the command line prints, after a grading and from evidence."""

import json
from typing import Any

import pytest

from tests.unit.cli.desk import Desk, Done
from tests.unit.cli.test_regrade import HOLDS, THERE, api_server, desk, record
from tests.unit.reporting.test_html import read, told
from tests.unit.servers import serving

__all__ = ["desk"]
pytestmark = pytest.mark.slow  # each starts the command


async def graded(desk: Desk, *more: str, **spec: Any) -> Done:
    exercise = desk.exercise("lab", THERE, HOLDS, **spec)
    async with serving(api_server) as address:
        config = desk.kubeconfig(address)
        call = ("grade", exercise, "-n", "kim", "--kubeconfig", config, "-o", "html")
        return await desk.run(*call, *more)


async def test_a_grading_is_a_page(desk: Desk) -> None:
    done = await graded(desk, "--learner", "Kim Ha-na")
    assert done.code == 1, done.err
    lines = told(done.out).splitlines()
    assert lines[0] == "t – Kim Ha-na"
    assert "10 of 30 points: not passed" in lines
    assert any(line.startswith("holds | ✗ Failed | 0/20 | ") for line in lines)


async def test_what_was_recorded_is_named_on_the_page(desk: Desk) -> None:
    done = await graded(desk, "--record", str(desk.folder / "kim.lab"), "--lang", "ko")
    digest = done.err.partition("(")[2].partition(")")[0]
    assert f"증거 {digest}, " in told(done.out)
    assert "자가 보고된 것입니다" in told(done.out)


async def test_several_learners_are_on_one_page(desk: Desk) -> None:
    done = await graded(desk, "-n", "lee")
    assert [tag for tag, _ in read(done.out).elements].count("section") == 2
    assert "lee, namespace lee" in told(done.out)


async def test_learners_with_other_values_have_no_title_in_common(desk: Desk) -> None:
    apps = [{"name": "app", "oneOf": ["web", "shop", "mail", "chat", "news", "wiki"]}]
    title = {"en": "Serve ${app}", "ko": "Serve ${app}"}
    done = await graded(desk, "-n", "lee", "-n", "park", title=title, parameters=apps, seed="s")
    lines = told(done.out).splitlines()
    assert lines[0] == "lab"
    assert len({line for line in lines if line.startswith("app = ")}) > 1


async def test_judging_again_makes_the_same_page_everywhere(desk: Desk) -> None:
    exercise = desk.exercise("lab", THERE, HOLDS)
    await record(desk, exercise, "kim.lab")
    call = ("regrade", exercise, desk.folder / "kim.lab", "-o", "html")
    pages = [await desk.run_elsewhere(*map(str, call), TZ=zone) for zone in ("UTC", "Asia/Seoul")]
    assert pages[0].out == pages[1].out
    assert "Before: 10 of 30 points. Judged again: 10 of 30 points." in told(pages[0].out)


async def test_no_page_is_printed_where_nothing_could_be_judged(desk: Desk) -> None:
    bad = desk.folder / "bad.lab"
    bad.write_bytes(json.dumps({}).encode())
    done = await desk.run("regrade", desk.exercise("lab", THERE), bad, "-o", "html")
    assert (done.code, done.out) == (2, "")
