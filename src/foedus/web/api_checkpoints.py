"""What the API answers about checkpoints and those who cosigned them. Only data, as in `api_types`."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from foedus.web.api_types import Code, Count, Data


class CosignedView(Data, frozen=True):
    """A witness's cosignature. `at`: the time it claims. `outside`: its party does not run this server."""

    seat: str
    party: Code
    at: datetime | None = None
    outside: bool = False


class WitnessedView(Data, frozen=True):
    """How a checkpoint of `size` entries stands with the witnesses that `provision` names.

    It `settles` what it covers once witnesses of `at_least` parties cosigned it, `outside_at_least` of them not of
    `operator`. `witnesses`: the seats whose key counts on it.
    """

    size: Count
    provision: Code
    at_least: Count
    outside_at_least: Count
    operator: Code
    witnesses: tuple[str, ...]
    cosigned: tuple[CosignedView, ...]
    settles: bool


class CosignedNote(Struct, frozen=True, forbid_unknown_fields=True):
    """A checkpoint as a C2SP note, with the lines of those who cosigned it."""

    note: str


class SettledView(Data, frozen=True):
    """The first `size` entries are settled. `newest`: the largest checkpoint that a witness cosigned, or the newest."""

    size: Count
    newest: WitnessedView


class CheckpointView(Data, frozen=True):
    """Size and root of the record (base64), signed: `note` is the C2SP checkpoint, `key` verifies it.

    `settled` is left out where the compact names no witnesses: then nothing is ever settled.
    """

    origin: str
    size: Count
    root: str
    note: str
    key: str
    settled: SettledView | None = None
