"""Sentences about sanctions: one for every act of an issuer by its own law, and of the parties together."""

from __future__ import annotations

from foedus.sanctions import acts
from foedus.words.said_parties import ActSentence
from foedus.words.speech import Speech
from foedus.words.titles import GROUNDS, JUDGED, RELIEFS, RESTRICTIONS, title


def _propose(s: Speech, body: acts.ProposeListing, party: str) -> str:
    return s.say(
        "%(who)s {proposes|propose} a listing by another issuer (%(issuer)s): %(target)s, %(restriction)s.",
        party,
        issuer=s.names.party(body.issuer),
        target=body.target,
        restriction=title(s.words, RESTRICTIONS, body.restriction),
    )


def _adopt(s: Speech, body: acts.AdoptListing, party: str) -> str:
    return s.say(
        "%(who)s {lists|list} %(target)s: %(restriction)s, by %(instrument)s, from %(moment)s.",
        party,
        target=body.target,
        restriction=title(s.words, RESTRICTIONS, body.restriction),
        instrument=body.instrument,
        moment=s.words.moment(body.effective_at),
    ) + expiry(s, body)


def expiry(s: Speech, said: acts.AdoptListing | acts.AdoptSchedule | acts.ListingAdopted | acts.ScheduleAdopted) -> str:
    """Until when an instrument lists, where it says so."""
    return f" {s.say('Until %(moment)s.', moment=s.words.moment(said.expires_at))}" if said.expires_at else ""


def _schedule(s: Speech, body: acts.AdoptSchedule, party: str) -> str:
    return s.say_number(
        "%(who)s {lists|list} %(num)s target by a table: %(restriction)s, by %(instrument)s, from %(moment)s.",
        "%(who)s {lists|list} %(num)s targets by a table: %(restriction)s, by %(instrument)s, from %(moment)s.",
        body.rows,
        party,
        restriction=title(s.words, RESTRICTIONS, body.restriction),
        instrument=body.instrument,
        moment=s.words.moment(body.effective_at),
    ) + expiry(s, body)


def _relief(s: Speech, body: acts.GrantRelief, party: str) -> str:
    said = s.say(
        "%(who)s {gives|give} relief by %(instrument)s: %(listing)s, %(kind)s.",
        party,
        instrument=body.instrument,
        listing=s.names.listing(body.listing),
        kind=title(s.words, RELIEFS, body.kind),
    )
    if body.until:
        said = f"{said} {s.say('Until %(moment)s.', moment=s.words.moment(body.until))}"
    if body.easing is None:
        return f"{said} {s.say('No easing is named under which it does so.')}"
    return f"{said} {s.say('It rests on the easing %(easing)s.', easing=body.easing)}"


def _judgment(s: Speech, body: acts.RecordJudgment, party: str) -> str:
    what = s.names.listing(body.listing)
    if body.outcome == "annulled":
        return s.say(
            "%(who)s {records|record} that a court annulled a listing (%(case)s): %(listing)s.",
            party,
            case=body.case,
            listing=what,
        )
    return s.say(
        "%(who)s {records|record} that a court left a listing as it is (%(case)s): %(listing)s.",
        party,
        case=body.case,
        listing=what,
    )


def _refusal(s: Speech, body: acts.RefuseRenewal, party: str) -> str:
    regime = s.names.regime(body.issuer, body.regime)
    if body.refuses:
        return s.say("%(who)s {refuses|refuse} the next renewal of a regime: %(regime)s.", party, regime=regime)
    return s.say("%(who)s no longer {refuses|refuse} the next renewal: %(regime)s.", party, regime=regime)


def steps(s: Speech, said: tuple[acts.Step, ...]) -> str:
    """The steps of an easing, one after the other."""
    parts = []
    for step in said:
        part = f"{title(s.words, RESTRICTIONS, step.restriction)}: {title(s.words, RELIEFS, step.kind)}"
        if step.starts_at:
            part += " " + s.words.gettext("from %(moment)s", moment=s.words.moment(step.starts_at))
        if step.until:
            part += " " + s.words.gettext("until %(moment)s", moment=s.words.moment(step.until))
        parts.append(part)
    return "; ".join(parts)


def _consent(s: Speech, body: acts.ConsentToEasing, party: str) -> str:
    if body.choice == "yes":
        return s.say("%(who)s {consents|consent} to the easing %(easing)s.", party, easing=body.easing)
    if body.choice == "no":
        return s.say("%(who)s {opposes|oppose} the easing %(easing)s.", party, easing=body.easing)
    return s.say("%(who)s {abstains|abstain} on the easing %(easing)s.", party, easing=body.easing)


def _vote(s: Speech, body: acts.VoteToContinueRelief, party: str) -> str:
    if body.choice == "yes":
        return s.say("%(who)s {votes|vote} that relief goes on: %(snapback)s.", party, snapback=body.snapback)
    if body.choice == "no":
        return s.say("%(who)s {votes|vote} that relief does not go on: %(snapback)s.", party, snapback=body.snapback)
    return s.say("%(who)s {abstains|abstain} on whether relief goes on: %(snapback)s.", party, snapback=body.snapback)


def _enact(s: Speech, body: acts.EnactReinstatement, party: str) -> str:
    if body.listing:
        return s.say(
            "%(who)s {enacts|enact} by %(instrument)s the return of one listing: %(listing)s.",
            party,
            instrument=body.instrument,
            listing=s.names.listing(body.listing),
        )
    return s.say(
        "%(who)s {enacts|enact} by %(instrument)s what came back: %(snapback)s.",
        party,
        instrument=body.instrument,
        snapback=body.snapback,
    )


def _deposit(s: Speech, body: acts.DepositList, party: str) -> str:
    return s.say_number(
        "%(who)s {deposits|deposit} a version of the list %(list)s of %(publisher)s: %(num)s target.",
        "%(who)s {deposits|deposit} a version of the list %(list)s of %(publisher)s: %(num)s targets.",
        body.targets,
        party,
        list=body.list,
        publisher=body.publisher,
    ) + as_of(s, body)


def as_of(s: Speech, said: acts.DepositList | acts.ListVersionDeposited) -> str:
    """Of what day a list is, where it says so."""
    return f" {s.say('It is of %(day)s.', day=s.words.date(said.as_of))}" if said.as_of else ""


ACTS: dict[type, ActSentence] = {
    acts.DepositList: _deposit,
    acts.JudgeTargets: lambda s, b, p: s.say(
        "%(who)s {says|say} of %(one)s and %(other)s: %(judgment)s.",
        p,
        one=b.one,
        other=b.other,
        judgment=title(s.words, JUDGED, b.judgment),
    ),
    acts.ProposeListing: _propose,
    acts.AdoptListing: _adopt,
    acts.AdoptSchedule: _schedule,
    acts.AmendListing: lambda s, b, p: s.say(
        "%(who)s {amends|amend} a listing by %(instrument)s: %(listing)s.",
        p,
        instrument=b.instrument,
        listing=s.names.listing(b.listing),
    ),
    acts.GrantRelief: _relief,
    acts.Delist: lambda s, b, p: s.say(
        "%(who)s {ends|end} a listing by %(instrument)s: %(listing)s. Ground: %(ground)s.",
        p,
        instrument=b.instrument,
        listing=s.names.listing(b.listing),
        ground=title(s.words, GROUNDS, b.ground),
    ),
    acts.RecordCase: lambda s, b, p: s.say(
        "%(who)s {records|record} that a listing is before a court (%(case)s): %(listing)s.",
        p,
        case=b.case,
        listing=s.names.listing(b.listing),
    ),
    acts.RecordJudgment: _judgment,
    acts.GrantExemption: lambda s, b, p: s.say(
        "%(who)s {exempts|exempt} %(exemption)s from a listing: %(listing)s.",
        p,
        exemption=b.exemption,
        listing=s.names.listing(b.listing),
    ),
    acts.RenewRegime: lambda s, b, p: s.say(
        "%(who)s {renews|renew} a regime until %(day)s by %(instrument)s: %(regime)s.",
        p,
        day=s.words.date(b.until),
        instrument=b.instrument,
        regime=s.names.regime(p, b.regime),
    ),
    acts.RefuseRenewal: _refusal,
    acts.AttestCondition: lambda s, b, p: s.say(
        "%(who)s {attests|attest} that a condition is met: %(condition)s.", p, condition=s.names.condition(b.condition)
    ),
    acts.ContestCondition: lambda s, b, p: s.say(
        "%(who)s {contests|contest} that a condition is met: %(condition)s.",
        p,
        condition=s.names.condition(b.condition),
    ),
    acts.ProposeEasing: lambda s, b, p: s.say(
        "%(who)s {proposes|propose} an easing of sanctions. %(steps)s.", p, steps=steps(s, b.steps)
    ),
    acts.ConsentToEasing: _consent,
    acts.NotifySnapback: lambda s, b, p: s.say("%(who)s {notifies|notify} that commitments are not performed.", p),
    acts.VoteToContinueRelief: _vote,
    acts.EnactReinstatement: _enact,
    acts.RecordSanctionsLapse: lambda s, b, p: s.say(
        "%(who)s {records|record} that a time ran out: %(what)s.", p, what=s.names.deadline(b.deadline)
    ),
}
