"""Keys under which a word is found although it is mistyped: its hash and those of what is left after deleting letters.

Two words at most k edits apart (optimal string alignment) have a word in common that each becomes by at most k deletions
(Garbe's symmetric deletion). Keys are hashes of 32 bits; a key shared by accident costs a comparison, never an answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from foedus.screening.spelling import edits_allowed, fold, skeleton

Keys = NDArray[np.uint32]
JOIN_EDITS = 1  # in words read as one: their number is large, and one edit beside a lost space is enough
_BASE, _MIX = 0x9E3779B97F4A7C15, np.uint64(0xD6E8FEB86659FD93)


@lru_cache(maxsize=256)
def _deletions(letters: int, edits: int) -> NDArray[np.uint64]:
    """For words of so many letters a matrix: a column for each way to delete at most `edits`, with the powers of what stays."""
    columns = []
    for deleted in range(min(edits, letters - 1) + 1 if letters else 1):
        for gone in combinations(range(letters), deleted):
            column, power = [0] * letters, 1
            for place in range(letters):
                if place not in gone:
                    power = power * _BASE % 2**64
                    column[place] = power
            columns.append(column)
    return np.array(columns, np.uint64).reshape(len(columns), letters).T.copy()


def _hashed(codes: NDArray[np.uint64], edits: int) -> Keys:
    """Keys of words of one length, a row each."""
    sums = codes @ _deletions(codes.shape[1], edits)
    sums = (sums ^ (sums >> np.uint64(29))) * _MIX
    return (sums >> np.uint64(32)).astype(np.uint32)


def _codes(words: Sequence[str], letters: int) -> NDArray[np.uint64]:
    joined = "".join(words).encode("ascii")
    return np.frombuffer(joined, np.uint8).reshape(len(words), letters).astype(np.uint64)


def edits_of(folded: str, join: bool) -> int:
    """How many deletions a folded word is kept and looked up under."""
    if folded.isdigit():
        return 0
    return min(JOIN_EDITS, edits_allowed(len(folded))) if join else edits_allowed(len(folded))


@lru_cache(maxsize=65_536)
def keys_of(word: str, join: bool) -> Keys:
    """The keys of one word: of its folded form with deletions, and of its consonants."""
    folded, consonants = fold(word), skeleton(word)
    own = _hashed(_codes([folded], len(folded)), edits_of(folded, join)).ravel()
    if not consonants or join:
        return own
    return np.concatenate([own, exact_keys([f"#{consonants}"])])


def exact_keys(texts: Iterable[str]) -> Keys:
    """The key of each text as it is."""
    found = [_hashed(_codes([text], len(text)), 0).ravel() for text in texts]
    return np.concatenate(found) if found else np.empty(0, np.uint32)


def all_keys(words: Sequence[str], joins: Sequence[bool]) -> tuple[Keys, NDArray[np.int32]]:
    """The keys of a whole vocabulary, sorted, each with the place of its word. `joins`: which words are only joined ones."""
    groups: dict[tuple[int, int], tuple[list[str], list[int]]] = {}
    for place, (word, join) in enumerate(zip(words, joins, strict=True)):
        folded = fold(word)
        texts = [(folded, edits_of(folded, join))]
        if not join and (consonants := skeleton(word)):
            texts.append((f"#{consonants}", 0))
        for text, edits in texts:
            group = groups.setdefault((len(text), edits), ([], []))
            group[0].append(text)
            group[1].append(place)
    keys, places = [np.empty(0, np.uint32)], [np.empty(0, np.int32)]
    for (letters, edits), (texts_of, at) in sorted(groups.items()):
        hashed = _hashed(_codes(texts_of, letters), edits)
        keys.append(hashed.ravel())
        places.append(np.repeat(np.array(at, np.int32), hashed.shape[1]))
    every, where = np.concatenate(keys), np.concatenate(places)
    # Doubled letters give one key twice; a word needs each key once.
    packed = np.unique((every.astype(np.uint64) << np.uint64(32)) | where.astype(np.uint64))
    return (packed >> np.uint64(32)).astype(np.uint32), (packed & np.uint64(0xFFFFFFFF)).astype(np.int32)
