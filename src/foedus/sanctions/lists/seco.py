"""Switzerland's consolidated list of sanctions targets (SECO; XML, root `swiss-sanctions-list`).

The file has the whole life of each target: one whose latest modification removed it is skipped, with the day. A name is
put together from its parts in their order, once as written and once for each language or script in which parts are
spelled otherwise. No schema is published: what is not known is counted and named.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping

from foedus.compact.findings import Phrase
from foedus.errors import Malformed
from foedus.sanctions.lists import dates
from foedus.sanctions.lists.canonical import target
from foedus.sanctions.lists.markup import Element, Reader
from foedus.sanctions.lists.model import Address, Birth, Identifier, Kind, Link, LinkKind, Name, NameKind, Target
from foedus.sanctions.lists.numbers import kind_of, labelled
from foedus.sanctions.lists.reading import Content, Files, Notes

_PLACE = (
    "@ssid @place-id @quality @main c-o address-details p-o-box zip-code remarks"
    " location location-variant area area-variant country"
)
_SUBJECT = "@sex @object-type identity justification other-information relation generic-attribute"
SHAPE = {
    "swiss-sanctions-list": "@list-type @date sanctions-program target place",
    "sanctions-program": "@ssid @version-date @predecessor-version-date program-key program-name sanctions-set origin",
    **dict.fromkeys(("program-key", "program-name"), "@lang"),
    "sanctions-set": "@ssid @lang",
    "target": "@ssid @sanctions-set-id sanctions-set-id foreign-identifier individual entity object modification"
    " generic-attribute",
    **dict.fromkeys(("individual", "entity", "object"), _SUBJECT),
    "identity": "@ssid @main name nationality day-month-year place-of-birth address identification-document",
    "name": "@ssid @name-type @quality @lang name-part",
    "name-part": "@order @name-part-type value spelling-variant",
    "spelling-variant": "@lang @script @spelling-variant-type",
    "nationality": "@ssid country",
    "country": "@iso-code",
    "day-month-year": "@ssid @day @month @year @calendar @quality",
    **dict.fromkeys(("place-of-birth", "address", "place"), _PLACE),
    **dict.fromkeys(("location-variant", "area-variant"), "*"),
    "identification-document": "@ssid @document-type number issuer date-of-issue expiry-date place-of-issue remark",
    "issuer": "@code",
    "place-of-issue": "*",
    "justification": "@ssid",
    "other-information": "@ssid",
    "relation": "@ssid @target-id @relation-type remark",
    "generic-attribute": "@ssid @name",
    # What an amendment added and took away is in the target as it stands.
    "modification": "* @modification-type @enactment-date @publication-date @effective-date",
}
KINDS: dict[str, Kind] = {"individual": "person", "entity": "organisation", "object": "unknown"}
_OBJECTS: dict[str, Kind] = {"vessel": "vessel", "aircraft": "aircraft"}
_NAMES: dict[str, NameKind] = {"primary-name": "primary", "alias": "alias", "formerly-known-as": "former"}
_LINKS: dict[str, LinkKind] = {
    **dict.fromkeys(("owned-by", "controlled-by", "subsidiary-of"), "owner"),
    **dict.fromkeys(("owner-of", "controls", "parent-of-company"), "owned"),
    **dict.fromkeys(
        ("brother-of", "sister-of", "son-of", "daughter-of", "father-of", "mother-of", "spouse-of", "parent-of"),
        "family",
    ),
}
Table = Mapping[str, Element]


def read(files: Files, notes: Notes) -> Content:
    """The list. Raises Malformed with the line and what was expected, and for a file that is no whole list."""
    reader = Reader(files, notes, SHAPE, "target place sanctions-program", root="swiss-sanctions-list", strict=False)
    rows = list(reader.rows())
    form = reader.root.get("list-type")
    if form not in ("", "whole-list"):
        raise Malformed("{file}: a list of type {found!r}; the whole list was expected", file=reader.file, found=form)
    places = {row.get("ssid"): row for row in rows if row.tag == "place"}
    programmes = {
        each.get("ssid"): row for row in rows if row.tag == "sanctions-program" for each in row.all("sanctions-set")
    }
    found = []
    for row in (row for row in rows if row.tag == "target"):
        last = max(row.all("modification"), key=lambda one: one.get("effective-date"), default=None)
        if last is not None and last.get("modification-type") == "de-listed":
            said = Phrase("{id} was removed from the list on {day}", id=row.get("ssid"), day=last.get("effective-date"))
            notes.skip(reader.file, row.line, said)
        else:
            found.append((row.line, _target(reader, row, places, programmes)))
    return Content("CHE", "seco", dates.day(reader.root.get("date")), found)


def _target(reader: Reader, row: Element, places: Table, programmes: Table) -> Target:
    subject = next((one for one in row.children if one.tag in KINDS), None)
    if subject is None:
        raise Malformed(
            "{file}, line {line}: target {id} is none of {expected}",
            file=reader.file,
            line=row.line,
            id=row.get("ssid"),
            expected=", ".join(KINDS),
        )
    identities = sorted(subject.all("identity"), key=lambda one: one.get("main") != "true")
    sets = [one for one in (*row.values("sanctions-set-id"), row.get("sanctions-set-id")) if one]
    listed = [one for one in row.all("modification") if one.get("modification-type") == "listed"]
    infos = subject.values("other-information")
    numbers = [one for one in (labelled(text, "") for text in infos) if one.kind != "other"]
    known = {text for text in infos if labelled(text, "").kind != "other"}
    return target(
        row.get("ssid"),
        _OBJECTS.get(subject.get("object-type"), KINDS[subject.tag]),
        _names(reader, identities),
        births=(birth for one in identities for birth in _births(one, places)),
        countries=(text for one in identities for text in one.values("nationality/country")),
        identifiers=(*(each for one in identities for each in _documents(one)), *numbers),
        addresses=(_address(each, places) for one in identities for each in one.all("address")),
        programmes=(_in_english(programmes[one], "program-key") for one in sets if one in programmes),
        measures=(_measure(programmes[one], one) for one in sets if one in programmes),
        legal_basis=(_in_english(programmes[one], "program-name") for one in sets if one in programmes),
        positions=(part.value("value") for one in identities for part in one.all("name/name-part") if _is_title(part)),
        links=map(_link, subject.all("relation")),
        references=(f"foreign {text}" for text in row.values("foreign-identifier")),
        gender=subject.get("sex").lower(),
        listed_on=min((one.get("effective-date") for one in listed), default=""),
        updated_on=max((one.get("effective-date") for one in row.all("modification")), default=""),
        remarks=(*subject.values("justification"), *(text for text in infos if text not in known)),
    )


def _in_english(programme: Element, tag: str) -> str:
    texts = {one.get("lang"): one.text for one in programme.all(tag)}
    return texts.get("eng") or next(iter(texts.values()), "")


def _measure(programme: Element, ssid: str) -> str:
    found = [one for one in programme.all("sanctions-set") if one.get("ssid") == ssid]
    return next((one.text for one in found if one.get("lang") == "eng"), found[0].text if found else "")


def _is_title(part: Element) -> bool:
    return part.get("name-part-type") == "title"


def _names(reader: Reader, identities: list[Element]) -> Iterator[Name]:
    for place, identity in enumerate(identities):
        for name in identity.all("name"):
            kind = _NAMES.get(name.get("name-type"), "alias")
            if kind == "primary" and place:
                kind = "alias"
            if name.get("quality") == "low":
                kind = "weak"
            parts = sorted(name.all("name-part"), key=lambda one: _order(reader, one))
            parts = [part for part in parts if not _is_title(part)]
            yield Name(" ".join(part.value("value") for part in parts), kind)
            yield from _spelled(parts, "weak" if kind == "weak" else "alias")


def _order(reader: Reader, part: Element) -> int:
    """The place of a part in its name. Raises Malformed with the line for what is no number."""
    said = part.get("order")
    if said and not re.fullmatch(r"[0-9]{1,9}", said):
        raise Malformed(
            "{file}, line {line}: the order {found!r} of a part of a name; a number was expected: the file is damaged,"
            " fetch it again",
            file=reader.file, line=part.line, found=said[:40],
        )  # fmt: skip
    return int(said or 0)


def _spelled(parts: list[Element], kind: NameKind) -> Iterator[Name]:
    """The name in each other spelling; a part that has none in it stays as it is written."""
    spellings: dict[tuple[str, str], dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    for number, part in enumerate(parts):
        for one in part.all("spelling-variant"):
            if one.text:
                spellings[one.get("lang"), one.get("script")][number].append(one.text)
    for (language, script), variants in spellings.items():
        foreign = script not in ("", "LATN")
        for turn in range(max(len(each) for each in variants.values())):
            words = [
                each[min(turn, len(each) - 1)] if (each := variants.get(number)) else part.value("value")
                for number, part in enumerate(parts)
            ]
            yield Name(" ".join(words), "original" if foreign else kind, language)


def _births(identity: Element, places: Table) -> Iterator[Birth]:
    for one in identity.all("day-month-year"):
        parts = [one.get("year"), one.get("month").zfill(2), one.get("day").zfill(2)]
        while parts and parts[-1] in ("", "00"):
            parts.pop()
        yield Birth(dates.iso("-".join(parts)) or "", circa=one.get("quality") == "circa")
    for one in identity.all("place-of-birth"):
        where = _address(one, places)
        yield Birth(
            place=", ".join(part for part in (where.text, where.city, where.region) if part), country=where.country
        )


def _documents(identity: Element) -> Iterator[Identifier]:
    for one in identity.all("identification-document"):
        label = one.get("document-type").replace("-", " ")
        spans = (("issued", one.value("date-of-issue")), ("expires", one.value("expiry-date")))
        note = "; ".join((*(f"{word} {when}" for word, when in spans if when), *one.values("remark")))
        yield Identifier(kind_of(label), one.value("number"), one.value("issuer"), label, note)


def _address(one: Element, places: Table) -> Address:
    place = places.get(one.get("place-id"), one)
    text = ", ".join(part for part in (one.value("c-o"), one.value("address-details"), one.value("p-o-box")) if part)
    note = one.value("remarks")
    return Address(
        text, place.value("location"), place.value("area"), one.value("zip-code"), place.value("country"), note
    )


def _link(one: Element) -> Link:
    said = one.get("relation-type")
    return Link(
        _LINKS.get(said, "linked"), to=one.get("target-id"), note=": ".join(p for p in (said, one.value("remark")) if p)
    )
