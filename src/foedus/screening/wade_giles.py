"""Chinese names as they were romanised before pinyin, and are in Taiwan: `Mao Tse-tung` read as Mao Zedong.

After Wade and Giles. Without its apostrophes a name does not tell `t` from `t'`: it is read as it stands. A name that
does not look like one of three such syllables, the last two with a dash between them, is left alone.
"""

from __future__ import annotations

import re

_APOSTROPHE = re.compile("[\u2018\u2019\u02bb\u02bc\u0060]")
_FAMILY_FIRST = re.compile(r"([a-z']{1,6}),? ([a-z']{1,7})-([a-z']{1,7})")
_GIVEN_FIRST = re.compile(r"([a-z']{1,7})-([a-z']{1,7}) ([a-z']{1,6})")
_SYLLABLE = re.compile(
    r"(ch'?|hs|sh|ss|sz|ts'?|tz'?|[ptk]'?|[mfnlhjyw])?"
    r"(a|ai|an|ang|ao|e|eh|ei|en|eng|erh|i|ia|iang|iao|ieh|ien|ih|in|ing|iu|iung|o|ou|u|ua|uai|uan|uang|ueh|uei|ui|un|ung|uo)"
)
_INITIALS = {"p": "b", "p'": "p", "t": "d", "t'": "t", "k": "g", "k'": "k", "hs": "x", "j": "r", "ss": "s", "sz": "s"}
_INITIALS |= {"ts": "z", "tz": "z", "ts'": "c", "tz'": "c"}
_FINALS = {"ieh": "ie", "ien": "ian", "ih": "i", "iung": "iong", "ueh": "ue", "uei": "ui", "ung": "ong", "erh": "er"}
_WHOLE = {"yu": "you", "yen": "yan", "yeh": "ye", "yung": "yong", "szu": "si", "ssu": "si", "tzu": "zi", "tz'u": "ci"}
_WHOLE |= {"ing": "ying", "i": "yi", "o": "e", "ho": "he", "ko": "ge", "k'o": "ke"}


def in_pinyin(name: str) -> tuple[str, str] | None:
    """Family name and given name, of a name as it is written; None where it is no such name."""
    name = _APOSTROPHE.sub("'", name.casefold())
    if found := _FAMILY_FIRST.fullmatch(name):
        family, first, second = map(_syllable, found.groups())
    elif found := _GIVEN_FIRST.fullmatch(name):
        first, second, family = map(_syllable, found.groups())
    else:
        return None
    return (family, first + second) if family and first and second else None


def _syllable(syllable: str) -> str:
    """In pinyin; empty where it is none."""
    if syllable in _WHOLE:
        return _WHOLE[syllable]
    found = _SYLLABLE.fullmatch(syllable)
    if not found:
        return ""
    initial, final = found[1] or "", found[2]
    if initial.startswith("ch"):
        soft = final.startswith("i") and final != "ih"
        initial = {"ch": "j" if soft else "zh", "ch'": "q" if soft else "ch"}[initial]
    elif final == "o" and initial and initial not in "pmfw":
        final = "uo"
    return _INITIALS.get(initial, initial) + _FINALS.get(final, final)
