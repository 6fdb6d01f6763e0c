"""What parties adopt by signing one digest: readings, amendments, accessions, changes of tier."""

from __future__ import annotations

from datetime import datetime

from foedus.acts import Act, Event
from foedus.compact.clauses import Clauses
from foedus.compact.model import Adoption
from foedus.errors import Refused
from foedus.parties import acts
from foedus.parties.authority import is_present, judged, not_excluded, permission, present
from foedus.parties.instruments import signed_standing
from foedus.parties.seats import named
from foedus.state import State


def _adopters(
    clauses: Clauses, state: State, of: str, subject: str, text: str, act: Act, permit: str
) -> tuple[str, ...]:
    """The signatories with this one, when they now suffice by the adoption clause; empty while they do not."""
    found = next(((p, a) for p, a in clauses.every(Adoption) if of in a.of), None)
    if found is None:
        raise Refused(permit, "no clause of the compact says how the parties adopt this")
    before = state.parties.signatures.get(f"{subject} {text}")
    already = set(before.signed) if before else set()
    if act.party in already or (before and before.adopted):
        raise Refused(found[0].id, "{party} has already signed this, or it is already adopted", party=act.party)
    roll = present(clauses, state)
    signed = frozenset(already | {act.party})
    verdict = judged(clauses, state, found[1].rule, roll, signed)
    return tuple(sorted(signed)) if verdict.holds else ()


def adopt_reading(clauses: Clauses, state: State, act: Act, body: acts.AdoptReading, at: datetime) -> tuple[Event, ...]:
    permit, _ = permission(clauses, state, act, at)
    provision = clauses.provision(body.provision)
    if provision is None or provision.source.kind != "interpretation":
        raise Refused(permit.id, "{what} is not a reading that parties could adopt", what=body.provision)
    if body.text != clauses.text_digest(body.provision):
        raise Refused(permit.id, "the digest is not that of {what} as it stands", what=body.provision)
    subject = f"reading/{body.provision}"
    by = _adopters(clauses, state, "reading", subject, body.text, act, permit.id)
    signed: tuple[Event, ...] = (acts.ReadingSigned(body.provision, body.text, act.party),)
    return (*signed, acts.ReadingAdopted(body.provision, body.text, by)) if by else signed


def amend(clauses: Clauses, state: State, act: Act, body: acts.AmendCompact, at: datetime) -> tuple[Event, ...]:
    permit, _ = permission(clauses, state, act, at)
    if body.compact == clauses.digest:
        raise Refused(permit.id, "this text is already in force")
    by = _adopters(clauses, state, "amendment", "amendment", body.compact, act, permit.id)
    signed: tuple[Event, ...] = (acts.AmendmentSigned(body.compact, act.party),)
    return (*signed, acts.CompactAmended(body.compact, by)) if by else signed


def accede(clauses: Clauses, state: State, act: Act, body: acts.Accede, at: datetime) -> tuple[Event, ...]:
    provision, _ = permission(clauses, state, act, at)
    not_excluded(clauses, body.applicant)
    named(clauses, body.applicant)
    if body.text != clauses.digest:
        raise Refused(provision.id, "the accession names another text than the one in force")
    # For one who is already party the same signatures allow it to move to another tier.
    of = "tier" if is_present(clauses, state, body.applicant) else "accession"
    subject = f"accession/{body.applicant}"
    signed: list[Event] = [acts.AccessionSigned(body.applicant, body.tier, act.party)]
    by = _adopters(clauses, state, of, subject, body.tier, act, provision.id)
    if by:
        signed.append(acts.AccessionAdopted(body.applicant, body.tier, by))
    return tuple(signed)


def change_tier(clauses: Clauses, state: State, act: Act, body: acts.ChangeTier, at: datetime) -> tuple[Event, ...]:
    provision, _ = permission(clauses, state, act, at)
    signed_standing(clauses, state, act, clauses.compact.id, provision.id)
    if not any(group.tier and group.id == body.tier for group in clauses.compact.groups):
        raise Refused(provision.id, "{tier} is not a tier of {compact}", tier=body.tier, compact=clauses.compact.id)
    if state.parties.tier(act.party) in (body.tier, "protected"):
        raise Refused(provision.id, "{party} cannot move to {tier}", party=act.party, tier=body.tier)
    adoption = clauses.adoption("tier")
    agreed = state.parties.signatures.get(f"accession/{act.party} {body.tier}")
    if adoption and (agreed is None or agreed.adopted is None):
        raise Refused(
            adoption[0].id, "{party} moves to {tier} once enough parties have signed that it may",
            party=act.party, tier=body.tier,
        )  # fmt: skip
    return (acts.TierJoined(act.party, body.tier),)
