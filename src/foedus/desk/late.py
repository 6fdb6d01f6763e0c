"""What this copy has from an epoch that is over, and the record does not continue: kept as files and handed in, while
the copy begins anew from where the record is continued.

    late/<entry>.json    one entry with the proof that its epoch's server had received it, as it is handed in

The server of the new epoch takes them for a while; an act that comes too late, or that its seat no longer wants, is
signed anew by whoever it concerns.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
from msgspec.structs import replace

from foedus.acts import SALT_BYTES, decode_entry
from foedus.admission import DEPOSITARY, read
from foedus.cache import READERS
from foedus.desk.copy import Copy
from foedus.desk.outbox import Outbox
from foedus.desk.prefix import put_aside
from foedus.desk.witness import SETTING, Mark
from foedus.errors import FoedusError, Malformed, Refused
from foedus.record.files import write_whole
from foedus.record.proof import Proof, format_proof
from foedus.remote import Remote
from foedus.submission import Blob, problem

FOLDER = "late"


class Late(msgspec.Struct, frozen=True):
    """One entry on its way: its proof, and the attachments of its act that are held here."""

    proof: str
    attachments: tuple[Blob, ...] = ()


def keep_left_out(copy: Copy, size: int) -> None:
    """Keep what the copy holds beyond its first `size` entries, to be handed in: it is on disk when this returns."""
    (copy.folder / FOLDER).mkdir(exist_ok=True)
    for number, late in _left_out(copy, size):
        write_whole(copy.folder / FOLDER / f"{number}.json", msgspec.json.encode(late))


def go_over(copy: Copy, size: int) -> None:
    """Begin the copy anew from its first `size` entries, once the others are kept or handed in. The copy is closed.

    What this desk signed and the record does not hold any more waits in the outbox again. Raises Conflict when it
    cannot be done now: then everything is as it was.
    """
    names = [name for name in copy.store.settings("") if name != READERS]
    settings = {name: value for name in names if (value := copy.store.setting(name)) is not None}
    if SETTING in settings:
        mark = msgspec.json.decode(settings[SETTING], type=Mark)
        if mark.size > size:  # cosigned under the name of an epoch that is over, and not settled
            mark = replace(mark, size=size, root=copy.root(size))
        settings[SETTING] = msgspec.json.encode(mark)
    folder = copy.folder
    copy.close()
    put_aside(folder, size, settings)
    if (folder / "outbox").exists():
        Outbox(folder).left_out(size)


def _left_out(copy: Copy, size: int) -> Iterator[tuple[int, Late]]:
    """Entries from number `size` on that the server signed for. Acts of seats: what time calls for comes by itself."""
    newest = copy.newest()
    if newest is None:
        return
    note, until = newest[0], newest[1].checkpoint.size
    for number, data in enumerate(copy.store.entries(size, until), size):
        statement = read(decode_entry(data).act)
        if statement.seat == DEPOSITARY:
            continue
        hashes = tuple(copy.depositary.record.inclusion(number, until))
        held = [copy.store.get_blob(one.digest) for one in statement.attachments]
        blobs = tuple(Blob(one[:SALT_BYTES], one[SALT_BYTES:]) for one in held if one is not None)
        yield number, Late(format_proof(Proof(number, hashes, note, data)).decode(), blobs)


def hand_in_late(folder: Path, remote: Remote) -> list[FoedusError]:
    """Hand in what waits in the folder of a desk; what the server did not take for good, and why.

    Raises Conflict when it cannot take it now: it is tried again.
    """
    refused: list[FoedusError] = []
    for path in sorted((folder / FOLDER).glob("*.json"), key=lambda one: (len(one.name), one.name)):
        answer = remote.post("api/late", path.read_bytes())
        if answer.status not in (200, 202):
            said = problem(remote.url, answer)
            if not isinstance(said, Refused | Malformed):
                raise said
            refused.append(said)
            path.rename(path.with_suffix(".refused"))
            continue
        path.unlink()
    return refused
