"""Korean names in Latin letters as Pyongyang writes them: `Kim Yeo Jeong` and `Kim Yo-jong` are one name.

Seoul's own romanisation, and what its people make of it by the ear of English (`Lee`, `Young`, `Chul`), differ from it
by rule. A name without one of these family names is left alone, and so is one whose other words are no Korean
syllables. So it is with names in Cyrillic, after Kontsevich (`Ким Ё Чжон`) or as before him (`Ким Чен Ир`), and in
characters (`金正恩`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice, product

from foedus.screening.tables import syllables

_LINES = """an ahn; paek baek paik; pae bae; jang chang; cha; choe choi choy; jo cho; jong chung jung jeong chong
kang gang; kong gong; kwak gwak; kwon gwon; han; ho heo hur; hong; hwang; jon jeon jun; ju joo; kim gim; ko koh go
ku koo gu; ri lee yi rhee li; rim lim im yim; min; mun moon; nam; ro noh roh no; o oh; pak park bak; ryu yoo yu ryoo
so seo suh; sim shim; sin shin; son sohn; song; u woo; yang; yun yoon; om um eom"""
_FAMILY = {one: line.split()[0] for line in re.split("[;\n]", _LINES) for one in line.split()}
FAMILIES = frozenset(_FAMILY)  # names without one of these are not looked at
_SYLLABLE = (
    "(?:kk|tt|pp|ss|jj|ch|sh|[kgntdrlmbpsjh])?"
    "(?:yae|yeo|wae|yoo|you|ae|ya|eo|ye|yo|wa|oe|yu|wo|we|wi|eu|ui|oo|ee|ou|[aeiou])(?:ng|ck|[kgnmlptb])?"
)
_ONE_SYLLABLE, _TWO = re.compile(_SYLLABLE), re.compile(f"{_SYLLABLE}{_SYLLABLE}")
_STEPS = tuple(
    (re.compile(one), to)
    for one, to in (
        ("yeo|you(?=n)", "yo"), ("eo", "o"), ("eu", "u"), ("oo|ou|wu", "u"), ("h(?:ee|i)(?!ng)", "hui"), ("ee", "i"),
        ("(?<=[kgmbprh])yu(?=n?[gk])|yu(?=ng)", "yo"), ("hyun", "hyon"), ("ch?ul", "chol"), ("su(?=ng)", "so"),
        ("ju(?=ng)", "jo"), ("suk", "sok"), ("shi", "si"), ("ck", "k"), ("d", "t"), ("b", "p"), ("^l", "r"),
        ("g(?!$|[^aeiouwy])(?<!n)|(?<=n)g(?=[aeiouwy])", "k"),
    )
)  # fmt: skip


def readings(words: Sequence[str]) -> list[list[str]]:
    """Family name and given name; none where it is no such name, or is written so already."""
    for family, *given in ((words[0], *words[1:]), (words[-1], *words[:-1])):
        if family in _FAMILY and _given(given):
            found = [_FAMILY[family], *map(_as_in_pyongyang, given)]
            return [found] if found != [family, *given] else []
    return []


def _given(words: list[str]) -> bool:
    """Whether they are two syllables."""
    if len(words) == 1:
        return len(words[0]) > 4 and bool(_TWO.fullmatch(words[0]))
    return len(words) == 2 and all(map(_ONE_SYLLABLE.fullmatch, words))


def _as_in_pyongyang(syllables: str) -> str:
    for step, to in _STEPS:
        syllables = step.sub(to, syllables)
    return syllables


_CYRILLIC = syllables("cyrillic family", "korean.txt")
_CHARACTER_FAMILY = syllables("character family", "korean.txt")
_CHARACTER = syllables("character given", "korean.txt")
_INITIALS = dict(
    pair.split()
    for pair in """к k,г k,кк kk,кх kh,н n,т t,д t,тт tt,тх th,р r,л r,м m,п p,б p,пп pp,пх ph,с s,сс ss,ш s,ч j,чж j
дж j,чч jj,чх ch,х h""".replace("\n", ",").split(",")
)
_VOWELS = dict(
    pair.split()
    for pair in """а a,я ya,о o,ё yo,у u,ю yu,ы u,и i,й i,э ae,е e,йе ye,ва wa,во wo,ви wi,вэ wae,ве we,ый ui,ий ui
уо wo""".replace("\n", ",").split(",")
)
_FINALS = {"": "", "к": "k", "м": "m", "п": "p", "т": "t", "ль": "l", "л": "l", "р": "l", "нъ": "ng", "нг": "ng"}
_INITIAL, _VOWEL, _FINAL = ("|".join(sorted(one, key=len, reverse=True)) for one in (_INITIALS, _VOWELS, _FINALS))
_CYRILLIC_SYLLABLE = f"({_INITIAL})?({_VOWEL})(н(?![ъг])|{_FINAL})"
_CYRILLIC_GIVEN = re.compile(f"{_CYRILLIC_SYLLABLE}(?:{_CYRILLIC_SYLLABLE})?")
MOST = 4  # readings of one name


def from_cyrillic(words: Sequence[str]) -> list[list[str]]:
    """Family name and given name, each way; none where it is no such name. Cyrillic does not tell `n` from `ng`."""
    if len(words) not in (2, 3) or words[0] not in _CYRILLIC:
        return []
    found = [_CYRILLIC_GIVEN.fullmatch(word.replace("і", "и").replace("йо", "ё")) for word in words[1:]]
    parts = [one.groups("")[at : at + 3] for one in found if one for at in (0, 3) if one.groups()[at + 1]]
    if not all(found) or len(parts) != 2:
        return []
    ways = [list(_of_cyrillic(*part)) for part in parts]
    return [[family, "".join(given)] for family, given in islice(product(_CYRILLIC[words[0]], product(*ways)), MOST)]


def _of_cyrillic(initial: str, vowel: str, final: str) -> Iterator[str]:
    """A syllable, each way. Before Kontsevich `чен` was written for what is `chong` or `chon`."""
    first = _INITIALS.get(initial, "")
    said = _VOWELS[vowel]
    if vowel == "е":
        said = "o" if initial in ("с", "ч", "чж", "дж") else "ye" if initial == "х" else "e"
    if final != "н":
        yield first + said + _FINALS[final]
        return
    if vowel not in ("и", "ви", "во") and (vowel != "ы" or initial == "с"):
        yield first + said + "ng"
    if (initial, vowel) != ("с", "ы"):
        yield first + said + "n"


def from_characters(word: str) -> list[list[str]]:
    """A name of two or three characters as family name and given name; none where one of them is in no name."""
    if len(word) not in (2, 3) or word[0] not in _CHARACTER_FAMILY or not all(map(_CHARACTER.get, word[1:])):
        return []
    return [[_CHARACTER_FAMILY[word[0]][0], "".join(_CHARACTER[one][0] for one in word[1:])]]
