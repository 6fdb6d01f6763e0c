"""Measures with every position, and questions with every vote. Silence is silence, not dissent."""

from __future__ import annotations

from collections.abc import Sequence

from foedus.compact.model import Named
from foedus.documents.said.wording import STANDS, VOTES, Wording, capital
from foedus.documents.sheet import (
    Block,
    Column,
    Facts,
    Grid,
    Para,
    Part,
    Run,
    Runs,
    code,
    joined,
    small,
    strong,
    text,
)
from foedus.documents.values import MeasureTabled, PositionSaid, Question
from foedus.words.titles import ABOUT, MEASURE_KINDS, title


def brief(say: Wording) -> list[Runs]:
    """The whole in a few sentences: each measure with its numbers, then who was silent and who never came."""
    record, _ = say.record, say.say
    found = [
        (
            *strong(f"{measure.number}. {_name(say, measure)}. "),
            *text(f"{_outcome(say, measure)} {_counts(say, measure)}"),
        )
        for measure in record.measures
    ]
    if not found and record.decided:
        found.append(text(_("No measure was put on the table.")))
    if record.decided:
        silent = say.names(record.silent) or _("nobody")
        absent = say.names(record.absent) or _("nobody")
        found.append(text(_("Asked and silent on every measure: %(silent)s.", silent=silent)))
        found.append(text(_("Never present: %(absent)s.", absent=absent)))
    return found


def measures(say: Wording) -> list[Block]:
    """Each measure on the table, in the order proposed."""
    record, _ = say.record, say.say
    found: list[Block] = []
    if record.decided_under:
        how = _("A measure binds those who join it; nobody can block them.")
        if record.decision_mode == "vote":
            how = _("A measure is carried by the vote that this clause asks for.")
        found.append(Para(joined((text(how), say.clause(record.decided_under, titled=True)))))
    if not record.measures:
        return [*found, Para(text(_("No measure was put on the table.")))]
    return [*found, *(_measure(say, measure) for measure in record.measures)]


def _measure(say: Wording, measure: MeasureTabled) -> Part:
    _ = say.say
    listed = say.clause(measure.provision) if measure.provision else text(_("not of the prepared list"))
    kind = (*text(capital(title(say.words, MEASURE_KINDS, measure.kind)) + ", "), *listed)
    rows = [
        (_("Measure"), (*text(f"{measure.id}. "), *kind)),
        (_("Asked of"), text(_asked_of(say, measure))),
        (_("Proposed by"), joined((text(say.of(measure.proposed_by) + ","), say.in_entry(measure.place)))),
        (_("Text, SHA-256"), _versions(say, measure)),
        (_("Outcome at the close") if measure.ended else _("How it stands"), _outcome_in_full(say, measure)),
    ]
    blocks: list[Block] = [Facts(tuple(rows))]
    if measure.positions:
        blocks.append(_positions(say, _("Last position of each party"), measure.positions))
    if measure.replaced:
        blocks.append(_positions(say, _("Positions that were replaced, kept as they were"), measure.replaced))
    if measure.unsaid:
        names = say.names(measure.unsaid)
        blocks.append(Para((*strong(f"{say.unsaid()}: {len(measure.unsaid)}. "), *text(f"{names}."))))
    return Part(f"measure-{measure.number}", f"{measure.number}. {_name(say, measure)}", tuple(blocks))


def _name(say: Wording, measure: MeasureTabled) -> str:
    return say.of(measure.title) if measure.title else capital(title(say.words, MEASURE_KINDS, measure.kind))


def _asked_of(say: Wording, measure: MeasureTabled) -> str:
    """The groups that the provision names. Others on the roll may join as well."""
    _ = say.say
    of_every_compact = {"parties": _("the parties"), "guarantors": _("the guarantors")}
    named = [of_every_compact.get(group.id) or say.of(group) for group in measure.asked_of]
    return ", ".join(named) or _("the whole roll")


def _versions(say: Wording, measure: MeasureTabled) -> Runs:
    """The text decided first; what it replaced after it."""
    _ = say.say
    *before, last = measure.versions
    line: Runs = (*code(last.value), Run(" "), *say.in_entry(last.place))
    for version in reversed(before):
        line = (*line, *small(_("in place of")), Run(" "), *code(version.value), Run(" "), *say.in_entry(version.place))
    return line


def _outcome(say: Wording, measure: MeasureTabled) -> str:
    _ = say.say
    if measure.ended is None:
        return _("On the table.") if say.record.status == "draft" else _("Not decided.")
    if measure.ended.carried:
        return _("Goes ahead.") if say.record.decision_mode == "opt_in" else _("Carried.")
    return _("Nobody joined.") if say.record.decision_mode == "opt_in" else _("Not carried.")


def _counts(say: Wording, measure: MeasureTabled) -> str:
    """`Joined 11; joined, capital to confirm 2; declined 1; no entry 26.`"""
    said = [
        f"{say.say(word)} {sum(1 for one in measure.positions if one.stand == stand)}"
        for stand, (_shape, word) in STANDS.items()
        if any(one.stand == stand for one in measure.positions)
    ]
    if measure.unsaid:
        said.append(f"{say.unsaid()} {len(measure.unsaid)}")
    return "; ".join([said[0], *(one[:1].lower() + one[1:] for one in said[1:])]) + "." if said else ""


def _outcome_in_full(say: Wording, measure: MeasureTabled) -> Runs:
    ended, _ = measure.ended, say.say
    if ended is None:
        return text(_outcome(say, measure))
    parts = [strong(_outcome(say, measure))]
    if ended.carried and not any(one.stand in ("joined", "confirmed", "to_confirm") for one in measure.positions):
        parts.append(text(_("Since then nobody who joined has confirmed.")))
    lists: Sequence[tuple[str, tuple[Named, ...]]] = (
        (_("Joined"), ended.joined),
        (_("Joined, capital to confirm"), ended.to_confirm),
        (_("Declined"), ended.declined),
        (_("Abstained"), ended.abstained),
        (_("Bound"), ended.bound),
    )
    parts += [text(f"{word}: {say.names(who)}.") for word, who in lists if who]
    return joined((*parts, say.entered(ended.place)))


def _positions(say: Wording, caption: str, positions: Sequence[PositionSaid]) -> Grid:
    _ = say.say
    columns = (
        Column(_("Party and office"), 4),
        Column(_("Position"), 4),
        Column(_("Contribution"), 4),
        Column(_("From")),
        Column(_("Caveats and conditions"), 4),
        Column(_("Entry"), 0, True),
    )
    ordered = sorted(positions, key=lambda one: (say.sort_key(say.of(one.party)), one.place.entry))
    return Grid(caption, columns, tuple(_position(say, one) for one in ordered))


def _position(say: Wording, one: PositionSaid) -> tuple[Runs, ...]:
    _ = say.say
    stand: Runs = say.marked(STANDS, one.stand)
    if one.confirmed:
        stand = (*stand, *small(_("confirmed %(at)s", at=say.when(one.confirmed.at))))
    elif one.lapsed:
        stand = (*stand, *small(_("lapsed %(at)s", at=say.when(one.lapsed.at))))
    elif one.confirm_by and one.replaced_by is None:
        stand = (*stand, *small(_("by %(at)s, or it lapses", at=say.when(one.confirm_by))))
    if one.replaced_by is not None:
        stand = (*stand, *small(_("replaced in entry %(entry)s", entry=str(one.replaced_by))))
    terms = [_("Caveat: %(what)s", what=say.of(item)) for item in one.caveats]
    terms += [_("Condition: %(what)s", what=say.of(item)) for item in one.conditions]
    entries = joined([say.entry(place) for place in (one.place, one.confirmed, one.lapsed) if place], ", ")
    return (
        (*text(say.of(one.party)), *small(say.of(one.office))),
        stand,
        text(say.brought(one.contributions) or "–"),
        text(say.day(one.starts_on)),
        text("; ".join(terms) or "–"),
        entries,
    )


# --- questions put to the roll ------------------------------------------------------------------------------


def questions(say: Wording) -> list[Block]:
    """Extensions, objections and findings: each on its own track, none stops a clock of the response."""
    none = say.say("No extension was asked for, no objection made and no finding sought.")
    return [_question(say, question) for question in say.record.questions] or [Para(text(none))]


def _question(say: Wording, one: Question) -> Part:
    _ = say.say
    asked = joined((text(f"{say.of(one.asked_by)}, {say.moment(one.place.at)},"), say.in_entry(one.place)))
    rows = [(_("Asked by"), asked), (_("Clause"), say.clause(one.clause, titled=True))]
    if one.reply_by:
        reply = text(_("none by %(at)s", at=say.moment(one.reply_by)))
        if one.replied:
            reply = joined((text(say.moment(one.replied.at) + ","), say.in_entry(one.replied)))
        elif say.record.at < one.reply_by:
            reply = text(_("may come until %(at)s", at=say.moment(one.reply_by)))
        rows.append((_("Reply"), reply))
    if one.closed:
        said = strong(_("Carried.") if one.closed.value else _("Not carried."))
        outcome = joined((said, text(say.moment(one.closed.place.at) + ","), say.in_entry(one.closed.place)))
    else:
        outcome = text(_("Open until %(at)s.", at=say.moment(one.closes_at)))
    rows.append((_("Outcome"), outcome))
    blocks: list[Block] = [Facts(tuple(rows))]
    if one.votes:
        columns = (
            Column(_("Party"), 3),
            Column(_("Vote cast"), 2),
            Column(_("Cast, UTC"), 2),
            Column(_("Entry"), 0, True),
        )
        votes = sorted(one.votes, key=lambda vote: say.sort_key(say.of(vote.party)))
        lines = tuple(
            (
                text(say.of(vote.party)),
                say.marked(VOTES, vote.choice),
                text(say.when(vote.place.at)),
                say.entry(vote.place),
            )
            for vote in votes
        )
        blocks.append(Grid(_("Votes"), columns, lines))
    if one.unsaid:
        over = one.closed is not None or say.record.at >= one.closes_at
        word = _("Silent") if over else _("No entry yet")
        blocks.append(Para((*strong(f"{word}: {len(one.unsaid)}. "), *text(f"{say.names(one.unsaid)}."))))
    about = capital(title(say.words, ABOUT, one.about))
    return Part(f"question-{one.id.replace('/', '-')}", f"{one.id}. {about}", tuple(blocks))
