"""The English texts, by reason."""

from labgrader.reporting.texts import (
    access_en,
    behaviour_en,
    causes_en,
    engine_en,
    evidence_en,
    expressions_en,
    findings_en,
    given_en,
    hygiene_en,
    observed_en,
    points_en,
    submission_en,
)

CATALOGS = (
    findings_en.TEXTS,
    causes_en.TEXTS,
    engine_en.TEXTS,
    behaviour_en.TEXTS,
    expressions_en.TEXTS,
    submission_en.TEXTS,
    observed_en.TEXTS,
    points_en.TEXTS,
    hygiene_en.TEXTS,
    access_en.TEXTS,
    given_en.TEXTS,
    evidence_en.TEXTS,
)
TEXTS = {reason: text for catalog in CATALOGS for reason, text in catalog.items()}
LOOK = "Look: {command}"
KINDS: dict[str, str] = {}
