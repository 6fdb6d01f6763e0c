"""Sentences of the pages that are no act and no event: what is reported, who must still come, what can be undone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from foedus.acts import Attachment, Statement
from foedus.compact.model import Clock, Provision
from foedus.response.acts import Outcome
from foedus.response.state import Incident, Response
from foedus.web import board
from foedus.web.marks import Mark
from foedus.web.page import Page
from foedus.words.bodies import marking
from foedus.words.titles import ATTACHMENTS, EVIDENCE, FIGURES, title


def reported(page: Page, incident: Incident) -> str:
    """What the newest report says: `Ukraine reports: missiles launched 84, drones launched 24, from 03:00 UTC on 10
    October.`
    """
    _ = page.words.gettext
    figures = incident.reports[-1].figures
    since = page.stamp(incident.occurred_from)
    if not figures:
        return _("%(party)s reports it from %(since)s.", party=page.name(incident.party), since=since)
    counts = page.words.items(
        f"{title(page.words, FIGURES, f.what)} {page.number(f.count)}" for f in figures
    )  # fmt: skip
    said = _(
        "%(party)s reports, from %(since)s: %(counts)s.", party=page.name(incident.party), since=since, counts=counts
    )
    if len(incident.reports) > 1:
        said += " " + _("Corrected; the first figures stay readable.")
    return said


def needed(page: Page, response: Response) -> str:
    """How many must be present, while that is open."""
    _ = page.words.gettext
    if response.convened or response.closed:
        return ""
    asked = board.need(page, response)
    if asked.needed is None:
        return _("The meeting convenes when the rule of its clause holds.")
    return _(
        "To convene, %(needed)s of %(of)s must be present.", needed=page.number(asked.needed), of=page.number(asked.of)
    )


def _clause(page: Page, card: board.ClockCard) -> tuple[Provision, Clock] | None:
    """The clause of a clock, None where it was amended away."""
    every = page.clauses.every(Clock)
    return next((one for one in every if one[0].id == card.provision and one[1].step == card.step), None)


def counted_from(page: Page, card: board.ClockCard) -> str:
    """The moment from which the compact in force counts a step's time."""
    _ = page.words.gettext
    clock = _clause(page, card)
    return {
        "request": _("counted from receipt of the request"),
        "call": _("counted from the call of the meeting"),
        "attack": _("counted from the observed start of the incident"),
        "convened": _("counted from the moment the meeting convened"),
    }[clock[1].starts_on if clock else "request"]


def start_clause(page: Page, card: board.ClockCard) -> str | None:
    """Another provision that is a reading of the same starting moment, so that the reading is seen where it has its
    effect.
    """
    clock = _clause(page, card)
    if clock is None:
        return None
    others = [p for p, c in page.clauses.every(Clock) if c.starts_on == clock[1].starts_on and p.source.kind != "text"]
    return next((p.id for p in others if p.id != clock[0].id), None)


def done(page: Page, step: str) -> str:
    """The result of a step that was done in time."""
    _ = page.words.gettext
    return {
        "reply": _("Replied"),
        "acknowledge": _("All acknowledged"),
        "convene": _("Convened"),
        "decide": _("Decided"),
    }[step]


def ended(page: Page, it: Response, card: board.ClockCard) -> str:
    """The result of an ended step in one line."""
    _, ngettext = page.words.gettext, page.words.ngettext
    if card.met:
        return _("%(result)s at %(at)s.", result=done(page, card.step), at=page.stamp(card.met))
    if card.step == "acknowledge":
        late = [party for party, place in it.acknowledged.items() if place.at < card.due]
        silent = len(it.roll) - len(late)
        said = ngettext(
            "time is over, %(num)s had not acknowledged.", "time is over, %(num)s had not acknowledged.", silent
        )
    else:
        said = _("time is over, nobody replied.")
    return f"{said} {card.after}."


def measure(page: Page, code: str) -> str:
    """A measure by its title."""
    return board.names(page).measure(code, page.state)


def own_obligations(page: Page, rows: Sequence[Any]) -> str:
    """How many obligations of this response are my government's."""
    assert page.party is not None, "asked for a reader with a party"
    mine = sum(1 for row in rows if row.party == page.party.id)
    who = page.say(page.party.name)
    if not mine:
        return page.words.gettext("%(party)s owes nothing under this response so far.", party=who)
    return page.words.ngettext("%(party)s: %(num)s obligation.", "%(party)s: %(num)s obligations.", mine, party=who)


def exercise_fine(page: Page) -> str:
    """What is historical in the exercise, what is invented, and how it was drawn."""
    _ = page.words.gettext
    note = page.exercise_note
    if note is None:
        return _("Everything that parties do in this record is invented.")
    if note.guarantee:
        return _(
            "A check of the text found this story; it was played act by act with demo keys, and nothing here is what"
            " any state did or said."
        )
    fictional = page.words.items(page.name(code) for code in note.fictional)
    said = _(
        "Figures of the attack are those of %(day)s (%(source)s), moved to %(moved)s.",
        day=page.day(note.historical_day), source=page.words.gettext(note.source), moved=page.day(note.attack_day),
    )  # fmt: skip
    return said + " " + _(
        "Who answers, joins or is late is drawn by lot (seed %(seed)s); nothing here is what any state did or said."
        " Refusal and absence are played by fictional parties: %(parties)s.",
        seed=note.seed, parties=fictional,
    )  # fmt: skip


def exercise_band(page: Page) -> str:
    """What the band at top and foot says."""
    _, note = page.words.gettext, page.exercise_note
    if note is None:
        return _("What parties do here is invented.")
    if note.guarantee:
        asked = next((one.title for one in page.compact.guarantees if one.id == note.guarantee), None)
        title = page.say(asked) if asked is not None else note.guarantee
        return _("Plays what a check found of “%(guarantee)s”. What parties do here is invented.", guarantee=title)
    return _(
        "Replays the attack of %(day)s, hour for hour. What parties do here is invented.",
        day=page.day(note.historical_day),
    )


def undo(page: Page, act: str) -> str:
    """What can still be changed after the act is recorded. Nothing is ever erased."""
    _ = page.words.gettext
    return {
        "TakePosition": _("You can replace it until the decision closes; both stay readable"),
        "CastVote": _("You can replace it until the vote closes; both stay readable"),
        "RegisterDelegation": _("You can name others later; both stay readable"),
        "ReportIncident": _("You can correct or withdraw it later; it stays readable"),
        "CorrectIncident": _("You can correct it again; it stays readable"),
        "Activate": _("It ends only if the report is withdrawn; it stays readable"),
        "ProposeMeasure": _("A new version can be proposed later; it stays readable"),
    }.get(act, _("It cannot be taken back; it stays readable"))


# --- the response -----------------------------------------------------------------------------------------------------


def state_of(page: Page, it: Response, measures: Sequence[Any]) -> str:
    """Who is there, how many are needed, how many measures are on the table."""
    _, ngettext = page.words.gettext, page.words.ngettext
    asked = board.need(page, it)
    parts = [_("%(have)s of %(of)s present.", have=page.number(asked.have), of=page.number(asked.of))]
    if more := needed(page, it):
        parts.append(more)
    if measures:
        parts.append(ngettext("%(num)s measure is on the table.", "%(num)s measures are on the table.", len(measures)))
    if it.owed:
        parts.append(ngettext("%(num)s is owed without a vote.", "%(num)s are owed without a vote.", len(it.owed)))
    if it.adjourned:
        parts.append(_("The meeting is adjourned until %(at)s; the clocks run on.", at=page.stamp(it.adjourned.until)))
    return " ".join(parts)


def need_sentence(page: Page, it: Response, need: board.Need) -> str:
    """The quorum and how far it is reached."""
    _, ngettext = page.words.gettext, page.words.ngettext
    if it.convened:
        return _("The meeting convened at %(at)s.", at=page.stamp(it.convened.place.at))
    if need.provision is None:
        return _("No clause says that fewer than all are enough.")
    if need.needed is None or need.more is None:
        return _("The meeting convenes when the rule of this clause holds over those present.")
    takes = _("Convening takes %(needed)s of %(of)s.", needed=page.number(need.needed), of=page.number(need.of))
    if not need.more:
        return takes
    return ngettext("%(num)s more is needed.", "%(num)s more are needed.", need.more) + " " + takes


def who_note(page: Page) -> str:
    """Who is counted and who never is, as the compact has it."""
    _ = page.words.gettext
    unions = [page.say(party.name) for party in page.compact.parties if party.heads == 0]
    said = [_("%(union)s attends as itself and counts no head.", union=union) for union in unions]
    if page.clauses.excluded:
        outside = page.words.items(board.names(page).party(code) for code in sorted(page.clauses.excluded))
        said.append(_("Never counted: %(outsiders)s.", outsiders=outside))
    return " ".join(said)


def other_clauses(page: Page, rows: Sequence[Any]) -> str:
    """Clauses of other instruments in one line, mine named."""
    _, ngettext = page.words.gettext, page.words.ngettext
    runs = sum(1 for row in rows if row.mark.shape == "clock")
    said = ngettext(
        "The same event opens %(num)s other clause.", "The same event opens %(num)s other clauses.", len(rows)
    )
    said += " " + ngettext("%(num)s still runs.", "%(num)s still run.", runs)
    mine = [row.title for row in rows if row.mine]
    if not mine:
        return said
    titles, more = "; ".join(mine[:2]), len(mine) - 2
    if more > 0:
        return f"{said} {_('Yours: %(titles)s and %(more)s more.', titles=titles, more=more)}"
    return f"{said} {_('Yours: %(titles)s.', titles=titles)}"


def hardness(page: Page, row: Any) -> str:
    """How binding the clock of another instrument's clause is."""
    _ = page.words.gettext
    if row.due is None:
        return _("no hours named")
    hard = _("hard") if row.hard else _("where possible")
    return hard if row.binding else f"{hard}, {_('political')}"


def counts(page: Page, item: Any, it: Response) -> list[tuple[Mark, int]]:
    """The bar of a measure in words: only what is not nought, and always those who have not spoken."""
    _ = page.words.gettext
    over = it.decided is not None or board.over(page, it, "decide")
    rows = [
        (Mark("tick", "green", _("Joined")), item.joined),
        (Mark("half", "blue", _("Joined, capital to confirm")), item.to_confirm),
        (Mark("cross", "red", _("Declined")), item.declined),
        (Mark("bar", "grey", _("Abstained")), item.abstained),
        (Mark("empty", "ink", _("No entry") if over else _("No entry yet")), item.unsaid),
    ]
    return [(mark, count) for mark, count in rows if count]


def established_mark(page: Page) -> Mark:
    """The attack is established for the purposes of the compact."""
    return Mark("tick", "green", page.words.gettext("Established"))


def figure_rows(page: Page, incident: Incident) -> list[tuple[str, list[int | None]]]:
    """Every figure in every report, first to last: a correction stands beside what was said first."""
    codes = list(dict.fromkeys(figure.what for report in incident.reports for figure in report.figures))
    rows = []
    for code in codes:
        said = [next((f.count for f in report.figures if f.what == code), None) for report in incident.reports]
        name = title(page.words, FIGURES, code)
        rows.append((name[:1].upper() + name[1:], said))
    return rows


def how(page: Page, code: str) -> str:
    """How evidence was obtained."""
    return title(page.words, EVIDENCE, code)


def outcome(page: Page, item: Outcome) -> str:
    """How one measure ended."""
    _ = page.words.gettext
    what = measure(page, item.measure)
    who = listed(page, item.joined)
    if not item.carried:
        if who:
            return _("%(measure)s is not carried: %(who)s joined, and more was needed.", measure=what, who=who)
        return _("%(measure)s: nobody joined.", measure=what)
    said = _("%(measure)s goes ahead: %(who)s.", measure=what, who=who) if who else f"{what}."
    if item.to_confirm:
        names = listed(page, item.to_confirm)
        said += " " + _("Capital to confirm: %(who)s.", who=names)
    return said


def listed(page: Page, parties: Sequence[str]) -> str:
    """Parties by name, in the order of this language's alphabet."""
    return page.words.items(sorted((page.name(party) for party in parties), key=page.sort_key))


def unsaid(page: Page, it: Response) -> str:
    """Who stayed silent and who never came: recorded as such, and nothing follows that no clause names."""
    _ = page.words.gettext
    assert it.decided is not None, "asked for a decided response"
    silent = listed(page, it.decided.silent) or _("nobody")
    absent = listed(page, it.decided.absent) or _("nobody")
    return _("Asked and silent on every measure: %(silent)s. Never present: %(absent)s.", silent=silent, absent=absent)


# --- an act that is being signed --------------------------------------------------------------------------------------


def act_name(statement: Statement) -> str:
    """The act's name in code."""
    return type(statement.body).__name__


def effect(page: Page, code: str) -> str:
    """What kind of legal effect the act says it has."""
    _ = page.words.gettext
    return {
        "evidence": _("Evidence: your government states a fact; nothing is promised."),
        "notification": _("Notification: your government gives the notice that the clause provides for."),
        "instrument": _("Instrument: your government binds itself by this text."),
    }[code]


def attachment(page: Page, item: Attachment) -> str:
    """An attachment by what it is and how large, and for whom where it is not for every reader."""
    size = page.words.ngettext("%(num)s byte", "%(num)s bytes", item.size)
    whose = f"; {marking(board.names(page), item.marking)}" if item.marking.release_to else ""
    return f"{title(page.words, ATTACHMENTS, item.kind)}, {size}{whose}"
