"""`serve --continue`: a desk or a witness becomes the server, from its own copy."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from foedus.cli.opening import KEY_FILE
from foedus.cli.session import _, session
from foedus.errors import Malformed

if TYPE_CHECKING:
    from foedus.keyring import Ask


def begin(record: str, copy: Path, key: str | None, depositary_key: Path | None, ask: Ask) -> None:
    """Begin a new epoch of the record in `record`, from the copy in a folder. Raises what `succeed` does.

    The new depositary's key is made beside the record where none is given; it is removed again when nothing began.
    """
    from foedus.desk.copy import Copy
    from foedus.desk.succeed import succeed
    from foedus.keyring import open_key
    from foedus.record.key_file import read_key_file, write_key
    from foedus.record.keys import new_seed
    from foedus.record.sqlite_file import FILE
    from foedus.record.store import shown

    if key is None:
        raise Malformed("--continue: give the key of the seat that continues the record with --key")
    folder = None if "://" in record else Path(record)
    if folder is None and depositary_key is None:
        raise Malformed("{store}: give --depositary-key", store=shown(record))
    signing = open_key(key, ask)
    if not (copy / FILE).is_file():
        raise Malformed("{folder} holds no copy of a desk or a witness", folder=copy)
    opened = Copy.open(copy)
    if opened.size:
        session.clauses = opened.depositary.clauses
    made: Path | None = None
    new = folder is not None and not folder.exists()
    try:
        if depositary_key is not None:
            seed = read_key_file(depositary_key).seed(lambda: ask(str(depositary_key)))
        else:
            assert folder is not None, "the key of a database was asked for above"
            folder.mkdir(parents=True, exist_ok=True)
            seed, made = new_seed(), folder / KEY_FILE
            write_key(made, "depositary", seed, None)
        with session.progress(_("Continuing the record")) as progress:
            began = succeed(opened, record, signing, seed, progress)
    except BaseException:
        if made is not None:
            made.unlink(missing_ok=True)
        if new and folder is not None and folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
        raise
    finally:
        opened.close()
    said = _(
        "The record goes on as %(log)s, from entry %(entry)s. Until everything is in that the server before had"
        " received, acts are taken and wait.",
        log=began.log,
        entry=session.words.number(began.entry),
    )
    sys.stderr.write(f"{said}\n")
