"""Sentences about what became true of sanctions: one for every event. A deviation is called one."""

from __future__ import annotations

from foedus.sanctions import acts
from foedus.words.said_parties import EventSentence
from foedus.words.said_sanctions import as_of, expiry, steps
from foedus.words.speech import Speech
from foedus.words.titles import EXEMPTIONS, GROUNDS, JUDGED, RELIEFS, RESTRICTIONS, title


def _proposed(s: Speech, event: acts.ListingProposed) -> str:
    return s.say(
        "A listing is proposed by %(party)s: %(listing)s.",
        party=s.names.party(event.party),
        listing=s.names.listing(event.listing),
    )


def _adopted(s: Speech, event: acts.ListingAdopted) -> str:
    return s.say(
        "Listed by %(instrument)s from %(moment)s: %(listing)s.",
        instrument=event.instrument,
        moment=s.words.moment(event.effective_at),
        listing=s.names.listing(event.listing),
    ) + expiry(s, event)


def _schedule(s: Speech, event: acts.ScheduleAdopted) -> str:
    return s.say_number(
        "%(num)s target is listed by %(party)s with the table %(schedule)s: %(restriction)s.",
        "%(num)s targets are listed by %(party)s with the table %(schedule)s: %(restriction)s.",
        event.rows,
        party=s.names.party(event.issuer),
        schedule=event.schedule,
        restriction=title(s.words, RESTRICTIONS, event.restriction),
    ) + expiry(s, event)


def _relief(s: Speech, event: acts.ReliefGranted) -> str:
    return s.say(
        "Relief is given under %(easing)s: %(listing)s, %(kind)s.",
        easing=event.easing,
        listing=s.names.listing(event.listing),
        kind=title(s.words, RELIEFS, event.kind),
    )


def _deviated(s: Speech, event: acts.ReliefDeviated) -> str:
    return s.say(
        "DEVIATION from %(provision)s. Relief is given that the parties did not agree on: %(listing)s, %(kind)s.",
        provision=s.names.provision(event.provision),
        listing=s.names.listing(event.listing),
        kind=title(s.words, RELIEFS, event.kind),
    )


def _opened(s: Speech, event: acts.RegimeOpened) -> str:
    regime = s.names.regime(event.issuer, event.regime)
    if event.ends_at is None:
        return s.say("A regime is in force without a fixed end: %(regime)s.", regime=regime)
    return s.say(
        "A regime is in force until %(moment)s unless renewed: %(regime)s.",
        moment=s.words.moment(event.ends_at),
        regime=regime,
    )


def _refused(s: Speech, event: acts.RenewalRefused) -> str:
    regime = s.names.regime(event.issuer, event.regime)
    if event.refuses:
        return s.say("%(who)s {refuses|refuse} the next renewal of a regime: %(regime)s.", event.party, regime=regime)
    return s.say("%(who)s no longer {refuses|refuse} the next renewal: %(regime)s.", event.party, regime=regime)


def _lapsed(s: Speech, event: acts.RegimeLapsed) -> str:
    said = s.say(
        "A regime was not renewed in time, and everything listed under it expired: %(regime)s.",
        regime=s.names.regime(event.issuer, event.regime),
    )
    if not event.refused_by:
        return said
    return f"{said} {s.say('Refused by: %(parties)s.', parties=s.names.parties(event.refused_by))}"


def _easing_failed(s: Speech, event: acts.EasingFailed) -> str:
    said = s.say("The easing %(easing)s is not agreed: the time is over.", easing=event.easing)
    if event.silent:
        said = f"{said} {s.say('Silent: %(parties)s.', parties=s.names.parties(event.silent))}"
    if event.unmet:
        unmet = "; ".join(s.names.condition(code) for code in event.unmet)
        said = f"{said} {s.say('Not met: %(conditions)s.', conditions=unmet)}"
    return said


def _answered(s: Speech, event: acts.EasingAnswered) -> str:
    if event.choice == "yes":
        return s.say("%(who)s {has|have} consented to the easing %(easing)s.", event.party, easing=event.easing)
    if event.choice == "no":
        return s.say("%(who)s {has|have} opposed the easing %(easing)s.", event.party, easing=event.easing)
    return s.say("%(who)s {has|have} abstained on the easing %(easing)s.", event.party, easing=event.easing)


def _voted(s: Speech, event: acts.ReliefVoted) -> str:
    if event.choice == "yes":
        return s.say("%(who)s {has|have} voted that relief goes on: %(id)s.", event.party, id=event.snapback)
    if event.choice == "no":
        return s.say("%(who)s {has|have} voted that relief does not go on: %(id)s.", event.party, id=event.snapback)
    return s.say("%(who)s {has|have} abstained on whether relief goes on: %(id)s.", event.party, id=event.snapback)


def _notified(s: Speech, event: acts.SnapbackNotified) -> str:
    said = s.say(
        "Notice is given: what was eased comes back on %(moment)s unless it is stopped (%(id)s).",
        moment=s.words.moment(event.due_at),
        id=event.snapback,
    )
    if event.sunset_at is None:
        return said
    return f"{said} {s.say('This clause ends on %(moment)s.', moment=s.words.moment(event.sunset_at))}"


def _back(s: Speech, event: acts.SnappedBack) -> str:
    parts = [
        s.say_number(
            "%(num)s listing is back at its baseline by %(provision)s (%(id)s).",
            "%(num)s listings are back at their baseline by %(provision)s (%(id)s).",
            event.returned,
            provision=s.names.provision(event.provision),
            id=event.snapback,
        ),
        s.say_number(
            "%(num)s exception stays as it is.", "%(num)s exceptions stay as they are.", event.kept
        ),
    ]  # fmt: skip
    if event.issuers:
        issuers = s.names.parties(event.issuers)
        parts.append(s.say("An act of national law is owed by: %(parties)s.", parties=issuers))
    if event.winds_down_until:
        until = s.words.moment(event.winds_down_until)
        parts.append(s.say("What was begun under relief may be wound down until %(moment)s.", moment=until))
    return " ".join(parts)


def _enacted(s: Speech, event: acts.ReinstatementEnacted) -> str:
    if event.listing:
        return s.say("A listing that came back is law again: %(listing)s.", listing=s.names.listing(event.listing))
    return s.say("%(who)s {has|have} enacted what came back (%(id)s).", event.issuer, id=event.snapback)


def _ended(s: Speech, event: acts.Delisted) -> str:
    return s.say(
        "A listing ended on its merits: %(listing)s. Ground: %(ground)s.",
        listing=s.names.listing(event.listing),
        ground=title(s.words, GROUNDS, event.ground),
    )


def _exempted(s: Speech, event: acts.ExemptionGranted) -> str:
    return s.say(
        "Exempted (%(kind)s) from %(listing)s: %(exemption)s.",
        kind=title(s.words, EXEMPTIONS, event.kind),
        listing=s.names.listing(event.listing),
        exemption=event.exemption,
    )


EVENTS: dict[type, EventSentence] = {
    acts.ListingProposed: _proposed,
    acts.ListingAdopted: _adopted,
    acts.ScheduleAdopted: _schedule,
    acts.ListVersionDeposited: lambda s, e: (
        s.say_number(
            "A version of the list %(list)s of %(publisher)s is deposited: %(num)s target.",
            "A version of the list %(list)s of %(publisher)s is deposited: %(num)s targets.",
            e.targets,
            list=e.list,
            publisher=e.publisher,
        )
        + as_of(s, e)
    ),
    acts.TargetsJudged: lambda s, e: s.say(
        "%(party)s said of %(one)s and %(other)s: %(judgment)s.",
        party=s.names.party(e.party),
        one=e.one,
        other=e.other,
        judgment=title(s.words, JUDGED, e.judgment),
    ),
    acts.ListingAmended: lambda s, e: s.say(
        "A listing is amended by %(instrument)s: %(listing)s.",
        instrument=e.instrument,
        listing=s.names.listing(e.listing),
    ),
    acts.BaselineKept: lambda s, e: s.say_number(
        "Before its first relief, %(num)s listing in force is kept as the baseline of its issuer: %(party)s.",
        "Before its first relief, %(num)s listings in force are kept as the baseline of their issuer: %(party)s.",
        e.listings,
        party=s.names.party(e.issuer),
    ),
    acts.ReliefGranted: _relief,
    acts.ReliefDeviated: _deviated,
    acts.ReliefEnded: lambda s, e: s.say("The relief is over: %(listing)s.", listing=s.names.listing(e.listing)),
    acts.Delisted: _ended,
    acts.ListingExpired: lambda s, e: s.say("A listing expired: %(listing)s.", listing=s.names.listing(e.listing)),
    acts.CaseRecorded: lambda s, e: s.say(
        "A listing is before a court (%(case)s): %(listing)s.", case=e.case, listing=s.names.listing(e.listing)
    ),
    acts.CaseDismissed: lambda s, e: s.say(
        "The court left a listing as it is (%(case)s): %(listing)s.", case=e.case, listing=s.names.listing(e.listing)
    ),
    acts.ListingAnnulled: lambda s, e: s.say(
        "The court annulled a listing (%(case)s): %(listing)s.", case=e.case, listing=s.names.listing(e.listing)
    ),
    acts.ExemptionGranted: _exempted,
    acts.RegimeOpened: _opened,
    acts.RegimeRenewed: lambda s, e: s.say(
        "A regime is renewed until %(moment)s by %(instrument)s: %(regime)s.",
        moment=s.words.moment(e.ends_at),
        instrument=e.instrument,
        regime=s.names.regime(e.issuer, e.regime),
    ),
    acts.RenewalRefused: _refused,
    acts.RegimeLapsed: _lapsed,
    acts.ConditionAttested: lambda s, e: s.say(
        "%(who)s {attests|attest} that a condition is met: %(condition)s.",
        e.party,
        condition=s.names.condition(e.condition),
    ),
    acts.ConditionContested: lambda s, e: s.say(
        "%(who)s {contests|contest} that a condition is met: %(condition)s.",
        e.party,
        condition=s.names.condition(e.condition),
    ),
    acts.EasingProposed: lambda s, e: s.say(
        "The easing %(easing)s is before the parties until %(moment)s. %(steps)s.",
        easing=e.easing,
        moment=s.words.moment(e.closes_at),
        steps=steps(s, e.steps),
    ),
    acts.EasingAnswered: _answered,
    acts.EasingAgreed: lambda s, e: s.say(
        "The easing %(easing)s is agreed. Agreed by: %(parties)s.", easing=e.easing, parties=s.names.parties(e.by)
    ),
    acts.EasingFailed: _easing_failed,
    acts.RenewedAggressionEstablished: lambda s, e: s.say(
        "For the purposes of the compact aggression is renewed: incident %(incident)s, by %(provision)s.",
        incident=e.incident,
        provision=s.names.provision(e.provision),
    ),
    acts.SnapbackNotified: _notified,
    acts.ReliefVoted: _voted,
    acts.SnappedBack: _back,
    acts.SnapbackStopped: lambda s, e: s.say(
        "Relief goes on: %(id)s is stopped by %(parties)s.", id=e.snapback, parties=s.names.parties(e.by)
    ),
    acts.SnapbackLapsed: lambda s, e: s.say("The notice %(id)s lapsed: its clause had ended.", id=e.snapback),
    acts.ReinstatementEnacted: _enacted,
    acts.ReinstatementOverdue: lambda s, e: s.say(
        "The time to enact what came back is over (%(id)s). Not enacted by: %(parties)s.",
        id=e.snapback,
        parties=s.names.parties(e.missing),
    ),
}
