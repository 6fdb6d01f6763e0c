"""Chinese names as Hong Kong writes them (`Leung Chun Ying`), and as Cyrillic does after Palladius (`Си Цзиньпин`),
read in pinyin too.

A syllable of Hong Kong's may be one of several: each is a reading, MOST of them at most. A name is left alone that
neither begins nor ends with a family name as it is written there, or that is pinyin with a space too many.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice, product

from foedus.screening.spelling import PINYIN
from foedus.screening.tables import syllables

MOST = 6  # readings of one name
_INITIALS = "б b,п p,м m,ф f,д d,т t,н n,л l,г g,к k,х h,цз z,ц c,с s,чж zh,ч ch,ш sh,ж r"
_FINALS = """а a,о o,э e,ай ai,эй ei,ао ao,оу ou,ань an,энь en,ан ang,эн eng,ун ong,у u,и i,я ia,е ie,яо iao,ю iu
янь ian,инь in,ян iang,ин ing,юн iong,уа ua,о uo,уай uai,уй ui,уэй ui,уань uan,унь un,уан uang,юй u
юэ ue,юань uan,юнь un,ы i"""
_ALONE = """а a,о o,э e,ай ai,ао ao,оу ou,ань an,энь en,ан ang,эр er,я ya,е ye,яо yao,ю you,и yi,янь yan,инь yin,ян yang
ин ying,юн yong,у wu,ва wa,во wo,вай wai,вэй wei,вань wan,вэнь wen,ван wang,вэн weng,юй yu,юэ yue,юань yuan,юнь yun"""


_FAMILY, _GIVEN, _PEKING = map(syllables, ("cantonese family", "cantonese given", "peking family"))
FAMILIES = frozenset(_FAMILY)  # names without one of these are not looked at


def readings(words: Sequence[str]) -> list[list[str]]:
    """A name of three to five words in pinyin, each way; none where it is not written so."""
    if not 2 < len(words) < 6:
        return []
    # Before the rest a given name of another language may stand, and her husband's family name.
    first, husband = words[: max(0, len(words) - 4)], words[-4:-3]
    before = (*first, *(_FAMILY.get(one, (one,))[0] for one in husband))
    found = dict.fromkeys((*before, *one) for one in _of_three(words[-3:]))
    return [list(one) for one in islice(found, MOST)]


def _of_three(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Family name and given name, of a name with the one first or last; none of pinyin with a space too many."""
    if all(map(PINYIN.fullmatch, words)):
        return
    for family, first, second in ((words[0], words[1], words[2]), (words[2], words[0], words[1])):
        if family in _FAMILY and first in _GIVEN and second in _GIVEN:
            for way in product(_FAMILY[family][:2], _GIVEN[first][:2], _GIVEN[second][:2]):
                yield way[0], way[1] + way[2]
            return


def _pairs(text: str) -> list[tuple[str, str]]:
    return [(one, to) for one, _, to in (pair.strip().partition(" ") for pair in re.split("[,\n]", text))]


def _palladius() -> dict[str, str]:
    """Every syllable in Cyrillic, as Russians and Ukrainians write it, with its pinyin."""
    found = dict(_pairs(_ALONE))
    for initial, letters in _pairs(_INITIALS):
        for final, rest in _pairs(_FINALS):
            if (rest == "o" and letters not in "bpmf") or (final == "ы" and letters not in "zcs"):
                continue
            soft = final[0] in "ияею"
            first = {"z": "j", "c": "q", "s": "x"}.get(letters, letters) if soft else letters
            found.setdefault(
                initial + final, first + ("v" if rest == "u" and final == "юй" and letters in "nl" else rest)
            )
    return found | {one.replace("э", "е"): to for one, to in found.items() if one.replace("э", "е") not in found}


_SYLLABLES = _palladius()
_ANY = "|".join(sorted(_SYLLABLES, key=len, reverse=True))
_IN_CYRILLIC = re.compile(f"({_ANY})({_ANY})?")


def from_cyrillic(words: Sequence[str]) -> list[str]:
    """A name in Cyrillic in pinyin: a Chinese family name first, and one or two syllables, written apart or not."""
    family = _SYLLABLES.get(words[0].replace("і", "и")) if len(words) in (2, 3) else None
    if family not in _PEKING:
        return []
    found = [_IN_CYRILLIC.fullmatch(word.replace("і", "и")) for word in words[1:]]
    given = ["".join(_SYLLABLES[part] for part in one.groups("") if part) for one in found if one]
    return [family, "".join(given)] if len(given) == len(words) - 1 and family else []
