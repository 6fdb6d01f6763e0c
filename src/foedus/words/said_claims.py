"""Sentences about claims and distributions: one for every act and event. Sums of different currencies stand apart."""

from __future__ import annotations

from collections.abc import Iterable

from foedus.compact.model import Claims, Distribution
from foedus.reparations import acts
from foedus.words.said_parties import ActSentence, EventSentence
from foedus.words.speech import Speech
from foedus.words.titles import title
from foedus.words.titles_claims import MEASURES, STAGES


def totals(s: Speech, several: Iterable[acts.Total]) -> str:
    """`A2.1: 3 claims, 30.00 EUR; …`"""
    return "; ".join(
        s.words.ngettext(
            "%(category)s: %(num)s claim, %(amount)s", "%(category)s: %(num)s claims, %(amount)s", one.claims,
            category=one.category, amount=s.words.money(one.amount, one.currency),
        )
        for one in several
    )  # fmt: skip


def body_name(s: Speech, code: str) -> str:
    """The body as the compact names it; one that it does not know by its code."""
    claims, sharing = s.names.clauses.one(Claims), s.names.clauses.one(Distribution)
    organs = [*((claims[1].register, claims[1].commission) if claims else ())]
    organs += [sharing[1].decided_by] if sharing else []
    for one in organs:
        if one.id == code:
            return s.words.of(one.name)
    return code


def _claims(s: Speech, rows: int) -> str:
    return s.words.ngettext("%(num)s claim", "%(num)s claims", rows)


def _deposit(s: Speech, body: acts.DepositClaims, party: str) -> str:
    return s.say(
        "%(who)s {deposits|deposit} a batch of claims for %(measure)s, kept by %(register)s: %(claims)s.", party,
        measure=title(s.words, MEASURES, body.measure), register=body_name(s, body.register),
        claims=_claims(s, body.rows),
    )  # fmt: skip


def _decide(s: Speech, body: acts.DecideClaims, party: str) -> str:
    said = s.say(
        "%(who)s {records|record} by %(instrument)s of %(body)s what became of claims of %(batch)s: %(to)s,"
        " %(claims)s.",
        party, instrument=body.instrument, body=body_name(s, body.body), batch=body.batch,
        to=title(s.words, STAGES, body.to), claims=_claims(s, body.rows),
    )  # fmt: skip
    return said if body.corrects is None else f"{said} {_correction(s, body.corrects)}"


def _correction(s: Speech, award: str) -> str:
    return s.say("It takes the place of %(award)s.", award=award)


def _share(s: Speech, body: acts.DecideDistribution, party: str) -> str:
    return s.say(
        "%(who)s {records|record} by %(instrument)s of %(body)s that %(fund)s of the fund are to be shared out among"
        " %(claims)s: %(paid)s to be paid, %(reserve)s in reserve, %(left)s left.",
        party, instrument=body.instrument, body=body_name(s, body.body), claims=_claims(s, body.rows),
        fund=s.words.money(body.fund, body.currency), paid=s.words.money(body.paid, body.currency),
        reserve=s.words.money(body.reserve, body.currency), left=s.words.money(body.left, body.currency),
    )  # fmt: skip


def _account(s: Speech, event: acts.AccountTaken) -> str:
    said = s.say("Beside what %(party)s said of %(condition)s stands what the record shows of compensation.",
                 party=s.names.party(event.party), condition=s.names.condition(event.condition))  # fmt: skip
    parts = [
        s.say(
            "%(currency)s: awarded for damage %(damage)s, for loss %(loss)s, paid %(paid)s.", currency=one.currency,
            damage=one.damage, loss=one.loss, paid=one.paid,
        )
        for one in event.account
    ]  # fmt: skip
    return " ".join([said, *(parts or [s.say("Nothing was awarded or paid.")])])


def _decided(s: Speech, event: acts.ClaimsDecided) -> str:
    said = s.say("Of %(batch)s by %(instrument)s (%(decision)s): %(to)s, %(claims)s.", batch=event.batch,
                 instrument=event.instrument, decision=event.decision, to=title(s.words, STAGES, event.to),
                 claims=_claims(s, event.rows))  # fmt: skip
    return said if event.corrects is None else f"{said} {_correction(s, event.corrects)}"


ACTS: dict[type, ActSentence] = {
    acts.DepositClaims: _deposit,
    acts.DecideClaims: _decide,
    acts.DecideDistribution: _share,
    acts.RevokeDistribution: lambda s, b, p: s.say(
        "%(who)s {records|record} by %(instrument)s of %(body)s that %(distribution)s is not run.", p,
        instrument=b.instrument, body=body_name(s, b.body), distribution=b.distribution,
    ),
    acts.RecordRun: lambda s, b, p: s.say(
        "%(who)s {records|record} that %(distribution)s was run.", p, distribution=b.distribution
    ),
    acts.RecordPayment: lambda s, b, p: s.say(
        "%(who)s {records|record} by %(instrument)s that %(claims)s of %(distribution)s were paid: %(amount)s.", p,
        instrument=b.instrument, claims=_claims(s, b.rows), distribution=b.distribution,
        amount=s.words.money(b.amount, b.currency),
    ),
}  # fmt: skip
EVENTS: dict[type, EventSentence] = {
    acts.ClaimsDeposited: lambda s, e: s.say(
        "%(batch)s is a batch of claims for %(measure)s, kept by %(register)s: %(claims)s.", batch=e.batch,
        measure=title(s.words, MEASURES, e.measure), register=body_name(s, e.register), claims=_claims(s, e.rows),
    ),
    acts.ClaimsDecided: _decided,
    acts.DistributionDecided: lambda s, e: s.say(
        "%(distribution)s is decided: %(fund)s of the fund among %(claims)s, %(paid)s to be paid.",
        distribution=e.distribution, fund=s.words.money(e.fund, e.currency), claims=_claims(s, e.rows),
        paid=s.words.money(e.paid, e.currency),
    ),
    acts.DistributionRevoked: lambda s, e: s.say("%(distribution)s is not run.", distribution=e.distribution),
    acts.RunRecorded: lambda s, e: s.say(
        "%(distribution)s is run: %(paid)s of the fund are owed to claimants.", distribution=e.distribution,
        paid=s.words.money(e.paid, e.currency),
    ),
    acts.PaymentRecorded: lambda s, e: s.say(
        "Claimants were paid of %(distribution)s: %(claims)s, %(amount)s.", distribution=e.distribution,
        claims=_claims(s, e.rows), amount=s.words.money(e.amount, e.currency),
    ),
    acts.AccountTaken: _account,
}  # fmt: skip
