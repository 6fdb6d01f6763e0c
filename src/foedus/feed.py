"""The package for others: every listing with whether it is law, as FollowTheMoney entities, in versions that are signed
and chained.

    rows      one entity of the schema Sanction a listing, with `in_law`: yes, owed or no; in the order of their ids
    head      a note of the record's key over its size and root, when, how many rows, their digest and that of the
              version before: c2sp.org/tlog-checkpoint with these as extension lines, under the origin with /sanctions
    delta     from one version to the next: ADD, MOD and DEL of rows, the head, and the proof that the record only grew

A subscriber that was away applies what came since. The digest in the head proves that what it then has is all and
nothing else, and the consistency proof that the head is of the same record. Whoever holds the record computes the same
rows. What a table that is not held here lists is not in the rows: the head names such schedules.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import TypeVar

import msgspec
from msgspec import UNSET, Struct, UnsetType
from msgspec.structs import replace
from rpds import HashTrieMap

from foedus import archive
from foedus.depositary import Depositary
from foedus.errors import Malformed, Tampered
from foedus.history import Few
from foedus.record.checkpoint import Checkpoint, format_checkpoint, parse_checkpoint
from foedus.record.keys import decode_base64, encode_base64
from foedus.record.merkle import EMPTY_ROOT, verify_consistency
from foedus.record.note import VerifierKey, verify_note
from foedus.sanctions.schedules import decode
from foedus.sanctions.state import Fact, Listing, Regime, Schedule, Snapback, State, found
from foedus.sanctions.status import Standing, standing

Subject = TypeVar("Subject", Listing, Schedule)
NAME = "/sanctions"  # after the record's origin
Rows = Mapping[str, bytes]
Tables = Mapping[str, frozenset[str]]
NOTHING = hashlib.sha256(b"").hexdigest()  # the digest of no rows
NOBODY = "~"  # the target of a pattern, in whose place each row's own is put: no code has it


class Said(Struct, frozen=True, omit_defaults=True):
    """What a Sanction of FollowTheMoney says. Every property is a list there."""

    entity: tuple[str]
    authority: tuple[str]
    program: tuple[str]
    provisions: tuple[str]
    status: tuple[str]
    startDate: tuple[datetime]  # noqa: N815 - the format's name
    recordId: tuple[str]  # noqa: N815 - the format's name
    authorityId: tuple[str, ...] = ()  # noqa: N815 - the format's name
    endDate: tuple[datetime, ...] = ()  # noqa: N815 - the format's name
    reason: tuple[str, ...] = ()


class Exempted(Struct, frozen=True):
    """Something carved out of a listing: it is no part of what is to be blocked."""

    exemption: str
    kind: str
    until: datetime | None = None


class Row(Struct, frozen=True):
    """One listing. `recordId` is the entry that made it what it is; `owed_by`: until when its act of law is owed.

    `exempted`, `winds_down_until`: there where something is carved out, or where a snapback lets business begun under
    relief be wound down.
    """

    id: str
    in_law: str
    properties: Said
    owed_by: datetime | None = None
    schema: str = "Sanction"
    exempted: tuple[Exempted, ...] | UnsetType = UNSET
    winds_down_until: datetime | UnsetType = UNSET


class Head(Struct, frozen=True):
    """What the note of a version states. `before`: the digest of the rows of the version that the chain had before."""

    origin: str
    size: int
    root: bytes
    at: datetime
    rows: int
    digest: str
    before: str
    missing: tuple[str, ...] = ()


class Version(Struct, frozen=True):
    """The package at a moment: its rows as canonical lines by id, and the schedules whose table is not held."""

    at: datetime
    rows: Rows
    digest: str
    missing: tuple[str, ...]


class Delta(Struct, frozen=True):
    """From the version `before` to that of the note. `changes`: lines of ADD, MOD and DEL, in the order of ids.

    `size`: of the record that the version before was of; `proof`: that it only grew since.
    """

    before: str
    size: int
    note: str
    proof: tuple[str, ...]
    changes: tuple[bytes, ...]


class First(Struct, frozen=True):
    """The first line of a delta."""

    before: str
    size: int
    note: str
    proof: tuple[str, ...]
    changes: int


class _Change(Struct, frozen=True):
    op: str
    entity: msgspec.Raw


class _Id(Struct):
    id: str


# --- versions ---------------------------------------------------------------------------------------------------


def tables(store: archive.Keeps, state: State) -> tuple[Tables, tuple[str, ...]]:
    """The targets of each schedule whose table is held here, of any length, and the schedules whose table is not."""
    held, missing = {}, []
    for schedule in state.schedules.values():
        data = archive.get(store, schedule.table)
        if data is None:
            missing.append(schedule.id)
        else:
            held[schedule.id] = frozenset(row.target for row in decode(data, schedule.table))
    return held, tuple(sorted(missing))


def version(store: archive.Keeps, state: State, at: datetime, size: int | None = None) -> Version:
    """Every listing as it was `at`, as then known. `size`: by the first so many entries alone, for others may have been
    recorded at that very moment after a version of it was published.
    """
    if size is not None:
        state = _of_first(state, size)
    held, missing = tables(store, state)
    rows = dict(sorted(_rows(state, held, at)))
    return Version(at, rows, digest_of(rows), missing)


def _of_first(state: State, size: int) -> State:
    """What listings, regimes and snapbacks were by the first entries of the record alone."""

    def facts(of: Subject) -> Subject:
        kept = tuple(one for one in of.facts if one.place.entry < size)
        return of if len(kept) == len(of.facts) else replace(of, facts=kept)

    def snapback(one: Snapback) -> Snapback:
        returned, stopped = (
            each if each is not None and each.place.entry < size else None for each in (one.returned, one.stopped)
        )
        enacted: Few[Fact] = Few()
        for issuer, fact in one.enacted.items():
            enacted = enacted.insert(issuer, fact) if fact.place.entry < size else enacted
        return replace(one, returned=returned, stopped=stopped, enacted=enacted)

    def regime(one: Regime) -> Regime:
        return replace(one, lapses=tuple(each for each in one.lapses if each.entry < size))

    return replace(
        state,
        listings=HashTrieMap({id_: facts(one) for id_, one in state.listings.items() if one.place.entry < size}),
        schedules=HashTrieMap({id_: facts(one) for id_, one in state.schedules.items() if one.place.entry < size}),
        regimes=HashTrieMap({key: regime(one) for key, one in state.regimes.items()}),
        snapbacks=HashTrieMap({id_: snapback(one) for id_, one in state.snapbacks.items()}),
    )


def _rows(state: State, held: Tables, at: datetime) -> Iterator[tuple[str, bytes]]:
    encode = msgspec.json.Encoder().encode
    for one in state.listings.values():
        if one.schedule is not None and one.target not in held.get(one.schedule, (one.target,)):
            continue  # said of a row that its table does not hold
        now = standing(state, one, at, at)
        if now is not None:
            yield one.id, encode(_row(one.id, one.target, one, now)) + b"\n"
    for schedule in state.schedules.values():
        now = standing(state, schedule, at, at)
        if now is None or schedule.id not in held:
            continue
        # Ids of targets are of letters, digits and signs that JSON writes as they are.
        parts = encode(_row(f"{schedule.id}/{NOBODY}", NOBODY, schedule, now)).decode().split(NOBODY)
        assert len(parts) == 3, "an id and an entity"
        first, then, last = parts
        for target in held[schedule.id]:
            id_ = f"{schedule.id}/{target}"
            if id_ not in state.listings:
                yield id_, f"{first}{target}{then}{target}{last}\n".encode()


def _row(id_: str, target: str, of: Listing | Schedule, now: Standing) -> Row:
    said = Said(
        (target,), (of.issuer,), (of.regime,), (of.restriction,), (now.status,), (now.since,), (str(now.place.entry),),
        (now.instrument,) if now.instrument else (), (now.until,) if now.until else (),
        (now.because,) if now.because else (),
    )  # fmt: skip
    return Row(
        id_, now.in_law, said, now.owed_by,
        exempted=tuple([Exempted(o.about, o.kind, o.until) for o in now.exemptions]) if now.exemptions else UNSET,
        winds_down_until=now.winds_down_until or UNSET,
    )  # fmt: skip


def ahead(state: State, at: datetime) -> datetime | None:
    """The next moment after `at` at which something carved out ends: rows change then, though nothing takes effect."""
    every = (one.facts for id_ in state.exceptional if (one := found(state, id_)) is not None)
    ends = (fact.until for facts in every for fact in facts if fact.what == "exempted")
    return min((end for end in ends if end is not None and end > at), default=None)


def digest_of(rows: Rows) -> str:
    """SHA-256 over the lines of all rows, in the order of their ids."""
    return hashlib.sha256(b"".join(rows.values())).hexdigest()


def parse_rows(data: bytes, file: str) -> Rows:
    """Rows from their lines. Raises Malformed for what is none, or is not in order."""
    found = {_id_of(line, file): line + b"\n" for line in data.split(b"\n")[:-1]}
    if b"".join(dict(sorted(found.items())).values()) != data:
        raise Malformed("{file}: rows of a feed in the order of their ids were expected, each once", file=file)
    return found


def _id_of(line: bytes, file: str) -> str:
    try:
        return msgspec.json.decode(line, type=_Id).id
    except (msgspec.MsgspecError, RecursionError) as problem:
        raise Malformed("{file}: no row of a feed: {problem}", file=file, problem=problem) from None


def parts(line: bytes) -> Row:
    """What a row says. Raises Malformed."""
    try:
        return msgspec.json.decode(line, type=Row)
    except (msgspec.MsgspecError, RecursionError) as problem:
        raise Malformed("{file}: no row of a feed: {problem}", file="-", problem=problem) from None


def read(rows: Rows) -> list[Row]:
    """What each row says."""
    return [parts(line) for line in rows.values()]


# --- heads ------------------------------------------------------------------------------------------------------


def head(depositary: Depositary, of: Version, before: str) -> bytes:
    """The signed note of a version. Raises Malformed where no key is here to sign it."""
    state = depositary.catch_up()
    depositary.checkpoint()  # of the same size, for witnesses
    root, origin = depositary.record.root(state.size), depositary.record.origin
    said = (of.at.isoformat(), str(len(of.rows)), of.digest, before, *of.missing)
    return depositary.sign_beside(format_checkpoint(Checkpoint(origin + NAME, state.size, root, said)))


def read_head(note: bytes, keys: Sequence[VerifierKey]) -> Head:
    """What a note states. Raises Malformed, and Tampered where none of these keys signed it."""
    signed, _ = verify_note(note, keys)
    origin, size, root, said = parse_checkpoint(signed.text)
    try:
        at, rows, digest, before, *missing = said
        when, count = datetime.fromisoformat(at).astimezone(UTC), int(rows)
    except ValueError:
        raise Malformed("{origin}: no head of a feed of sanctions", origin=origin) from None
    if not origin.endswith(NAME):
        raise Malformed("{origin}: no head of a feed of sanctions", origin=origin)
    return Head(origin, size, root, when, count, digest, before, tuple(missing))


# --- deltas -----------------------------------------------------------------------------------------------------


def changes(before: Rows, after: Rows) -> Iterator[bytes]:
    """What changed, one a line, in the order of ids."""
    for id_ in sorted(before.keys() | after.keys()):
        old, new = before.get(id_), after.get(id_)
        if old == new:
            continue
        if new is None:
            yield b'{"op":"DEL","entity":' + msgspec.json.encode(_Id(id_)) + b"}\n"
        else:
            yield (b'{"op":"ADD","entity":' if old is None else b'{"op":"MOD","entity":') + new[:-1] + b"}\n"


def delta(depositary: Depositary, before: Version | None, size: int, after: Version) -> Delta:
    """From a version, that of a record of `size` entries, to another. Raises Malformed without a key."""
    rows, digest = (before.rows, before.digest) if before is not None else ({}, NOTHING)
    note = head(depositary, after, digest)
    proof = depositary.record.consistency(size, depositary.state.size) if size else []
    return Delta(digest, size, note.decode(), tuple(map(encode_base64, proof)), tuple(changes(rows, after.rows)))


def write_delta(one: Delta) -> bytes:
    """The delta as JSON lines, the first of which says what the others are."""
    first = First(one.before, one.size, one.note, one.proof, len(one.changes))
    return b"".join((msgspec.json.encode(first), b"\n", *one.changes))


def first_of(line: bytes, file: str) -> First:
    """What the first line of a delta says. Raises Malformed."""
    try:
        return msgspec.json.decode(line, type=First)
    except (msgspec.MsgspecError, RecursionError) as problem:
        raise Malformed("{file}: no delta of a feed: {problem}", file=file, problem=problem) from None


def parse_delta(data: bytes, file: str) -> Delta:
    """A delta from its lines. Raises Malformed, also for one that was cut off."""
    first, *lines = data.split(b"\n")
    said = first_of(first, file)
    if len(lines) != said.changes + 1 or lines[-1]:
        raise Malformed(
            "{file}: {expected} changes were expected, {found} found: fetch it again",
            file=file, expected=said.changes, found=max(0, len(lines) - 1),
        )  # fmt: skip
    return Delta(said.before, said.size, said.note, said.proof, tuple(line + b"\n" for line in lines[:-1]))


def apply(rows: Rows, one: Delta) -> Rows:
    """The rows after a delta. Raises Malformed, and Tampered where it is of other rows."""
    there = dict(rows)
    for line in one.changes:
        try:
            said = msgspec.json.decode(line, type=_Change)
        except (msgspec.MsgspecError, RecursionError) as problem:
            raise Malformed("{file}: no delta of a feed: {problem}", file="-", problem=problem) from None
        id_ = _id_of(bytes(said.entity), "-")
        if (id_ in there) != (said.op in ("MOD", "DEL")) or said.op not in ("ADD", "MOD", "DEL"):
            raise Tampered("the delta says {op} of {id}, which cannot be: it belongs to other rows", op=said.op, id=id_)
        if said.op == "DEL":
            del there[id_]
        else:
            there[id_] = bytes(said.entity) + b"\n"
    return dict(sorted(there.items()))


def caught_up(
    rows: Rows, mine: Head | None, deltas: Iterable[Delta], keys: Sequence[VerifierKey]
) -> tuple[Rows, Head | None]:
    """The rows and head after these deltas, each proved: signed, of these rows, of a record that only grew, and whole.

    `mine`: the head of the rows, by which they were proved; None for none yet. Raises Tampered, Malformed.
    """
    for one in deltas:
        new = read_head(one.note.encode(), keys)
        if one.before != digest_of(rows):
            raise Tampered(
                "the delta goes on from {found}, the rows here are {expected}: ask for what came since those",
                found=one.before[:16], expected=digest_of(rows)[:16],
            )  # fmt: skip
        _grew(mine, new, one)
        rows, mine = apply(rows, one), new
        if (digest_of(rows), len(rows)) != (new.digest, new.rows):
            raise Tampered(
                "after the delta the rows are {found}, the head says {expected}: something was left out or added",
                found=digest_of(rows)[:16], expected=new.digest[:16],
            )  # fmt: skip
    return rows, mine


def _grew(mine: Head | None, new: Head, one: Delta) -> None:
    size, root = (mine.size, mine.root) if mine is not None else (0, EMPTY_ROOT)
    if mine is not None and (one.size != size or new.at < mine.at):
        raise Tampered("{origin}: the delta does not go on from the version here", origin=new.origin)
    if size:
        verify_consistency(size, new.size, [decode_base64(each) for each in one.proof], root, new.root)
