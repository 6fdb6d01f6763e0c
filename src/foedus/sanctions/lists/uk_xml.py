"""The UK sanctions list as XML (root `Designations`). No schema is published: what is unknown is counted and named."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from foedus.errors import Malformed
from foedus.sanctions.lists import dates, uk
from foedus.sanctions.lists.markup import Element, Reader, required
from foedus.sanctions.lists.model import Address, Target
from foedus.sanctions.lists.reading import Content, Files, Notes

# Where a value of the CSV file's column stands here.
PATHS = {
    "Last Updated": "LastUpdated",
    "Unique ID": "UniqueID",
    "OFSI Group ID": "OFSIGroupID",
    "UN Reference Number": "UNReferenceNumber",
    "Regime Name": "RegimeName",
    "Designation Type": "IndividualEntityShip",
    "Designation source": "DesignationSource",
    "Sanctions Imposed": "SanctionsImposed",
    "Other Information": "OtherInformation",
    "UK Statement of Reasons": "UKStatementofReasons",
    "Phone number": "PhoneNumbers/PhoneNumber",
    "Website": "Websites/Website",
    "Email address": "EmailAddresses/EmailAddress",
    "Date Designated": "DateDesignated",
    "Title": "Titles/Title",
    "D.O.B": "IndividualDetails/Individual/DOBs/DOB",
    "Nationality(/ies)": "IndividualDetails/Individual/Nationalities/Nationality",
    "Position": "IndividualDetails/Individual/Positions/Position",
    "Gender": "IndividualDetails/Individual/Genders/Gender",
    "Type of entity": "EntityDetails/Entity/TypeOfEntities/TypeOfEntity",
    "Subsidiaries": "EntityDetails/Entity/Subsidiaries/Subsidiary",
    "Parent company": "EntityDetails/Entity/ParentCompanies/ParentCompany",
    "Business registration number (s)": "EntityDetails/Entity/BusinessRegistrationNumbers/BusinessRegistrationNumber",
    "IMO number": "ShipDetails/Ship/IMONumbers/IMONumber",
    "Current owner/operator (s)": "ShipDetails/Ship/CurrentOwnerOperators/CurrentOwnerOperator",
    "Previous owner/operator (s)": "ShipDetails/Ship/PreviousOwnerOperators/PreviousOwnerOperator",
    "Current believed flag of ship": "ShipDetails/Ship/CurrentBelievedFlagOfShips/CurrentBelievedFlagOfShip",
    "Previous flags": "ShipDetails/Ship/PreviousFlags/PreviousFlag",
    "Type of ship": "ShipDetails/Ship/TypeOfShipDetails/TypeOfShip",
    "Tonnage of ship": "ShipDetails/Ship/TonnageOfShipDetails/TonnageOfShip",
    "Length of ship": "ShipDetails/Ship/LengthOfShipDetails/LengthOfShip",
    "Year Built": "ShipDetails/Ship/YearsBuilt/YearBuilt",
    "Hull identification number (HIN)": "ShipDetails/Ship/HullIdentificationNumbers/HullIdentificationNumber",
}
_PERSON = "IndividualDetails/Individual"
_PAIRS = {
    "names": "Names/Name",
    "addresses": "Addresses/Address",
    "originals": "NonLatinNames/NonLatinName",
    "births": f"{_PERSON}/BirthDetails/Location",
    "passports": f"{_PERSON}/PassportDetails/Passport",
    "national": f"{_PERSON}/NationalIdentifierDetails/NationalIdentifier",
}


def _shape() -> dict[str, str]:
    """Every element on a path has the next; what stands at the end of those of `_PAIRS` is below."""
    shape: dict[str, str] = {
        "Designations": "DateGenerated Designation",
        "Designation": "SanctionsImposedIndicators",
        "SanctionsImposedIndicators": "*",  # the same as SanctionsImposed, as one flag for each measure
        "Name": "Name1 Name2 Name3 Name4 Name5 Name6 NameType AliasStrength",
        "Address": "AddressLine1 AddressLine2 AddressLine3 AddressLine4 AddressLine5 AddressLine6 AddressPostalCode"
        " AddressCountry",
        "NonLatinName": "NameNonLatinScript NonLatinScriptType NonLatinScriptLanguage",
        "Location": "TownOfBirth CountryOfBirth",
        "Passport": "PassportNumber PassportAdditionalInformation",
        "NationalIdentifier": "NationalIdentifierNumber NationalIdentifierAdditionalInformation",
    }
    for path in (*PATHS.values(), *_PAIRS.values()):
        steps = ["Designation", *path.split("/")]
        for parent, child in pairwise(steps):
            shape[parent] = f"{shape.get(parent, '')} {child}"
    return shape


SHAPE = _shape()


def read(files: Files, notes: Notes) -> Content:
    """The list. Raises Malformed with the line and what was expected there."""
    reader = Reader(files, notes, SHAPE, "Designation", root="Designations", strict=False)
    found = [(row.line, _target(reader, row)) for row in reader.rows()]
    return Content("GBR", "uk", dates.day(reader.root.value("DateGenerated")), found)


def _target(reader: Reader, row: Element) -> Target:
    required(reader, row, "UniqueID")
    required(reader, row, "Names/Name/NameType")
    kind = row.value("IndividualEntityShip")
    if kind.lower() not in uk.KINDS:
        raise Malformed(
            "{file}, line {line}: the type {found!r}; one of {expected} was expected",
            file=reader.file,
            line=row.line,
            found=kind,
            expected=uk.MEANT,
        )
    get: Callable[[str], list[Element]] = lambda pair: list(row.all(_PAIRS[pair]))  # noqa: E731  # five look-ups below
    return uk.made(
        uk.Designation(
            names=[_name(one) for one in get("names")],
            original=[
                (
                    one.value("NameNonLatinScript"),
                    one.value("NonLatinScriptLanguage") or one.value("NonLatinScriptType"),
                )
                for one in get("originals")
            ],
            values={column: list(dict.fromkeys(row.values(path))) for column, path in PATHS.items()},
            addresses=[_address(one) for one in get("addresses")],
            births=[(one.value("TownOfBirth"), one.value("CountryOfBirth")) for one in get("births")],
            passports=[_number(one, "Passport") for one in get("passports") if one.value("PassportNumber")],
            national=[
                _number(one, "NationalIdentifier") for one in get("national") if one.value("NationalIdentifierNumber")
            ],
        )
    )


def _name(one: Element) -> tuple[str, str, str]:
    parts = (one.value(f"Name{n}") for n in (1, 2, 3, 4, 5, 6))
    return " ".join(part for part in parts if part), one.value("NameType"), one.value("AliasStrength")


def _number(one: Element, kind: str) -> tuple[str, str]:
    return one.value(f"{kind}Number"), one.value(f"{kind}AdditionalInformation")


def _address(one: Element) -> Address:
    text = ", ".join(line for line in (one.value(f"AddressLine{n}") for n in (1, 2, 3, 4, 5, 6)) if line)
    return Address(text, postcode=one.value("AddressPostalCode"), country=one.value("AddressCountry"))
