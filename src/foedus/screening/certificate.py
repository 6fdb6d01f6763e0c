"""What an answer rests on: which lists, which engine, which bounds. Who has the same again gets the same answer, byte
for byte.

No time of the question and no name of the machine is in it: those would make two equal answers differ.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

import msgspec

from foedus.screening import keys, names, spelling
from foedus.screening.record import Match, Record
from foedus.screening.tables import engine_digest

# What is found for certain, as far as its score reaches the cutoff; tests/screening/test_bound.py compares with
# looking at every record. What lies beyond may be found too.
BOUND = (
    "words that differ by one edit (three to five letters, or fifteen to forty) or two (six to fourteen), as written",
    "the same by the sound of the words; an exchange of neighbouring letters is one edit",
    "words of one sound or of one group of spellings; initials; consonants of a script without vowels",
    "neighbours read as one word, and words split in two or three, with one edit",
    "an identifier of one kind, whatever the name",
)
BEYOND = (
    f"words after the {names.MOST_WORDS}th and letters after the {names.MOST_LETTERS}th of a name",
    "numbers that differ by a digit",
    "of names that are letters and articles alone, what scores below 0.7",
    "names that mean the same in another language, and other names of a subject that no list gives",
)


class ListUsed(msgspec.Struct, frozen=True):
    """A list that was searched. `digest`: SHA-256 of what was read. `as_of`: the publisher's date, empty where it
    gives none.
    """

    name: str
    digest: str
    as_of: str = ""
    records: int = 0


class Certificate(msgspec.Struct, frozen=True):
    """`engine`: digest of the code and tables. `index`: digest of the records searched, in the order of their ids.

    `law`: on what `in_law` of the matches rests, as names and values; empty where nothing was said of it. `since`: by
    list the digest of an earlier version, where only what changed since that was looked for.
    """

    engine: str
    index: str
    lists: tuple[ListUsed, ...]
    records: int
    cutoff: float
    threshold: float
    bound: tuple[str, ...] = BOUND
    beyond: tuple[str, ...] = BEYOND
    least_likeness: float = spelling.LEAST
    join_edits: int = keys.JOIN_EDITS
    law: dict[str, str] = {}
    since: dict[str, str] = {}


class Answer(msgspec.Struct, frozen=True):
    """A query with its matches and what they rest on: what is kept."""

    query: Record
    matches: tuple[Match, ...]
    certificate: Certificate


def digest_of(records: Iterable[Record]) -> str:
    """SHA-256 of records in the order of their ids, each as canonical JSON on a line."""
    whole = hashlib.sha256()
    for record in sorted(records, key=lambda one: one.id):
        whole.update(msgspec.json.encode(record) + b"\n")
    return whole.hexdigest()


def certify(records: Sequence[Record], lists: Sequence[ListUsed], cutoff: float, threshold: float) -> Certificate:
    """The certificate for whatever is asked of an index of these records."""
    return certify_digest((digest_of(records), len(records)), lists, cutoff, threshold)


def certify_digest(index: tuple[str, int], lists: Sequence[ListUsed], cutoff: float, threshold: float) -> Certificate:
    """The same where the digest of the records, and how many they are, are known."""
    used = tuple(sorted(lists, key=lambda one: (one.name, one.digest)))
    return Certificate(engine_digest(), index[0], used, index[1], cutoff, threshold)


def encode(answer: Answer) -> bytes:
    """The bytes that are the same again."""
    return msgspec.json.encode(answer)
