"""Opening a new record: its keys, its name, and each party's first seat."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from foedus.cli.opening import KEY_FILE
from foedus.compact.model import Compact
from foedus.errors import Malformed

Heads = dict[tuple[str, str], str]
_is_key = re.compile(r"[0-9a-f]{64}").fullmatch


class Founded(Struct, frozen=True):
    """What was opened, and where its keys lie. The keys in it are public."""

    folder: str
    origin: str
    exercise: bool
    compact: str
    digest: str
    depositary_key: str
    key_file: str
    heads: int


def heads_from(given: Sequence[str]) -> Heads:
    """`PARTY/ROLE=KEY` each, where KEY is a public key in hex or a file that holds the seat's key.

    Raises Malformed.
    """
    heads: Heads = {}
    for item in given:
        seat, equals, key = item.partition("=")
        party, slash, role = seat.partition("/")
        if not (equals and slash and party and role and key):
            raise Malformed(f"--head {item!r}: PARTY/ROLE=KEY was expected, such as UKR/head=ukr-head.key")
        heads[party, role] = public_key(key)
    return heads


def public_key(text: str) -> str:
    """A public key in hex: as it is, or of the key file named. Raises Malformed for anything else."""
    from foedus.record.keys import check_public_key, public_of, read_key

    if _is_key(text):
        return check_public_key(bytes.fromhex(text)).hex()
    if Path(text).is_file():
        return public_of(read_key(text)[1]).hex()
    raise Malformed(f"key {text[:80]!r}: 64 hex digits of a public key, or a key file, were expected")


def found(
    address: str,
    compact: Compact,
    heads: Heads,
    *,
    origin: str | None,
    ceiling: str,
    exercise: bool,
    key: Path | None,
) -> Founded:
    """Write the keys that a new record needs, and open it. Raises Refused when one is already there."""
    from foedus.exercise import ExerciseKeys
    from foedus.founding import init_record
    from foedus.record.keys import new_seed, public_of, read_key, write_key

    folder = None if "://" in address else Path(address)
    if folder is None and (key is None or exercise):
        raise Malformed(f"{address.partition('://')[0]}://…: give --depositary-key; exercises live in a folder")
    _check_parties(compact, heads, exercise=exercise)
    origin = origin or f"{'exercise' if exercise else 'record'}.foedus.example/{compact.id}"
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        if (folder / "record.db").exists():
            raise Malformed(f"{folder} already holds a record: name another folder")
    if exercise:
        assert folder is not None, "an exercise lives in a folder"
        demo = ExerciseKeys.create(folder)
        seed, key_file = demo.seed_of("depositary"), folder / "exercise-secret"
        role = compact.roles[0].id
        heads = {(party.id, role): demo.public_of(f"{party.id}/{role}") for party in compact.parties}
    elif key is not None:
        seed, key_file = read_key(key)[1], key
    else:
        assert folder is not None, "the key of a database was asked for above"
        seed, key_file = new_seed(), folder / KEY_FILE
        write_key(key_file, origin, seed)
    depositary = init_record(address, compact, heads, seed, origin=origin, exercise=exercise, ceiling=ceiling)
    depositary.checkpoint()
    digest = depositary.state.parties.compact
    depositary.close()
    public = public_of(seed).hex()
    return Founded(address, origin, exercise, compact.id, digest, public, str(key_file), len(heads))


def _check_parties(compact: Compact, heads: Heads, *, exercise: bool) -> None:
    if not heads and not exercise:
        raise Malformed("a live record needs the first seat of a party at least: --head PARTY/ROLE=KEY")
    known = {party.id for party in compact.parties}
    roles = {role.id for role in compact.roles}
    for party, role in heads:
        if party not in known:
            raise Malformed(f"--head {party}/{role}: {party} is not named in {compact.id}")
        if role not in roles:
            raise Malformed(f"--head {party}/{role}: the roles of {compact.id} are {', '.join(sorted(roles))}")
