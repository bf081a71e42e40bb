"""What is told for each reason, in Korean and English.

Read by ``reporting.messages``. Templates are ``str.format`` texts with named fields; in Korean
a field may ask for a particle (``{name:은/는}``). A field that ends in ``kind`` is shown by the
name of the kind in the language. Must hold texts only.
"""

from labgrader.reporting.texts import en, ko
from labgrader.reporting.texts.looks import LOOKS

TEXTS = {"en": en.TEXTS, "ko": ko.TEXTS}
KINDS = {"en": en.KINDS, "ko": ko.KINDS}
LOOK = {"en": en.LOOK, "ko": ko.LOOK}

__all__ = ["KINDS", "LOOK", "LOOKS", "TEXTS"]
