"""The time on which a record runs: its store's, or in an exercise one of its own, so many seconds apart.

It is kept beside the record and is no part of it.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from foedus.record.store import Clock, Store, open_store


def open_in_its_time(address: str | Path, clock: Clock | None = None) -> tuple[Store, Clock | None]:
    """The store of a record, with the clock on which it runs: an exercise's own, `clock`, or None for the store's.

    Raises as `open_store`.
    """
    store = open_store(address, clock=clock)
    if clock is not None or (offset := exercise_offset(store)) is None:
        return store, clock
    store.close()

    def shifted() -> datetime:
        return datetime.now(UTC) + offset

    return open_store(address, clock=shifted), shifted


def exercise_offset(store: Store) -> timedelta | None:
    """How far an exercise's clock stands from the machine's; None for a record that keeps the store's own
    time.
    """
    setting = store.setting("clock_offset_seconds")
    return timedelta(seconds=float(setting)) if setting is not None else None
