"""A part of an index that is never changed once built: words, the keys that find them, and the names that have them.

Flat arrays, so that a segment is written to files and mapped back without being read. What was removed is marked by
the index.
"""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import compress
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from foedus.errors import Malformed
from foedus.screening.facts import numbers
from foedus.screening.initials import beginnings
from foedus.screening.keys import all_keys, consonant_keys, distinct, exact_key, is_present, presence
from foedus.screening.letters import Words
from foedus.screening.names import PARTICLES, Name, parse
from foedus.screening.record import ORGANISATION, Record
from foedus.screening.spelling import fold_all, skeleton_all
from foedus.screening.weights import bound

Ints = NDArray[np.int32]
_ENCODER, _DECODER = msgspec.msgpack.Encoder(), msgspec.msgpack.Decoder(Record)
_LIST = msgspec.msgpack.Decoder(list[str])


class Arrays(NamedTuple):
    """All of a segment. `*_at`: where each part begins, one more than there are parts."""

    words: NDArray[np.uint8]  # ASCII, one after another
    words_at: Ints
    folds: NDArray[np.uint8]
    folds_at: Ints
    words_having: NDArray[np.uint64]  # letters.which_letters of each word
    folds_having: NDArray[np.uint64]
    sounds: NDArray[np.bool_]  # whether the word is folded to another
    consonants: NDArray[np.uint32]  # the key of each word's skeleton, 0 where it has none
    without_vowels: NDArray[np.bool_]  # whether the word is of a script that leaves them out
    fixed: NDArray[np.float32]  # weights.bound of each word
    names_with: Ints  # how many names have the word
    plain: NDArray[np.uint8]  # MessagePack: a list of the words that are not only made of neighbours
    plain_places: Ints  # the place of each of those
    keys: NDArray[np.uint32]  # sorted
    key_words: Ints
    present: NDArray[np.uint8]  # a bit for each range of keys, set where there is one: most keys of a query are nowhere
    having: Ints  # names that have the word
    having_at: Ints
    joining: Ints  # names in which neighbours make the word
    joining_at: Ints
    joining_first: Ints  # where among name_words those neighbours begin
    joining_three: NDArray[np.bool_]  # whether they are three, not two
    name_words: Ints
    name_words_at: Ints
    name_record: Ints
    name_text: Ints  # the how manieth name of the record, weak ones after the others
    name_way: Ints  # the how manieth reading of that text
    initials: NDArray[np.uint8]  # how many words of one letter the name has
    telling: NDArray[np.uint8]  # how many words that are no articles
    organisation: NDArray[np.bool_]  # whether the name is an organisation's
    ids: NDArray[np.uint8]  # MessagePack: a list of the id of each record
    records: NDArray[np.uint8]  # MessagePack, one after another
    records_at: Ints
    identifiers: NDArray[np.uint32]  # sorted
    identifier_record: Ints


class Segment:
    """Records by their place in the segment, and everything found by."""

    def __init__(self, arrays: Arrays) -> None:
        self.arrays = arrays
        self.heard = Words(arrays.folds, arrays.folds_at, arrays.folds_having)
        self.written = Words(arrays.words, arrays.words_at, arrays.words_having)
        self.beginnings = beginnings(arrays.words, arrays.words_at, arrays.name_words, arrays.name_words_at)
        self.record = lru_cache(maxsize=20_000)(self._record)
        self.name = lru_cache(maxsize=40_000)(self._name)

    @property
    def size(self) -> int:
        """How many records it was built of."""
        return len(self.arrays.records_at) - 1

    def ids(self) -> dict[str, int]:
        """The place of each record by its id."""
        return dict(zip(_LIST.decode(self.arrays.ids.tobytes()), range(self.size), strict=True))

    def _record(self, place: int) -> Record:
        at = self.arrays.records_at
        return _DECODER.decode(self.arrays.records[at[place] : at[place + 1]].tobytes())

    def _name(self, number: int) -> tuple[Name, bool]:
        """A name of the segment as it is compared, and whether it is weak."""
        record = self.record(int(self.arrays.name_record[number]))
        text = int(self.arrays.name_text[number])
        name = (*record.names, *record.weak_names)[text]
        return parse(name)[self.arrays.name_way[number]], text >= len(record.names)

    def plain_words(self) -> dict[str, int]:
        """The words that are not only made of neighbours, with their places."""
        return dict(zip(_LIST.decode(self.arrays.plain.tobytes()), self.arrays.plain_places.tolist(), strict=True))

    def word(self, place: int) -> str:
        """A word, as it is written."""
        return self.written.text(place)

    def under(self, keys: NDArray[np.uint32]) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
        """Which of the keys may be here, and from where to where in `key_words` their words are."""
        present = np.flatnonzero(is_present(self.arrays.present, keys))
        present = present[np.argsort(keys[present])]  # near each other, so that what is looked at is at hand
        keys = keys[present]
        first = np.searchsorted(self.arrays.keys, keys)
        return present, first, np.searchsorted(self.arrays.keys, keys + np.uint32(1))  # there is no last key: keys.py

    def identified(self, record: Record) -> set[int]:
        """Records that share an identifier, by its hash; the score compares the value."""
        mine = self.arrays.identifiers
        found: set[int] = set()
        for text in _identifier_texts(record):
            key = np.uint32(exact_key(text))
            first, last = np.searchsorted(mine, key, "left"), np.searchsorted(mine, key, "right")
            found.update(self.arrays.identifier_record[first:last].tolist())
        return found


def _identifier_texts(record: Record) -> list[str]:
    return [f"{kind}:{value}" for kind, value in sorted(numbers(record)) if kind.isascii()]


class _Names:
    """The names of records as they are read, one after another; each list has what `Arrays` has under the same
    name.
    """

    def __init__(self) -> None:
        self.vocabulary: dict[str, int] = {}
        self.name_words: list[int] = []
        self.lengths: list[int] = []
        self.joins: list[int] = []  # word, name, first, three: four for each
        self.name_record: list[int] = []
        self.name_text: list[int] = []
        self.name_way: list[int] = []

    def add(self, record: int, text: int, way: int, name: Name) -> None:
        """One reading of one name."""
        place, number, start = self.vocabulary.setdefault, len(self.lengths), len(self.name_words)
        known = self.vocabulary
        self.name_words += [place(word, len(known)) for word in name.words]
        for first, last, word in name.joins:
            self.joins += (place(word, len(known)), number, start + first, last - first > 2)
        self.lengths.append(len(name.words))
        self.name_record.append(record)
        self.name_text.append(text)
        self.name_way.append(way)


def _names_of(records: Sequence[Record]) -> _Names:
    """Without looking for cycles meanwhile: there are none among millions of words, and looking takes a tenth of it."""
    names, looks = _Names(), gc.isenabled()
    gc.disable()
    try:
        for at, record in enumerate(records):
            for text, way, name in _readings(record):
                names.add(at, text, way, name)
    finally:
        if looks:
            gc.enable()
    return names


def build(records: Sequence[Record]) -> Segment:
    """A segment of these records, whose ids differ."""
    names = _names_of(records)
    words_of = list(names.vocabulary)
    name_words, lengths = np.array(names.name_words, np.int32), np.array(names.lengths, np.int64)
    plain = np.zeros(len(words_of), np.bool_)
    plain[name_words] = True
    folded = fold_all(words_of)
    consonants = np.zeros(len(words_of), np.uint32)
    consonants[plain] = consonant_keys(skeleton_all(*_only(plain, words_of, folded)))
    keys, key_words = all_keys(words_of, folded, consonants, ~plain)
    starts = _starts(names.lengths)
    having_at, having_names = _listed(name_words, np.repeat(np.arange(len(lengths)), lengths), len(words_of))
    joined = np.array(names.joins, np.int32).reshape(-1, 4)
    joined = joined[np.argsort((joined[:, 0].astype(np.int64) << 32) | joined[:, 1], kind="stable")]
    identifiers, identifier_record = _identified(records)
    encoded = list(map(_encoded, records))
    name_record = np.array(names.name_record, np.int32)
    organisations = np.array([record.kind == ORGANISATION for record in records], np.bool_)
    written, heard = Words.of_texts(words_of), Words.of_texts(folded)
    arrays = Arrays(
        words=written.codes, words_at=written.starts, words_having=written.having,
        folds=heard.codes, folds_at=heard.starts, folds_having=heard.having,
        sounds=np.array([word != other for word, other in zip(words_of, folded, strict=True)], np.bool_),
        consonants=consonants,
        plain=_bytes(_ENCODER.encode(list(compress(words_of, plain)))), plain_places=_places(plain),
        without_vowels=np.array([word.isupper() for word in words_of], np.bool_),
        fixed=np.array([bound(word) for word in words_of], np.float32),
        names_with=np.diff(having_at).astype(np.int32),
        keys=keys, key_words=key_words, present=presence(keys), having=having_names, having_at=having_at,
        joining=joined[:, 1].copy(), joining_at=_starts(np.bincount(joined[:, 0], minlength=len(words_of))),
        joining_first=joined[:, 2].copy(), joining_three=joined[:, 3].astype(np.bool_),
        name_words=name_words,
        name_words_at=starts,
        name_record=name_record, name_text=np.array(names.name_text, np.int32),
        name_way=np.array(names.name_way, np.int32),
        initials=_counted([len(word) == 1 for word in words_of], name_words, starts),
        telling=_counted([word not in PARTICLES for word in words_of], name_words, starts),
        organisation=organisations[name_record],
        ids=_bytes(_ENCODER.encode([record.id for record in records])),
        records=_bytes(b"".join(encoded)), records_at=_starts(map(len, encoded)),
        identifiers=identifiers, identifier_record=identifier_record,
    )  # fmt: skip
    return Segment(arrays)


def _encoded(record: Record) -> bytes:
    try:
        return _ENCODER.encode(record)
    except UnicodeEncodeError as problem:
        raise Malformed(
            "record {id!r} holds text that is no Unicode: {problem}", id=record.id, problem=problem.reason
        ) from None


def _only(chosen: NDArray[np.bool_], *lists: list[str]) -> Iterator[list[str]]:
    """Of each list what is chosen."""
    return (list(compress(one, chosen.tolist())) for one in lists)


def _counted(words: list[bool], name_words: Ints, starts: Ints) -> NDArray[np.uint8]:
    """How many of the words of each name are among these words; no name is without a word."""
    if not len(name_words):
        return np.empty(0, np.uint8)
    counted: NDArray[np.uint8] = np.add.reduceat(np.array(words, np.uint8)[name_words], starts[:-1])
    return counted


def _readings(record: Record) -> Iterator[tuple[int, int, Name]]:
    for text, name in enumerate((*record.names, *record.weak_names)):
        for way, read in enumerate(parse(name)):
            yield text, way, read


def spans(starts: Ints, places: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Everything in the parts at these places, where each part begins where `starts` says: whose it is, by its
    position in `places`, and where it is.
    """
    return between(starts[places].astype(np.int64), starts[places + 1].astype(np.int64))


def between(first: NDArray[np.int64], after: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The same for parts from `first` to before `after`."""
    lengths = after - first
    ends = np.cumsum(lengths)
    whose = np.repeat(np.arange(len(lengths)), lengths)
    return whose, np.arange(ends[-1] if len(ends) else 0) + (first - ends + lengths)[whose]


def _places(chosen: NDArray[np.bool_]) -> Ints:
    return np.flatnonzero(chosen).astype(np.int32)


def _bytes(data: bytes) -> NDArray[np.uint8]:
    return np.frombuffer(data, np.uint8)


def _starts(lengths: Iterable[int]) -> Ints:
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(np.fromiter(lengths, np.int64))]).astype(np.int32)


def _listed(words: Ints, names: NDArray[np.int64], number: int) -> tuple[Ints, Ints]:
    """Names by word, of so many words: where each word's begin, and the names in ascending order, each once."""
    pairs = distinct((words.astype(np.int64) << 32) | names)
    return _starts(np.bincount(pairs >> 32, minlength=number)), (pairs & 0xFFFFFFFF).astype(np.int32)


def _identified(records: Sequence[Record]) -> tuple[NDArray[np.uint32], Ints]:
    pairs = [(key, at) for at, record in enumerate(records) for key in map(exact_key, _identifier_texts(record))]
    pairs.sort()
    return np.array([key for key, _ in pairs], np.uint32), np.array([at for _, at in pairs], np.int32)


def frequencies(segment: Segment, names: Ints) -> Counter[int]:
    """How many of these names have each word."""
    at, words = segment.arrays.name_words_at, segment.arrays.name_words
    return Counter(word for name in names.tolist() for word in set(words[at[name] : at[name + 1]].tolist()))


def write(segment: Segment, folder: Path) -> None:
    """The arrays as files that `read` maps."""
    folder.mkdir(parents=True)
    for name, array in segment.arrays._asdict().items():
        np.save(folder / f"{name}.npy", array, allow_pickle=False)


def read(folder: Path) -> Segment:
    """A segment mapped from its files: read from the disk when looked at."""
    # As plain arrays: taking a part of numpy's own mapped ones takes several times as long.
    parts = {
        name: np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False)) for name in Arrays._fields
    }
    return Segment(Arrays(**parts))
