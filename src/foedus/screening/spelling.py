"""How alike two words of names are: spelled the same, spelled another way, mistyped, or the same name in another
form.

Pure functions of two words in Latin letters. Nothing here knows names of several words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from rapidfuzz.distance import OSA

from foedus.screening.tables import sections

LEAST = 0.7  # below which two words are two names
FAR = 3  # edits beyond which only the same consonants of a script without vowels, or a known spelling, make words alike
INITIAL_LIKENESS = 0.76  # of a letter and a word that it begins
SAME_SOUND = 0.97  # how alike words are that sound the same and are written otherwise
SAME_CONSONANTS = 0.62  # what an edit costs between words whose consonants are the same
SPELLINGS, CALLED = 0.93, 0.8  # of words of one line of tables/names.txt, before and after `~`
OTHER_NAME = 0.72  # at most, of two words that tables/names.txt has as two names: Maria and Mario, Khalid and Khalil
SHORT = 4  # letters as heard up to which one edit weighs less among those that are written, and a sound is no other
FIRST_VOWEL, FIRST_LETTER = 0.15, 0.2  # what another first letter costs
LOOK_ALIKE = {"i", "l"}  # but of these, which a scanner takes for each other as capitals
# Nor of these, of which one language writes what another writes as the other: Selenskyj, Schirinowski, Ghasem, Pak.
SOUND_ALIKE = ("sz", "xj", "cj", "cx", "gk", "bp", "dt", "hk", "fv")

_SOUND_ALIKE = frozenset((*SOUND_ALIKE, *(pair[::-1] for pair in SOUND_ALIKE)))

_SOUNDS = (
    ("xh", "j"), ("x", "ks"), ("tsch", "\0"), ("tch", "\0"), ("scs", "x"), ("sch", "x"), ("sz", "x"), ("sh", "x"),
    ("cz", "\0"), ("dzh", "j"), ("dj", "j"), ("zh", "j"), ("kh", "h"), ("gh", "g"), ("ph", "f"), ("th", "t"),
    ("dh", "d"), ("ck", "k"), ("chr", "hr"), ("ch", "\0"), ("x\0", "x"), ("\0\0", "x"), ("ce", "se"), ("ci", "si"),
    ("cy", "si"), ("c", "k"), ("\0", "c"), ("q", "k"), ("w", "v"), ("ou", "u"), ("oo", "u"), ("ee", "i"), ("tz", "z"),
    ("ts", "z"), ("dz", "z"), ("y", "i"), ("ij", "i"), ("ie", "e"), ("iu", "u"), ("eu", "u"),
)  # fmt: skip
_SERVANT = re.compile(r"^ab[dt](?:[aeiou]*l(?=[a-z]{2})|[aeiou]+([a-z])(?=\1))")
_FAITH = re.compile(r"(?<=[a-z]{3})(?:[aeiou]dd|[aeu]ld)(?:i|ee)ne?$")  # Jalaluddin, Jamaleddine
_LAST_EH = re.compile(r"(?<=[a-z]{3}[bdgkmnrtyz])eh$")  # Haniyeh, Haniya
_OF_BELARUS = re.compile(r"(?<=[aeo])u(?=sk(?:[iy]|aya|aia|aja)$)")  # Slizheuski, Slizhevsky
_ENDS = ("in", "en", "ine", "ene", "eh", "uski", "usky", "uskaya", "uskaia", "uskaja", "ovs", "evs")
_LAST_TWO = frozenset(end[-2:] for end in _ENDS)  # looked at first: hardly a word has one of them
_OF_LATVIA = re.compile(r"(?<=[a-z]{2}[oe]v)s$")  # Orlovs
_ARTICLE = re.compile(r"^(?:al|el|ul)(?=[a-z]{4})")
_DOUBLE = re.compile(r"(.)\1{1,2}")  # more of one letter are no name
_DOUBLE_BUT_VOWELS = re.compile(r"([^aeo])\1{1,2}")  # `oo` and `ee` are sounds of their own
_CH = re.compile(r"(?<![tsc])ch(?![rt])")  # Patrouchev, Chevtchenko, Narychkine; Zacharowa, Chodorkowski
_WITH_W = re.compile(r"[eio]w(?:a|sk[aiy]j?|itsch|icz)?$")
_J_AS_Y = re.compile(r"j(?:(?<=[aeiou]j)(?![aeiou])|(?<=[lsz]j)(?=[aeou]))")  # Sergej; Ljubomir, Sjuganow


@lru_cache(maxsize=262_144)
def fold(word: str) -> str:
    """The word with spellings of one sound made one: `Mohammed` and `Mohamed`, `Yevgeniy` and `Evgeni`, `Schukow` and
    `Zhukov` draw near.
    """
    if word.isdigit():
        return word
    word = word.lower()
    if (word[-2:] in _LAST_TWO and word.endswith(_ENDS)) or ("ch" in word and _may_be_foreign(word)):
        word = _ended(word)
    word = _DOUBLE_BUT_VOWELS.sub(r"\1", _SERVANT.sub("abd", word))
    word = _J_AS_Y.sub("i", word)
    for spelled, sound in _SOUNDS:
        if spelled in word:
            word = word.replace(spelled, sound)
    word = _DOUBLE.sub(r"\1", word)
    return word[:-1] if len(word) > 2 and word[-1] == "h" else word


def _may_be_foreign(word: str) -> bool:
    """Of a word with `ch`: whether it may be in a French, German or Polish spelling."""
    return "ou" in word or "w" in word or "tch" in word


def _ended(word: str) -> str:
    """With its ending written one way, and `ch` as it is said: in a French spelling `sh`, in a German or Polish one
    `kh`. Hardly a word has one of these; looked for in all, they cost as much as the rest.
    """
    if "ch" in word and len(word) > 5:
        if "tch" in word or "ou" in word or word.endswith("ine"):
            word = _CH.sub("sh", word)
        elif _WITH_W.search(word):
            word = _CH.sub("kh", word)
    word = _OF_LATVIA.sub("", word)
    return _OF_BELARUS.sub("v", _LAST_EH.sub("a", _FAITH.sub("udin", word)))


_ALL_SERVANTS = re.compile(_SERVANT.pattern, re.MULTILINE)
_LAST_H = re.compile(r"h(?<=[^\n][^\n]h)$", re.MULTILINE)


def fold_all(words: Sequence[str]) -> list[str]:
    """`fold` of each, many times as fast: a step is taken over all words at once, a word a line. No word is empty."""
    lower = ("0" if word.isdigit() else word.lower() for word in words)
    lines = "\n".join(
        [
            _ended(word)
            if (word[-2:] in _LAST_TWO and word.endswith(_ENDS)) or ("ch" in word and _may_be_foreign(word))
            else word
            for word in lower
        ]
    )
    lines = _J_AS_Y.sub("i", _DOUBLE_BUT_VOWELS.sub(r"\1", _ALL_SERVANTS.sub("abd", lines)))
    for spelled, sound in _SOUNDS:
        lines = lines.replace(spelled, sound)
    folded = _LAST_H.sub("", _DOUBLE.sub(r"\1", lines)).split("\n") if words else []
    return [word if word.isdigit() else line for word, line in zip(words, folded, strict=True)]


_DROPPED = str.maketrans("", "", "aeiouyh")
_CLASSES = str.maketrans("bvfxzgj", "pppssjj")
_CONSONANTS = {**_CLASSES, **_DROPPED}


@lru_cache(maxsize=262_144)
def skeleton(word: str) -> str:
    """The consonants, those that Arabic and Hebrew do not tell apart as one; empty where fewer than two are left."""
    return "" if word.isdigit() else _consonants_of(fold(word), fold(_without_w(word)))


def skeleton_all(words: Sequence[str], folded: Sequence[str]) -> list[str]:
    """`skeleton` of each, of which `folded` has the folds."""
    without = {word: _without_w(word) or "0" for word in words if "w" in word or "W" in word}
    rest = dict(zip(without, fold_all(list(without.values())), strict=True))
    return [
        "" if word.isdigit() else _consonants_of(one, rest.get(word, one))
        for word, one in zip(words, folded, strict=True)
    ]


def _without_w(word: str) -> str:
    return word if word[:1] in "wW" else word.replace("w", "").replace("W", "")


def _consonants_of(folded: str, without_w: str) -> str:
    kept = (folded[:1].translate(_CLASSES) + without_w[1:].translate(_CONSONANTS)).lstrip("aeiou")
    kept = _DOUBLE.sub(r"\1", kept)
    return kept if len(kept) > 1 else ""


PINYIN = re.compile(
    "(?:(?:[zcs]h|[bpmfdtnlgkhjqxrzcsyw])"
    "(?:a|ai|an|ang|ao|e|ei|en|eng|er|i|ia|ian|iang|iao|ie|in|ing|iong|iu|ong|ou|u|ua|uai|uan|uang|ue|ui|un|uo)"
    "|[bpmfwyl]o){1,3}"
)
_CHINESE = re.compile("ng|^x|[^k]x|zh|^q")  # of what reads as pinyin, what hardly another language has


NAMES: dict[str, tuple[tuple[str, int], ...]] = {}
GROUPS: dict[str, tuple[str, ...]] = {}
NATIVE: dict[str, str] = {}
COUNTED: set[str] = set()


_IN_ARABIC = str.maketrans("یىکہھۀةأإآٱؤئ", "ييكههههااااوي")


def as_in_arabic(word: str) -> str:
    """A word with the letters of Persian and Urdu, and those that carry signs, as the plain letters of Arabic."""
    return word.translate(_IN_ARABIC)


def _read_names() -> None:
    """tables/names.txt. `NAMES`: for each word its groups, each with 0 for a spelling and 1 for what bearers are
    called.

    `COUNTED`: words of which the lists tell how common they are. `GROUPS`: the words of each group. `NATIVE`: for a
    word in its own script the Latin spelling that begins its group.
    """
    for section, line in sections("names.txt"):
        spelled, _, called = line.partition("~")
        group = spelled.split()[0]
        for kind, words in enumerate((spelled, called)):
            for word in words.split():
                if word.isascii():
                    if section and word not in NAMES:
                        COUNTED.add(word)
                    NAMES[word] = (*NAMES.get(word, ()), (group, kind))
                    GROUPS[group] = (*GROUPS.get(group, ()), word)
                else:
                    NATIVE[as_in_arabic(word)] = group


_read_names()


def edits_allowed(letters: int) -> int:
    """How many edits are found for certain in a folded word: none to two letters, one to five, two to fourteen, then
    one to forty.

    Of two words the one that allows less decides. A number is found as it is.
    """
    if letters < 3 or letters > 40:
        return 0
    return 2 if 6 <= letters <= 14 else 1


@lru_cache(maxsize=524_288)
def likeness(one: str, other: str) -> float:
    """0 to 1; the same whichever comes first. Digits are the same or not; an initial is like what it begins."""
    if one == other:
        return 1.0
    if one > other:
        one, other = other, one
    if one.isdigit() or other.isdigit():
        return 0.0
    if len(one) == 1 or len(other) == 1:
        return INITIAL_LIKENESS if one[:1].lower() == other[:1].lower() else 0.0
    spelled = _spelled(one, other)
    if spelled >= SAME_SOUND:
        return spelled
    servants = one.startswith("abdul") and other.startswith("abdul")
    names = (one[5:], other[5:]) if servants and one not in NAMES and other not in NAMES else (one, other)
    if names[0] in NAMES and names[1] in NAMES:
        known = _known(*names)
        return max(spelled, known) if known else min(spelled, OTHER_NAME)
    if _hers(one, other):
        return min(spelled, OTHER_NAME)
    return min(spelled, OTHER_NAME) if spelled > OTHER_NAME and _two_in_chinese(one, other) else spelled


def _hers(one: str, other: str) -> bool:
    """Whether one is the woman's name to the other, a man's in the table, or his family's: `Samir`, `Samira`; `Karim`,
    `Karimi`.
    """
    his, hers = sorted((one, other), key=len)
    return his in NAMES and hers in (f"{his}a", f"{his}e", f"{his}ah", f"{his}i")


def _two_in_chinese(one: str, other: str) -> bool:
    """Whether both are written in pinyin, with other syllables: `Xiaoming` and `Xiaoling` are two names, and neither is
    a slip of the other. `Xiaomin` may be one.
    """
    if not (PINYIN.fullmatch(one) and PINYIN.fullmatch(other) and (_CHINESE.search(one) or _CHINESE.search(other))):
        return False
    return one.replace("ng", "n") != other.replace("ng", "n")


def of_one_name(one: str, other: str) -> bool:
    """Whether tables/names.txt says that they stand for one name."""
    return _known(one, other) > LEAST


def _known(one: str, other: str) -> float:
    """Two words of one group: 0.93 as spellings of a name, 0.8 where one is what its bearers are called, little where
    both are.
    """
    best = 0.0
    for group, kind in NAMES.get(one, ()):
        for same, its in NAMES.get(other, ()):
            if group == same:
                best = max(best, (SPELLINGS, CALLED, 0.01)[kind + its])
    return best


def _spelled(one: str, other: str) -> float:
    """By edits (optimal string alignment: a transposition is one) of the words as they sound, or as they are written: a
    slip may hide a sound (`afiz` for `faiz`, `kiyh` for `kish`).
    """
    a, b = fold(one), fold(other)
    if a == b:
        return SAME_SOUND
    distance = OSA.distance(a, b)
    if one.isupper() or other.isupper():  # written without vowels
        distance = min(distance, OSA.distance(one, other))
        each = 0.015 if len(skeleton(one)) > 2 else 0.03  # two consonants are soon the same
        return 0.94 - each * min(distance, 6) if _same_consonants(one, other) else 0.0
    apart = len(a) - len(b)
    if abs(apart) == 2 and _ARTICLE.sub("", a if apart > 0 else b) == (b if apart > 0 else a):
        return 0.94
    same = _same_consonants(one, other)
    as_heard = _by_edits(a, b, distance, same)
    if (a, b) == (one, other) or (distance < 2 and max(len(a), len(b)) > SHORT):
        return as_heard
    return max(as_heard, _by_edits(one, other, OSA.distance(one, other), same))


def _by_edits(a: str, b: str, distance: int, same: bool) -> float:
    """How alike words are that are so many edits apart. `same`: whether they have the same consonants."""
    longest = max(len(a), len(b))
    if distance > FAR or distance > (1.0 - LEAST) * longest / SAME_CONSONANTS:
        return 0.0
    sounds = longest > SHORT and f"{a[0]}{b[0]}" in _SOUND_ALIKE
    soft = (same and 3 * distance <= longest) or (sounds and distance == 1 and len(a) == len(b))
    cost = distance * (SAME_CONSONANTS if soft else 1.0)
    apart = len(a) - len(b)
    lost = apart and longest > 3 and (a[1:] == b or b[1:] == a)
    alike = a[0] == b[0] or sounds or {a[0], b[0]} == LOOK_ALIKE
    if not alike and a[:2] != b[1::-1] and not lost:  # rarely a slip, unless it changed places
        cost += FIRST_VOWEL if a[0] in "aeiou" and b[0] in "aeiou" else FIRST_LETTER
    if abs(apart) == 1 and (a + "a" == b or b + "a" == a):  # Ivanov and Ivanova, Aleksandr and Aleksandra
        cost += 0.5
    return max(0.0, 1.0 - cost / longest)


def _same_consonants(one: str, other: str) -> bool:
    consonants = skeleton(one)
    return bool(consonants) and consonants == skeleton(other)
