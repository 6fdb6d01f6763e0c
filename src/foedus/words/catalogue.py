"""Translations read from `locale/<language>/*.po` with Babel, at first use. English is what the code says.

One catalogue per area of the product, so that who changes a page changes one file. An entry may stand in one
catalogue only, and none may be empty or fuzzy: tests/words/test_complete.py. At run time a missing entry is
shown in English rather than refused, because a reader at night is better served by English than by an error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

LOCALE = Path(__file__).parent / "locale"

Key = tuple[str | None, str]  # context, English words (the singular of a plural)


class Catalogue(NamedTuple):
    """Every translation of one language: one form of a message, or as many as the language has plurals."""

    forms: dict[Key, tuple[str, ...]]
    form_of: Callable[[int], int]


def ukrainian_form(number: int) -> int:
    """Which of three forms follows a number: 1 година, 2 години, 5 годин (CLDR: one, few, many)."""
    tens, ones = number % 100, number % 10
    if ones == 1 and tens != 11:
        return 0
    return 1 if 2 <= ones <= 4 and not 12 <= tens <= 14 else 2


def english_form(number: int) -> int:
    """One thing, or any other number of things."""
    return 0 if number == 1 else 1


def read_area(path: Path) -> Catalog:
    """One area's catalogue as Babel reads it."""
    with path.open("rb") as file:
        return read_po(file, locale=path.parent.name, abort_invalid=True)


def messages(language: str) -> Iterator[tuple[str, Message]]:
    """Every message of a language with the name of its area, in order of area and file."""
    for path in sorted((LOCALE / language).glob("*.po")):
        for message in read_area(path):
            if message.id:
                yield path.stem, message


def key_of(message: Message) -> Key:
    """What a message is looked up by."""
    return message.context, message.id if isinstance(message.id, str) else message.id[0]


@cache
def catalogue(language: str) -> Catalogue:
    """All areas of a language as one table; empty for English."""
    if language == "en":
        return Catalogue({}, english_form)
    forms: dict[Key, tuple[str, ...]] = {}
    for _, message in messages(language):
        said = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
        if said and all(said) and not message.fuzzy:
            forms[key_of(message)] = said
    return Catalogue(forms, ukrainian_form)
