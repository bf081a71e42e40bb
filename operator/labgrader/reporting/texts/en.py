"""The English texts, by reason."""

from labgrader.reporting.texts import (
    behaviour_en,
    causes_en,
    engine_en,
    evidence_en,
    findings_en,
    submission_en,
)

CATALOGS = (
    findings_en.TEXTS,
    causes_en.TEXTS,
    engine_en.TEXTS,
    behaviour_en.TEXTS,
    submission_en.TEXTS,
    evidence_en.TEXTS,
)
TEXTS = {reason: text for catalog in CATALOGS for reason, text in catalog.items()}
LOOK = "Look: {command}"
KINDS: dict[str, str] = {}
