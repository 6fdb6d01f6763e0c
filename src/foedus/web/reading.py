"""Entries and what proves them: the part that pages and API share.

An entry is for every reader; an attachment that is not for the one who asks is refused here, once, for every page and
answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from foedus import logs
from foedus.acts import Entry, Statement, decode_entry, decode_statement
from foedus.errors import Malformed, Refused, Tampered
from foedus.markings import Held
from foedus.record.checkpoint import Checkpoint, parse_checkpoint, verify_checkpoint
from foedus.record.merkle import leaf_hash, verify_inclusion
from foedus.record.note import VerifierKey, format_vkey, parse_note
from foedus.record.proof import MAX_HEAD_BYTES, Proof, format_proof
from foedus.web.access import Reader, reader_of
from foedus.web.index import index_of
from foedus.web.page import Page
from foedus.web.unanswered import NotHere, Unanswered


class Recorded:
    """One entry: its bytes, and what they say."""

    def __init__(self, number: int, data: bytes) -> None:
        self.number = number
        self.data = data

    @cached_property
    def entry(self) -> Entry:
        """The entry. Raises Malformed when this version cannot read it."""
        return decode_entry(self.data)

    @cached_property
    def statement(self) -> Statement:
        """What was signed."""
        return decode_statement(self.entry.act.payload)

    @property
    def party(self) -> str:
        """The party that speaks, or `depositary`."""
        return self.statement.seat.partition("/")[0]

    @property
    def act(self) -> str:
        """The name of the act."""
        return type(self.statement.body).__name__

    @cached_property
    def leaf(self) -> bytes:
        """Its hash in the tree."""
        return leaf_hash(self.data)


def recorded(page: Page, number: int) -> Recorded:
    """An entry by number. Raises 404 beyond the record."""
    if not 0 <= number < page.state.size:
        raise NotHere(
            "there is no entry {number}: the record has {size}, numbered from 0", number=number, size=page.state.size
        )
    return Recorded(number, next(iter(page.depositary.record.entries(number, number + 1))))


def several(page: Page, start: int, end: int) -> Iterator[Recorded]:
    """Entries start to end - 1."""
    for number, data in enumerate(page.depositary.record.entries(start, end), start):
        yield Recorded(number, data)


def reader(page: Page) -> Reader:
    """Who reads this page."""
    return reader_of(page.request)


# --- attachments --------------------------------------------------------------------------------------------


def named(page: Page, digest: str) -> Held:
    """An attachment that an act of the record names. Raises 404."""
    held = index_of(page.depositary).attachments.get(digest)
    if held is None:
        raise NotHere("no act of this record names an attachment {digest!r}", digest=digest[:64])
    return held


def for_reader(page: Page, digest: str) -> bool:
    """Whether the marking of an attachment lets this reader see what it holds."""
    return named(page, digest).open_to(reader(page).party)


def content(page: Page, digest: str) -> bytes:
    """Salt and content of an attachment.

    Raises Refused where it is not for this reader, in the same words whether or not it is held; else 410 where it is
    not.
    """
    held = named(page, digest)
    if not held.open_to(reader(page).party):
        raise Refused(
            "record/marking", "attachment {digest} is not released to this reader's party", digest=digest[:8]
        )  # fmt: skip
    data = page.depositary.store.get_blob(digest)
    if data is None:
        raise Unanswered("the attachment named by entry {entry} is not held here", status=410, entry=held.entry)
    return data


# --- proofs -------------------------------------------------------------------------------------------------


def log_key(page: Page, size: int | None = None) -> VerifierKey:
    """The key that signs this record's checkpoints now, or signed that of `size` entries."""
    return logs.log_key(page.state, size)


def checkpoint(page: Page) -> tuple[bytes, Checkpoint]:
    """The newest signed checkpoint: its note, and what it states. Raises 404 when there is none yet."""
    try:
        note = page.depositary.checkpoint()
    except Malformed as problem:
        raise NotHere("{problem}", problem=problem) from None
    return note, parse_checkpoint(parse_note(note).text)


def proof_of(page: Page, number: int) -> Proof:
    """The proof that travels with an entry. Raises Malformed while no checkpoint reaches the entry.

    Where it fits, the entry itself goes in the extra line, so that one file and the keys are enough; nobody
    signs that line, and nobody need trust it: its hash is the leaf that the proof leads to, or nothing fits.
    """
    note, stated = checkpoint(page)
    if stated.size <= number:
        raise Malformed(
            "entry {number} is not under a signed checkpoint yet: the newest covers {size} entries",
            number=number,
            size=stated.size,
        )
    hashes = tuple(page.depositary.record.inclusion(number, stated.size))
    return Proof(number, hashes, note)


def with_entry(proof: Proof, data: bytes) -> bytes:
    """The proof as a file, the entry in its extra line where that fits."""
    room = MAX_HEAD_BYTES - 64 * len(proof.hashes) - 256
    extra = data if len(data) * 4 // 3 < room else b""
    return format_proof(Proof(proof.index, proof.hashes, proof.checkpoint, extra))


def check_entry(page: Page, found: Recorded, proof: Proof) -> Checkpoint:
    """Follow the proof from the entry's bytes to the signed root. Raises Tampered where it does not fit."""
    size = parse_checkpoint(parse_note(proof.checkpoint).text).size
    signed, _ = verify_checkpoint(proof.checkpoint, log_key(page, size))
    if proof.index != found.number:
        raise Tampered("the proof is of entry {index}, not of entry {number}", index=proof.index, number=found.number)
    verify_inclusion(found.leaf, found.number, signed.size, proof.hashes, signed.root)
    return signed


def keys_file(page: Page) -> bytes:
    """`keys.txt`: the keys that signed this record's checkpoints, the first one first, each a C2SP verifier key."""
    record = page.state.parties.record
    assert record is not None, "only an opened record is served"
    return "".join(f"{format_vkey(logs.key_of_epoch(epoch))}\n" for epoch in record.epochs).encode()
