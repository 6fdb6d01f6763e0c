"""Japanese names in characters (`安倍晋三`) and in Cyrillic after Polivanov (`Синдзо`), read as Japan says them.

How a given name is said its characters do not tell: each usual way is a reading, MOST of them at most. Of a family name
that tables/japanese.txt does not have, or of another character in the rest, nothing is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice, product

from foedus.screening.tables import syllables

MOST = 6  # readings of one name
_FAMILY, _ALONE, _FIRST, _LAST = (
    syllables(section, "japanese.txt") for section in ("family", "given alone", "given first", "given last")
)
_LONGEST = max(map(len, _FAMILY))

_ROWS = "к k,г g,с s,дз z,т t,д d,н n,х h,б b,п p,м m,р r, "
_VOWELS = "а a,я ya,и i,у u,ю yu,э e,е e,о o,ё yo"
_SAID = {"si": "shi", "ti": "chi", "zi": "ji", "di": "ji", "tu": "tsu", "hu": "fu", "du": "zu"}
_SAID |= {"sy": "sh", "ty": "ch", "zy": "j", "dy": "j"}


def from_characters(words: Sequence[str]) -> list[list[str]]:
    """Given name and family name, each way, of one word or of two; none where a part of it is not known."""
    if len(words) == 1:
        word = words[0]
        cut = next((at for at in range(min(_LONGEST, len(word) - 1), 0, -1) if word[:at] in _FAMILY), 0)
        family, given = word[:cut], word[cut:]
    elif len(words) == 2:
        family, given = words
    else:
        return []
    if family not in _FAMILY:
        return []
    return [[one, _FAMILY[family][0]] for one in islice(dict.fromkeys(_given(given)), MOST)]


def _given(characters: str) -> Iterator[str]:
    """A given name of one to three characters."""
    if len(characters) > 3:
        return
    yield from _ALONE.get(characters, ())
    yield from _LAST.get(characters, ()) if len(characters) > 1 else ()
    for at in range(1, len(characters)):
        first, last = characters[:at], characters[at:]
        yield from map("".join, product(_FIRST.get(first, ()), _LAST.get(last, ())))


def _polivanov() -> dict[str, str]:
    """Every syllable in Cyrillic, with Hepburn's."""
    found = {"ва": "wa", "н": "n", "нъ": "n", "дзу": "zu", "цу": "tsu", "фу": "fu", "й": "i"}
    for row in _ROWS.split(","):
        consonant, _, latin = row.partition(" ")
        for pair in _VOWELS.split(","):
            vowel, _, said = pair.partition(" ")
            kunrei = latin + said
            found.setdefault(consonant + vowel, _SAID.get(kunrei[:2], kunrei[:2]) + kunrei[2:])
    return found


_SYLLABLES = _polivanov()
_SYLLABLE = re.compile("|".join(sorted(_SYLLABLES, key=len, reverse=True)))
_WORD = re.compile(f"(?:([кстп])(?=\\1))?(?:{_SYLLABLE.pattern})+")
_OTHERWISE = re.compile("дз|[сдт]и|[ст][яюё]|[аоуэ]э")  # what Russian and Hepburn do not write alike


def from_cyrillic(words: Sequence[str]) -> list[str]:
    """A name of two words after Hepburn; none where one of them is no Japanese word, or all are read so anyway."""
    if len(words) != 2 or not all(map(_WORD.fullmatch, words)) or not any(map(_OTHERWISE.search, words)):
        return []
    return [_SYLLABLE.sub(lambda found: _SYLLABLES[found[0]], word) for word in words]
