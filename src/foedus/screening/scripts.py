"""Names of every script in Latin letters, each way that is in use.

Cyrillic, Greek, Armenian, Georgian, Hebrew and Arabic by our own table (tables/letters.txt), Korean by the arithmetic
of its syllables, kana after Hepburn, the rest (Chinese as pinyin, the scripts of India) by the table of the package
anyascii.
A script that leaves out its vowels gives consonants, in capitals: `MHMD`. Nothing here knows what a word means.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from foedus.screening.tables import sections

_PAIRS = re.compile(r"(\S+) ([A-Za-z-]+)(?:, |$)")


def _letters() -> dict[str, dict[str, str]]:
    tables: dict[str, dict[str, str]] = {}
    for section, line in sections("letters.txt"):
        tables.setdefault(section, {}).update((one, "" if to == "-" else to) for one, to in _PAIRS.findall(line))
    return tables


_TABLES = _letters()
_WAYS = {name: table for name, table in _TABLES.items() if "/" in name}
_PLAIN = {letter: to for name, table in _TABLES.items() if "/" not in name for letter, to in table.items()}
_DIGRAPHS = re.compile("|".join(sorted((one for one in _PLAIN if len(one) > 1), key=len, reverse=True)))
_MARKS = re.compile("[\u0300-\u036f\u0591-\u05c7\u064b-\u0655\u0670]")

_ONE_SOUND = frozenset(("TS", "DZ", "TZ", "SZ"))
_VIRAMA = 9  # the class of the signs that say that no vowel follows


def ways(word: str) -> tuple[str, ...]:
    """A word without spaces, in lower case and NFC, in Latin letters: the first way is the usual one.

    Russian and Ukrainian read г, и and ё otherwise; Korean has the ways of Seoul and of Pyongyang.
    """
    if word.isascii():
        return (word,)
    if _hangul(word):
        return tuple(dict.fromkeys(_korean(word, way) for way in (0, 1, 2)))
    found = [_latin(word, {})]
    found += [_latin(word, table) for table in _WAYS.values() if not table.keys().isdisjoint(word)]
    found += [_latin(word, table) for table in _WAYS.values() if any(len(one) > 1 and one in word for one in table)]
    return tuple(dict.fromkeys(one for one in found if one))


def _latin(word: str, way: dict[str, str]) -> str:
    for letters, to in way.items():
        if len(letters) > 1:
            word = word.replace(letters, to)
    if any("\u0900" <= letter <= "\u0dff" for letter in word):
        return _indic(word)
    if all("\u3041" <= letter <= "\u30fe" for letter in word):
        return _kana(word)
    word = _DIGRAPHS.sub(lambda found: _PLAIN[found[0]], word)
    latin = [way[letter] if letter in way else _letter(letter) for letter in word]
    found = "".join(latin)
    return _each_by_itself(latin) if found.isupper() else found


def _each_by_itself(consonants: list[str]) -> str:
    """Consonants as one word, with a vowel between two that would be read as one: `MTASDQ`, for `ts` is one sound. With
    an `h` that is so at the beginning alone, where a vowel is between for certain: `mazhari` is written with both.
    """
    found = ""
    for one in consonants:
        pair = found[-1:] + one[:1]
        found += "A" + one if pair in _ONE_SOUND or (len(found) == 1 and one == "H") else one
    return found


@lru_cache(maxsize=65_536)
def _letter(letter: str) -> str:
    """One letter: by our tables, without its marks, or by the wide table; nothing for a symbol."""
    if letter.isascii():
        return letter if letter.isalnum() else ""
    if (known := _PLAIN.get(letter)) is not None:
        return known
    bare = _MARKS.sub("", unicodedata.normalize("NFD", letter))
    if bare != letter and bare:
        return "".join(map(_letter, bare))
    if not letter.isalnum() and unicodedata.category(letter)[0] != "M":
        return ""
    from anyascii import anyascii

    return "".join(one for one in anyascii(letter).lower() if one.isalnum())


def _indic(word: str) -> str:
    """A word of a script of India: a consonant without a sign has an `a` after it; at the end only where it is one of
    two.
    """
    parts = []
    for at, letter in enumerate(word):
        parts.append(_letter(letter))
        after, before = word[at + 1 : at + 2], word[at - 1 : at]
        consonant = letter.isalpha() and parts[-1][:1] not in ("", *"aeiou")
        signed = after and (unicodedata.combining(after) == _VIRAMA or _letter(after)[:1] in tuple("aeiou"))
        if consonant and not signed and (after or (before and unicodedata.combining(before) == _VIRAMA)):
            parts.append("a")
    return "".join(parts)


_HIRAGANA = """あa いi うu えe おo かka きki くku けke こko がga ぎgi ぐgu げge ごgo さsa しshi すsu せse そso
ざza じji ずzu ぜze ぞzo たta ちchi つtsu てte とto だda ぢji づzu でde どdo なna にni ぬnu ねne のno はha ひhi
ふfu へhe ほho ばba びbi ぶbu べbe ぼbo ぱpa ぴpi ぷpu ぺpe ぽpo まma みmi むmu めme もmo やya ゆyu よyo
らra りri るru れre ろro わwa ゐi ゑe をo んn ゔvu"""
_KANA = {one[0]: one[1:] for one in _HIRAGANA.split()}
_SMALL = {"ゃ": "ya", "ゅ": "yu", "ょ": "yo", "ぁ": "a", "ぃ": "i", "ぅ": "u", "ぇ": "e", "ぉ": "o"}
_AS_HIRAGANA = {code: code - 0x60 for code in range(0x30A1, 0x30F7)}
_LONG = (("ou", "o"), ("oo", "o"), ("uu", "u"))  # which most leave out in Latin letters


def _kana(word: str) -> str:
    """A word of hiragana or katakana: a small `ya` belongs to what stands before, a small `tsu` doubles what comes."""
    found, doubled = "", False
    for letter in word.translate(_AS_HIRAGANA):
        if letter in _SMALL:
            vowel = _SMALL[letter]
            soft = vowel[1:] if found.endswith(("shi", "chi", "ji")) else vowel
            found = found[:-1] + (soft or vowel)
            continue
        syllable = _KANA.get(letter, "")
        found += syllable[:1] * doubled + syllable
        doubled = letter == "っ"
    for long, one in _LONG:
        found = found.replace(long, one)
    return found


def is_han(letter: str) -> bool:
    """Whether it is a Chinese character, which Japanese names have too."""
    return "\u4e00" <= letter <= "\u9fff" or "\u3400" <= letter <= "\u4dbf"


# Family names of two characters, and readings that differ when a character is a family name.
_TWO = {
    "欧阳",
    "歐陽",
    "司马",
    "司馬",
    "上官",
    "诸葛",
    "諸葛",
    "夏侯",
    "东方",
    "東方",
    "皇甫",
    "尉迟",
    "公孙",
    "慕容",
    "司徒",
    "令狐",
}
_READ = {
    "单": "shan",
    "單": "shan",
    "曾": "zeng",
    "解": "xie",
    "查": "zha",
    "仇": "qiu",
    "区": "ou",
    "區": "ou",
    "朴": "piao",
    "盖": "ge",
}


def chinese(word: str) -> tuple[str, ...]:
    """A word of Chinese characters as pinyin: a family name and the rest as one word, or longer ones syllable by
    syllable.
    """
    if len(word) > 4 or len(word) == 1:
        return tuple(map(_letter, word))
    family = 2 if word[:2] in _TWO and len(word) > 2 else 1
    first = _READ.get(word[0], "") if family == 1 else ""
    return (first or "".join(map(_letter, word[:family])), "".join(map(_letter, word[family:])))


# Revised Romanisation, McCune-Reischauer as newspapers write it, without its marks, and as Pyongyang writes it.
_INITIALS = (
    "g kk n d tt r m b pp s ss - j jj ch k t p h",
    "k kk n t tt r m p pp s ss - ch jj ch k t p h",
    "k kk n t tt r m p pp s ss - j jj ch kh th ph h",
)
_INITIAL = tuple(one.split() for one in _INITIALS)
_VOWELS = (
    "a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i",
    *["a ae ya yae o e yo ye o wa wae oe yo u wo we wi yu u ui i"] * 2,
)
_VOWEL = tuple(one.split() for one in _VOWELS)
_FINALS = "- k k ks n nj nh t l lk lm lb ls lt lp lh m p ps t t ng t t k t p t"
_FINAL = _FINALS.split()
_FAMILY = {
    "김": "kim",
    "이": "lee",
    "리": "ri",
    "박": "park",
    "최": "choe",
    "정": "jong",
    "강": "kang",
    "조": "jo",
    "류": "ryu",
    "임": "rim",
    "백": "paek",
    "노": "ro",
}


def _hangul(word: str) -> bool:
    return "\uac00" <= word[0] <= "\ud7a3"


def korean(word: str) -> tuple[tuple[str, ...], ...]:
    """A Korean word, each way, as family name and given name where it has two to four syllables."""
    if not 2 <= len(word) <= 4 or not all("\uac00" <= one <= "\ud7a3" for one in word):
        return tuple((one,) for one in ways(word))
    family = _FAMILY.get(word[0])
    found = [(family or _korean(word[0], way), _korean(word[1:], way)) for way in (0, 1, 2)]
    return tuple(dict.fromkeys(found))


def _korean(word: str, way: int) -> str:
    parts = []
    for letter in word:
        place = ord(letter) - 0xAC00
        if not 0 <= place < 11_172:
            parts.append(_letter(letter))
            continue
        initial, vowel, final = place // 588, place % 588 // 28, place % 28
        parts += [_INITIAL[way][initial], _VOWEL[way][vowel], _FINAL[final]]
    return "".join(parts).replace("-", "")
