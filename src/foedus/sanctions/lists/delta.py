"""What changed between two versions of a list: added, removed, amended field by field; and back.

    apply(targets of the old version, delta) = targets of the new version, proved by its digest

Of what a target has several of, what went and what came is told, each whole. Nothing is told of order: canonical rows
have one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, get_args, get_type_hints

import msgspec
from msgspec import Struct
from msgspec.structs import fields

from foedus.errors import Malformed, Tampered
from foedus.sanctions.lists.canonical import digest_of, in_order, target
from foedus.sanctions.lists.model import ListVersion, Target

Value = str | dict[str, Any]  # a name, an address … as in a canonical row


class Change(Struct, frozen=True):
    """What went from a field, and what came. A field that holds one text has at most one of each."""

    field: str
    removed: tuple[Value, ...] = ()
    added: tuple[Value, ...] = ()


class Amended(Struct, frozen=True):
    """A target of which something changed."""

    id: str
    changes: tuple[Change, ...]


class Delta(Struct, frozen=True):
    """From one version of a list to another, by the digests of both."""

    list: str
    old: str
    new: str
    added: tuple[Target, ...] = ()
    removed: tuple[str, ...] = ()
    amended: tuple[Amended, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether nothing changed."""
        return not (self.added or self.removed or self.amended)


def delta(old: ListVersion, new: ListVersion) -> Delta:
    """What changed from the old version to the new. Raises Malformed when they are of different lists."""
    if (old.publisher, old.list) != (new.publisher, new.list):
        raise Malformed(
            "{old} and {new} are different lists: two versions of one list were expected",
            old=f"{old.publisher} {old.list}",
            new=f"{new.publisher} {new.list}",
        )
    return between(old.list, old.targets, new.targets, (old.digest, new.digest))


def between(which: str, old: Iterable[Target], new: Iterable[Target], digests: tuple[str, str]) -> Delta:
    """The same of targets alone, in the order of their ids."""
    before = {one.id: one for one in old}
    after = {one.id: one for one in new}
    both = (id_ for id_ in after if id_ in before and before[id_] != after[id_])
    return Delta(
        list=which,
        old=digests[0],
        new=digests[1],
        added=tuple(one for id_, one in after.items() if id_ not in before),
        removed=tuple(id_ for id_ in before if id_ not in after),
        amended=tuple(Amended(id_, _changes(before[id_], after[id_])) for id_ in both),
    )


def _changes(old: Target, new: Target) -> tuple[Change, ...]:
    return tuple(
        _change(field.name, before, after)
        for field in fields(Target)
        if (before := getattr(old, field.name)) != (after := getattr(new, field.name))
    )


def _change(field: str, before: object, after: object) -> Change:
    if isinstance(before, str) and isinstance(after, str):
        return Change(field, (before,) if before else (), (after,) if after else ())
    assert isinstance(before, tuple)
    assert isinstance(after, tuple)
    kept = set(before) & set(after)
    gone, come = (tuple(msgspec.to_builtins(one) for one in each if one not in kept) for each in (before, after))
    return Change(field, gone, come)


def apply(targets: Iterable[Target], change: Delta) -> tuple[Target, ...]:
    """The targets of the new version. Raises Tampered where the delta does not go with them."""
    there = {one.id: one for one in targets}
    for id_ in change.removed:
        if there.pop(id_, None) is None:
            raise _does_not_fit(change, id_)
    for each in change.amended:
        if each.id not in there:
            raise _does_not_fit(change, each.id)
        there[each.id] = _amend(there[each.id], each)
    for one in change.added:
        if one.id in there:
            raise _does_not_fit(change, one.id)
        there[one.id] = one
    made = in_order(there.values())
    if digest_of(made) != change.new:
        raise Tampered(
            "{list}: the delta from {old} does not give the version {new}: fetch that version whole",
            list=change.list,
            old=change.old,
            new=change.new,
        )
    return tuple(made)


def _amend(one: Target, amended: Amended) -> Target:
    values: dict[str, Any] = {field.name: getattr(one, field.name) for field in fields(Target)}
    for change in amended.changes:
        if change.field not in values or change.field == "id":
            raise Malformed("{id}: {field} is no field of a target", id=one.id, field=change.field)
        values[change.field] = _changed(values[change.field], change)
    return target(**values)


def _changed(before: object, change: Change) -> object:
    try:
        if isinstance(before, str):
            return msgspec.convert(change.added[0] if change.added else "", _types()[change.field])
        of = get_args(_types()[change.field])[0]
        gone, come = (msgspec.convert(each, list[of]) for each in (change.removed, change.added))  # type: ignore[valid-type]  # of a field
    except msgspec.ValidationError as problem:
        raise Malformed("{field}: no value of this field: {problem}", field=change.field, problem=problem) from None
    assert isinstance(before, tuple)
    return (*(each for each in before if each not in gone), *come)


@cache
def _types() -> Mapping[str, Any]:
    return get_type_hints(Target)


def _does_not_fit(change: Delta, id_: str) -> Tampered:
    return Tampered(
        "{list}: the delta from {old} says of {id} what cannot be: it belongs to another version",
        list=change.list,
        old=change.old,
        id=id_,
    )


def parse_delta(data: bytes, file: str = "-") -> Delta:
    """A delta from its JSON. Raises Malformed."""
    try:
        return msgspec.json.decode(data, type=Delta)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as problem:
        raise Malformed("{file}: no delta of a list: {problem}", file=file, problem=problem) from None
