"""What a clause does when it operates, in a sentence: every operator of the compact's language, none left
out.

Says what the data says and nothing more; where the text is silent, the source beside the provision says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from foedus.compact import model
from foedus.web.board import names
from foedus.web.page import Page
from foedus.web.pages import clause_words_claims as claims
from foedus.web.pages import clause_words_outside as outside
from foedus.web.pages import clause_words_sanctions as sanctions
from foedus.words import mark
from foedus.words.titles import ACTS, INCIDENT_KINDS, MEASURE_KINDS, ON_LAPSE, STEPS, title

DUTIES = {
    "defence_industry": mark("investment in the defence industry"),
    "arms_transfers": mark("transfers of weapons"),
    "intelligence": mark("intelligence support"),
    "training": mark("training"),
    "joint_exercises": mark("joint exercises"),
    "air_missile_defence": mark("air and missile defence"),
    "own_defence": mark("own defence"),
    "sanctions_kept": mark("sanctions kept in force"),
}
STARTS = {
    "request": mark("receipt of the request"),
    "call": mark("the call of the meeting"),
    "attack": mark("the observed start of the attack"),
    "convened": mark("the meeting's convening"),
}
ADOPTED = {
    "reading": mark("a reading of the text"),
    "amendment": mark("an amendment"),
    "accession": mark("an accession"),
    "tier": mark("a change of tier"),
}


def operates(page: Page, clause: model.Clause) -> str:
    """One clause in words."""
    return _SAYS[type(clause)](page, clause)


def act_title(page: Page, act: str) -> str:
    """An act as buttons name it, in quotation marks."""
    said = title(page.words, ACTS, act)
    return f"«{said}»" if page.lang == "uk" else f"“{said}”"


def groups(page: Page, ids: Iterable[str]) -> str:
    """Groups or parties by name."""
    return page.words.items(names(page).group(id_) for id_ in ids)


def kinds(page: Page, codes: Iterable[str]) -> str:
    """Kinds of incident."""
    return page.words.items(title(page.words, INCIDENT_KINDS, code) for code in codes)


def measure_kinds(page: Page, codes: Iterable[str]) -> str:
    """Kinds of measure."""
    return page.words.items(title(page.words, MEASURE_KINDS, code) for code in codes)


# --- rules --------------------------------------------------------------------------------------------------


def rule(page: Page, found: model.Rule, roll: str = mark("of those invited")) -> str:
    """A rule over a roll, as a condition that is met or not. `roll`: who that is, to be translated."""
    _ = page.words.gettext
    if found.all_of is not None:
        return _(" and ").join(rule(page, one, roll) for one in found.all_of)
    if found.any_of is not None:
        return _(" or ").join(rule(page, one, roll) for one in found.any_of)
    if found.share is not None:
        return _share(page, found.share, roll)
    if found.count is not None:
        said = page.words.ngettext("at least %(num)s party", "at least %(num)s parties", found.count.at_least)
        return said + _in(page, found.count.group)
    if found.weight is not None:
        return _("%(part)s of the weights “%(table)s”", part=_part(page, found.weight), table=found.weight.by)
    if found.consent is not None:
        return _("the consent of: %(who)s", who=groups(page, found.consent))
    assert found.no_objection is not None, "a rule has exactly one operator"
    return _("no objection from: %(who)s", who=groups(page, [found.no_objection]))


def _share(page: Page, share: model.Share, roll: str) -> str:
    _ = page.words.gettext
    of = _(roll) if share.of == "roll" else _("of the votes for and against")
    return f"{_part(page, share)} {of}{_in(page, share.group)}"


def _part(page: Page, share: model.Share | model.Weight) -> str:
    _ = page.words.gettext
    if share.more_than is not None:
        if (share.more_than.numerator, share.more_than.denominator) == (1, 2):
            return _("more than half")
        return _("more than %(fraction)s", fraction=share.more_than)
    return _("at least %(fraction)s", fraction=share.at_least)


def _in(page: Page, group: str | None) -> str:
    if group is None:
        return ""
    return page.words.gettext(", counted in: %(group)s", group=groups(page, [group]))


# --- clauses ------------------------------------------------------------------------------------------------


def _permit(page: Page, clause: model.Permit) -> str:
    _ = page.words.gettext
    who = "; ".join(_by(page, by) for by in clause.by)
    said = _("%(act)s may be performed by: %(who)s.", act=act_title(page, clause.act), who=who)
    if clause.signatures > 1:
        said += " " + page.words.ngettext(
            "It needs the signature of %(num)s seat.",
            "It needs the signatures of %(num)s seats of one party.",
            clause.signatures,
        )
    if clause.wait is not None:
        said += " " + _("Only after %(time)s of silence since the report.", time=page.words.span(clause.wait))
    return said


def _by(page: Page, by: model.By) -> str:
    who = groups(page, [by.group])
    if not by.roles:
        return page.words.gettext("%(group)s (any seat)", group=who)
    return f"{who} ({', '.join(page.role(role) for role in by.roles)})"


def _trigger(page: Page, clause: model.Trigger) -> str:
    _ = page.words.gettext
    if clause.opens == "response":
        return _("Opens a response, the full procedure, on: %(kinds)s.", kinds=kinds(page, clause.kinds))
    return _("Opens a consultation, without activation, on: %(kinds)s.", kinds=kinds(page, clause.kinds))


def _territory(page: Page, clause: model.Territory) -> str:
    places = ", ".join(names(page).place(code) for code in clause.codes)
    return page.words.gettext("Applies to incidents in: %(places)s.", places=places)


def _exclusion(page: Page, clause: model.Exclusion) -> str:
    who = ", ".join(names(page).party(code) for code in clause.outsiders)
    return page.words.gettext("Holds no seat and is never counted: %(who)s.", who=who)


def _evidence(page: Page, clause: model.Evidence) -> str:
    return page.words.ngettext(
        "%(act)s needs at least %(num)s item of evidence.",
        "%(act)s needs at least %(num)s items of evidence.",
        clause.at_least,
        act=act_title(page, clause.act),
    )


def _clock(page: Page, clause: model.Clock) -> str:
    _ = page.words.gettext
    values = {
        "step": title(page.words, STEPS, clause.step),
        "time": page.words.span(clause.within),
        "start": title(page.words, STARTS, clause.starts_on),
        "lapse": title(page.words, ON_LAPSE, clause.on_lapse),
    }
    said = _("Time to %(step)s: %(time)s, counted from %(start)s. If it passes: %(lapse)s.", **values)
    if not clause.hard:
        said = _(
            "Time to %(step)s, where possible: %(time)s, counted from %(start)s. If it passes: %(lapse)s.", **values
        )
    only = {"response": _("Only in a response."), "consultation": _("Only in a consultation.")}
    return f"{said} {only[clause.mode]}" if clause.mode else said


def _quorum(page: Page, clause: model.Quorum) -> str:
    said = rule(page, clause.rule)
    return page.words.gettext("The meeting counts as convened when present: %(rule)s.", rule=said)


def _roll(page: Page, clause: model.Roll) -> str:
    who = groups(page, clause.groups)
    return page.words.gettext("Invited, fixed when the response opens: %(who)s.", who=who)


def _decision(page: Page, clause: model.Decision) -> str:
    _ = page.words.gettext
    if clause.mode == "opt_in" or clause.rule is None:
        return _("Each party decides for itself. Whoever joins is bound; nobody can block those who join.")
    said = rule(page, clause.rule)
    if clause.binds == "roll":
        return _("A measure is carried by %(rule)s, and binds everybody invited.", rule=said)
    return _("A measure is carried by %(rule)s, and binds those who joined.", rule=said)


def _extension(page: Page, clause: model.Extension) -> str:
    return page.words.ngettext(
        "The time to decide may be extended by %(time)s, at most %(num)s time, if in time: %(rule)s.",
        "The time to decide may be extended by %(time)s, at most %(num)s times, if in time: %(rule)s.",
        clause.at_most,
        time=page.words.span(clause.by),
        rule=rule(page, clause.rule),
    )


def _ad_referendum(page: Page, clause: model.AdReferendum) -> str:
    return page.words.gettext(
        "A party may join subject to its capital, which confirms within %(time)s; else it did not join.",
        time=page.words.span(clause.within),
    )


def _precedence(page: Page, clause: model.Precedence) -> str:
    roles = ", ".join(page.role(role) for role in clause.roles)
    return page.words.gettext(
        "A lower seat cannot replace what a higher seat of its party said. From the highest: %(roles)s.",
        roles=roles,
    )


def _objection(page: Page, clause: model.Objection) -> str:
    return page.words.gettext(
        "An objection of bad faith: reply within %(reply)s, vote closed after %(close)s, found if: %(rule)s. "
        "No clock of the response stops.",
        reply=page.words.span(clause.reply_within),
        close=page.words.span(clause.closes_within),
        rule=rule(page, clause.rule),
    )


def _establishment(page: Page, clause: model.Establishment) -> str:
    _ = page.words.gettext
    if clause.by == "request" or clause.rule is None:
        return _("The request itself establishes the attack, for the purposes of this compact.")
    return _("The attack counts as established when confirmed by %(rule)s.", rule=rule(page, clause.rule))


def _measure(page: Page, clause: model.Measure) -> str:
    _ = page.words.gettext
    values = {
        "kind": title(page.words, MEASURE_KINDS, clause.kind),
        "on": kinds(page, clause.on),
        "who": groups(page, clause.bearers),
    }
    if clause.mode == "immediate" and clause.within is not None:
        return _(
            "Immediate, %(kind)s: on %(on)s owed without a vote within %(time)s by those of %(who)s who "
            "agreed to it beforehand.",
            time=page.words.span(clause.within),
            **values,
        )
    return _(
        "Prepared, %(kind)s: on %(on)s it may be proposed. Asked of: %(who)s; anyone else on the roll may join it.",
        **values,
    )


def _open_proposal(page: Page, clause: model.OpenProposal) -> str:
    return page.words.gettext(
        "Other measures may be proposed by the digest of a text, of these kinds: %(kinds)s.",
        kinds=measure_kinds(page, clause.kinds),
    )


def _adoption(page: Page, clause: model.Adoption) -> str:
    what = page.words.items(title(page.words, ADOPTED, one) for one in clause.of)
    return page.words.gettext(
        "Adopted by signing one digest (%(what)s) with: %(rule)s.", what=what, rule=rule(page, clause.rule)
    )


def _term(page: Page, clause: model.Term) -> str:
    _ = page.words.gettext
    values = {"time": page.words.span(clause.lasts), "notice": page.words.span(clause.notice)}
    if clause.renewable:
        return _("Lasts %(time)s from entry into force, may be renewed; notice to withdraw: %(notice)s.", **values)
    return _("Lasts %(time)s from entry into force, not renewable; notice to withdraw: %(notice)s.", **values)


def _interim(page: Page, clause: model.Interim) -> str:
    return page.words.gettext(
        "When the protected state accedes (%(organisation)s), these provisions end: %(ids)s. The others continue.",
        organisation=names(page).organisation(clause.organisation),
        ids=", ".join(clause.lapse),
    )


def _duty(page: Page, clause: model.Duty) -> str:
    return page.words.gettext(
        "A lasting commitment (%(kind)s) of: %(who)s. Owed to: %(to)s.",
        kind=title(page.words, DUTIES, clause.kind),
        who=groups(page, clause.bearers),
        to=page.name(clause.owed_to),
    )


def _compensation(page: Page, clause: model.Compensation) -> str:
    said = page.words.gettext(
        "Property that may be confiscated: %(whose)s. Its proceeds compensate: %(whom)s.",
        whose=", ".join(names(page).party(code) for code in clause.property_of),
        whom=", ".join(names(page).party(code) for code in clause.pays),
    )
    if not clause.listed:
        return said
    return said + " " + page.words.gettext(
        "Only what belongs to somebody named, under sanctions in force: %(whose)s.",
        whose=", ".join(names(page).party(code) for code in clause.listed),
    )  # fmt: skip


def _adjournment(page: Page, clause: model.Adjournment) -> str:
    return page.words.gettext(
        "A meeting may be adjourned for at most %(time)s at a time; clocks run on.",
        time=page.words.span(clause.at_most),
    )


def _witnessing(page: Page, clause: model.Witnessing) -> str:
    _ = page.words.gettext
    said = page.words.ngettext(
        "Recomputed and cosigned by: %(role)s. An entry is settled once the witness of %(num)s party has cosigned it.",
        "Recomputed and cosigned by: %(role)s. An entry is settled once the witnesses of %(num)s parties have "
        "cosigned it.",
        clause.at_least,
        role=page.role(clause.role),
    )
    if not clause.outside_at_least:
        return said
    who = groups(page, [clause.operator])
    outside = page.number(clause.outside_at_least)
    return said + " " + _("Of them at least %(num)s outside whoever runs the server: %(who)s.", num=outside, who=who)


def _transcript(page: Page, clause: model.Transcript) -> str:
    _ = page.words.gettext
    said = _(
        "A position or vote said by telephone or on paper may be entered by another seat. It counts once the seat that "
        "said it has countersigned, within %(time)s of the entry; then as received at the entry.",
        time=page.words.span(clause.within),
    )
    if not clause.for_others:
        return said
    who = "; ".join(_by(page, by) for by in clause.for_others)
    return said + " " + _("For seats of other parties it may be entered by: %(who)s.", who=who)


def _succession(page: Page, clause: model.Succession) -> str:
    return page.words.gettext(
        "If the server falls silent, the record is continued by, in this order: %(parties)s; the first after %(time)s, "
        "each further one after as long again. What the server had received comes in within %(late)s.",
        parties=", ".join(names(page).party(party) for party in clause.order),
        time=page.words.span(clause.after),
        late=page.words.span(clause.late),
    )


_SAYS: dict[type, Callable[[Page, Any], str]] = {
    model.Permit: _permit,
    model.Trigger: _trigger,
    model.Territory: _territory,
    model.Exclusion: _exclusion,
    model.Evidence: _evidence,
    model.Clock: _clock,
    model.Quorum: _quorum,
    model.Roll: _roll,
    model.Decision: _decision,
    model.Extension: _extension,
    model.AdReferendum: _ad_referendum,
    model.Precedence: _precedence,
    model.Objection: _objection,
    model.Establishment: _establishment,
    model.Measure: _measure,
    model.OpenProposal: _open_proposal,
    model.Adoption: _adoption,
    model.Term: _term,
    model.Interim: _interim,
    model.Duty: _duty,
    model.Condition: lambda page, clause: sanctions.condition(page, clause, rule),
    model.Easing: lambda page, clause: sanctions.easing(page, clause, rule),
    model.Snapback: lambda page, clause: sanctions.snapback(page, clause, rule),
    model.Regime: lambda page, clause: sanctions.regime(page, clause, rule),
    model.Compensation: _compensation,
    model.Claims: claims.claims,
    model.Distribution: claims.distribution,
    model.Adjournment: _adjournment,
    model.Witnessing: _witnessing,
    model.Transcript: _transcript,
    model.Succession: _succession,
    model.Recusal: outside.recusal,
    model.Referral: outside.referral,
}
