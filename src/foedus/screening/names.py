"""A name as the words that are compared: normalised, in Latin letters, with what is known of each word.

Legal forms leave the words and are kept apart; `bin` and the like say which word is whose father; `Abdul Rahman` is
one word; a list's `FAMILY, Given` is read in the order in which it is said. Words are never dropped for being common:
they weigh less.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import accumulate, groupby, pairwise
from operator import add, itemgetter
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA

from foedus.screening import chinese, japanese, korean, native, scripts, wade_giles
from foedus.screening.spelling import GROUPS, NAMES, fold
from foedus.screening.tables import sections

MOST_WORDS = 24  # of one name; what stands after them is not compared
MOST_LETTERS = 400  # of one name, for the same reason
MOST_WAYS = 3
GUESSED = -2  # the way of a reading of which only one among several is right

_PARTICLES = """al el ul an ad ar as ash at az de del della di da do dos das van von der den ter la le les y e i und
and et of the for du des na bin ibn ben bint bent binti bt bte ould wuld weld ogly oglu oghlu ogli kizi
gizi qizi mr mrs ms dr prof sir mv mt hon rev gen col lt brig capt adm lieutenant colonel brigadier admiral
ayatollah ayatullah hojatoleslam hojjatoleslam maulana mawlana maulavi mawlawi maulvi moulavi samdech oknha dato
datuk yacht monsieur madame mme herr frau senor senora"""
PARTICLES = frozenset(_PARTICLES.split())
_FATHER = frozenset(["bin", "ibn", "ben", "bint", "bent", "binti", "bt", "bte", "ould", "wuld", "weld"])
_SERVANT = frozenset(["abd", "abdul", "abdel", "abdal", "abdoul", "abdoel", "abdur", "abdus", "abdun", "abdush"])
_ARTICLES = frozenset(["al", "el", "ul", "ur", "ar", "as", "us", "ad", "an", "ash", "ud", "ed"])
_CHILD = frozenset(["ogly", "oglu", "oghlu", "ogli", "kizi", "gizi", "qizi", "kyzy"])  # after the father's name
_FAITH = frozenset(["din", "deen", "dine", "eddine", "eddin", "uddin", "addin", "udeen", "eldin", "eldine", "DYN"])
_GOD = frozenset(["allah", "ullah", "ALLH"])
_OF_FAITH = _FAITH | _GOD
_ROMAN = {"ii": "2", "iii": "3", "iv": "4", "vi": "6", "vii": "7", "viii": "8", "ix": "9"}
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"
_CARDINALS = "- two three four five six seven eight nine - eleven twelve"  # the others are words of other languages too
_ROUND = "- twenty thirty forty fifty sixty seventy eighty ninety"
_TENS = {word: 10 * at for at, word in enumerate(_ROUND.split(), 1)}
_COUNTED = {word: at for line in (_ORDINALS, _CARDINALS) for at, word in enumerate(line.split(), 1)} | _TENS
_WORD = re.compile(r"[^\W_]+")
# With the marks of scripts that write vowels beside the letters, of which Python counts none among the letters.
_MARKED = "".join(chr(code) for code in range(0x300, 0x2000) if unicodedata.category(chr(code))[0] == "M")
_MARKED_WORD = re.compile(f"[^\\W_](?:[^\\W_]|[{_MARKED}])*")
_VOCALISED = re.compile(
    "[\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u0652\u0656-\u065f\u0670\u06d6-\u06ed]"
)
_IN_HEBREW = re.compile('(?<=[\u05d0-\u05ea])["\u05f4](?=[\u05d0-\u05ea])')  # of an abbreviation
# Forms in characters stand with the name in one word; the longest first.
_HAN_FORMS = (
    ("股份有限公司", "jsc"), ("有限责任公司", "llc"), ("有限責任公司", "llc"), ("有限公司", "llc"),
    ("株式会社", "jsc"), ("合同会社", "llc"), ("有限会社", "llc"), ("(株)", "jsc"), ("주식회사", "jsc"),
    ("(주)", "jsc"), ("유한회사", "llc"), ("集团", "group"), ("集團", "group"), ("公司", "company"),
    ("회사", "company"),
)  # fmt: skip
_SHIP = re.compile(r"\b[ms]/[vtys]\b")
_JOINED_ABD = re.compile(r"(?<=[a-z]{3})abd(?=[ -][ae]l[ -])")  # `Samirabd al-Aziz`
_MARIA = re.compile(r"\bma\. (?=[a-z]{2})")
_ORDINAL = re.compile(r"(\d+)(?:st|nd|rd|th)")
# Digits that are read or typed for letters: a zero before letters or after them, the others between letters.
_MISREAD = re.compile(r"0(?=[a-z]{3})|(?<=[a-z]{3})0$|(?<=[a-z])[01345789](?=[a-z])")
_AS_LETTER = {"0": "o", "1": "l", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b", "9": "g"}
_APOSTROPHE = re.compile("(?<=\\w)[\u2019\u2018\u02bc\u02bb\u0060\u00b4'](?=\\w)")
_ANY_APOSTROPHE = re.compile("[\u2019\u2018\u02bc\u02bb\u0060\u00b4]")
_DOTTED = re.compile(r"\b(?:\w\.){2,}\w?")


class Name(NamedTuple):
    """`words`: in order, legal forms left out. `generations`: for each word how many fathers stand before it.

    `forms`: classes of legal form. `joins`: neighbours as one word, (first, after the last, word). `way`: which
    reading of the script,
    -1 where it is written in Latin letters, GUESSED where it is one of several that these may stand for.
    """

    text: str
    words: tuple[str, ...]
    generations: tuple[int, ...]
    forms: frozenset[str]
    joins: tuple[tuple[int, int, str], ...]
    way: int


def _in_latin(phrase: str) -> set[tuple[str, ...]]:
    """A phrase by its letters, each way, and as a name that has it is read."""
    words = phrase.split()
    by_letters = (tuple(ways[min(way, len(ways) - 1)] for ways in map(scripts.ways, words)) for way in range(2))
    as_read = (tuple(part for word in words for part in native.latin(word, way)) for way in range(2))
    return {*by_letters, *as_read}


def _forms() -> dict[str, tuple[tuple[tuple[str, ...], str], ...]]:
    """Phrases of tables/forms.txt by their first word, the longest first, in Latin letters, longer words folded."""
    found: dict[str, set[tuple[tuple[str, ...], str]]] = {}
    for kind, line in sections("forms.txt"):
        for phrase in line.split(","):
            for latin in _in_latin(phrase):
                folded = tuple(word if len(word) < 4 else fold(word) for word in latin)
                found.setdefault(folded[0], set()).add((folded, kind))
    return {word: tuple(sorted(phrases, key=lambda one: (-len(one[0]), one))) for word, phrases in found.items()}


FORMS = _forms()


def _abbreviations() -> dict[str, list[tuple[tuple[str, ...], str]]]:
    """Phrases of tables/abbreviations.txt by their first word, the longest first, with the short word for each."""
    found: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for short, line in sections("abbreviations.txt"):
        for phrase in line.split(","):
            for latin in _in_latin(phrase):
                found.setdefault(latin[0], []).append((latin, short))
    return {word: sorted(phrases, key=lambda one: -len(one[0])) for word, phrases in found.items()}


_IN_FULL = _abbreviations()
_LONG_FORM_WORDS = sorted(
    {word for phrases in FORMS.values() for phrase, _ in phrases for word in phrase if len(word) > 5}
)
_LONG_BY_LETTER = {letter: list(words) for letter, words in groupby(_LONG_FORM_WORDS, itemgetter(0))}


@lru_cache(maxsize=65_536)
def parse(text: str) -> tuple[Name, ...]:
    """The name, each way its script is read; empty where there is no letter and no digit in it."""
    plain = normal(text)
    if plain.isascii():
        words = _WORD.findall(plain)[:MOST_WORDS]
        if not words:
            return ()
        if _SELDOM.isdisjoint(words) and (len(words) != 3 or "-" not in plain):
            return (_name(text, words, -1),)
        shortened, numbered = _abbreviated(text, words, -1), _in_digits(text, words, -1)
        return (_name(text, words, -1), *shortened, *numbered, *_of_the_east(text, words))
    words = _MARKED_WORD.findall(plain)[:MOST_WORDS]
    found = list(_of_the_east_in_its_scripts(text, words))
    for way in range(MOST_WAYS):
        latin = [part for word in words for part in native.latin(word, way)][:MOST_WORDS]
        if latin:
            found += [_name(text, latin, way), *_abbreviated(text, latin, way)]
    if (unmarked := _without_marks(text)).isascii():
        found += _of_the_east(unmarked, _WORD.findall(normal(unmarked)))
    ways = {one.words: one for one in reversed(found)}
    return tuple(reversed(ways.values()))


def _without_marks(text: str) -> str:
    """`Kim Yŏ-jŏng` as `Kim Yo-jong`, any apostrophe as the plain one; `ü` is a letter of its own, as in Wade's."""
    text = _ANY_APOSTROPHE.sub("'", text[:MOST_LETTERS].casefold().replace("ü", "v"))
    return "".join(one for one in unicodedata.normalize("NFD", text) if unicodedata.category(one) != "Mn")


def _of_the_east_in_its_scripts(text: str, words: list[str]) -> Iterator[Name]:
    """A Chinese, Korean or Japanese name in Cyrillic, and a Korean or Japanese one in characters, which may be Chinese
    as well.
    """
    if pinyin := chinese.from_cyrillic(words):
        yield _name(text, pinyin, 0)
    if latin := japanese.from_cyrillic(words):
        yield _name(text, latin, 0)
    read = korean.from_cyrillic(words)
    for one in read:
        yield _name(text, one, 0 if len(read) == 1 else GUESSED)
    if 0 < len(words) < 3 and scripts.is_han(words[0][0]):
        for one in (*korean.from_characters("".join(words)), *japanese.from_characters(words)):
            yield _name(text, one, GUESSED)


_FAMILIES = chinese.FAMILIES | korean.FAMILIES | wade_giles.FAMILIES
_SELDOM = (
    _FAMILIES | _IN_FULL.keys() | _COUNTED.keys() | {"one"}
)  # a name without any of these words, and without a dash, is read one way


def _of_the_east(text: str, words: list[str]) -> Iterator[Name]:
    """A Chinese or Korean name in Latin letters as it is also written."""
    if not 1 < len(words) < 6 or ("-" not in text and _FAMILIES.isdisjoint(words)):
        return
    if len(words) < 5:
        pinyin = wade_giles.in_pinyin(text)
        for one in pinyin:
            yield _name(text, one, -1 if len(pinyin) == 1 else GUESSED)
        for one in korean.readings(words):
            yield _name(text, one, -1)
    for one in chinese.readings(words):
        yield _name(text, one, GUESSED)


def normal(text: str) -> str:
    """NFKC in lower case, said in order, dotted abbreviations closed up, at most MOST_LETTERS long."""
    text = text[:MOST_LETTERS]
    if not text.isascii():
        text = unicodedata.normalize("NFKC", "".join(one for one in text if unicodedata.category(one) != "Cf"))
        text = _IN_HEBREW.sub("", _VOCALISED.sub("", _APOSTROPHE.sub("", text)))
        for form, latin in _HAN_FORMS:
            text = text.replace(form, f" {latin} ")
    elif "'" in text or "`" in text:
        text = _APOSTROPHE.sub("", text)
    text = text.casefold()
    if "abd" in text:
        text = _JOINED_ABD.sub(" abd", text)
    if text.count(",") == 1:
        family, _, given = text.partition(",")
        if _WORD.search(given) and not FORMS.keys() & set(_WORD.findall(given)[:1]):
            text = f"{given} {family}"
    if "/" in text:
        text = _SHIP.sub("mv", text)
    return _DOTTED.sub(_closed, _MARIA.sub("maria ", text)) if "." in text else text


def _closed(found: re.Match[str]) -> str:
    """`L.L.C.` as one word where it is a legal form; initials stay apart."""
    letters = found[0].replace(".", "")
    return f"{letters} " if _form_word((scripts.ways(letters) or ("",))[0]) in FORMS else found[0]


def _name(text: str, latin: list[str], way: int) -> Name:
    words, forms = _without_forms(latin)
    if not _ROMAN.keys().isdisjoint(words):
        words = [_ROMAN.get(word, word) for word in words]
    words = _of_the_faith(_servants([word if word.isalpha() or word.isdigit() else _read(word) for word in words]))
    return Name(text, tuple(words), _generations(words), forms, _joins(words), way)


def _read(word: str) -> str:
    """Digits among letters: `12th` is a number, the zero of `0leg` a letter that was misread."""
    if found := _ORDINAL.fullmatch(word):
        return found[1]
    return _MISREAD.sub(lambda digit: _AS_LETTER[digit[0]], word)


def _generations(words: list[str]) -> tuple[int, ...]:
    """`Ali bin Omar`, `Ali Omar oglu`: Omar is the father."""
    if _FATHER.isdisjoint(words) and _CHILD.isdisjoint(words):
        return (0,) * len(words)
    fathers = (word in _FATHER and 0 < place < len(words) - 1 for place, word in enumerate(words))
    before = (after in _CHILD for after in (*words[1:], ""))
    return tuple(map(add, tuple(accumulate(fathers, initial=0))[1:], before))


def _without_forms(latin: list[str]) -> tuple[list[str], frozenset[str]]:
    """The words without legal forms; all of them where nothing else would be left."""
    folded = [_form_word(word) for word in latin]
    if FORMS.keys().isdisjoint(folded):
        return latin, frozenset()
    words: list[str] = []
    forms: set[str] = set()
    place = 0
    while place < len(latin):
        for phrase, kind in FORMS.get(folded[place], ()):
            if tuple(folded[place : place + len(phrase)]) == phrase and _stands(phrase, place, len(latin)):
                forms.add(kind)
                place += len(phrase)
                break
        else:
            words.append(latin[place])
            place += 1
    if all(word in PARTICLES for word in words):
        return latin, frozenset()
    return words, frozenset(forms)


@lru_cache(maxsize=65_536)
def _form_word(word: str) -> str:
    """The word as it stands in tables/forms.txt: a long one may be mistyped, but not in its first letter."""
    if len(word) < 4:
        return word
    folded = fold(word)
    long = _LONG_BY_LETTER.get(folded[0])
    if len(folded) < 7 or not long or folded in long:
        return folded
    near = process.extractOne(folded, long, scorer=OSA.distance, score_cutoff=1 + (len(folded) > 9))
    return near[0] if near else folded


def _abbreviated(text: str, latin: list[str], way: int) -> Iterator[Name]:
    """The name with the short word for what it says in full, once where it says both."""
    if _IN_FULL.keys().isdisjoint(latin):
        return
    words: list[str] = []
    place, shortened = 0, set[str]()
    while place < len(latin):
        for phrase, short in _IN_FULL.get(latin[place], ()):
            if tuple(latin[place : place + len(phrase)]) == phrase:
                shortened.add(short)
                words.append(short)
                place += len(phrase)
                break
        else:
            words.append(latin[place])
            place += 1
    if shortened:
        once = [word for at, word in enumerate(words) if word not in shortened or word not in words[:at]]
        yield _name(text, once, way)


def _in_digits(text: str, words: list[str], way: int) -> Iterator[Name]:
    """The name with its numbers in words as digits; `one` where it stands last, as ships have it."""
    found: list[str] = []
    for at, word in enumerate(words):
        number = 1 if word == "one" and 0 < at == len(words) - 1 else _COUNTED.get(word, 0)
        if number and at and words[at - 1] in _TENS and number < 10:
            found[-1] = str(_TENS[words[at - 1]] + number)
        else:
            found.append(str(number) if number else word)
    if found != words:
        yield _name(text, found, way)


def _stands(phrase: tuple[str, ...], place: int, total: int) -> bool:
    """Whether a short form stands where forms stand, first or near the end: `as` and `at` are words elsewhere."""
    return len("".join(phrase)) > 3 or place == 0 or place + len(phrase) >= total - 1


def _servants(words: list[str]) -> list[str]:
    """`abd al rahman`, `abdul rahman`: servant of the Merciful, one name, also where a list turned it: `RAHMAN, Abdul`
    written without the comma is `rahman abdul`.
    """
    if _SERVANT.isdisjoint(words):
        return words
    if words[-1] in _SERVANT:
        whom = 1 + (len(words) > 2 and words[0] in _ARTICLES)
        if len(words) > whom and len(words[whom - 1]) > 2 and words[whom - 1] not in PARTICLES | _SERVANT:
            words = [*words[whom:], *words[:whom]]
    found: list[str] = []
    place = 0
    while place < len(words):
        if words[place] in _SERVANT:
            after = place + 1 + (words[place] == "abd" and place + 2 < len(words) and words[place + 1] in _ARTICLES)
            if after < len(words) and len(words[after]) > 2 and words[after] not in PARTICLES:
                found.append(("ABD" if words[after].isupper() else "abdul") + words[after])
                place = after + 1
                continue
        found.append(words[place])
        place += 1
    return found


def _of_the_faith(words: list[str]) -> list[str]:
    """`Jalal al-Din`, `Jalal ud-Din`, `Jalal Eddine`: glory of the faith, one name, as in `Jalaluddin`. So is
    `Nasr Allah`, God's help.
    """
    if _OF_FAITH.isdisjoint(words):
        return words
    if words[0] in _FAITH and len(words) > 2:  # `BADR AL DIN, Mustafa` turned
        words = [*words[1:], words[0]]
    found: list[str] = []
    for word in words:
        if word in _FAITH:
            at = len(found) - (2 if found and found[-1] in _ARTICLES else 1)
            if at >= 0 and len(found[at]) > 2 and found[at] not in PARTICLES:
                found[at:] = [found[at] + ("DYN" if found[at].isupper() else "uddin")]
                continue
        elif word in _GOD and found and len(found[-1]) > 2 and found[-1] not in PARTICLES:
            found[-1] += "ALLH" if found[-1].isupper() else word
            continue
        found.append(word)
    return found


def _joins(words: list[str]) -> tuple[tuple[int, int, str], ...]:
    """Two neighbours as one word, and three where the name has three: where a space is is often an accident."""
    found = []
    for at, (word, other) in enumerate(pairwise(words)):
        if len(word) > 1 and len(other) > 1:
            both = word + other
            if 4 <= len(both) <= 40 and not both.isdigit():
                found.append((at, at + 2, both))
    if len(words) == 3 and 4 <= len(whole := "".join(words)) <= 40 and not whole.isdigit():
        found.append((0, 3, whole))
    return tuple(found)


@lru_cache(maxsize=16_384)
def spellings(word: str) -> tuple[str, ...]:
    """Every word that tables/names.txt holds for the same name; none where it has no other."""
    found = {same for group, _ in NAMES.get(word, ()) for same in GROUPS[group]}
    return tuple(found) if len(found) > 1 else ()


@lru_cache(maxsize=16_384)
def sounds(word: str) -> tuple[str, ...]:
    """The same as they are heard, each once."""
    return tuple({fold(other) for other in spellings(word)})
