"""The schemata of FollowTheMoney, by name: an entity of another cannot be read."""

from __future__ import annotations

from foedus.errors import Malformed

_NAMES = """
Address Airplane Analyzable Article Assessment Asset Associate Audio BankAccount Call CallForTenders Company Contract
ContractAward CourtCase CourtCaseParty CryptoWallet Debt Directorship Document Documentation EconomicActivity Email
Employment Event Family Folder HyperText Identification Image Interest Interval LegalEntity License Membership Mention
Message Note Occupancy Organization Ownership Package Page Pages Passport Payment Person PlainText Position Post
Project ProjectParticipant PublicBody RealEstate Representation Sanction Security Similar Succession Table TaxRoll
Thing Trip UnknownLink UserAccount Value Vehicle Vessel Video Workbook
"""
SCHEMATA = frozenset(_NAMES.split())


def known_schema(name: str) -> str:
    """The name. Raises Malformed where there is no such schema."""
    if name not in SCHEMATA:
        raise Malformed(
            "there is no schema {found!r}: Person, Organization, Vessel or another was expected", found=name[:40]
        )
    return name
