"""Korean particles that fit the word before them: web은, nginx는, 8080으로.

Called by ``reporting.messages``. Particles depend on the last sound of a word, which for
Hangul is written in the syllable, for digits follows from their Korean names, and for Latin
words is guessed from how Korean readers pronounce them. Pure.
"""

import re
from typing import Final

PAIRS: Final = ("은/는", "이/가", "을/를", "과/와", "으로/로")
"""Every pair that a text may ask for: after a final consonant / after a vowel."""

_FIRST_SYLLABLE, _FINALS, _RIEUL_INDEX = 0xAC00, 28, 8
_RIEUL, _OTHER, _NONE = "ㄹ", "*", ""
_SOUNDS = re.compile(r"[A-Za-z]+|[0-9]|[가-힣]")
_BRACKETED = re.compile(r"\s*\([^()]*\)\s*$")
_DIGITS = {"0": _OTHER, "1": _RIEUL, "3": _OTHER, "6": _OTHER, "7": _RIEUL, "8": _RIEUL}
"""영 일 삼 육 칠 팔; 이 사 오 구 end in a vowel. Tens and more (십 백 천 만) end as 0 does."""
_LETTERS = {"l": _RIEUL, "m": _OTHER, "n": _OTHER, "r": _RIEUL}
"""엘 엠 엔 알; the names of all other letters end in a vowel."""
_NO_VOWEL = re.compile(r"[^aeiouy]+")
_CLOSED = re.compile(r".*[aeiouy](ng|bb?|c?k|c|pp?)|.*(^|[^aeiouy])[aeiouy]tt?|.*[lmn]e?")
"""string, web, stack, public, app; net but not root; label, column, name."""
_SPELLED = frozenset({"cpu", "ip", "ui", "gui", "cli"})


def with_particle(text: str, pair: str) -> str:
    """The text followed by the form of the particle that fits it.

    Raises ValueError where the pair is none of PAIRS.
    """
    if pair not in PAIRS:
        raise ValueError(f"{pair!r} is none of the particles {', '.join(PAIRS)}")
    closed, opened = pair.split("/")
    final = _final(text)
    if final == _NONE or (final == _RIEUL and pair == "으로/로"):
        return text + opened
    return text + closed


def _final(text: str) -> str:
    """Which consonant the last sound ends with; what stands in brackets is not read."""
    sounds = _SOUNDS.findall(_BRACKETED.sub("", text)) or _SOUNDS.findall(text)
    if not sounds:
        return _NONE
    last: str = sounds[-1]
    if last.isdigit():
        return _DIGITS.get(last, _NONE)
    if last.isascii():
        return _final_of_word(last)
    index = (ord(last) - _FIRST_SYLLABLE) % _FINALS
    return _RIEUL if index == _RIEUL_INDEX else _OTHER if index else _NONE


def _final_of_word(word: str) -> str:
    lower = word.lower()
    if (len(word) > 1 and word.isupper()) or _NO_VOWEL.fullmatch(lower) or lower in _SPELLED:
        return _LETTERS.get(lower[-1], _NONE)
    if not _CLOSED.fullmatch(lower):
        return _NONE
    return _RIEUL if lower.rstrip("e").endswith("l") else _OTHER
