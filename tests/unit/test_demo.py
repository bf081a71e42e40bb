"""What the demo shows and how it decides, without a cluster."""

from pathlib import Path
from typing import Any

from rich.console import Console

from demo import showing
from demo.cast import KIM, LEARNERS, LEE, PARK, Part, cast
from demo.texts import TEXTS
from demo.watching import Scene, Seen
from labgrader.api.status import Result

PARTS = cast()


def graded(part: Part, score: int) -> Seen:
    checks: list[dict[str, Any]] = [
        {
            "name": check.name,
            "outcome": part.work.outcomes.get(check.name, "Failed"),
            "points": check.points,
            "earned": 0,
            "message": f"about {check.name}",
        }
        for check in part.folder.checks
    ]
    result = Result.PASSED if score >= 60 else Result.FAILED
    return Seen(result, score, 100, checks, settled=True)


def the_end() -> Scene:
    return Scene(31.0, {part.namespace: graded(part, part.work.least) for part in PARTS})


def shown(lang: str, width: int) -> str:
    console = Console(record=True, width=width, file=Path("/dev/null").open("w"))  # noqa: SIM115
    with console.file:
        showing.show_end(the_end(), PARTS, lang, TEXTS[lang], console)
        return console.export_text()


def test_kim_earns_everything_lee_something_park_nothing():
    least = {name: [part.work.least for part in PARTS if part.learner == name] for name in LEARNERS}
    assert least[KIM] == [100] * len(least[KIM])
    assert all(0 < score < 100 for score in least[LEE])
    assert least[PARK] == [0] * len(least[PARK])


def test_a_missing_or_wrong_score_is_not_as_expected():
    for part in PARTS:
        assert part.as_expected(part.work.least)
        assert not part.as_expected(part.work.most + 1)
        assert not part.as_expected(None)


def test_it_waits_for_every_submission():
    scene = the_end()
    assert scene.settled(PARTS)
    without_one = dict(scene.seen)
    del without_one[PARTS[-1].namespace]
    assert not Scene(31.0, without_one).settled(PARTS)


def test_the_end_shows_every_score_and_why_lee_lost_points():
    for lang in ("ko", "en"):
        text = shown(lang, 120)
        for part in PARTS:
            assert f"{part.work.least}/100" in text
            lost = (c for c in part.folder.checks if part.work.outcomes.get(c.name) == "Failed")
            assert all(f"about {check.name}" in text for check in lost)


def test_titles_are_whole_on_a_narrow_terminal():
    assert "…" not in shown("ko", 80)
    assert "…" not in shown("en", 80)


def test_both_languages_say_the_same_things():
    assert TEXTS["ko"].keys() == TEXTS["en"].keys()


def test_the_picture_loads_nothing_from_elsewhere(tmp_path: Path):
    file = tmp_path / "demo.svg"
    showing.picture(the_end(), PARTS, "ko", TEXTS["ko"], file)
    text = file.read_text("utf-8")
    assert "65/100" in text
    assert "url(http" not in text
    assert "@font-face" not in text
