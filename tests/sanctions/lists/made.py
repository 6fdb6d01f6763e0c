"""Small lists in the forms of which no publisher's file is at hand, each with what a real one has of every kind."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping

from foedus.sanctions.lists.uk_csv import SINGLE, TOGETHER

UK_XML = """<?xml version="1.0" encoding="utf-8"?>
<Designations>
  <DateGenerated>20/08/2026</DateGenerated>
  <Designation>
    <LastUpdated>16/04/2026</LastUpdated><DateDesignated>29/06/2012</DateDesignated>
    <UniqueID>RUS0001</UniqueID><OFSIGroupID>13001</OFSIGroupID><UNReferenceNumber>TAi.002</UNReferenceNumber>
    <Names>
      <Name><Name1>Ivan</Name1><Name2>Petrovich</Name2><Name6>SIDOROV</Name6><NameType>Primary Name</NameType></Name>
      <Name><Name6>The Baker</Name6><NameType>Alias</NameType><AliasStrength>Low quality a.k.a</AliasStrength></Name>
      <Name><Name1>Ivan</Name1><Name6>SIDOROFF</Name6><NameType>Alias</NameType></Name>
    </Names>
    <NonLatinNames><NonLatinName><NameNonLatinScript>Иван Сидоров</NameNonLatinScript>
      <NonLatinScriptType>Cyrillic</NonLatinScriptType><NonLatinScriptLanguage>Russian</NonLatinScriptLanguage>
    </NonLatinName></NonLatinNames>
    <RegimeName>The Russia (Sanctions) (EU Exit) Regulations 2019</RegimeName>
    <IndividualEntityShip>Individual</IndividualEntityShip><DesignationSource>UK</DesignationSource>
    <SanctionsImposed>Asset freeze|Travel Ban</SanctionsImposed>
    <SanctionsImposedIndicators><AssetFreeze>true</AssetFreeze></SanctionsImposedIndicators>
    <OtherInformation>(1) A known associate</OtherInformation><UKStatementofReasons>Finances the war</UKStatementofReasons>
    <Addresses><Address><AddressLine1>12 Tverskaya</AddressLine1><AddressLine6>Moscow</AddressLine6>
      <AddressPostalCode>125009</AddressPostalCode><AddressCountry>Russia</AddressCountry></Address></Addresses>
    <IndividualDetails><Individual>
      <DOBs><DOB>dd/mm/1958</DOB><DOB>01/03/1959</DOB></DOBs>
      <PassportDetails><Passport><PassportNumber>720123456</PassportNumber>
        <PassportAdditionalInformation>Russia, diplomatic</PassportAdditionalInformation></Passport></PassportDetails>
      <Nationalities><Nationality>Russia</Nationality></Nationalities>
      <NationalIdentifierDetails><NationalIdentifier><NationalIdentifierNumber>4500 123456</NationalIdentifierNumber>
      </NationalIdentifier></NationalIdentifierDetails>
      <Positions><Position>Director</Position></Positions><Genders><Gender>Male</Gender></Genders>
      <BirthDetails><Location><TownOfBirth>Tula</TownOfBirth><CountryOfBirth>Russia</CountryOfBirth></Location></BirthDetails>
    </Individual></IndividualDetails>
  </Designation>
  <Designation>
    <LastUpdated>16/04/2026</LastUpdated><DateDesignated>24/02/2022</DateDesignated><UniqueID>RUS0002</UniqueID>
    <Names><Name><Name6>EXAMPLE BANK PJSC</Name6><NameType>Primary Name</NameType></Name></Names>
    <RegimeName>The Russia (Sanctions) (EU Exit) Regulations 2019</RegimeName>
    <IndividualEntityShip>Entity</IndividualEntityShip><SanctionsImposed>Asset freeze</SanctionsImposed>
    <EntityDetails><Entity>
      <TypeOfEntities><TypeOfEntity>Public joint stock company</TypeOfEntity></TypeOfEntities>
      <ParentCompanies><ParentCompany>Example Holding</ParentCompany></ParentCompanies>
      <BusinessRegistrationNumbers><BusinessRegistrationNumber>INN: 7707083893 (Russia)</BusinessRegistrationNumber>
      </BusinessRegistrationNumbers>
    </Entity></EntityDetails>
    <Websites><Website>www.example.org</Website></Websites>
  </Designation>
  <Designation>
    <LastUpdated>18/12/2021</LastUpdated><DateDesignated>03/10/2017</DateDesignated><UniqueID>DPR0075</UniqueID>
    <Names><Name><Name6>Petrel 8</Name6><NameType>Primary name</NameType></Name></Names>
    <RegimeName>The Democratic People's Republic of Korea (Sanctions) (EU Exit) Regulations 2019</RegimeName>
    <IndividualEntityShip>Ship</IndividualEntityShip><SanctionsImposed>Prohibition of port entry</SanctionsImposed>
    <ShipDetails><Ship><IMONumbers><IMONumber>IMO9562233</IMONumber></IMONumbers>
      <CurrentOwnerOperators><CurrentOwnerOperator>Global Shipping</CurrentOwnerOperator></CurrentOwnerOperators>
      <CurrentBelievedFlagOfShips><CurrentBelievedFlagOfShip>Comoros</CurrentBelievedFlagOfShip></CurrentBelievedFlagOfShips>
      <YearsBuilt><YearBuilt>2011</YearBuilt></YearsBuilt></Ship></ShipDetails>
  </Designation>
</Designations>
""".encode()

UK_HEADER = (*SINGLE, *TOGETHER)


def uk_csv(rows: Iterable[Mapping[str, str]], header: Iterable[str] = UK_HEADER) -> bytes:
    """The CSV form, with these cells filled in each row."""
    out, columns = io.StringIO(newline=""), list(header)
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["Report Date: 20-Aug-2026"])
    writer.writerow(columns)
    writer.writerows([row.get(column, "") for column in columns] for row in rows)
    return out.getvalue().encode()


_SIDOROV = {
    "Last Updated": "16/04/2026", "Unique ID": "RUS0001", "OFSI Group ID": "13001", "UN Reference Number": "TAi.002",
    "Regime Name": "The Russia (Sanctions) (EU Exit) Regulations 2019", "Designation Type": "Individual",
    "Designation source": "UK", "Sanctions Imposed": "Asset freeze|Travel Ban", "Other Information": "(1) A known"
    " associate",
    "UK Statement of Reasons": "Finances the war", "Date Designated": "29/06/2012",
}  # fmt: skip
UK_ROWS = (
    _SIDOROV | {
        "Name 1": "Ivan", "Name 2": "Petrovich", "Name 6": "SIDOROV", "Name type": "Primary Name", "D.O.B": "dd/mm/1958",
        "Name non-latin script": "Иван Сидоров", "Non-latin script type": "Cyrillic", "Non-latin script language": "Russian",
        "Address Line 1": "12 Tverskaya", "Address Line 6": "Moscow", "Address Postal Code": "125009",
        "Address Country": "Russia", "Nationality(/ies)": "Russia", "Passport number": "720123456",
        "Passport additional information": "Russia, diplomatic", "National Identifier number": "4500 123456",
        "Position": "Director", "Gender": "Male", "Town of birth": "Tula", "Country of birth": "Russia",
    },
    _SIDOROV | {"Name 6": "The Baker", "Name type": "Alias", "Alias strength": "Low quality a.k.a", "D.O.B": "01/03/1959"},
    _SIDOROV | {"Name 1": "Ivan", "Name 6": "SIDOROFF", "Name type": "Alias"},
    {
        "Last Updated": "16/04/2026", "Unique ID": "RUS0002", "Name 6": "EXAMPLE BANK PJSC", "Name type": "Primary"
        " Name",
        "Regime Name": "The Russia (Sanctions) (EU Exit) Regulations 2019", "Designation Type": "Entity",
        "Sanctions Imposed": "Asset freeze", "Date Designated": "24/02/2022", "Type of entity": "Public joint"
        " stock company",
        "Parent company": "Example Holding", "Business registration number (s)": "INN: 7707083893 (Russia)",
        "Website": "www.example.org",
    },
    {
        "Last Updated": "18/12/2021", "Unique ID": "DPR0075", "Name 6": "Petrel 8", "Name type": "Primary name",
        "Regime Name": "The Democratic People's Republic of Korea (Sanctions) (EU Exit) Regulations 2019",
        "Designation Type": "Ship", "Sanctions Imposed": "Prohibition of port entry", "Date Designated": "03/10/2017",
        "IMO number": "IMO9562233", "Current owner/operator (s)": "Global Shipping",
        "Current believed flag of ship": "Comoros", "Year Built": "2011",
    },
)  # fmt: skip

SECO = """<?xml version="1.0" encoding="UTF-8"?>
<swiss-sanctions-list list-type="whole-list" date="2026-08-27">
  <sanctions-program ssid="20" version-date="2026-05-21">
    <program-key lang="eng">Belarus</program-key><program-key lang="ger">Weissrussland</program-key>
    <program-name lang="eng">Ordinance on measures against Belarus</program-name>
    <sanctions-set ssid="4387" lang="eng">Financial sanctions</sanctions-set><origin>EU</origin>
  </sanctions-program>
  <target ssid="5142">
    <sanctions-set-id>4387</sanctions-set-id><foreign-identifier>140</foreign-identifier>
    <individual sex="male">
      <identity ssid="5144" main="true">
        <name ssid="1" name-type="primary-name" quality="good" lang="eng">
          <name-part order="2" name-part-type="given-name"><value>Dzmitry</value>
            <spelling-variant lang="RUS" script="CYRL">Дмитрий</spelling-variant></name-part>
          <name-part order="1" name-part-type="family-name"><value>Lukashenka</value>
            <spelling-variant lang="RUS" script="LATN">Lukashenko</spelling-variant>
            <spelling-variant lang="RUS" script="CYRL">Лукашенко</spelling-variant></name-part>
          <name-part order="3" name-part-type="title"><value>Dr.</value></name-part>
        </name>
        <day-month-year ssid="2" day="23" month="3" year="1980" calendar="Gregorian" quality="good"/>
        <nationality ssid="3"><country iso-code="BY">Belarus</country></nationality>
        <place-of-birth ssid="4" place-id="77"/>
        <address ssid="5" place-id="77"><address-details>ul. Starovilenskaya, 4</address-details><zip-code>220029</zip-code></address>
        <identification-document ssid="6" document-type="passport"><number>MP1234567</number>
          <issuer code="BY">Belarus</issuer><remark>expired</remark></identification-document>
      </identity>
      <justification ssid="7">Businessman</justification>
      <other-information ssid="8">Taxpayer identification number: 500100732259</other-information>
      <relation ssid="9" target-id="46130" relation-type="owner-of"/>
    </individual>
    <modification modification-type="amended" effective-date="2015-11-18"><added><identity ssid="5144"/></added></modification>
    <modification modification-type="listed" effective-date="2012-03-01"/>
  </target>
  <target ssid="46130"><sanctions-set-id>4387</sanctions-set-id>
    <entity><identity ssid="46131" main="true"><name ssid="46132" name-type="primary-name" quality="good">
      <name-part order="1" name-part-type="whole-name"><value>Belagroprombank</value></name-part></name></identity></entity>
    <modification modification-type="listed" effective-date="2021-08-11"/>
  </target>
  <target ssid="34461"><sanctions-set-id>4387</sanctions-set-id>
    <object object-type="vessel"><identity ssid="34462" main="true">
      <name name-type="primary-name"><name-part order="1"><value>Hui Chon</value></name-part></name>
      <name name-type="formerly-known-as"><name-part order="1"><value>Hwang Gum San 2</value></name-part></name></identity>
      <other-information ssid="34465">IMO Number: 8405270</other-information></object>
    <modification modification-type="listed" effective-date="2016-05-18"/>
  </target>
  <target ssid="900"><sanctions-set-id>4387</sanctions-set-id>
    <entity><identity main="true"><name name-type="primary-name"><name-part order="1"><value>Freed Ltd</value></name-part></name>
    </identity></entity>
    <modification modification-type="listed" effective-date="2012-01-01"/>
    <modification modification-type="de-listed" effective-date="2016-03-01"/>
  </target>
  <place ssid="77"><location>Minsk</location><country iso-code="BY">Belarus</country></place>
</swiss-sanctions-list>
""".encode()

NSDC = json.dumps({
    "individual": [{
        "sid": "1001", "name": "Іваненко Іван Іванович", "translit": "Ivanenko Ivan Ivanovych", "aliases": ["Ivanov"],
        "citizenships": ["ru"], "bd": "1970-05-01", "dd": None, "status": "active",
        "identifiers": [{"id": "tax:inn", "code": "500100732259"}, {"id": "doc:passport", "code": "720123456", "iso2": "ru"}],
        "attributes": [{"key": "Посада", "value": "депутат"}],
        "actions": [{
            "aid": 7, "status": "active", "endDate": "2032-10-19", "term": "десять років",
            "decree": {"number": "726/2022", "date": "2022-10-19", "link": "https://www.president.gov.ua/documents/7262022-44481"},
            "restrictions": [{"restriction": "блокування активів"}],
        }],
    }],
    "legal": [{"sid": 2001, "name": "Банк", "identifiers": [{"id": "reg:odrn", "code": "1027700132195", "iso2": "ru"}]}],
}, ensure_ascii=False).encode()  # fmt: skip

CANADA = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<data-set>
  <record><Country>Belarus / Bélarus</Country><LastName>Atabekov</LastName><GivenName>Khazalbek</GivenName>
    <DateOfBirthOrShipBuildDate>1967-03-18 or 1968</DateOfBirthOrShipBuildDate><Schedule>1, Part 1</Schedule><Item>1</Item>
    <DateOfListing>2020-09-28</DateOfListing></record>
  <record><Country>Russia / Russie</Country><EntityOrShip>Adler</EntityOrShip><ShipIMONumber>9179854</ShipIMONumber>
    <TitleOrShip>Ship</TitleOrShip><Aliases>Angara, Adler Co., Ltd.</Aliases><Schedule>4</Schedule><Item>2</Item></record>
  <record><Country>Russia / Russie</Country><Schedule>4</Schedule><Item>3</Item></record>
</data-set>
""".encode()


def ftm(*entities: Mapping[str, object]) -> bytes:
    """Entities as JSON lines."""
    return "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in entities).encode()


FTM = ftm(
    {"id": "p1", "schema": "Person", "properties": {
        "name": ["Ivan Sidorov", "Sidorov Ivan"], "alias": ["Ivan Sidoroff"], "weakAlias": ["Baker"], "birthDate": ["1958"],
        "nationality": ["ru"], "innCode": ["500100732259"], "addressEntity": ["a1"], "topics": ["sanction"]}},
    {"id": "c1", "schema": "Company", "properties": {"name": ["Example Bank"], "ogrnCode": ["1027700132195"]}},
    {"id": "o1", "schema": "Ownership", "properties": {"owner": ["p1"], "asset": ["c1"], "percentage": ["51"]}},
    {"id": "s1", "schema": "Sanction", "properties": {
        "entity": ["p1"], "program": ["RUS"], "listingDate": ["2022-02-24"], "unscId": ["TAi.002"], "reason": ["Finances"]}},
    {"id": "a1", "schema": "Address", "properties": {"street": ["12 Tverskaya"], "city": ["Moscow"], "country": ["ru"]}},
    {"id": "d1", "schema": "Passport", "properties": {"holder": ["p1"], "number": ["720123456"], "country": ["ru"]}},
    {"id": "x1", "schema": "Event", "properties": {"name": ["A meeting"]}},
)  # fmt: skip
