"""One value of a compact file: what stands there, what the model expects, and the way from one to the other.

It refuses what looks like another type than it is: a number where text belongs, a float anywhere, a date in
words. A finding of this module is a `Wrong`; where it stands is added by foedus.compact.shape.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from datetime import date
from fractions import Fraction

import msgspec.inspect as mi
from msgspec import Struct

from foedus.compact.duration import Duration
from foedus.compact.findings import Phrase
from foedus.compact.model import decode_hook
from foedus.compact.nodes import Listing, Node, Scalar
from foedus.errors import Malformed

_NOTHING = re.compile(r"(~|null|Null|NULL)?")
_TRUTH = re.compile(r"true|True|TRUE|false|False|FALSE")
_WHOLE = re.compile(r"[-+]?[0-9]+")
_NUMBER = re.compile(
    r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|0o[0-7]+|0x[0-9a-fA-F]+"
    r"|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)"
)
_PLAIN_WHOLE = re.compile(r"-?(0|[1-9][0-9]{0,17})")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_FRACTION = re.compile(r"[0-9]{1,9}(/[1-9][0-9]{0,8})?")

_LIKE_YES = {"yes": "true", "on": "true", "y": "true", "no": "false", "off": "false", "n": "false"}


class Wrong(Struct, frozen=True):
    """What stands there, what was expected, and what to do about it."""

    found: Phrase
    expected: Phrase
    remedy: Phrase | None = None


def looks(scalar: Scalar) -> str:
    """How the YAML 1.2 core schema reads a scalar: nothing, truth, number or text."""
    if not scalar.plain:
        return "text"
    for name, pattern in (("nothing", _NOTHING), ("truth", _TRUTH), ("number", _WHOLE), ("number", _NUMBER)):
        if pattern.fullmatch(scalar.text):
            return name
    return "text"


def shown(node: Node) -> Phrase:
    """What stands in the file, in a few words."""
    if isinstance(node, Listing):
        return Phrase("a list")
    if not isinstance(node, Scalar):
        return Phrase("a mapping")
    look = looks(node)
    text = node.text if len(node.text) <= 48 else node.text[:45] + "..."
    if look == "nothing":
        return Phrase("nothing")
    if look == "number":
        return Phrase("the number {text}", text=text)
    return Phrase("{text!r}", text=text) if look == "text" else Phrase("{text}", text=text)


def nearest(word: str, words: Iterable[str]) -> Phrase | None:
    """`did you mean 'x'?` for the nearest of the words, or nothing when none is near."""
    near = difflib.get_close_matches(word, list(words), n=1, cutoff=0.6)
    return Phrase("did you mean {near!r}?", near=near[0]) if near else None


def expected(kind: mi.Type) -> Phrase:
    """What the model wants there, in a few words."""
    match kind:
        case mi.Metadata():
            return expected(kind.type)
        case mi.StrType(pattern=str()):
            return Phrase("an identifier (letters, digits, '.', '_', '-'; at most 64, first a letter or digit)")
        case mi.StrType():
            return Phrase("text")
        case mi.IntType():
            return _whole_number(kind)
        case mi.BoolType():
            return Phrase("true or false")
        case mi.DateType():
            return Phrase("a date as 2030-02-28")
        case mi.LiteralType(values=(one,)):
            return Phrase("{text}", text=repr(one))
        case mi.LiteralType():
            return Phrase("one of {words}", words=", ".join(map(str, kind.values)))
        case mi.VarTupleType():
            return Phrase("a list")
        case mi.CustomType() if kind.cls is Duration:
            return Phrase("a duration as PT24H, P6M or P10Y")
        case mi.CustomType() if kind.cls is Fraction:
            return Phrase("an exact fraction as 2/3")
        case mi.StructType():
            keys = ", ".join(field.encode_name for field in kind.fields if field.required)
            return Phrase("a mapping with {keys}", keys=keys)
    return Phrase("a mapping")


def _whole_number(kind: mi.IntType) -> Phrase:
    if kind.ge is not None and kind.le is not None:
        return Phrase("a whole number from {least} to {most}", least=kind.ge, most=kind.le)
    if kind.ge is not None:
        return Phrase("a whole number, {least} at least", least=kind.ge)
    if kind.le is not None:
        return Phrase("a whole number, {most} at most", most=kind.le)
    return Phrase("a whole number")


def value(node: Node, kind: mi.Type) -> object:
    """The value of the model's type for a scalar, or a Wrong."""
    if not isinstance(node, Scalar):
        single = isinstance(node, Listing) and len(node.items) == 1
        return Wrong(shown(node), expected(kind), Phrase("take it out of the list") if single else None)
    look = looks(node)
    if look == "nothing":
        return Wrong(Phrase("nothing"), expected(kind), Phrase("leave the key out or give it a value"))
    match kind:
        case mi.StrType():
            return _text(node, kind, look)
        case mi.IntType():
            return _whole(node, kind, look)
        case mi.BoolType():
            return _truth(node, look)
        case mi.DateType():
            return _date(node, look)
        case mi.LiteralType():
            return _one_of(node, kind)
        case mi.CustomType():
            return _exact(node, kind, look)
    raise AssertionError(f"the model has a type that no file can hold: {kind}")


def _wrong(node: Node, kind: mi.Type, remedy: Phrase | None = None) -> Wrong:
    return Wrong(shown(node), expected(kind), remedy)


def _text(node: Scalar, kind: mi.StrType, look: str) -> object:
    if look != "text":
        return _wrong(node, kind, Phrase("write it in quotes: '{text}'", text=node.text))
    if kind.pattern is not None and ("\n" in node.text or not re.search(kind.pattern, node.text)):
        return _wrong(node, kind)
    if len(node.text) < (kind.min_length or 0):
        return Wrong(Phrase("an empty text"), Phrase("words"), Phrase("write it"))
    if kind.max_length is not None and len(node.text) > kind.max_length:
        found = Phrase("a text of {count} characters", count=len(node.text))
        return Wrong(found, Phrase("at most {most}", most=kind.max_length), Phrase("shorten it"))
    return node.text


def _whole(node: Scalar, kind: mi.IntType, look: str) -> object:
    if look != "number" or not _PLAIN_WHOLE.fullmatch(node.text):
        quoted = not node.plain and _PLAIN_WHOLE.fullmatch(node.text)
        return _wrong(node, kind, Phrase("write it without quotes") if quoted else None)
    number = int(node.text)
    if (kind.ge is not None and number < kind.ge) or (kind.le is not None and number > kind.le):
        return _wrong(node, kind)
    return number


def _truth(node: Scalar, look: str) -> object:
    kind = mi.BoolType()
    if look == "truth":
        return node.text.lower() == "true"
    meant = _LIKE_YES.get(node.text.lower(), "true" if node.text == "1" else "")
    return _wrong(node, kind, Phrase("write {text}", text=meant) if meant else None)


def _date(node: Scalar, look: str) -> object:
    if look == "text" and _DATE.fullmatch(node.text):
        try:
            return date.fromisoformat(node.text)
        except ValueError:
            return _wrong(node, mi.DateType(), Phrase("the calendar has no such day"))
    return _wrong(node, mi.DateType())


def _one_of(node: Scalar, kind: mi.LiteralType) -> object:
    values = {str(one): one for one in kind.values}
    found = values.get(node.text)
    if found is None:
        return _wrong(node, kind, nearest(node.text, values))
    wants = "number" if isinstance(found, int) else "text"
    if looks(node) != wants:
        number = wants == "number"
        return _wrong(node, kind, Phrase("write it without quotes") if number else Phrase("write it in quotes"))
    return found


def _exact(node: Scalar, kind: mi.CustomType, look: str) -> object:
    """Durations and fractions, by the model's own hook; only what is read back the same from its own text."""
    whole = kind.cls is Fraction and look == "number" and node.text.isdigit()
    remedy = Phrase("write {text}", text=f"{node.text}/1") if whole else None
    if look != "text" or not node.text.isascii() or node.text != node.text.strip():
        return _wrong(node, kind, remedy)
    if kind.cls is Fraction and not _FRACTION.fullmatch(node.text):
        return _wrong(node, kind)
    try:
        made = decode_hook(kind.cls, node.text)
        again = made if kind.cls is Fraction else decode_hook(kind.cls, str(made))
    except (Malformed, ValueError):
        return _wrong(node, kind)
    if isinstance(made, Duration) and (made.months > 1200 or made.seconds > 36_600 * 86_400):
        return Wrong(shown(node), Phrase("at most 100 years"))
    return made if again == made else _wrong(node, kind)
