"""``labgrader lint`` as it is typed: outputs and exit status."""

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner, Result

from labgrader.cli import main
from tests.unit.cli.test_exercise_file import GOOD as LACKING

SOUND = (
    LACKING.replace("{en: Web}", "{ko: 웹, en: Web}")
    .replace("{en: Make it.}", "{ko: web을 만드세요., en: Make web.}")
    .replace("points: 10", "points: 100")
)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["lint", *arguments])


def written(tmp_path: Path, text: str) -> str:
    file = tmp_path / "lab.yaml"
    file.write_text(text, "utf-8")
    return str(file)


def test_nothing_found_is_zero(tmp_path: Path) -> None:
    done = run(written(tmp_path, SOUND))
    assert (done.exit_code, done.output) == (0, "1 exercise: nothing to remark.\n")


def test_what_is_found_is_one_and_printed(tmp_path: Path) -> None:
    file = written(tmp_path, LACKING)
    done = run(file)
    assert done.exit_code == 1
    assert (
        f"{file}:5:3: warning: spec.title has no Korean text (ko) [text-missing]\n" in done.output
    )
    assert done.output.endswith("1 exercise: 0 errors, 4 warnings.\n")


def test_json_and_sarif_are_documents(tmp_path: Path) -> None:
    file = written(tmp_path, LACKING)
    listed = json.loads(run(file, "-o", "json").stdout)
    assert {found["rule"] for found in listed} == {"text-missing", "points-sum", "not-in-task"}
    log = json.loads(run(file, "-o", "sarif").stdout)
    assert len(log["runs"][0]["results"]) == len(listed) == 4
    assert json.loads(run(written(tmp_path, SOUND), "-o", "json").stdout) == []


def test_junit_has_a_case_for_each_file(tmp_path: Path) -> None:
    file, report = written(tmp_path, LACKING), tmp_path / "lint.xml"
    run(file, "--junit", str(report))
    ((case,),) = ET.fromstring(report.read_text("utf-8"))  # noqa: S314 (our own)
    assert case.get("name") == file
    assert "text-missing" in str(case[0].text)


@pytest.mark.parametrize(
    ("name", "words"),
    [("nowhere.yaml", "does not exist"), (".", "holds no file with a LabExercise")],
)
def test_nothing_to_look_at_is_two(tmp_path: Path, name: str, words: str) -> None:
    done = run(str(tmp_path / name))
    assert done.exit_code == 2
    assert words in done.output


def test_a_report_that_cannot_be_written_is_two(tmp_path: Path) -> None:
    done = run(written(tmp_path, SOUND), "--junit", str(tmp_path / "no" / "where.xml"))
    assert done.exit_code == 2
    assert "cannot be read or written" in done.output
