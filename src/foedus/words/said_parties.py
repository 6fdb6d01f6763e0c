"""Sentences about parties, seats, instruments and obligations: one for every act and event of theirs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from foedus.commitments import acts as commitments
from foedus.commitments.rules import REINSTATEMENT
from foedus.parties import acts
from foedus.parties.state import key_id
from foedus.words.speech import Speech
from foedus.words.titles import MEASURE_KINDS, NATIONAL_STEPS, STATUSES, title

ActSentence = Callable[[Speech, Any, str], str]
EventSentence = Callable[[Speech, Any], str]


def _open_record(s: Speech, body: acts.OpenRecord, party: str) -> str:
    if body.exercise:
        return s.say("%(who)s {opens|open} the exercise record %(origin)s.", party, origin=body.origin)
    return s.say("%(who)s {opens|open} the record %(origin)s.", party, origin=body.origin)


def _sign_text(s: Speech, body: acts.SignText, party: str) -> str:
    what = s.names.instrument(body.instrument)
    if body.tier is None:
        return s.say("%(who)s {signs|sign}: %(instrument)s.", party, instrument=what)
    return s.say(
        "%(who)s {signs|sign}: %(instrument)s; tier: %(tier)s.",
        party,
        instrument=what,
        tier=s.names.group(body.tier),
    )


def _ratify(s: Speech, body: acts.DepositRatification, party: str) -> str:
    what = s.names.instrument(body.instrument)
    if body.status == "ratified":
        return s.say(
            "%(who)s {deposits|deposit} an instrument of ratification: %(instrument)s.",
            party,
            instrument=what,
        )
    if body.status == "provisionally_applied":
        return s.say("%(who)s {declares|declare} provisional application: %(instrument)s.", party, instrument=what)
    return s.say("%(who)s {declares|declare} entry into force: %(instrument)s.", party, instrument=what)


def _membership(s: Speech, body: acts.RecordMembership, party: str) -> str:
    return s.say(
        "%(who)s {deposits|deposit} an accession to an organisation: %(organisation)s, since %(day)s.",
        party,
        organisation=s.names.organisation(body.organisation),
        day=s.words.date(body.on),
    )


def _communication(s: Speech, body: acts.DepositCommunication, party: str) -> str:
    sender = s.names.party(body.sender)
    if body.kind == "objection":
        return s.say(
            "%(who)s {deposits|deposit} an outsider's objection as evidence: %(sender)s.",
            party,
            sender=sender,
        )
    if body.kind == "undertaking":
        return s.say(
            "%(who)s {deposits|deposit} an outsider's undertaking as evidence: %(sender)s.",
            party,
            sender=sender,
        )
    return s.say("%(who)s {deposits|deposit} an outsider's statement as evidence: %(sender)s.", party, sender=sender)


def national(s: Speech, steps: tuple[acts.NationalStep, ...]) -> str:
    """Steps of national law in their order, with how long each takes and until when it is taken beforehand."""
    _, found = s.words.gettext, []
    for one in steps:
        said = _("%(step)s, %(hours)s h", step=title(s.words, NATIONAL_STEPS, one.step), hours=one.takes_hours)
        if one.delegated_until is not None:
            said = _("%(step)s, delegated until %(until)s", step=said, until=s.words.moment(one.delegated_until))
        found.append(said)
    return "; ".join(found)


def _mandate(s: Speech, body: acts.StateMandate, party: str) -> str:
    kind = title(s.words, MEASURE_KINDS, body.kind)
    if not body.steps:
        return s.say("%(who)s {may|may} join without further steps of its own law: %(kind)s.", party, kind=kind)
    return s.say(
        "%(who)s {states|state} the steps of its own law, %(kind)s: %(steps)s.", party, kind=kind,
        steps=national(s, body.steps),
    )  # fmt: skip


def _mandate_stated(s: Speech, event: acts.MandateStated) -> str:
    kind, party = title(s.words, MEASURE_KINDS, event.kind), s.names.party(event.party)
    if not event.steps:
        return s.say("%(party)s, %(kind)s: no step of its own law is needed.", party=party, kind=kind)
    return s.say(
        "%(party)s, %(kind)s, by its own law: %(steps)s.", party=party, kind=kind, steps=national(s, event.steps)
    )


def _expiry(s: Speech, body: acts.RecordExpiry, party: str) -> str:
    return s.say("%(who)s {records|record} the end of %(what)s.", party, what=s.names.deadline(body.deadline))


ACTS: dict[type, ActSentence] = {
    acts.OpenRecord: _open_record,
    acts.ContinueRecord: lambda s, b, p: s.say("%(who)s {continues|continue} the record, whose server fell silent.", p),
    acts.EnrolSeat: lambda s, b, p: s.say("%(who)s {enrols|enrol} a seat: %(role)s.", p, role=s.names.role(b.role)),
    acts.RevokeSeat: lambda s, b, p: s.say(
        "%(who)s {revokes|revoke} the key of a seat: %(seat)s.", p, seat=s.names.seat(b.seat)
    ),
    acts.DepositRootKey: lambda s, b, p: s.say(
        "%(who)s {deposits|deposit} the root key %(key)s, to be kept offline.", p, key=key_id(b.key)
    ),
    acts.RecoverSeat: lambda s, b, p: s.say(
        "%(who)s {recovers|recover} seats with the root key; a new key for: %(role)s.", p, role=s.names.role(b.role)
    ),
    acts.SignText: _sign_text,
    acts.DepositRatification: _ratify,
    acts.Accede: lambda s, b, p: s.say(
        "%(who)s {agrees|agree} to an accession: %(applicant)s; tier: %(tier)s.",
        p,
        applicant=s.names.party(b.applicant),
        tier=s.names.group(b.tier),
    ),
    acts.ChangeTier: lambda s, b, p: s.say(
        "%(who)s {moves|move} to the tier: %(tier)s.", p, tier=s.names.group(b.tier)
    ),
    acts.RenewTerm: lambda s, b, p: s.say(
        "%(who)s {renews|renew} until %(day)s: %(instrument)s.",
        p,
        day=s.words.date(b.until),
        instrument=s.names.instrument(b.instrument),
    ),
    acts.GiveNotice: lambda s, b, p: s.say(
        "%(who)s {gives|give} notice of withdrawal: %(instrument)s.",
        p,
        instrument=s.names.instrument(b.instrument),
    ),
    acts.AdoptReading: lambda s, b, p: s.say(
        "%(who)s {adopts|adopt} the reading of a provision: %(provision)s.",
        p,
        provision=s.names.provision(b.provision),
    ),
    acts.AmendCompact: lambda s, b, p: s.say(
        "%(who)s {signs|sign} an amended text of the compact, digest %(digest)s.", p, digest=b.compact[:16]
    ),
    acts.RecordMembership: _membership,
    acts.AgreeInAdvance: lambda s, b, p: s.say(
        "%(who)s {agrees|agree} beforehand to do at once when called upon: %(measure)s.",
        p,
        measure=s.measure(b.measure),
    ),
    acts.StateMandate: _mandate,
    acts.DepositCommunication: _communication,
    acts.RecordExpiry: _expiry,
}


def _record_opened(s: Speech, event: acts.RecordOpened) -> str:
    if event.exercise:
        return s.say("The exercise record %(origin)s is open.", origin=event.origin)
    return s.say("The record %(origin)s is open.", origin=event.origin)


def _status_changed(s: Speech, event: acts.StatusChanged) -> str:
    return s.say(
        "%(instrument)s, for %(party)s: %(status)s.",
        instrument=s.names.instrument(event.instrument),
        party=s.names.party(event.party),
        status=title(s.words, STATUSES, event.status),
    )


def _term_fixed(s: Speech, event: acts.TermFixed) -> str:
    return s.say(
        "%(instrument)s, for %(party)s: lapses on %(moment)s unless renewed.",
        instrument=s.names.instrument(event.instrument),
        party=s.names.party(event.party),
        moment=s.words.moment(event.lapses_at),
    )


def _notice_given(s: Speech, event: acts.NoticeGiven) -> str:
    return s.say(
        "%(instrument)s, for %(party)s: withdrawal takes effect on %(moment)s.",
        instrument=s.names.instrument(event.instrument),
        party=s.names.party(event.party),
        moment=s.words.moment(event.effective_at),
    )


def _membership_recorded(s: Speech, event: acts.MembershipRecorded) -> str:
    said = s.say(
        "The protected state belongs to an organisation: %(organisation)s, since %(day)s.",
        organisation=s.names.organisation(event.organisation),
        day=s.words.date(event.on),
    )
    if not event.lapsed:
        return said
    return f"{said} {s.say('These provisions end: %(provisions)s.', provisions=', '.join(event.lapsed))}"


def _incurred(s: Speech, event: commitments.ObligationsIncurred) -> str:
    what = s.measure(event.measure)
    if event.measure == REINSTATEMENT:
        what = s.words.gettext("an act of national law that enacts what came back (%(id)s)", id=event.subject)
    said = s.say("%(who)s {owes|owe}: %(measure)s.", event.parties, measure=what)
    if event.due_at:
        said = f"{said} {s.say('Due on %(moment)s.', moment=s.words.moment(event.due_at))}"
    return said


def _about(s: Speech, subject: str) -> str:
    """What obligations are about: a prepared measure by its title with the response, else as it stands on the table."""
    response, _, measure = subject.partition("/")
    said = s.measure(measure)
    return f"{response}, {said}" if said != measure else s.measure(subject)


def _released(s: Speech, event: commitments.ObligationsReleased) -> str:
    parties = s.names.parties(event.parties)
    if s.state is not None and event.subject in s.state.sanctions.snapbacks:
        return s.say(
            "The obligations %(subject)s end for %(parties)s: relief goes on.", subject=event.subject, parties=parties
        )
    return s.say(
        "The obligations %(subject)s end for %(parties)s: the report they rested on was withdrawn.",
        subject=_about(s, event.subject),
        parties=parties,
    )


EVENTS: dict[type, EventSentence] = {
    acts.RecordOpened: _record_opened,
    acts.RecordContinued: lambda s, e: s.say(
        "The record is kept by %(party)s from here on; its server was last heard of on %(since)s. What it had received"
        " comes in until %(until)s.",
        party=s.names.party(e.party),
        since=s.words.moment(e.silent_since, seconds=True),
        until=s.words.moment(e.late_until, seconds=True),
    ),
    acts.ReceivedBefore: lambda s, e: s.say(
        "The server before had received this on %(moment)s, as its entry %(entry)s.",
        moment=s.words.moment(e.at, seconds=True),
        entry=s.words.number(e.entry),
    ),
    acts.SeatEnrolled: lambda s, e: s.say("This seat may act: %(seat)s.", seat=s.names.seat(e.seat)),
    acts.SeatRevoked: lambda s, e: s.say("The key of this seat counts no more: %(seat)s.", seat=s.names.seat(e.seat)),
    acts.RootKeyDeposited: lambda s, e: s.say(
        "Only this root key recovers the seats of %(party)s: %(key)s.", party=s.names.party(e.party), key=key_id(e.key)
    ),
    acts.TextSigned: lambda s, e: s.say(
        "%(who)s {has|have} signed: %(instrument)s.", e.party, instrument=s.names.instrument(e.instrument)
    ),
    acts.TierJoined: lambda s, e: s.say(
        "%(who)s {belongs|belong} to the tier: %(tier)s.", e.party, tier=s.names.group(e.tier)
    ),
    acts.StatusChanged: _status_changed,
    acts.TermFixed: _term_fixed,
    acts.NoticeGiven: _notice_given,
    acts.ReadingSigned: lambda s, e: s.say(
        "%(who)s {has|have} signed the reading of a provision: %(provision)s.",
        e.party,
        provision=s.names.provision(e.provision),
    ),
    acts.ReadingAdopted: lambda s, e: s.say(
        "The reading is adopted: %(provision)s. Adopted by: %(by)s.",
        provision=s.names.provision(e.provision),
        by=s.names.parties(e.by),
    ),
    acts.AmendmentSigned: lambda s, e: s.say(
        "%(who)s {has|have} signed the amended text %(digest)s.", e.party, digest=e.compact[:16]
    ),
    acts.CompactAmended: lambda s, e: s.say(
        "The amended compact %(digest)s is in force from the next entry on. Adopted by: %(by)s.",
        digest=e.compact[:16],
        by=s.names.parties(e.by),
    ),
    acts.AccessionSigned: lambda s, e: s.say(
        "%(who)s {has|have} agreed to an accession: %(applicant)s.",
        e.party,
        applicant=s.names.party(e.applicant),
    ),
    acts.AccessionAdopted: lambda s, e: s.say(
        "The accession is adopted: %(applicant)s may sign in the tier: %(tier)s. Adopted by: %(by)s.",
        applicant=s.names.party(e.applicant),
        tier=s.names.group(e.tier),
        by=s.names.parties(e.by),
    ),
    acts.MembershipRecorded: _membership_recorded,
    acts.AdvanceAgreed: lambda s, e: s.say(
        "%(who)s {owes|owe} this at once when called upon: %(measure)s.",
        e.party,
        measure=s.measure(e.measure),
    ),
    acts.MandateStated: _mandate_stated,
    acts.CommunicationDeposited: lambda s, e: s.say(
        "Communication %(id)s of an outsider is held as evidence: %(sender)s. Brought in by: %(party)s.",
        id=e.id,
        sender=s.names.party(e.sender),
        party=s.names.party(e.party),
    ),
    commitments.ObligationsIncurred: _incurred,
    commitments.ObligationsReleased: _released,
    commitments.ObligationPerformed: lambda s, e: s.say(
        "The obligation %(obligation)s is reported as performed.", obligation=e.obligation
    ),
}
