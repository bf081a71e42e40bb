"""Numbers with units, as learners write them: ``1.5 h``, ``1시간 30분``, ``1,200만원``, ``$40``.

Used by ``checks.asks``. Exact: fractions, no floats. What a unit means depends on the unit that
the exercise asks for, so that ``m`` is a minute beside hours and a thousandth beside cores.
Pure.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType

_NUMBER = r"[+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:[.][0-9]+)?|[+-]?[.][0-9]+"
_PIECE = re.compile(rf"\s*({_NUMBER})\s*([^\s0-9,.+-]*)\s*")
_LONGEST = 80
_SIGN_FIRST = re.compile(r"^\s*([+-]?)\s*([$€₩¥])\s*(.*)$")


def _family(factors: Mapping[str, str]) -> Mapping[str, Fraction]:
    """Factors by unit; a key holds every spelling of one unit."""
    return MappingProxyType(
        {unit: Fraction(factor) for units, factor in factors.items() for unit in units.split()}
    )


_FAMILIES = (
    _family(
        {
            "ms msec millisecond milliseconds 밀리초": "1/1000",
            "s sec secs second seconds 초": "1",
            "m min mins minute minutes 분": "60",
            "h hr hrs hour hours 시간": "3600",
            "d day days 일": "86400",
            "w week weeks 주 주일": "604800",
        }
    ),
    _family(
        {
            "month months mo 개월 달": "1",
            "quarter quarters 분기": "3",
            "year years yr yrs y 년": "12",
        }
    ),
    _family(
        {
            "b byte bytes 바이트": "1",
            "k kb": "1000",
            "m mb": "1000000",
            "g gb": "1000000000",
            "t tb": "1000000000000",
            "ki kib": "1024",
            "mi mib": "1048576",
            "gi gib": "1073741824",
            "ti tib": "1099511627776",
        }
    ),
    _family(
        {
            "m millicore millicores 밀리코어": "1/1000",
            "core cores cpu cpus vcpu vcpus 코어": "1",
        }
    ),
    _family(
        {
            "원 krw won ₩": "1",
            "천 천원": "1000",
            "만 만원": "10000",
            "백만 백만원": "1000000",
            "천만 천만원": "10000000",
            "억 억원": "100000000",
        }
    ),
    _family({"usd dollar dollars $ 달러": "1", "cent cents 센트": "1/100"}),
    _family({"eur euro euros € 유로": "1"}),
    _family({"% percent percents pct 퍼센트 프로": "1"}),
    _family({"개 대 명 번 회 배 x replicas pods nodes times": "1"}),
)


@dataclass(frozen=True, slots=True)
class NotANumber:
    """The text is no number."""


@dataclass(frozen=True, slots=True)
class OtherUnit:
    """The number has a unit that cannot be converted into the one that is asked for."""

    unit: str


def read_number(text: str, unit: str | None) -> Fraction | NotANumber | OtherUnit:
    """The number in ``unit``; a number without a unit is in it already."""
    if len(text) > _LONGEST:
        return NotANumber()
    whole = _normal(text).strip().rstrip(".")
    rest = _without(_normal(unit or ""), whole)
    pieces: list[tuple[str, str]] = []
    at = 0
    while at < len(rest):
        piece = _PIECE.match(rest, at)
        if piece is None or (pieces and not pieces[-1][1]):
            return NotANumber()
        pieces.append((piece[1], piece[2]))
        at = piece.end()
    if not pieces or (len(pieces) > 1 and not pieces[-1][1] and whole[-1:].isdigit()):
        return NotANumber()  # 1h 30 is not 31 hours, and whether it is 1.5 is anybody's guess
    return _sum(pieces, unit)


def _without(unit: str, text: str) -> str:
    """The text without a currency's sign in front, which moves behind, and the asked unit."""
    if found := _SIGN_FIRST.match(text):
        text = f"{found[1]}{found[3]}{found[2]}"
    if unit and text.endswith(unit):
        number = text.removesuffix(unit)
        return text if number[-1:].isalpha() else number
    return text


def _sum(pieces: list[tuple[str, str]], unit: str | None) -> Fraction | NotANumber | OtherUnit:
    """Pieces such as ``1h 30m`` add up; a sign is only sensible before a single one."""
    if len(pieces) > 1 and any(number[0] in "+-" for number, _ in pieces):
        return NotANumber()
    total = Fraction(0)
    for number, written in pieces:
        factor = _factor(written, unit)
        if factor is None:
            return OtherUnit(written)
        total += Fraction(number.replace(",", "")) * factor
    return total


def _factor(written: str, unit: str | None) -> Fraction | None:
    """By what a number with the written unit is multiplied; None where that makes no sense."""
    if not written:
        return Fraction(1)
    if unit is None:
        return None
    asked = _normal(unit)
    for family in _FAMILIES:
        if asked in family and written in family:
            return family[written] / family[asked]
    return Fraction(1) if asked == written else None


def _normal(text: str) -> str:
    """Full-width digits and signs as plain ones, one case, a minus that is a minus."""
    return unicodedata.normalize("NFKC", text).replace("\N{MINUS SIGN}", "-").casefold().strip()
