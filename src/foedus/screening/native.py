"""One word in its own script as Latin words: as tables/names.txt writes it, where that has it, else by its letters.

Chinese and Korean write family and given name, and the whole name of an organisation, without spaces; Arabic writes
articles with the word. Such a word becomes several.
"""

from __future__ import annotations

import re
from itertools import pairwise

from foedus.screening import scripts
from foedus.screening.spelling import NATIVE, as_in_arabic

_IN_CHARACTERS = [one for one in NATIVE if len(one) > 1 and "\u3400" <= one[0] <= "\ud7a3"]
_OF_BODIES = re.compile(f"({'|'.join(sorted(_IN_CHARACTERS, key=len, reverse=True))})")


def latin(word: str, way: int) -> tuple[str, ...]:
    """One word, one way, as one or (family name and given name written together) two words."""
    if word.isascii():
        return (word,)
    if native := NATIVE.get(as_in_arabic(word)):
        return (native,)
    if len(word) > 3 and "\u3400" <= word[0] <= "\ud7a3" and (body := _of_body(word, way)):
        return body
    if all(map(scripts.is_han, word)):
        return scripts.chinese(word)
    if "\uac00" <= word[0] <= "\ud7a3":
        found = scripts.korean(word)
        return found[min(way, len(found) - 1)]
    if "\u0600" <= word[0] <= "\u06ff":
        return _of_arabic(as_in_arabic(word), way)
    ways = scripts.ways(word)
    return (ways[min(way, len(ways) - 1)],) if ways else ()


def _of_body(word: str, way: int) -> tuple[str, ...]:
    """An organisation's name in Chinese characters or Korean syllables, written in one: what tables/names.txt has of it
    in Latin letters, the rest by its sounds, of characters two and two; nothing where that table has no part of it.
    """
    parts = [part for part in _OF_BODIES.split(word) if part]
    if len(parts) < 2 and parts[0] not in NATIVE:
        return ()
    found: list[str] = []
    for part in parts:
        if part in NATIVE:
            found.append(NATIVE[part])
        elif scripts.is_han(part[0]):
            ends = [*range(2, len(part) - 1, 2), len(part)]
            found += ["".join(scripts.ways(part[first:end])) for first, end in pairwise([0, *ends])]
        else:
            ways = scripts.ways(part)
            found.append(ways[min(way, len(ways) - 1)])
    return tuple(found)


def _of_arabic(word: str, way: int) -> tuple[str, ...]:
    """A word in Arabic letters without what is written with it: `the`, `father of`, `of God`, `of the faith`."""
    if word[:2] == "ال" and len(word) > 4:
        return ("al", *latin(word[2:], way))
    if word[:3] == "ابو" and len(word) > 5:
        return ("abu", *latin(word[3:], way))
    for ending, consonants in (("الدين", "DYN"), ("الله", "ALLH")):
        if word.endswith(ending) and len(word) > len(ending) + 1:
            return (*latin(word[: -len(ending)], way), consonants)
    ways = scripts.ways(word)
    return (ways[min(way, len(ways) - 1)],) if ways else ()
