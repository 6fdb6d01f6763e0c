"""Published XML schemas, as far as lists use them: their shape, and documents made after them.

    shape(path)              element → the elements and @attributes it may have
    document(path, seed)     a document of that schema, other for each seed, with every value of its type

Elements in a sequence or a choice are all taken to be possible; where a choice is made, all of it is written, which readers
must bear: real files do not keep to their schemas either.
"""

from __future__ import annotations

import random
from functools import cache
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

import pytest

LISTS = Path(__file__).parents[4] / "shared/data/lists"
SCHEMAS = LISTS / "schemas"
needs_lists = pytest.mark.skipif(not LISTS.is_dir(), reason="the publishers' files are not beside this checkout")

WORDS = ("Anna", "Ivan", "O'Neill", "Müller", "Олена", "محمد", "& Sons <Ltd>", "Holding", "東")


class Child(NamedTuple):
    """An element within another: its name, how often it stands there, and its type."""

    name: str
    least: int
    most: int
    type: Type


class Type(NamedTuple):
    """What an element may have."""

    children: list[Child]
    attributes: dict[str, tuple[str, bool]]  # name → simple type, required
    value: str  # the simple type of its text, if it has any


class Schema:
    """A schema read into types."""

    def __init__(self, path: Path) -> None:
        self.root = ElementTree.parse(path).getroot()
        self.target = self.root.get("targetNamespace", "")
        self.named = {one.get("name"): one for one in self.root if one.get("name")}
        self.simple = {one.get("name"): one for one in self.root if tag(one) == "simpleType"}
        self._types: dict[int, Type] = {}

    def element(self, name: str) -> Type:
        return self._type_of(self.named[name])

    def _type_of(self, element: ElementTree.Element) -> Type:
        if id(element) in self._types:
            return self._types[id(element)]
        made = self._types[id(element)] = Type([], {}, "")
        inner = next((one for one in element if tag(one) in ("complexType", "simpleType")), None)
        named = plain(element.get("type", ""))
        if inner is None and named in self.named and tag(self.named[named]) == "complexType":
            inner = self.named[named]
        if inner is not None and tag(inner) == "complexType":
            value = self._fill(inner, made)
        else:
            value = plain(inner[0].get("base", "")) if inner is not None else named or "string"
        self._types[id(element)] = made._replace(value=value)
        return self._types[id(element)]

    def _fill(self, part: ElementTree.Element, into: Type) -> str:
        value = ""
        for one in part:
            kind = tag(one)
            if kind == "element":
                into.children.append(self._child(one))
            elif kind == "attribute":
                into.attributes[one.get("name", "")] = plain(one.get("type", "string")), one.get("use") == "required"
            elif kind == "attributeGroup":
                self._fill(self.named[plain(one.get("ref", ""))], into)
            elif kind == "extension":
                base = plain(one.get("base", ""))
                if base in self.named and tag(self.named[base]) == "complexType":
                    self._fill(self.named[base], into)
                else:
                    value = base
                self._fill(one, into)
            elif kind in ("sequence", "choice", "complexContent", "simpleContent"):
                value = self._fill(one, into) or value
        return value

    def _child(self, one: ElementTree.Element) -> Child:
        least, most = int(one.get("minOccurs", "1")), one.get("maxOccurs", "1")
        there = self.named[plain(one.get("ref", ""))] if one.get("ref") else one
        return Child(there.get("name", ""), least, 3 if most == "unbounded" else int(most), self._type_of(there))

    def text(self, type_: str, dice: random.Random, number: int) -> str:
        """A value of a simple type."""
        if type_ in self.simple:
            allowed = [one.get("value", "") for one in self.simple[type_].iter() if tag(one) == "enumeration"]
            if allowed:
                return dice.choice(allowed)
            return self.text(plain(self.simple[type_][-1].get("base", "string")), dice, number)
        if type_ in ("int", "integer", "long", "nonNegativeInteger"):
            return str(1900 + number % 300 if dice.random() < 0.5 else number)
        if type_ in ("date", "dateTime"):
            day = f"{dice.randint(1930, 2026)}-{dice.randint(1, 12):02}-{dice.randint(1, 28):02}"
            return day if type_ == "date" else f"{day}T12:00:00"
        return dice.choice(("true", "false")) if type_ == "boolean" else f"{dice.choice(WORDS)} {number}"


def tag(one: ElementTree.Element) -> str:
    return one.tag.rpartition("}")[2]


def plain(name: str) -> str:
    return name.rpartition(":")[2]


@cache
def schema(name: str) -> Schema:
    return Schema(SCHEMAS / name)


def shape(name: str, root: str) -> dict[str, set[str]]:
    """Every element that can be reached from the root, with what it may have."""
    found: dict[str, set[str]] = {}

    def visit(element: str, type_: Type) -> None:
        known = found.setdefault(element, set())
        new = {f"@{one}" for one in type_.attributes} | {one.name for one in type_.children}
        if new <= known and new:
            return
        known |= new
        for child in type_.children:
            visit(child.name, child.type)

    visit(root, schema(name).element(root))
    return {element: parts for element, parts in found.items() if parts}


def document(name: str, root: str, seed: int, most: int = 4) -> bytes:
    """A document after the schema, with up to `most` of what may stand there without bound."""
    found, dice = schema(name), random.Random(seed)
    numbers = iter(range(1, 10_000_000))

    def write(element: str, type_: Type) -> ElementTree.Element:
        made = ElementTree.Element(element)
        for attribute, (kind, required) in type_.attributes.items():
            if required or dice.random() < 0.7:
                made.set(attribute, found.text(kind, dice, next(numbers)))
        for child in type_.children:
            top = most if child.most == 3 else child.most
            for _ in range(dice.randint(child.least, max(top, child.least))):
                made.append(write(child.name, child.type))
        if type_.value:
            made.text = found.text(type_.value, dice, next(numbers))
        return made

    whole = write(root, found.element(root))
    if found.target:
        whole.set("xmlns", found.target)
    return ElementTree.tostring(whole, "utf-8", xml_declaration=True)
