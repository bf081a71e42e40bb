"""Remarks as SARIF 2.1.0, which code-scanning services and editors show beside the file.

Called by ``cli.lint``. https://docs.oasis-open.org/sarif/sarif/v2.1.0/ . Pure.
"""

from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import quote

from labgrader.reporting.remarks import Remark, Rule

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)


def sarif(remarks: Iterable[Remark], rules: Sequence[Rule], version: str) -> dict[str, Any]:
    """One log with one run. ``rules`` are all that lint has, ``version`` is labgrader's."""
    index = {rule.id: number for number, rule in enumerate(rules)}
    driver = {
        "name": "labgrader lint",
        "version": version,
        "rules": [_rule(rule) for rule in rules],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(remark, index) for remark in remarks],
    }
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "shortDescription": {"text": rule.summary},
        "help": {"text": rule.mend},
        "defaultConfiguration": {"level": rule.severity.value},
    }


def _result(remark: Remark, index: dict[str, int]) -> dict[str, Any]:
    place = remark.place
    region = {"startLine": place.line, "startColumn": place.column}
    return {
        "ruleId": remark.rule.id,
        "ruleIndex": index[remark.rule.id],
        "level": remark.rule.severity.value,
        "message": {"text": f"{remark.message} {remark.mend}"},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": _uri(place.path)},
                    "region": region,
                }
            }
        ],
    }


def _uri(path: str) -> str:
    """A relative reference, as consumers resolve it against the checkout; absolute ones as files."""
    reference = quote(path.replace("\\", "/"))
    return f"file://{reference}" if reference.startswith("/") else reference
