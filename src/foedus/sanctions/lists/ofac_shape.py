"""The shape of OFAC's advanced XML (schema sdn_advanced.xsd, namespace un.org/sanctions/1.0): elements, attributes."""

from __future__ import annotations

_TABLES = [
    "AliasType",
    "AreaCode",
    "AreaCodeType",
    "CalendarType",
    "Country",
    "CountryRelevance",
    "DecisionMakingBody",
    "DetailReference",
    "DetailType",
    "DocNameStatus",
    "EntryEventType",
    "EntryLinkType",
    "ExRefType",
    "FeatureType",
    "FeatureTypeGroup",
    "IDRegDocDateType",
    "IDRegDocType",
    "IdentityFeatureLinkType",
    "LegalBasis",
    "LegalBasisType",
    "List",
    "LocPartType",
    "LocPartValueStatus",
    "LocPartValueType",
    "NamePartType",
    "Organisation",
    "PartySubType",
    "PartyType",
    "RelationQuality",
    "RelationType",
    "Reliability",
    "SanctionsProgram",
    "SanctionsType",
    "Script",
    "ScriptStatus",
    "SubsidiaryBody",
    "SupInfoType",
    "TargetType",
    "Validity",
]
# What a table's entry may say of itself. IS03166-3Code stands so in the schema.
_OF_TABLES = (
    "@ID @CountryID @Description @AreaCodeTypeID @Comment @IS03166-3Code @ISO3 @ISO2 @OrganisationID @DetailCode"
    " @FeatureTypeGroupID @LegalBasisShortRef @LegalBasisTypeID @SanctionsProgramID @PartyTypeID @SubsidiaryBodyID"
    " @DecisionMakingBodyID @ScriptCode @Notional @Symmetrical @DeltaAction"
)
_DELTA = "@DeltaAction"

SHAPE = {
    "Sanctions": "@Version @DeltaBaseVersion DateOfIssue ReferenceValueSets Locations IDRegDocuments DistinctParties"
    " ProfileRelationships SanctionsEntries SanctionsEntryLinks",
    "DateOfIssue": f"@CalendarTypeID Year Month Day {_DELTA}",
    "ReferenceValueSets": " ".join(f"{name}Values" for name in _TABLES),
    **{f"{name}Values": name for name in _TABLES},
    **dict.fromkeys(_TABLES, _OF_TABLES),
    **dict.fromkeys(("Year", "Month", "Day", "Comment", "DirectURL", "Value", "Text", "Description"), _DELTA),
    **dict.fromkeys(("IDRegistrationNo", "IssuingAuthority", "ExRefValue", "LimitationsToListing"), _DELTA),
    "DatePeriod": "@CalendarTypeID @YearFixed @MonthFixed @DayFixed @DeltaAction Comment Start End DurationMinimum"
    " DurationMaximum",
    **dict.fromkeys(("Start", "End"), f"@Approximate @YearFixed @MonthFixed @DayFixed {_DELTA} From To"),
    **dict.fromkeys(("From", "To", "Date"), f"@CalendarTypeID Year Month Day {_DELTA}"),
    **dict.fromkeys(("DurationMinimum", "DurationMaximum"), f"@Approximate Years Months Days {_DELTA}"),
    **dict.fromkeys(("Years", "Months", "Days"), _DELTA),
    "Locations": "Location",
    "Location": f"@ID {_DELTA} Comment LocationAreaCode LocationCountry LocationPart FeatureVersionReference"
    " IDRegDocumentReference",
    "LocationAreaCode": f"@AreaCodeID {_DELTA}",
    "LocationCountry": f"@CountryID @CountryRelevanceID {_DELTA}",
    "LocationPart": f"@LocPartTypeID {_DELTA} LocationPartValue",
    "LocationPartValue": f"@Primary @LocPartValueTypeID @LocPartValueStatusID {_DELTA} Comment Value",
    "FeatureVersionReference": f"@FeatureVersionID {_DELTA}",
    "IDRegDocumentReference": f"@IDRegDocumentID {_DELTA}",
    "ProfileRelationshipReference": f"@ProfileRelationshipID {_DELTA}",
    "IDRegDocuments": "IDRegDocument",
    "IDRegDocument": "@ID @IDRegDocTypeID @IdentityID @IssuedBy-CountryID @IssuedIn-LocationID @ValidityID"
    f" {_DELTA} Comment"
    " IDRegistrationNo IssuingAuthority DocumentDate IDRegDocumentMention FeatureVersionReference"
    " DocumentedNameReference"
    " ProfileRelationshipReference",
    "DocumentDate": f"@IDRegDocDateTypeID {_DELTA} DatePeriod",
    "IDRegDocumentMention": f"@IDRegDocumentID @ReferenceType {_DELTA}",
    "DocumentedNameReference": f"@DocumentedNameID {_DELTA}",
    "DistinctParties": "DistinctParty",
    "DistinctParty": f"@FixedRef {_DELTA} Comment Profile",
    "Profile": f"@ID @PartySubTypeID {_DELTA} Comment Identity Feature SanctionsEntryReference ExternalReference",
    "SanctionsEntryReference": f"@SanctionsEntryID {_DELTA}",
    "ExternalReference": f"@TargetTypeID @ExRefTypeID {_DELTA} Comment ExRefValue DirectURL SubLink",
    "SubLink": f"@TargetTypeID {_DELTA} Description DirectURL",
    "Feature": f"@ID @FeatureTypeID {_DELTA} FeatureVersion IdentityReference",
    "FeatureVersion": f"@ID @ReliabilityID {_DELTA} Comment DatePeriod VersionDetail VersionLocation"
    " IDRegDocumentReference",
    "VersionDetail": f"@DetailTypeID @DetailReferenceID {_DELTA}",
    "VersionLocation": f"@LocationID {_DELTA}",
    "IdentityReference": f"@IdentityID @IdentityFeatureLinkTypeID {_DELTA}",
    "Identity": f"@ID @FixedRef @Primary @False {_DELTA} Comment Alias NamePartGroups IDRegDocumentReference",
    "Alias": f"@FixedRef @AliasTypeID @Primary @LowQuality {_DELTA} Comment DatePeriod DocumentedName",
    "DocumentedName": f"@ID @FixedRef @DocNameStatusID {_DELTA} Comment DocumentedNamePart DocumentedNameCountry"
    " IDRegDocumentReference",
    "DocumentedNamePart": f"@LeadingChars @TrailingChars {_DELTA} NamePartValue",
    "NamePartValue": f"@NamePartGroupID @ScriptID @ScriptStatusID @Acronym {_DELTA}",
    "DocumentedNameCountry": f"@CountryID {_DELTA} Comment",
    "NamePartGroups": f"{_DELTA} MasterNamePartGroup",
    "MasterNamePartGroup": f"{_DELTA} NamePartGroup",
    "NamePartGroup": f"@ID @NamePartTypeID {_DELTA}",
    "ProfileRelationships": "ProfileRelationship",
    "ProfileRelationship": "@ID @From-ProfileID @To-ProfileID @RelationTypeID @RelationQualityID @Former"
    " @SanctionsEntryID"
    f" {_DELTA} Comment DatePeriod IDRegDocumentReference",
    "SanctionsEntries": "SanctionsEntry",
    "SanctionsEntry": f"@ID @ProfileID @ListID @EntryProfileRef @EntryDeltaFlag {_DELTA} Comment"
    " LimitationsToListing EntryEvent"
    " SanctionsMeasure SupportingInfo ProfileRelationshipReference",
    "EntryEvent": f"@ID @EntryEventTypeID @LegalBasisID {_DELTA} Comment Date",
    "SanctionsMeasure": f"@ID @SanctionsTypeID {_DELTA} Comment DatePeriod",
    "SupportingInfo": f"@ID @SupInfoTypeID {_DELTA} Text DirectURL",
    "SanctionsEntryLinks": "SanctionsEntryLink",
    "SanctionsEntryLink": f"@ID @EntryA-SanctionsEntryID @EntryB-SanctionsEntryID @EntryLinkTypeID {_DELTA}"
    " Comment Date",
}
