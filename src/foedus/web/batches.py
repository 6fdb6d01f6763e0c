"""Files of customers sent to the console, each screened in a thread: how far it is, and its hits when it is done.

Kept while the process runs, the newest few; nothing of it enters the record.
"""

from __future__ import annotations

import secrets
import shutil
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path

from foedus.customers import Done, by_index, screen_file
from foedus.errors import Conflict, FoedusError, Malformed
from foedus.screening import THRESHOLD
from foedus.searched import Searched

MOST_KEPT = 20
MOST_HITS_EACH = 10


class Batch:
    """One file. `rows` of `total` are done; `done` when all are; `failed` where it came to nothing."""

    def __init__(self, folder: Path, party: str, name: str) -> None:
        self.id = secrets.token_hex(8)
        self.party, self.name = party, name
        self.file = folder / f"{self.id}{Path(name).suffix.lower()}"
        self.out = folder / f"{self.id}-hits.csv"
        self.rows = self.total = 0
        self.done: Done | None = None
        self.failed: FoedusError | None = None


class Batches:
    """The batches of one console."""

    def __init__(self) -> None:
        self._folder: Path | None = None
        self._kept: OrderedDict[str, Batch] = OrderedDict()
        self._lock = threading.Lock()

    def begin(self, searched: Searched, party: str, name: str, data: bytes, then: Callable[[Batch], None]) -> Batch:
        """Screen a file; `then` is called when its hits are there. Raises Conflict while one of the party's runs."""
        with self._lock:
            if any(one.party == party and one.done is None and one.failed is None for one in self._kept.values()):
                raise Conflict("a file is being screened for your party: wait until it is done")
            if self._folder is None:
                self._folder = Path(tempfile.mkdtemp(prefix="foedus-batches-"))
            batch = self._kept.setdefault((made := Batch(self._folder, party, name)).id, made)
            while len(self._kept) > MOST_KEPT:
                _, oldest = self._kept.popitem(last=False)
                oldest.file.unlink(missing_ok=True)
                oldest.out.unlink(missing_ok=True)
        batch.file.write_bytes(data)
        threading.Thread(target=_screen, args=(searched, batch, then), name="batch", daemon=True).start()
        return batch

    def of(self, party: str, id_: str) -> Batch | None:
        """A batch of the party; None where there is none."""
        one = self._kept.get(id_)
        return one if one is not None and one.party == party else None

    def every(self, party: str) -> list[Batch]:
        """The party's batches, newest first."""
        return [one for one in reversed(self._kept.values()) if one.party == party]

    def forget(self) -> None:
        """Remove every file."""
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)


def _screen(searched: Searched, batch: Batch, then: Callable[[Batch], None]) -> None:
    def told(rows: int, total: int) -> None:
        batch.rows, batch.total = rows, max(rows, total)

    certificate = searched.certificate(THRESHOLD, THRESHOLD)
    try:
        screens = by_index(searched, certificate, MOST_HITS_EACH)
        done = screen_file(screens, certificate, batch.file, batch.out, MOST_HITS_EACH, told)
        if searched.certificate(THRESHOLD, THRESHOLD) != certificate:
            raise _changed()
        try:
            then(batch)
        except KeyError:  # an entry went between the two
            raise _changed() from None
        batch.done = done
    except FoedusError as problem:
        batch.failed = problem
    except (OSError, UnicodeError, ValueError) as problem:
        batch.failed = Malformed("the file cannot be read: {problem}", problem=problem)
    finally:
        batch.file.unlink(missing_ok=True)


def _changed() -> Conflict:
    return Conflict("a list changed while the file was screened: send the file again")
