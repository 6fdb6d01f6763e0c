"""Whether files have the shape of the model: a walk over msgspec's own description, no rule written twice.

It refuses unknown and missing keys, wrong types, words outside a closed set, and lists where one value
belongs; it goes on after each, so that one reading shows all. What the values mean together is
foedus.compact.meaning's question.
"""

from __future__ import annotations

from functools import cache
from typing import Final

import msgspec.inspect as mi
from msgspec import Struct

from foedus.compact.findings import Finding, Path, Phrase, Place, finding
from foedus.compact.nodes import Listing, Mapping, Node, Scalar, Spoilt
from foedus.compact.scalars import Wrong, expected, nearest, shown, value


class _Missing:
    """The value of what could not be read; found wrong already."""


MISSING: Final = _Missing()


class Seen(Struct, frozen=True):
    """One mapping that was to be a `cls`: the values that could be read, and the whole when all could."""

    path: Path
    cls: type[Struct]
    values: dict[str, object]
    whole: Struct | None


class Shape(Struct):
    """What the walk found: every struct, whole or not, where each path stands, and the faults."""

    seen: list[Seen]
    places: dict[Path, Place]
    findings: list[Finding]

    def place(self, path: Path) -> Place:
        """Where a path stands; a value that is left out stands where its mapping does."""
        while path not in self.places:
            path = path[:-1]
        return self.places[path]

    def complain(self, path: Path, found: Phrase, expected: Phrase, remedy: Phrase | None = None) -> None:
        """Add a finding at a path."""
        self.findings.append(finding(self.place(path), path, found, expected, remedy))


@cache
def described(cls: type[Struct]) -> mi.StructType:
    """msgspec's description of one struct of the model."""
    kind = mi.type_info(cls)
    assert isinstance(kind, mi.StructType)
    return kind


def walk(shape: Shape, node: Node, kind: mi.Type, path: Path) -> object:
    """The value of `kind` that the node holds, or MISSING; faults and places are added to `shape`."""
    shape.places.setdefault(path, node.place)
    if isinstance(node, Spoilt):
        return MISSING
    match kind:
        case mi.Metadata():
            return walk(shape, node, kind.type, path)
        case mi.UnionType():
            return _union(shape, node, kind, path)
        case mi.StructType():
            return _struct(shape, node, kind, path)
        case mi.VarTupleType():
            return _list(shape, node, kind, path)
        case mi.DictType():
            return _table(shape, node, kind, path)
    read = value(node, kind)
    if isinstance(read, Wrong):
        shape.complain(path, read.found, read.expected, read.remedy)
        return MISSING
    return read


def _union(shape: Shape, node: Node, kind: mi.UnionType, path: Path) -> object:
    """`X | None`, where None is said by leaving the key out, or structs told apart by their tag."""
    kinds = [one for one in kind.types if not isinstance(one, mi.NoneType)]
    if len(kinds) == 1:
        return walk(shape, node, kinds[0], path)
    tagged = {str(one.tag): one for one in kinds if isinstance(one, mi.StructType)}
    field = str(next(iter(tagged.values())).tag_field)
    if not isinstance(node, Mapping):
        shape.complain(path, shown(node), Phrase("a mapping with the key {key}", key=field))
        return MISSING
    tag = next((found for key, found in node.entries if key.text == field), None)
    if tag is None:
        shape.complain(path, Phrase("no key {key!r}", key=field), _one_of(tagged))
        return MISSING
    if not isinstance(tag, Scalar) or tag.text not in tagged:
        shape.places[(*path, field)] = tag.place
        near = nearest(tag.text, tagged) if isinstance(tag, Scalar) else None
        shape.complain((*path, field), shown(tag), _one_of(tagged), near)
        return MISSING
    return _struct(shape, node, tagged[tag.text], path)


def _one_of(tagged: dict[str, mi.StructType]) -> Phrase:
    return Phrase("one of {words}", words=", ".join(sorted(tagged)))


def _struct(shape: Shape, node: Node, kind: mi.StructType, path: Path) -> object:
    if not isinstance(node, Mapping):
        shape.complain(path, shown(node), expected(kind))
        return MISSING
    fields = {field.encode_name: field for field in kind.fields}
    values: dict[str, object] = {}
    named: set[str] = set()
    sound = True
    for key, below in node.entries:
        field = fields.get(key.text)
        if field is not None:
            named.add(field.name)
            read = walk(shape, below, field.type, (*path, field.name))
            if read is not MISSING:
                values[field.name] = read
        elif key.text != kind.tag_field:
            sound = False
            remedy = _remedy(key.text, below, [name for name in fields if name not in named], list(fields))
            unknown = Phrase("the unknown key {key!r}", key=key.text)
            shape.findings.append(finding(key.place, path, unknown, Phrase("a key of the model"), remedy))
    for field in kind.fields:
        if field.required and field.name not in named:
            sound = False
            shape.complain(path, Phrase("no key {key!r}", key=field.encode_name), expected(field.type))
    whole = kind.cls(**values) if sound and len(values) == len(named) else None
    shape.seen.append(Seen(path, kind.cls, values, whole))
    return MISSING if whole is None else whole


def _remedy(key: str, below: Node, left: list[str], fields: list[str]) -> Phrase:
    """What to do about a key that the model does not know."""
    if isinstance(below, Scalar) and below.plain and not below.text and " " in key:
        return Phrase("if it is text after a comma, put the whole text in quotes")
    return nearest(key, left) or Phrase("the keys are {keys}", keys=", ".join(fields))


def _list(shape: Shape, node: Node, kind: mi.VarTupleType, path: Path) -> object:
    if not isinstance(node, Listing):
        single = isinstance(node, Scalar) and node.text
        remedy = Phrase("write it as a list: {text}", text=f"[{single}]") if single else None
        shape.complain(path, shown(node), Phrase("a list"), remedy)
        return MISSING
    items = tuple(walk(shape, item, kind.item_type, (*path, at)) for at, item in enumerate(node.items))
    return MISSING if any(item is MISSING for item in items) else items


def _table(shape: Shape, node: Node, kind: mi.DictType, path: Path) -> object:
    if not isinstance(node, Mapping):
        shape.complain(path, shown(node), Phrase("a mapping"))
        return MISSING
    table = {key.text: walk(shape, below, kind.value_type, (*path, key.text)) for key, below in node.entries}
    return MISSING if any(read is MISSING for read in table.values()) else table
