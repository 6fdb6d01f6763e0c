"""What the sender of an act may rely on, and what the inbox keeps of an act that was performed later."""

from __future__ import annotations

from datetime import datetime

import msgspec

from foedus.acts import Event
from foedus.errors import FoedusError


class Receipt(msgspec.Struct, frozen=True):
    """What the sender of an act may rely on: its place in the record, the time of receipt, and what followed."""

    entry: int
    at: datetime
    act_id: str
    events: tuple[Event, ...]


def outcome(done: Receipt | FoedusError) -> bytes:
    """What the inbox keeps of an act that was performed later: the entry, or why it was refused."""
    if isinstance(done, Receipt):
        return msgspec.json.encode({"entry": done.entry, "at": done.at, "act": done.act_id})
    return msgspec.json.encode({"error": done.code, "because": str(done)})
