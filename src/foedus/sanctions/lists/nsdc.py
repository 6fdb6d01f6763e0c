"""Ukraine's State Register of Sanctions (National Security and Defense Council) as its interface gives it: JSON.

An array of subjects, or an object with the arrays `individual` and `legal`, as they are asked for apart; each subject
may have the `actions` asked for with it: the decrees, what they restrict and until when. Nothing is left out because a
term has passed: the register's own status stands in the remarks. What a member is called and may hold is fixed: another
one is refused.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
from msgspec import Struct

from foedus.compact.findings import Phrase
from foedus.errors import Malformed
from foedus.sanctions.lists import dates
from foedus.sanctions.lists.canonical import target
from foedus.sanctions.lists.model import Birth, Identifier, IdentifierKind, Kind, Name, Target
from foedus.sanctions.lists.numbers import kind_of
from foedus.sanctions.lists.reading import Content, Files, Notes, text_of

Texts = tuple[str, ...] | str | None


class Code(Struct, frozen=True, forbid_unknown_fields=True):
    """A number: which register or document it is of (`tax:inn`), the number, the country's code."""

    code: str
    id: str | None = None
    iso2: str | None = None
    note: str | None = None


class Attribute(Struct, frozen=True, forbid_unknown_fields=True):
    """Whatever else is known, under a heading in Ukrainian."""

    key: str
    value: str


class Decree(Struct, frozen=True, forbid_unknown_fields=True):
    """The decree of the President that put a decision of the Council into effect."""

    number: str | None = None
    date: str | None = None
    link: str | None = None


class Restriction(Struct, frozen=True):
    """One restriction."""

    restriction: str


class Action(Struct, frozen=True, forbid_unknown_fields=True):
    """One imposition of restrictions."""

    aid: str | int | None = None
    status: str | None = None
    decree: Decree | None = None
    endDate: str | None = None  # noqa: N815  # the register's name
    term: str | None = None
    restrictions: tuple[Restriction, ...] | None = None
    reason: str | None = None
    reasons: str | None = None
    issuers: str | None = None


class Subject(Struct, frozen=True, forbid_unknown_fields=True):
    """A person or organisation. `bd`, `dd`: born or founded, died or dissolved."""

    sid: str | int
    name: str
    translit: str | None = None
    aliases: Texts = None
    citizenships: Texts = None
    bd: str | None = None
    dd: str | None = None
    status: str | None = None
    subjectType: str | None = None  # noqa: N815  # the register's name
    identifiers: tuple[Code, ...] | None = None
    attributes: tuple[Attribute, ...] | None = None
    actions: tuple[Action, ...] | None = None


class _Both(Struct, frozen=True, forbid_unknown_fields=True):
    individual: tuple[Subject, ...] = ()
    legal: tuple[Subject, ...] = ()


KINDS: dict[str | None, Kind] = {
    "individual": "person",
    "legal": "organisation",
    "vessel": "vessel",
    "aircraft": "aircraft",
}


def read(files: Files, notes: Notes) -> Content:
    """The register. Raises Malformed with the place in the file and what was expected."""
    file, data = files.only()
    text_of(file, data, notes)
    data = data.removeprefix(b"\xef\xbb\xbf")
    try:
        if data.lstrip().startswith(b"["):
            groups = [(None, msgspec.json.decode(data, type=tuple[Subject, ...]))]
        else:
            both = msgspec.json.decode(data, type=_Both)
            groups = [("individual", both.individual), ("legal", both.legal)]  # type: ignore[list-item]  # one group has no type
    except msgspec.MsgspecError as problem:
        raise Malformed(
            "{file}: {problem}: the register's subjects as JSON were expected; the file is cut short, or its form"
            " has changed",
            file=file,
            problem=problem,
        ) from None
    found: list[tuple[int, Target]] = []
    for type_, subjects in groups:
        for one in subjects:
            kind = KINDS.get(one.subjectType or type_, "unknown")
            if kind == "unknown":
                notes.doubt(
                    file, 0, Phrase("{id}: nothing says whether it is a person or an organisation", id=str(one.sid))
                )
            found.append((len(found) + 1, _target(one, kind)))
    if files.progress:
        files.progress(len(data), len(data))
    return Content("UKR", "nsdc", None, found)


def _texts(said: Texts) -> tuple[str, ...]:
    return (said,) if isinstance(said, str) else said or ()


def _target(one: Subject, kind: Kind) -> Target:
    actions = one.actions or ()
    decrees = [action.decree for action in actions if action.decree]
    return target(
        str(one.sid),
        kind,
        (
            Name(one.name, "primary", "ukr"),
            Name(one.translit or "", "alias", "eng"),
            *(Name(alias, "alias") for alias in _texts(one.aliases)),
        ),
        births=_births(one.bd),
        countries=_texts(one.citizenships),
        identifiers=_identifiers(one),
        programmes=(decree.number or "" for decree in decrees),
        measures=(each.restriction for action in actions for each in action.restrictions or ()),
        legal_basis=(" ".join(part for part in (d.number, d.date, d.link) if part) for d in decrees),
        listed_on=min((d.date for d in decrees if d.date), default=""),
        remarks=(
            *(f"{attribute.key}: {attribute.value}" for attribute in one.attributes or ()),
            *(f"status: {text}" for text in (one.status, *(action.status for action in actions)) if text),
            *(text for action in actions for text in (action.reason, action.reasons, action.term) if text),
            *(f"until {action.endDate}" for action in actions if action.endDate),
        ),
    )


def _births(text: str | None) -> Iterator[Birth]:
    if text:
        known = dates.iso(text)
        yield Birth(known or "", note="" if known else text)


_KINDS: dict[str, IdentifierKind] = {"tax:inn": "inn", "reg:odrn": "ogrn", "reg:odrnip": "ogrn"}


def _identifiers(one: Subject) -> Iterator[Identifier]:
    for code in one.identifiers or ():
        label = code.id or ""
        yield Identifier(_KINDS.get(label) or kind_of(label), code.code, code.iso2 or "", label, code.note or "")
