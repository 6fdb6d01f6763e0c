"""Indexes kept on disk, so that the next process maps what the last one built: by the digests of what was read and of
the code that read it.

A folder is put in its place whole or not at all, and never changed. One that is missing, of another engine or damaged
costs the time to build it anew, and nothing else. It holds what the lists hold: it is readable by its owner alone.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path

import msgspec
from msgspec import Struct

from foedus.cache_folder import cache_folder
from foedus.errors import Malformed
from foedus.sanctions.lists import files_in
from foedus.screening import Index, Record
from foedus.screening.certificate import ListUsed, digest_of
from foedus.screening.tables import engine_digest

MOST_KEPT = 8  # the last used; a large list takes hundreds of megabytes
_SAID = "said.json"


class Lists(Struct, frozen=True):
    """Lists in one index. `digest`: of their records, as a certificate says it."""

    index: Index
    used: tuple[ListUsed, ...]
    digest: str


class _Said(Struct, frozen=True):
    used: tuple[ListUsed, ...]
    digest: str
    records: int


def folder() -> Path:
    """Where they lie."""
    return cache_folder("screening")


@cache
def reader_digest() -> str:
    """Of the code that reads lists and makes records of them."""
    here = Path(__file__).parent
    whole = hashlib.sha256(engine_digest().encode())
    for path in sorted([*here.glob("sanctions/lists/**/*.py"), here / "screened.py", here / "kept_index.py"]):
        whole.update(path.read_bytes())
    return whole.hexdigest()


def key_of(digests: Mapping[str, str]) -> str:
    """The key of lists given by name, or by path, and digest."""
    said = msgspec.json.encode((reader_digest(), sorted(digests.items())))
    return hashlib.sha256(said).hexdigest()[:40]


def digests_of(files: Iterable[Path]) -> dict[str, str]:
    """SHA-256 of each file that is read, by its name and the place of its list. Raises Malformed."""
    return {
        f"{place}/{name}": hashlib.sha256(data).hexdigest()
        for place, file in enumerate(files)
        for name, data in files_in(file).items()
    }


def opened(key: str, build: Callable[[], tuple[list[Record], list[ListUsed]]]) -> Lists:
    """The lists of this key, mapped; or built, and kept where that can be. Raises what `build` does."""
    place = folder() / key
    try:
        said = msgspec.json.decode((place / _SAID).read_bytes(), type=_Said)
        index = Index.open(place / "index")
        if len(index) == said.records:
            os.utime(place)
            return Lists(index, said.used, said.digest)
    except (OSError, ValueError, EOFError, Malformed):  # missing, of another engine, or damaged
        pass
    records, used = build()
    made = Lists(Index(records), tuple(used), digest_of(records))
    with contextlib.suppress(OSError):  # no room, no home: the next process builds it again
        _keep(place, made)
    return made


def _keep(place: Path, made: Lists) -> None:
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    new = Path(tempfile.mkdtemp(prefix=".new-", dir=place.parent))  # readable by its owner alone
    try:
        made.index.save(new / "index")
        (new / _SAID).write_bytes(msgspec.json.encode(_Said(made.used, made.digest, len(made.index))))
        shutil.rmtree(place, ignore_errors=True)  # one that did not fit
        new.rename(place)
    finally:
        shutil.rmtree(new, ignore_errors=True)
    every = sorted((one for one in place.parent.iterdir() if not one.name.startswith(".")), key=_used, reverse=True)
    for old in every[MOST_KEPT:]:
        shutil.rmtree(old, ignore_errors=True)


def _used(place: Path) -> float:
    return place.stat().st_mtime
