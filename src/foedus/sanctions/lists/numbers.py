"""What kind of number a publisher's words name, and how a number is written so that two can be compared.

Only labels are read; a number is never taken for an identifier because of how it looks.
"""

from __future__ import annotations

import re
from functools import lru_cache

from foedus.sanctions.lists.model import Identifier, IdentifierKind

# The first that stands in the label decides: from what is exact to what is general.
_LABELS: tuple[tuple[str, IdentifierKind], ...] = (
    (r"passport|pasaporte|passeport|паспорт", "passport"),
    (r"chinese commercial code|driver|pilot|permit|interpol|notice", "other"),  # of a name, a skill or a file
    (r"\bIMO", "imo"),
    (r"\bMMSI\b|maritime mobile", "mmsi"),
    (r"call sign", "call_sign"),
    (r"legal entity (?:number|identifier)|\bLEI\b", "lei"),
    (r"\bOGRN|primary state registration|ОГРН|main state registration|\bodrn", "ogrn"),
    (r"\bINN\b|ИНН|taxpayer identification|\btax:inn\b", "inn"),
    (r"\btax|\bVAT\b|\bNIT\b|\bRUC\b|\bRIF\b|\bRFC\b|\bRTN\b|fiscal", "tax"),
    (r"SWIFT|\bBIC\b", "swift"),
    (r"D-?U-?N-?S", "duns"),
    (r"\bISIN\b", "isin"),
    (r"digital currency|wallet|crypto", "wallet"),
    (r"tail number", "tail_number"),
    (r"serial number|construction number|\bMSN\b|hull", "serial_number"),
    (
        r"national (?:foreign )?id|identity|id card|cedula|personal id|social security|residency|electoral",
        "national_id",
    ),
    (r"\b(?:CUI[TLP]|DNI|CURP|IFE|SSN)\b|\bkartu|citizen'?s? card|ration card|tazkira|birth cert", "national_id"),
    (r"identification card|\bidentification$", "national_id"),
    (r"regist|company number|commercial|matricula|chamber|trade license|\bCR No|business number", "registration"),
    (r"USCC|credit code|incorporation|enterprise number|folio|gazette", "registration"),
    (r"identification number|\bedrpou\b|\breg:", "registration"),
    (r"phone|telephone|mobile|\bfax\b|\btel\b", "phone"),
    (r"e-?mail", "email"),
    (r"website|\bweb\b|\burl\b", "website"),
)
_COMPILED = tuple((re.compile(pattern, re.IGNORECASE), kind) for pattern, kind in _LABELS)
_NOT_ALNUM = re.compile(r"[\W_]+")
_DIGITS = re.compile(r"\d+")

# These name one thing in the world, or one within a country, so that equal numbers join with certainty.
CERTAIN: frozenset[IdentifierKind] = frozenset(("imo", "lei", "ogrn", "inn", "swift", "duns", "isin", "wallet", "mmsi"))
WITHIN_COUNTRY: frozenset[IdentifierKind] = frozenset(("passport", "national_id", "tax", "registration"))


_LABELLED = re.compile(
    r"(?P<label>[^:;]{2,80}?)\)? ?[:#] ?(?P<number>[^:;(]*\d[^:;(]*?)(?: \((?P<country>[^()]*)\))?\.?"
)


def labelled(text: str, label: str) -> Identifier:
    """A number as lists write it, `Tax ID: 7704734000 (Russia)`; without a label of its own under the one given."""
    found = _LABELLED.fullmatch(text.strip())
    if found is None:
        return Identifier(kind_of(label), text.strip(), label=label)
    own = found["label"].strip(" (")
    kind = kind_of(own)
    return Identifier(kind if kind != "other" else kind_of(label), found["number"].strip(), found["country"] or "", own)


@lru_cache(maxsize=4096)
def kind_of(label: str) -> IdentifierKind:
    """The kind that a label names; `other` when it names none of ours."""
    bare = label.replace(".", "")
    return next((kind for pattern, kind in _COMPILED if pattern.search(bare)), "other")


def compared(kind: IdentifierKind, number: str) -> str:
    """The number as it is compared: capitals and digits; of an IMO number its seven digits. Empty when it is none.

    IMO numbers, LEI (ISO 17442), OGRN and INN carry check digits: one that does not add up names nothing.
    """
    if kind == "wallet":  # letters of either case differ
        return number.strip()
    bare = _NOT_ALNUM.sub("", number).upper()
    if kind == "imo":
        found = _DIGITS.search(bare)
        return found[0] if found and _imo(found[0]) else ""
    checks = {"lei": _lei, "ogrn": _ogrn, "inn": _inn}
    if kind in checks:
        return bare if checks[kind](bare) else ""
    return bare


def _imo(digits: str) -> bool:
    """Ships: the last digit is that of the others times 7 to 2. Companies share the form and are not checked so."""
    if len(digits) != 7:
        return False
    return sum(int(d) * w for d, w in zip(digits[:6], range(7, 1, -1), strict=True)) % 10 == int(
        digits[6]
    ) or _imo_company(digits)


def _imo_company(digits: str) -> bool:
    """IMO company numbers: weights 8, 6, 4, 2, 9, 7; 11 less the remainder by 11, by 10."""
    total = sum(int(d) * w for d, w in zip(digits[:6], (8, 6, 4, 2, 9, 7), strict=True))
    return (11 - total % 11) % 10 == int(digits[6])


def _lei(code: str) -> bool:
    if len(code) != 20 or not code[18:].isdigit():
        return False
    return int("".join(str(int(letter, 36)) for letter in code)) % 97 == 1


def _ogrn(digits: str) -> bool:
    if not digits.isdigit() or len(digits) not in (13, 15):
        return False
    return int(digits[:-1]) % (11 if len(digits) == 13 else 13) % 10 == int(digits[-1])


_INN = {
    10: ((2, 4, 10, 3, 5, 9, 4, 6, 8),),
    12: ((7, 2, 4, 10, 3, 5, 9, 4, 6, 8), (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)),
}


def _inn(digits: str) -> bool:
    if not digits.isdigit() or len(digits) not in _INN:
        return False
    return all(
        sum(int(d) * w for d, w in zip(digits, weights, strict=False)) % 11 % 10 == int(digits[len(weights)])
        for weights in _INN[len(digits)]
    )
