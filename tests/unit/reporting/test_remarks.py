"""Lint's remarks as text, JSON, SARIF 2.1.0 and JUnit."""

from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labgrader.authoring.rules import RULES
from labgrader.reporting.junit import Case, Suite, Trouble, junit
from labgrader.reporting.remark_text import documents, lines, summary
from labgrader.reporting.remarks import Place, Remark
from labgrader.reporting.sarif import sarif

REMARK = Remark(RULES["not-in-task"], Place("labs/a b/웹.yaml", 3, 7), "asks for 3.", "Say it.")
WORSE = Remark(RULES["bad-pattern"], Place("/tmp/x.yaml"), "no pattern.", "Mend it.")


def parsed(text: str) -> ET.Element:
    return ET.fromstring(text)  # noqa: S314 (our own)


def test_text_is_what_editors_jump_from() -> None:
    assert list(lines([REMARK])) == [
        "labs/a b/웹.yaml:3:7: warning: asks for 3. [not-in-task]",
        "    Say it.",
    ]


@pytest.mark.parametrize(
    ("remarks", "told"),
    [
        ((), "1 exercise: nothing to remark."),
        ((REMARK,), "1 exercise: 0 errors, 1 warning."),
        ((REMARK, WORSE, WORSE), "1 exercise: 2 errors, 1 warning."),
    ],
)
def test_the_last_line_counts(remarks: tuple[Remark, ...], told: str) -> None:
    assert summary(remarks, 1) == told


def test_json() -> None:
    assert documents([REMARK]) == [
        {
            "path": "labs/a b/웹.yaml",
            "line": 3,
            "column": 7,
            "severity": "warning",
            "rule": "not-in-task",
            "message": "asks for 3.",
            "mend": "Say it.",
        }
    ]


def test_sarif_names_rules_places_and_levels() -> None:
    log = sarif([REMARK, WORSE], tuple(RULES.values()), "1.2.3")
    assert log["version"] == "2.1.0"
    assert log["$schema"].endswith("sarif-schema-2.1.0.json")
    (run,) = log["runs"]
    driver = run["tool"]["driver"]
    assert (driver["name"], driver["version"]) == ("labgrader lint", "1.2.3")
    assert [rule["id"] for rule in driver["rules"]] == list(RULES)
    first, second = run["results"]
    for result in (first, second):
        assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
    assert (first["level"], second["level"]) == ("warning", "error")
    assert first["message"]["text"] == "asks for 3. Say it."
    place = first["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "labs/a%20b/%EC%9B%B9.yaml"
    assert place["region"] == {"startLine": 3, "startColumn": 7}
    far = second["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert far == "file:///tmp/x.yaml"


def test_junit_counts_and_tells() -> None:
    cases = (
        Case("well", 1.5),
        Case('bad "one"', 0.25, Trouble("a < b", "line 1\n& line 2")),
        Case("open", 0.0, Trouble("who knows", "", error=True)),
    )
    (suite,) = parsed(junit([Suite("web & co", cases)]))
    assert suite.attrib == {
        "name": "web & co",
        "tests": "3",
        "failures": "1",
        "errors": "1",
        "skipped": "0",
        "time": "1.750",
    }
    well, bad, unsure = suite
    assert (well.get("name"), well.get("time"), len(well)) == ("well", "1.500", 0)
    assert bad.get("name") == 'bad "one"'
    assert bad.get("classname") == "web & co"
    assert (bad[0].tag, bad[0].get("message"), bad[0].text) == (
        "failure",
        "a < b",
        "line 1\n& line 2",
    )
    assert (unsure[0].tag, unsure[0].get("message")) == ("error", "who knows")


@given(st.text(), st.text())
def test_no_text_breaks_the_xml(name: str, detail: str) -> None:
    ((case,),) = parsed(junit([Suite(name, [Case(name, trouble=Trouble(name, detail))])]))
    assert case[0].tag == "failure"


def test_what_xml_cannot_say_is_escaped() -> None:
    ((case,),) = parsed(junit([Suite("s", [Case("c", trouble=Trouble("\x1b[0m", "a\x00"))])]))
    assert (case[0].get("message"), case[0].text) == ("\\x1b[0m", "a\\x00")
