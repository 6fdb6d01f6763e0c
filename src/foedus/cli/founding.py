"""Opening a new record: its keys, its name, and each party's first seat."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct

from foedus.cli.opening import KEY_FILE
from foedus.compact.model import Compact
from foedus.errors import Malformed

if TYPE_CHECKING:
    from foedus.keyring import Ask

Heads = dict[tuple[str, str], str]
MAX_ORIGIN_CHARS = 120  # docs/record.md, Statement


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
    """`PARTY/ROLE=KEY` each, where KEY is a public key in hex or where the seat's key lies.

    Raises Malformed.
    """
    from foedus.keyring import public_key

    heads: Heads = {}
    for item in given:
        seat, equals, key = item.partition("=")
        party, slash, role = seat.partition("/")
        if not (equals and slash and party and role and key):
            raise Malformed("--head {item!r}: PARTY/ROLE=KEY was expected, such as UKR/head=ukr-head.key", item=item)
        heads[party, role] = public_key(key).hex()
    if len(set(heads.values())) < len(given):
        raise Malformed("--head: a seat or a key is named twice; every seat needs its own key")
    return heads


def found(
    address: str,
    compact: Compact,
    heads: Heads,
    *,
    origin: str | None,
    ceiling: str,
    exercise: bool,
    key: Path | None,
    ask: Ask,
) -> Founded:
    """Write the keys that a new record needs, and open it. Raises Malformed when one is already there.

    When it cannot be opened, the keys written for it are removed again.
    """
    from foedus.founding import init_record
    from foedus.record.keys import public_of
    from foedus.record.store import shown

    folder = None if "://" in address else Path(address)
    if folder is None and (key is None or exercise):
        raise Malformed("{store}: give --depositary-key; exercises live in a folder", store=shown(address))
    if folder is not None and (folder / "record.db").exists():
        raise Malformed("{folder} already holds a record: name another folder", folder=folder)
    _check_parties(compact, heads, exercise=exercise)
    origin = origin or f"{'exercise' if exercise else 'record'}.foedus.example/{compact.id}"
    if len(origin) > MAX_ORIGIN_CHARS:
        raise Malformed("--origin: {found} characters found, {most} at most", found=len(origin), most=MAX_ORIGIN_CHARS)
    keys = _keys(folder, compact, heads, origin=origin, exercise=exercise, key=key, ask=ask)
    try:
        depositary = init_record(
            address, compact, keys.heads, keys.seed, origin=origin, exercise=exercise, ceiling=ceiling
        )
    except BaseException:
        if keys.file != key:
            keys.file.unlink(missing_ok=True)
        raise
    depositary.checkpoint()
    digest = depositary.state.parties.compact
    depositary.close()
    public = public_of(keys.seed).hex()
    return Founded(shown(address), origin, exercise, compact.id, digest, public, str(keys.file), len(keys.heads))


class _Keys(NamedTuple):
    """The depositary's key with the file it lies in, and the first seats with their public keys."""

    seed: bytes
    file: Path
    heads: Heads


def _keys(
    folder: Path | None, compact: Compact, heads: Heads, *, origin: str, exercise: bool, key: Path | None, ask: Ask
) -> _Keys:
    from foedus.exercise.keys import FILE, ExerciseKeys
    from foedus.record.key_file import read_key_file, write_key
    from foedus.record.keys import new_seed

    if key is not None:
        return _Keys(read_key_file(key).seed(lambda: ask(str(key))), key, heads)
    assert folder is not None, "the key of a database was asked for above"
    folder.mkdir(parents=True, exist_ok=True)
    if exercise:
        demo, role = ExerciseKeys.create(folder), _first_role(compact)
        seats = {(party.id, role): demo.public_of(f"{party.id}/{role}") for party in compact.parties}
        return _Keys(demo.depositary_seed, folder / FILE, seats)
    seed = new_seed()
    write_key(folder / KEY_FILE, origin, seed, None)  # a server starts by itself; `key passphrase` locks it
    return _Keys(seed, folder / KEY_FILE, heads)


def _first_role(compact: Compact) -> str:
    """The role that may enrol the other seats of its party; the first there is where no clause names one."""
    from foedus.compact.clauses import Clauses

    permits = Clauses.of(compact).permits("EnrolSeat")
    named = [role for _, permit in permits for by in permit.by for role in by.roles]
    return (named or [compact.roles[0].id])[0]


def _check_parties(compact: Compact, heads: Heads, *, exercise: bool) -> None:
    if not heads and not exercise:
        raise Malformed("a live record needs the first seat of a party at least: --head PARTY/ROLE=KEY")
    known = {party.id for party in compact.parties}
    roles = {role.id for role in compact.roles}
    for party, role in heads:
        if party not in known:
            raise Malformed(
                "--head {head}: {found} is not named in {compact}",
                head=f"{party}/{role}",
                found=party,
                compact=compact.id,
            )
        if role not in roles:
            raise Malformed(
                "--head {head}: the roles of {compact} are {expected}",
                head=f"{party}/{role}",
                compact=compact.id,
                expected=", ".join(sorted(roles)),
            )
