"""The note of a checkpoint as it gains cosignatures: whoever keeps it loses none, whichever process added it.

Verifies nothing: which lines may be added is for the caller.
"""

from __future__ import annotations

from foedus.errors import Tampered
from foedus.record.note import Note, NoteSignature, format_note, parse_note
from foedus.record.store import Store


def keep(store: Store, size: int, note: bytes) -> bytes:
    """Keep a checkpoint's note, or the signatures in it that the note kept for this size lacks; the note as kept.

    Raises Malformed when either is no note, Tampered when they state different things of one size.
    """
    while True:
        kept = note_of(store, size)
        whole = note if kept is None else joined(kept, note)
        if whole == kept or store.save_checkpoint(size, whole, instead_of=kept):
            return whole


def note_of(store: Store, size: int) -> bytes | None:
    """The note kept for a size; None where there is none."""
    found = store.checkpoints(1, below=size + 1)
    return found[0][1] if found and found[0][0] == size else None


def joined(kept: bytes, more: bytes) -> bytes:
    """The first note with the signatures of the second by keys that have not signed the first.

    One line for a key: who signs again says nothing new of the same size. Raises as `keep`.
    """
    first, second = parse_note(kept), parse_note(more)
    if first.text != second.text:
        raise Tampered(
            "two checkpoints of one size, with different texts: {first!r} and {second!r}",
            first=first.text,
            second=second.text,
        )
    had = {(one.name, one.key_id) for one in first.signatures}
    new: dict[tuple[str, bytes], NoteSignature] = {}
    for one in second.signatures:
        new.setdefault((one.name, one.key_id), one)
    added = [one for key, one in new.items() if key not in had]
    return format_note(Note(first.text, (*first.signatures, *added))) if added else kept
