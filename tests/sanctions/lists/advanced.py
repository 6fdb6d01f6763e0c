"""A small list in OFAC's advanced XML: a person, the bank that he owns, and its ship, with every kind of fact."""

from __future__ import annotations

from collections.abc import Iterable

NAMESPACE = "http://www.un.org/sanctions/1.0"
# Every table of the schema must stand there, in this order; an entry: number, word, more attributes.
_TABLES: dict[str, list[tuple[int, str, str]]] = {
    "AliasType": [(1400, "A.K.A.", ""), (1401, "F.K.A.", ""), (1403, "Name", "")],
    "AreaCode": [(11291, "RU", 'CountryID="11291" Description="Russia" AreaCodeTypeID="1"')],
    "AreaCodeType": [(1, "ISO 3166", "")],
    "CalendarType": [(1, "Gregorian", "")],
    "Country": [(11291, "Russia", 'ISO2="RU"'), (11177, "Comoros", 'ISO2="KM"')],
    "CountryRelevance": [(1, "Current", "")],
    "DecisionMakingBody": [(1, "Treasury", 'OrganisationID="1"')],
    "DetailReference": [(91526, "Male", ""), (91600, "Crude Oil Tanker", "")],
    "DetailType": [(1431, "LOOKUP", ""), (1432, "TEXT", "")],
    "DocNameStatus": [(1, "Primary Latin", "")],
    "EntryEventType": [(1, "Created", "")],
    "EntryLinkType": [(1, "Linked", "")],
    "ExRefType": [(1, "Web", "")],
    "FeatureType": [
        (8, "Birthdate", 'FeatureTypeGroupID="1"'), (9, "Place of Birth", 'FeatureTypeGroupID="1"'),
        (25, "Location", 'FeatureTypeGroupID="1"'), (10, "Nationality Country", 'FeatureTypeGroupID="1"'),
        (224, "Gender", 'FeatureTypeGroupID="1"'), (26, "Title", 'FeatureTypeGroupID="1"'),
        (2, "VESSEL TYPE", 'FeatureTypeGroupID="1"'), (3, "Vessel Flag", 'FeatureTypeGroupID="1"'),
        (1, "Vessel Call Sign", 'FeatureTypeGroupID="1"'), (14, "Website", 'FeatureTypeGroupID="1"'),
        (344, "Digital Currency Address - XBT", 'FeatureTypeGroupID="1"'),
    ],
    "FeatureTypeGroup": [(1, "Group", "")],
    "IDRegDocDateType": [(1, "Issued", "")],
    "IDRegDocType": [(1571, "Passport", ""), (1596, "Tax ID No.", ""), (1626, "Vessel Registration Identification IMO", "")],
    "IdentityFeatureLinkType": [(1, "Unknown", "")],
    "LegalBasis": [(1, "Executive Order 14024", 'LegalBasisTypeID="1" SanctionsProgramID="1"')],
    "LegalBasisType": [(1, "Executive Order", "")],
    "List": [(1550, "SDN List", "")],
    "LocPartType": [(1454, "CITY", ""), (1451, "ADDRESS1", ""), (1456, "POSTAL CODE", "")],
    "LocPartValueStatus": [(1, "Valid", "")],
    "LocPartValueType": [(1, "Text", "")],
    "NamePartType": [(1520, "Last Name", ""), (1521, "First Name", ""), (1525, "Entity Name", ""), (1526, "Vessel Name", "")],
    "Organisation": [(1, "OFAC", 'CountryID="11291"')],
    "PartySubType": [
        (1, "Vessel", 'PartyTypeID="4"'), (3, "Unknown", 'PartyTypeID="2"'), (4, "Unknown", 'PartyTypeID="1"')],
    "PartyType": [(1, "Individual", ""), (2, "Entity", ""), (4, "Transport", "")],
    "RelationQuality": [(1, "High", "")],
    "RelationType": [(1555, "Owned or Controlled By", 'Symmetrical="false"')],
    "Reliability": [(1, "Unknown", "")],
    "SanctionsProgram": [(1, "RUSSIA", 'SubsidiaryBodyID="1"')],
    "SanctionsType": [(1, "Program", ""), (2, "Block", "")],
    "Script": [(215, "Latin", 'ScriptCode="Latn"'), (220, "Cyrillic", 'ScriptCode="Cyrl"')],
    "ScriptStatus": [(1, "Published", "")],
    "SubsidiaryBody": [(1, "OFAC", 'Notional="false" DecisionMakingBodyID="1"')],
    "SupInfoType": [(1, "Note", "")],
    "TargetType": [(1, "Web", "")],
    "Validity": [(1, "Valid", ""), (2, "Fraudulent", "")],
}  # fmt: skip


def _tables() -> str:
    return "".join(
        f"<{name}Values>"
        + "".join(f'<{name} ID="{number}" {more}>{word}</{name}>' for number, word, more in entries)
        + f"</{name}Values>"
        for name, entries in _TABLES.items()
    )


def _day(tag: str, year: int, month: int, day: int, more: str = "") -> str:
    return f"<{tag}{more}><Year>{year}</Year><Month>{month}</Month><Day>{day}</Day></{tag}>"


_FIXED = 'YearFixed="false" MonthFixed="false" DayFixed="false"'


def _period(low: tuple[int, int, int], high: tuple[int, int, int], *, about: bool = False) -> str:
    approximate = f'Approximate="{str(about).lower()}" {_FIXED}'
    start = f"<Start {approximate}>{_day('From', *low)}{_day('To', *low)}</Start>"
    end = f"<End {approximate}>{_day('From', *high)}{_day('To', *high)}</End>"
    return f'<DatePeriod CalendarTypeID="1" {_FIXED}>{start}{end}</DatePeriod>'


def _feature(number: int, type_: int, identity: int, inner: str) -> str:
    return (
        f'<Feature ID="{number}" FeatureTypeID="{type_}"><FeatureVersion ID="{number}" ReliabilityID="1">{inner}'
        f'</FeatureVersion><IdentityReference IdentityID="{identity}" IdentityFeatureLinkTypeID="1"/></Feature>'
    )


def _word(text: str) -> str:
    return f'<VersionDetail DetailTypeID="1432">{text}</VersionDetail>'


def _named(
    number: int, parts: Iterable[tuple[int, str]], *, type_: int, primary: bool, weak: bool, script: int = 215
) -> str:
    """An alias; each part is a name part group with a word."""
    words = "".join(
        f'<DocumentedNamePart><NamePartValue NamePartGroupID="{group}" ScriptID="{script}" ScriptStatusID="1"'
        f' Acronym="false">{word}</NamePartValue></DocumentedNamePart>'
        for group, word in parts
    )
    flags = f'Primary="{str(primary).lower()}" LowQuality="{str(weak).lower()}"'
    return (
        f'<Alias FixedRef="{number}" AliasTypeID="{type_}" {flags}>'
        f'<DocumentedName ID="{number}" FixedRef="{number}" DocNameStatusID="1">{words}</DocumentedName></Alias>'
    )


def _party(number: int, subtype: int, aliases: str, groups: Iterable[tuple[int, int]], features: str) -> str:
    found = "".join(
        f'<MasterNamePartGroup><NamePartGroup ID="{group}" NamePartTypeID="{type_}"/></MasterNamePartGroup>'
        for group, type_ in groups
    )
    identity = (
        f'<Identity ID="{number}" FixedRef="{number}" Primary="true" False="false">{aliases}'
        f"<NamePartGroups>{found}</NamePartGroups></Identity>"
    )
    return (
        f'<DistinctParty FixedRef="{number}"><Profile ID="{number}" PartySubTypeID="{subtype}">{identity}{features}'
        f"</Profile></DistinctParty>"
    )


def _entry(number: int) -> str:
    event = f'<EntryEvent ID="{number}" EntryEventTypeID="1" LegalBasisID="1">'
    event += _day("Date", 2022, 2, 24, ' CalendarTypeID="1"') + "</EntryEvent>"
    whole = _period((2022, 2, 24), (2022, 2, 24))
    measures = (
        f'<SanctionsMeasure ID="{number}1" SanctionsTypeID="1"><Comment>RUSSIA-EO14024</Comment>{whole}</SanctionsMeasure>'
        f'<SanctionsMeasure ID="{number}2" SanctionsTypeID="2">{whole}</SanctionsMeasure>'
    )
    return f'<SanctionsEntry ID="{number}" ProfileID="{number}" ListID="1550">{event}{measures}</SanctionsEntry>'


def _document(number: int, type_: int, identity: int, said: str, more: str = "", validity: int = 1) -> str:
    return (
        f'<IDRegDocument ID="{number}" IDRegDocTypeID="{type_}" IdentityID="{identity}" {more} ValidityID="{validity}">'
        f"<IDRegistrationNo>{said}</IDRegistrationNo></IDRegDocument>"
    )


def advanced() -> bytes:
    """The whole document, valid by sdn_advanced.xsd."""
    location = (
        '<Location ID="7"><LocationCountry CountryID="11291" CountryRelevanceID="1"/>'
        '<LocationPart LocPartTypeID="1454"><LocationPartValue Primary="true" LocPartValueTypeID="1" LocPartValueStatusID="1">'
        "<Value>Moscow</Value></LocationPartValue></LocationPart></Location>"
    )
    documents = (
        _document(1, 1571, 101, "720123456", 'IssuedBy-CountryID="11291"', validity=2)
        + _document(2, 1596, 102, "7707083893", 'IssuedBy-CountryID="11291"')
        + _document(3, 1626, 103, "IMO 9562233")
    )
    person = _party(
        101, 4,
        _named(1, [(11, "SIDOROV"), (12, "Ivan Petrovich")], type_=1403, primary=True, weak=False)
        + _named(2, [(11, "Baker")], type_=1400, primary=False, weak=True)
        + _named(3, [(11, "SIDOROFF"), (12, "Ivan")], type_=1401, primary=False, weak=False)
        + _named(4, [(11, "Сидоров"), (12, "Иван")], type_=1400, primary=False, weak=False, script=220),
        [(11, 1520), (12, 1521)],
        _feature(1, 8, 101, _period((1958, 1, 1), (1958, 12, 31), about=True))
        + _feature(2, 9, 101, _word("Tula, Russia"))
        + _feature(3, 25, 101, '<VersionLocation LocationID="7"/>')
        + _feature(4, 10, 101, '<VersionLocation LocationID="7"/>')
        + _feature(5, 224, 101, '<VersionDetail DetailTypeID="1431" DetailReferenceID="91526"/>')
        + _feature(6, 26, 101, _word("Director"))
        + _feature(7, 344, 101, _word("1Fk9zBTqPfX")),
    )  # fmt: skip
    bank = _party(
        102, 3, _named(5, [(21, "EXAMPLE BANK")], type_=1403, primary=True, weak=False), [(21, 1525)],
        _feature(8, 14, 102, _word("www.example.org")),
    )  # fmt: skip
    ship = _party(
        103, 1, _named(6, [(31, "PETREL 8")], type_=1403, primary=True, weak=False), [(31, 1526)],
        _feature(9, 2, 103, '<VersionDetail DetailTypeID="1431" DetailReferenceID="91600"/>')
        + _feature(10, 3, 103, _word("Comoros")) + _feature(11, 1, 103, _word("D6A2345")),
    )  # fmt: skip
    relations = "".join(
        f'<ProfileRelationship ID="{one}" From-ProfileID="{one}" To-ProfileID="{one - 1}" RelationTypeID="1555"'
        f' RelationQualityID="1" Former="false" SanctionsEntryID="{one}"/>'
        for one in (102, 103)
    )
    return (
        f'<?xml version="1.0" encoding="utf-8"?>\n<Sanctions xmlns="{NAMESPACE}" Version="3">\n'
        f"{_day('DateOfIssue', 2026, 8, 3, ' CalendarTypeID=' + chr(34) + '1' + chr(34))}\n"
        f"<ReferenceValueSets>{_tables()}</ReferenceValueSets>\n"
        f"<Locations>{location}</Locations>\n<IDRegDocuments>{documents}</IDRegDocuments>\n"
        f"<DistinctParties>{person}\n{bank}\n{ship}</DistinctParties>\n"
        f"<ProfileRelationships>{relations}</ProfileRelationships>\n"
        f"<SanctionsEntries>{_entry(101)}{_entry(102)}{_entry(103)}</SanctionsEntries><SanctionsEntryLinks/>\n"
        "</Sanctions>\n"
    ).encode()
