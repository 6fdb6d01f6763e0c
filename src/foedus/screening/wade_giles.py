"""Chinese names as they were romanised before pinyin, and are in Taiwan: `Mao Tse-tung` read as Mao Zedong.

After Wade and Giles. Without its apostrophes a name does not tell `t` from `t'`, and without its marks not `u` from
`ü`, which stands here as `v`: it is read both ways. A name that does
not look like one of three such syllables is left alone, and so is one without a dash that begins with no family name or
is pinyin with a space too many.
"""

from __future__ import annotations

import re
from itertools import product

from foedus.screening.spelling import PINYIN
from foedus.screening.tables import syllables

_FAMILY = {one: pinyin[0] for one, pinyin in syllables("taiwan family").items()}
FAMILIES = frozenset(_FAMILY)  # without one of these, a name without a dash is not looked at
_APOSTROPHE = re.compile("[\u2018\u2019\u02bb\u02bc\u0060]")
_FAMILY_FIRST = re.compile(r"([a-z']{1,6}),? ([a-z']{1,7})[- ]([a-z']{1,7})")
_GIVEN_FIRST = re.compile(r"([a-z']{1,7})-([a-z']{1,7}) ([a-z']{1,6})")
_ASPIRATED = re.compile("^(ch|ts|tz|[ptk])")
_UMLAUT = re.compile("^(ch'?)u(?=$|an$|n$)")
_SYLLABLE = re.compile(
    r"(ch'?|hs|sh|ss|sz|ts'?|tz'?|[ptk]'?|[mfnlhjyw])?"
    r"(a|ai|an|ang|ao|e|eh|ei|en|eng|erh|i|ia|iang|iao|ieh|ien|ih|in|ing|iu|iung|o|ou|u|ua|uai|uan|uang|ueh|uei|ui|un|ung|uo"
    r"|v|van|veh|vn)"
)
_INITIALS = {"p": "b", "p'": "p", "t": "d", "t'": "t", "k": "g", "k'": "k", "hs": "x", "j": "r", "ss": "s", "sz": "s"}
_INITIALS |= {"ts": "z", "tz": "z", "ts'": "c", "tz'": "c"}
_FINALS = {"ieh": "ie", "ien": "ian", "ih": "i", "iung": "iong", "ueh": "ue", "uei": "ui", "ung": "ong", "erh": "er"}
_FINALS |= {"v": "u", "van": "uan", "veh": "ue", "vn": "un"}
_WHOLE = {"yu": "you", "yen": "yan", "yeh": "ye", "yung": "yong", "szu": "si", "ssu": "si", "tzu": "zi", "tz'u": "ci"}
_WHOLE |= {"teh": "de", "peh": "bo", "ing": "ying", "i": "yi", "o": "e", "ho": "he", "ko": "ge", "k'o": "ke"}


def in_pinyin(name: str) -> list[list[str]]:
    """Family name and given name, each way, of a name as it is written; none where it is no such name."""
    name = _APOSTROPHE.sub("'", name.casefold())
    found = _FAMILY_FIRST.fullmatch(name) or _GIVEN_FIRST.fullmatch(name)
    if not found:
        return []
    *given, family = found.groups() if found.re is _GIVEN_FIRST else (*found.groups()[1:], found[1])
    if "-" not in name and (family not in _FAMILY or all(map(PINYIN.fullmatch, (family, *given)))):
        return []
    ways = [[_syllable(one) for one in _unsaid(part, "'" in name)] for part in given]
    first = _FAMILY.get(family, "") if "'" not in name else ""
    first = first or _syllable(family)
    return [[first, "".join(one)] for one in product(*ways) if all(one)] if first else []


def _unsaid(syllable: str, said: bool) -> list[str]:
    """A syllable, and with its apostrophe where apostrophes were left out, else with its `ü`."""
    other = _UMLAUT.sub(r"\1v", syllable) if said else _ASPIRATED.sub(r"\1'", syllable)
    return list(dict.fromkeys((syllable, other)))


def _syllable(syllable: str) -> str:
    """One in pinyin; empty where it is none."""
    if syllable in _WHOLE:
        return _WHOLE[syllable]
    found = _SYLLABLE.fullmatch(syllable)
    if not found:
        return ""
    initial, final = found[1] or "", found[2]
    if initial.startswith("ch"):
        soft = final[0] in "iv" and final != "ih"
        initial = {"ch": "j" if soft else "zh", "ch'": "q" if soft else "ch"}[initial]
        return initial + _FINALS.get(final, final)
    if final == "o" and initial and initial not in "pmfw":
        final = "uo"
    return _INITIALS.get(initial, initial) + _FINALS.get(final, final)
