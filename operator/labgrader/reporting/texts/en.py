"""The English texts, by reason."""

from labgrader.reporting.texts import (
    access_en,
    behaviour_en,
    causes_en,
    copies_en,
    engine_en,
    evidence_en,
    expressions_en,
    faults_en,
    findings_en,
    given_en,
    hygiene_en,
    live_en,
    network_en,
    observed_en,
    over_time_en,
    points_en,
    resizing_en,
    scaling_en,
    schedule_en,
    submission_en,
    traffic_en,
    updates_en,
)

CATALOGS = (
    copies_en.TEXTS,
    findings_en.TEXTS,
    causes_en.TEXTS,
    engine_en.TEXTS,
    behaviour_en.TEXTS,
    faults_en.TEXTS,
    expressions_en.TEXTS,
    submission_en.TEXTS,
    observed_en.TEXTS,
    points_en.TEXTS,
    hygiene_en.TEXTS,
    access_en.TEXTS,
    given_en.TEXTS,
    evidence_en.TEXTS,
    live_en.TEXTS,
    updates_en.TEXTS,
    scaling_en.TEXTS,
    resizing_en.TEXTS,
    schedule_en.TEXTS,
    traffic_en.TEXTS,
    network_en.TEXTS,
    over_time_en.TEXTS,
)
TEXTS = {reason: text for catalog in CATALOGS for reason, text in catalog.items()}
LOOK = "Look: {command}"
KINDS = {"NoLabels": "without labels", "OutsideNamespace": "another namespace"}
"""Words that stand for what is no name."""
