"""Korean names in Latin letters as Pyongyang writes them: `Kim Yeo Jeong` and `Kim Yo-jong` are one name.

Seoul's own romanisation, and what its people make of it by the ear of English (`Lee`, `Young`, `Chul`), differ from it
by rule. A name without one of these family names is left alone, and so is one whose other words are no Korean
syllables.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

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
