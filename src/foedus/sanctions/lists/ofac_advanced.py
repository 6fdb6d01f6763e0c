"""OFAC's lists in the advanced XML (sdn_advanced.xml, cons_advanced.xml; schema sdn_advanced.xsd, the UN's exchange
format).

Everything in it is a number that a table at its head explains, and the parts of an entry lie in six places: locations,
documents, parties, relations, entries. They are put together here; a number that no table explains is refused.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from msgspec.structs import replace

from foedus.errors import Malformed
from foedus.sanctions.lists import dates, ofac_features
from foedus.sanctions.lists.canonical import target
from foedus.sanctions.lists.markup import Element, Reader
from foedus.sanctions.lists.model import Address, Identifier, Kind, Link, LinkKind, Name, Target
from foedus.sanctions.lists.numbers import kind_of
from foedus.sanctions.lists.ofac_shape import SHAPE
from foedus.sanctions.lists.reading import Content, Files, Notes

ROWS = (
    "DateOfIssue ReferenceValueSets Location IDRegDocument DistinctParty ProfileRelationship SanctionsEntry"
    " SanctionsEntryLink"
)
_SUBTYPES: dict[str, Kind] = {"vessel": "vessel", "aircraft": "aircraft"}
_TYPES: dict[str, Kind] = {"individual": "person", "entity": "organisation"}


class Tables:
    """The explanations of numbers, and what is told of apart from the parties."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._words: dict[tuple[str, str], str] = {}
        self.subtypes: dict[str, str] = {}  # party subtype → party type
        self.locations: dict[str, Address] = {}
        self.documents: dict[str, list[Identifier]] = defaultdict(list)  # by identity
        self.relations: dict[str, list[Link]] = defaultdict(list)  # by profile
        self.entries: dict[str, list[Element]] = defaultdict(list)  # by profile
        self.parties: list[Element] = []
        self.ids: dict[str, str] = {}  # profile → the party's number, by which others name it
        self.issued = ""

    def word(self, table: str, number: str, line: int) -> str:
        """What a number of a table means; nothing for none. Raises Malformed for a number that is not there."""
        if not number:
            return ""
        if (table, number) not in self._words:
            raise Malformed(
                "{file}, line {line}: {table} {number} was found, which the tables at the file's head do not have",
                file=self._reader.file,
                line=line,
                table=table,
                number=number,
            )
        return self._words[table, number]

    def take(self, row: Element) -> None:
        """Keep what a row tells."""
        if row.tag == "ReferenceValueSets":
            for one in (each for table in row.children for each in table.children):
                self._words[one.tag, one.get("ID")] = one.text
                if one.tag == "PartySubType":
                    self.subtypes[one.get("ID")] = one.get("PartyTypeID")
        elif row.tag == "DateOfIssue":
            self.issued = dated(row)
        elif row.tag == "Location":
            self.locations[row.get("ID")] = self._location(row)
        elif row.tag == "IDRegDocument":
            self.documents[row.get("IdentityID")].append(self._document(row))
        elif row.tag == "ProfileRelationship":
            self._relation(row)
        elif row.tag == "SanctionsEntry":
            self.entries[row.get("ProfileID")].append(row)
        elif row.tag == "DistinctParty":
            self.parties.append(row)
            self.ids |= dict.fromkeys((one.get("ID") for one in row.all("Profile")), row.get("FixedRef"))

    def links(self, profile: str) -> Iterator[Link]:
        """Its relations, each other party by its number."""
        return (replace(one, to=self.ids.get(one.to, one.to)) for one in self.relations.get(profile, ()))

    def _location(self, row: Element) -> Address:
        parts: dict[str, list[str]] = defaultdict(list)
        for part in row.all("LocationPart"):
            name = self.word("LocPartType", part.get("LocPartTypeID"), part.line).upper()
            values = list(part.all("LocationPartValue"))
            first = next((one for one in values if one.get("Primary") == "true"), values[0] if values else None)
            if first is not None:
                parts[name if name in ("CITY", "STATE/PROVINCE", "POSTAL CODE") else ""].append(first.value("Value"))
        countries = [self.word("Country", one.get("CountryID"), one.line) for one in row.all("LocationCountry")]
        areas = [self.word("AreaCode", one.get("AreaCodeID"), one.line) for one in row.all("LocationAreaCode")]
        joined = {name: ", ".join(values) for name, values in parts.items()}
        return Address(
            joined.get("", ""),
            joined.get("CITY", ""),
            joined.get("STATE/PROVINCE", ""),
            joined.get("POSTAL CODE", ""),
            "; ".join(countries) or "; ".join(areas),
        )

    def _document(self, row: Element) -> Identifier:
        label = self.word("IDRegDocType", row.get("IDRegDocTypeID"), row.line)
        country = self.word("Country", row.get("IssuedBy-CountryID"), row.line)
        said = [row.value("IssuingAuthority"), row.value("Comment")]
        for one in row.all("DocumentDate"):
            kind = self.word("IDRegDocDateType", one.get("IDRegDocDateTypeID"), one.line)
            said.append(f"{kind} {period(one.first('DatePeriod'))[0]}")
        if self.word("Validity", row.get("ValidityID"), row.line).lower() not in ("", "valid"):
            said.append(self.word("Validity", row.get("ValidityID"), row.line))
        note = "; ".join(part for part in said if part)
        return Identifier(kind_of(label), row.value("IDRegistrationNo"), country, label, note)

    def _relation(self, row: Element) -> None:
        said = self.word("RelationType", row.get("RelationTypeID"), row.line)
        one, other = row.get("From-ProfileID"), row.get("To-ProfileID")
        note = "; ".join(part for part in (said, "former" if row.get("Former") == "true" else "") if part)
        low = said.lower()
        there: LinkKind = "linked"
        back: LinkKind = "linked"
        if low.startswith(("owned", "property in the interest")):
            there, back = "owner", "owned"
        elif low.startswith(("owns", "owner")):
            there, back = "owned", "owner"
        elif low.startswith("family"):
            there = back = "family"
        self.relations[one].append(Link(there, to=other, note=note))
        self.relations[other].append(Link(back, to=one, note=note))


def read(files: Files, notes: Notes) -> Content:
    """The list. Raises Malformed with the line and what was expected there."""
    reader = Reader(files, notes, SHAPE, ROWS, root="Sanctions", strict=True)
    tables = Tables(reader)
    for row in reader.rows():
        tables.take(row)
    found = [(row.line, _target(reader, row, tables)) for row in tables.parties]
    lists = {tables.word("List", one.get("ListID"), one.line) for each in tables.entries.values() for one in each}
    which = (
        "ofac-sdn" if any("SDN" in name and "NON-SDN" not in name.upper() for name in lists) else "ofac-consolidated"
    )
    return Content("USA", which, dates.day(tables.issued), found)


def dated(row: Element) -> str:
    """A date given as year, month and day."""
    year, month, day = (row.value(part) for part in ("Year", "Month", "Day"))
    return (
        dates.iso("-".join(part.zfill(2) for part in (year, month, day if month else "") if part and part != "0")) or ""
    )


def period(row: Element | None) -> tuple[str, bool]:
    """A period as one date or a range, and whether it is about then."""
    if row is None:
        return "", False
    ends = [dated(one) for path in ("Start/From", "Start/To", "End/From", "End/To") for one in row.all(path)]
    known = sorted({one for one in ends if one})
    about = any(one.get("Approximate") == "true" for one in (*row.all("Start"), *row.all("End")))
    if len(known) < 2:
        return (known[0] if known else ""), about
    low, high = known[0], known[-1]
    if low[4:] == "-01-01" and high == f"{low[:4]}-12-31":
        return low[:4], about
    return f"{low}/{high}", about


def _target(reader: Reader, row: Element, tables: Tables) -> Target:
    profile = row.first("Profile")
    if profile is None:
        raise Malformed(
            "{file}, line {line}: <{tag}> has no <{missing}>, which every entry has: the file is damaged, fetch it"
            " again",
            file=reader.file,
            line=row.line,
            tag=row.tag,
            missing="Profile",
        )
    subtype = profile.get("PartySubTypeID")
    words = tables.word("PartySubType", subtype, profile.line).lower()
    type_ = tables.word("PartyType", tables.subtypes.get(subtype, ""), profile.line).lower()
    identities = sorted(profile.all("Identity"), key=lambda one: one.get("Primary") != "true")
    said = ofac_features.parse(profile, tables)
    entries = tables.entries.get(profile.get("ID"), [])
    programmes, measures = _measures(entries, tables)
    events = [one for entry in entries for one in entry.all("EntryEvent")]
    return target(
        row.get("FixedRef"),
        _SUBTYPES.get(words) or _TYPES.get(type_, "unknown"),
        (name for identity in identities for name in _names(identity, tables)),
        births=said.births,
        countries=said.countries,
        identifiers=(
            *(one for each in identities for one in tables.documents.get(each.get("ID"), ())),
            *said.identifiers,
        ),
        addresses=said.addresses,
        programmes=programmes,
        measures=measures,
        legal_basis=(tables.word("LegalBasis", one.get("LegalBasisID"), one.line) for one in events),
        positions=said.positions,
        links=(*tables.links(profile.get("ID")), *said.links),
        gender=said.gender,
        listed_on=min((dated(date) for one in events for date in one.all("Date")), default=""),
        remarks=(*row.values("Comment"), *profile.values("Comment"), *said.remarks),
    )


def _measures(entries: list[Element], tables: Tables) -> tuple[list[str], list[str]]:
    """The programmes, which OFAC writes as the comment of a measure of type Program, and the measures themselves."""
    programmes, measures = [], []
    for one in (measure for entry in entries for measure in entry.all("SanctionsMeasure")):
        kind = tables.word("SanctionsType", one.get("SanctionsTypeID"), one.line)
        if kind == "Program":
            programmes.append(one.value("Comment"))
        else:
            measures.append(kind)
    return programmes, measures


def _names(identity: Element, tables: Tables) -> Iterator[Name]:
    parts_of = {
        group.get("ID"): tables.word("NamePartType", group.get("NamePartTypeID"), group.line)
        for group in identity.all("NamePartGroups/MasterNamePartGroup/NamePartGroup")
    }
    for alias in identity.all("Alias"):
        type_ = tables.word("AliasType", alias.get("AliasTypeID"), alias.line)
        for name in alias.all("DocumentedName"):
            values = [one for part in name.all("DocumentedNamePart") for one in part.all("NamePartValue")]
            script = next((tables.word("Script", one.get("ScriptID"), one.line) for one in values), "")
            text = _text(values, parts_of)
            if script and script != "Latin":
                yield Name(text, "original", script)
            elif alias.get("Primary") == "true":
                yield Name(text)
            elif alias.get("LowQuality") == "true":
                yield Name(text, "weak")
            else:
                yield Name(text, "former" if type_.upper().startswith("F.K.A") else "alias")


def _text(values: list[Element], parts_of: dict[str, str]) -> str:
    """As OFAC writes it elsewhere: the last name, a comma, the others in their order."""
    last = [one.text for one in values if parts_of.get(one.get("NamePartGroupID")) == "Last Name"]
    rest = [one.text for one in values if parts_of.get(one.get("NamePartGroupID")) != "Last Name"]
    return ", ".join(part for part in (" ".join(last), " ".join(rest)) if part)
