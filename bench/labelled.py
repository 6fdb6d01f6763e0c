"""A labelled set made from the real lists by rule: what a query should find, what it should not, and pairs that are
hard.

Names of a target, and what a clerk, a keyboard or another alphabet makes of them, are matches. Not matches are: names
made of given and family names from all over the world, other people of one family, fathers taken for sons, companies
of another form, number or town. Every target falls by its id into the part for choosing weights or into the part that
is kept unseen.
"""

from __future__ import annotations

import random
import zlib
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from rapidfuzz import fuzz

from bench.screened_lists import mistyped
from foedus.screening import Record
from foedus.screening.names import parse

TUNING, UNSEEN = "tuning", "unseen"


class Pair(NamedTuple):
    """Two records, how they came about, and whether they are one subject."""

    ours: Record
    theirs: Record
    rule: str
    same: bool


def part_of(id_: str) -> str:
    """Which part a target belongs to: half each, by its id."""
    return UNSEEN if zlib.crc32(id_.encode()) & 1 else TUNING


def said(name: str) -> str:
    """`FAMILY, Given` as it is said."""
    family, comma, given = name.partition(",")
    return f"{given.strip()} {family.strip()}" if comma and "," not in given else name


_SOUNDS = (
    ("kh", "h"),
    ("zh", "j"),
    ("y", "i"),
    ("ou", "u"),
    ("ee", "i"),
    ("ei", "ey"),
    ("ks", "x"),
    ("sh", "sch"),
    ("w", "v"),
    ("dj", "j"),
)
_LETTERS = "а б к д е ф г х и дж к л м н о п к р с т у в в кс ы з"
_CYRILLIC = dict(zip("abcdefghijklmnopqrstuvwxyz", _LETTERS.split(), strict=True))
_DIGRAPHS = (
    ("shch", "щ"),
    ("zh", "ж"),
    ("kh", "х"),
    ("ts", "ц"),
    ("ch", "ч"),
    ("sh", "ш"),
    ("yu", "ю"),
    ("ya", "я"),
    ("iy", "ий"),
    ("yy", "ый"),
)


# Words that say nothing by themselves: what stands beside them is not left out, nor cut to a letter.
_TIED = frozenset(
    [
        "bin",
        "ibn",
        "ben",
        "bint",
        "al",
        "el",
        "de",
        "del",
        "la",
        "da",
        "van",
        "von",
        "abd",
        "abdul",
        "abdel",
        "abu",
        "abou",
        "umm",
        "ould",
    ]
)


def is_form(word: str) -> bool:
    """Whether it is (part of) a legal form, which is no part of a name to mistype."""
    return not parse(f"{word} x")[0].words[0].startswith(word.lower()[:1]) or word.lower() in _OF_FORMS


_FORM_WORDS = """
obshchestvo ogranichennoi ogranichennoy otvetstvennostyu otvetstvennostiu aktsionernoe otkrytoe zakrytoe
publichnoe joint stock open public closed private obmezhenoyu vidpovidalnistyu tovarystvo company limited
liability group holding corporation kompaniya cia ltda limitada partnership"""
_OF_FORMS = frozenset(_FORM_WORDS.split())


def respelled(name: str, draw: random.Random) -> str:
    """One sound written another way; the name itself where it has none of them."""
    low = name.lower()
    usable = [(one, other) for one, other in _SOUNDS if one in low]
    if not usable:
        return name
    one, other = draw.choice(usable)
    return low.replace(one, other, 1)


def in_cyrillic(name: str) -> str:
    """A Latin name as a Russian newspaper might write it, letter by letter."""
    low = name.lower()
    for one, other in _DIGRAPHS:
        low = low.replace(one, other)
    return "".join(_CYRILLIC.get(letter, letter) for letter in low).title()


def changed(name: str, kind: str, draw: random.Random) -> Iterator[tuple[str, str]]:
    """What may become of a name on its way, each with the rule: all still the same subject."""
    words = said(name).split()
    yield "as listed", name
    long = [place for place, word in enumerate(words) if len(word) > 3 and word.isalpha() and not is_form(word)]
    if len(long) > 1:
        at = draw.choice(long)
        yield "one slip", " ".join([*words[:at], mistyped(words[at].lower(), draw), *words[at + 1 :]])
    if len(words) > 1:
        yield "respelled", respelled(" ".join(words), draw)
        joinable = [
            at
            for at, pair in enumerate(pairwise(words))
            if all(word.isalpha() and word.isascii() and len(word) > 2 and not is_form(word) for word in pair)
        ]
        if joinable:
            at = draw.choice(joinable)
            yield "joined", " ".join([*words[:at], words[at] + words[at + 1].lower(), *words[at + 2 :]])
    if kind == "person" and len(words) > 1:
        yield "other order", " ".join([words[-1], *words[:-1]])
        family = name.partition(",")[0] if "," in name else ""
        if (
            len(words) > 2
            and "-" not in name
            and " " not in family
            and name.isascii()
            and not any(word.lower() in _TIED for word in words)
        ):
            yield "middle left out", " ".join([words[0], words[-1]])
            yield "middle initial", " ".join([words[0], f"{words[1][0]}.", *words[2:]])
        if name.isascii() and any(
            ending in name.lower() for ending in ("ov", "ev", "ich", "enko", "sky", "skiy", "ova")
        ):
            yield "in Cyrillic", in_cyrillic(" ".join(words))
        if len(words) > 2 and min(map(len, words)) > 3:
            yield "two slips", " ".join(mistyped(w.lower(), draw) if at in (0, 2) else w for at, w in enumerate(words))


def queries(records: list[Record], part: str, number: int, seed: int = 11) -> list[tuple[Record, str, str]]:
    """Queries with the target that each should find and the rule: names of targets of the part, changed."""
    draw = random.Random(seed)
    own = [record for record in records if part_of(record.id) == part and record.names]
    found: list[tuple[Record, str, str]] = []
    while len(found) < number:
        record = draw.choice(own)
        name = draw.choice(record.names)
        if len(name.split()) < 2 or len(name) < 7:
            continue
        rule, text = draw.choice(list(changed(name, record.kind, draw)))
        found.append((Record(f"query-{len(found)}", (text,), record.kind), record.id, rule))
    return found


# Given and family names as usual in many countries: none is taken from a list.
_GIVEN = """Maria Jose Juan Ana Luis Carmen John Mary James Linda Michael Susan David Karen Emma Oliver Charlotte George
Pierre Camille Julien Hans Ursula Klaus Greta Giulia Marco Francesca Luca Jan Anna Piotr Agnieszka Eva Tomas
Ivana Nikola Elena Andrei Ioana Georgios Katerina Mehmet Ayse Emre Zeynep Olena Taras Oksana Bohdan Natalia
Dmitri Svetlana Igor Wei Fang Jing Lei Min Yan Yuki Hiroshi Sakura Kenji Minjun Soyeon Jiwoo Hyun Nguyen
Linh Thanh Priya Rahul Anjali Vikram Sunita Arjun Fatima Ahmed Omar Layla Youssef Hana Tariq Amina Chidi
Ngozi Kwame Abena Thabo Lerato Juma Wanjiku Moses Grace Carlos Lucia Diego Valentina Mateus Beatriz Rafael
Ingrid Lars Astrid Erik Aino Mikko Kaja Siti Budi Dewi Andi Maricel Jomar"""
GIVEN = _GIVEN.split()
_FAMILY = """Garcia Fernandez Lopez Martinez Smith Johnson Brown Taylor Miller Anderson Walker Wright Evans Dubois
Lefevre Moreau Schmidt Müller Weber Hoffmann Rossi Bianchi Ferrari Kowalski Nowak Wisniewski Novak Dvorak
Horvat Petrovic Popescu Ionescu Papadopoulos Georgiou Yilmaz Kaya Demir Shevchenko Kovalenko Bondarenko
Tkachenko Ivanov Smirnov Kuznetsov Wang Zhang Chen Liu Yang Huang Tanaka Suzuki Watanabe Kobayashi Kim Park
Choi Jung Tran Pham Hoang Sharma Patel Gupta Reddy Iyer Banerjee Hassan Ibrahim Mansour Haddad Khalil Okafor
Adeyemi Mensah Boateng Nkosi Dlamini Otieno Mwangi Silva Santos Oliveira Pereira Gonzalez Rodriguez Ramirez
Larsen Johansson Nilsson Korhonen Virtanen Hansen Wijaya Santoso Reyes Cruz Bautista Lindqvist Eriksen"""
FAMILY = _FAMILY.split()
TRADES = [
    "Bakery",
    "Dental",
    "Optics",
    "Plumbing",
    "Florist",
    "Bookshop",
    "Veterinary",
    "Carpentry",
    "Logistics",
    "Software",
    "Textiles",
    "Furniture",
    "Catering",
]
PLACES = [
    "Lyon",
    "Porto",
    "Leeds",
    "Gdansk",
    "Graz",
    "Turku",
    "Bergen",
    "Osaka",
    "Pune",
    "Cusco",
    "Durban",
    "Tampa",
    "Perth",
    "Malmo",
    "Ghent",
    "Split",
    "Kosice",
    "Brno",
]


def unrelated(number: int, seed: int = 5) -> list[Record]:
    """Customers who are on no list: people, one in ten with two given names, and one in ten a company."""
    draw = random.Random(seed)
    found = []
    for at in range(number):
        if at % 10 == 9:
            parts = (
                draw.choice(FAMILY),
                draw.choice(TRADES),
                draw.choice(PLACES),
                draw.choice(("Ltd", "GmbH", "SA", "LLC")),
            )
            name = " ".join(parts)
            found.append(Record(f"unrelated-{at}", (name,), "organisation"))
        else:
            given = [draw.choice(GIVEN) for _ in range(2 if at % 10 == 8 else 1)]
            found.append(Record(f"unrelated-{at}", (" ".join([*given, draw.choice(FAMILY)]),), "person"))
    return found


_FORMS = (("LLC", "ООО", "Limited", "GmbH"), ("JSC", "AO", "PJSC", "S.A."))


def hard_pairs(records: list[Record], part: str, number: int, seed: int = 3) -> list[Pair]:
    """About `number` pairs of each sort, half of all the same subject."""
    draw = random.Random(seed)
    own = [record for record in records if part_of(record.id) == part and record.names and record.names[0].isascii()]
    people = [record for record in own if record.kind == "person" and len(said(record.names[0]).split()) > 1]
    bodies = [record for record in own if record.kind == "organisation" and len(record.names[0].split()) > 1]
    pairs = [*_spelled(own, draw, 2 * number), *_relatives(people, draw, number), *_bodies(bodies, draw, number)]
    fathers = [
        record for record in people if any(f" {word} " in f" {record.names[0].lower()} " for word in ("bin", "ibn"))
    ]
    return [*pairs, *_fathers(fathers, draw, number)]


def _pair(one: str, other: str, kind: str, rule: str, same: bool) -> Pair:
    return Pair(Record("one", (one,), kind), Record("other", (other,), kind), rule, same)


def _spelled(records: list[Record], draw: random.Random, number: int) -> Iterator[Pair]:
    """Aliases that spell one name, by another measure than ours, and one name changed by rule."""
    for _ in range(number):
        record = draw.choice(records)
        if len(record.names) > 1:
            one, other = draw.sample(record.names, 2)
            if (
                one.isascii()
                and other.isascii()
                and 75 <= fuzz.token_sort_ratio(said(one).lower(), said(other).lower()) < 100
            ):
                yield _pair(one, other, record.kind, "aliases", True)
        if len(record.names[0].split()) > 1:
            rule, text = draw.choice(list(changed(record.names[0], record.kind, draw)))
            yield _pair(text, record.names[0], record.kind, rule, True)


def _relatives(people: list[Record], draw: random.Random, number: int) -> Iterator[Pair]:
    """Different targets of one family name whose other names differ."""
    families: dict[str, list[str]] = {}
    for record in people:
        words = said(record.names[0]).lower().split()
        families.setdefault(words[-1], []).append(" ".join(words))
    shared = [names for names in families.values() if len(names) > 1]
    for _ in range(number):
        one, other = draw.sample(draw.choice(shared), 2)
        if not set(one.split()[:-1]) & set(other.split()[:-1]) and fuzz.ratio(one.split()[0], other.split()[0]) < 75:
            yield _pair(one, other, "person", "one family", False)


def _bodies(bodies: list[Record], draw: random.Random, number: int) -> Iterator[Pair]:
    """Companies of another form, number or town; and of one form said in two ways."""
    for _ in range(number):
        words = [word.strip(",.") for word in draw.choice(bodies).names[0].split()]
        name = " ".join(words)
        if len(name) < 6 or parse(name)[0].forms:
            continue
        form, other = draw.sample(_FORMS, 2)
        one, two = draw.sample(form, 2)
        first, second = draw.sample(range(2, 90), 2)
        town, second_town = draw.sample(PLACES, 2)
        yield _pair(
            f"{name} {one}",
            f"{two} {name}" if two in ("ООО", "AO") else f"{name} {two}",
            "organisation",
            "one form",
            True,
        )
        yield _pair(f"{name} {one}", name, "organisation", "form left out", True)
        yield _pair(f"{name} {one}", f"{name} {draw.choice(other)}", "organisation", "another form", False)
        yield _pair(f"{name} No {first}", f"{name} No {second}", "organisation", "another number", False)
        yield _pair(f"{name} {town}", f"{name} {second_town}", "organisation", "another town", False)


def _fathers(people: list[Record], draw: random.Random, number: int) -> Iterator[Pair]:
    """`A bin B` is not `B bin A`; it is `A ibn B`, and `A B`."""
    given = [
        "Abdullah",
        "Omar",
        "Khalid",
        "Hassan",
        "Yusuf",
        "Ibrahim",
        "Salih",
        "Mahmoud",
        "Nasir",
        "Tariq",
        "Faisal",
        "Karim",
        "Jamal",
        "Walid",
        "Rashid",
        "Hamza",
    ]
    for _ in range(number):
        father, son = draw.sample(given, 2)
        rest = said(draw.choice(people).names[0]).split()[-1] if people else ""
        for tail in ("", f" {rest}"):
            yield _pair(f"{son} bin {father}{tail}", f"{father} bin {son}{tail}", "person", "father and son", False)
        yield _pair(
            f"{son} bin {father} {rest}", f"{son} ibn {respelled(father, draw)} {rest}", "person", "bin and ibn", True
        )
