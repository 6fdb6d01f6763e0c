"""Tranches of the record over time: what is overdue, then what is due next, each filled by how far it has come."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from foedus.commitments.account import overdue_first
from foedus.commitments.calendar import falls
from foedus.commitments.state import Tranche, bounds
from foedus.web.accounted import Accounted
from foedus.web.charts import Span, gantt
from foedus.web.figures.making import Figure
from foedus.web.figures.own import ENDS, cells_of, figure
from foedus.web.frame import Table
from foedus.web.owed import Owed, day_of
from foedus.web.page import Page

MOST_LATE, MOST_NEXT = 10, 15
DAY, AHEAD = timedelta(days=1), timedelta(days=182)  # half a year


def tranches(of: Accounted) -> Figure | None:
    """Of the chosen party and kind: those overdue, the longest first, and those due next, half a year ahead."""
    _, page, owed = of.page.words.gettext, of.page, of.owed
    count, late = overdue_first(of.state, owed.late, MOST_LATE, party=of.party, kind=of.kind)
    found = [of.state.tranches[id_] for id_ in (*late, *_next(of, set(late)))]
    if not found:
        return None
    spans = [span(owed, one, f"{one.id} {page.name(of.state.obligations[one.obligation].party)}") for one in found]
    title = (
        page.words.ngettext("%(num)s tranche is overdue", "%(num)s tranches are overdue", count)
        if count
        else _("No tranche is overdue")
    )
    shows = _(
        "From the entry that scheduled each to its due day; filled by how far it has come. The red line is the day of"
        " this page. Those overdue first, then those due in the next half year."
    )
    steps = step_words(page)
    table = Table(("tranche", "party", "kind", "unit", *ENDS, "due_at", "standing"), [
        (one.id, of.state.obligations[one.obligation].party, of.state.obligations[one.obligation].kind,
         one.figures[-1].value.unit, *cells_of(bounds(one.figures[-1].value)), one.due_at, owed.standing(one))
        for one in found])  # fmt: skip
    cells = [
        (one.id, page.name(of.state.obligations[one.obligation].party), owed.amount(one.figures[-1].value),
         owed.came(one), page.day(day_of(one.due_at)), owed.mark(one).word) for one in found
    ]  # fmt: skip
    heads = (_("Tranche"), _("Who owes"), _("How much"), _("Has come"), _("Due"), _("State"))
    left = page.words.ngettext("Not drawn: %(num)s more that is overdue.", "Not drawn: %(num)s more that are overdue.",
                               count - len(late)) if count > len(late) else ""  # fmt: skip
    return figure(of, "tranches", title, (shows, left), (table, heads, cells),
                  lambda frame, width: gantt(frame, spans, steps, width, page.at.date()))  # fmt: skip


def _next(of: Accounted, late: set[str]) -> Sequence[str]:
    """The ids of those due next: of a day, then of twice as many days each time, until there are enough."""
    first, found, step = of.page.at.date(), list[str](), DAY
    parties = (of.party,) if of.party else sorted({name.partition("|")[0] for name in of.state.owing})
    end = first + AHEAD
    while first < end and len(found) < MOST_NEXT:
        for one in falls(of.state, first, min(first + step, end) - DAY, parties, awaited_at=of.page.at):
            if one.what == "tranche" and one.id not in late:
                kind = of.state.obligations[of.state.tranches[one.id].obligation].kind
                found += [one.id] if of.kind in (None, kind) else []
        first, step = first + step, 2 * step
    return found[:MOST_NEXT]


def span(owed: Owed, one: Tranche, label: str) -> Span:
    """A tranche from the entry that scheduled it to its day, filled by how far it has come."""
    began = min(one.place.at, one.due_at).date()
    late = owed.standing(one) == "overdue"
    return Span(label, began, day_of(one.due_at), owed.shares(one), owed.mark(one).word, late)


def step_words(page: Page) -> tuple[str, ...]:
    """What the parts of a tranche's bar are, inside out."""
    _ = page.words.gettext
    return (_("verified by others"), _("delivered"), _("allocated"), _("scheduled"))
