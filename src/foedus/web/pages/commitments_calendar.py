"""The calendar of what falls due, as a table, and as a feed that calendars subscribe to."""

from __future__ import annotations

from typing import Any

from litestar import Response as Answer
from litestar import get
from litestar.di import NamedDependency
from litestar.types import ControllerRouterHandler

from foedus.web import asked, ics
from foedus.web.agenda import KINDS, Due, agenda
from foedus.web.frame import Table, language_cookie, render, wanted
from foedus.web.page import Page, with_query

MOST = 200  # on one page; CSV, JSON and the feed have all
COLUMNS = ("id", "kind", "parties", "what", "due", "late", "entry")


@get("/commitments/calendar", include_in_schema=False, sync_to_thread=True)
def calendar(page: NamedDependency[Page]) -> Answer[Any]:
    """Everything that falls due: `party` and `kind` choose."""
    party, kind = asked.code(page, "party"), asked.choice(page, "kind", KINDS)
    every = agenda(page)
    found = chosen(every, party, kind)
    return render(
        page, "commitments/calendar.html", title=title(page, found), active="commitments",
        data={"due": len(found), "party": party},
        tables={"due": Table(COLUMNS, [
            (one.id, one.kind, " ".join(one.parties), one.what, one.due, one.late, one.entry)
            for one in (found if wanted(page) != "html" else ())])},
        found=found[:MOST], count=len(found), every=every, party=party, kind=kind, feed=with_query(
            "/commitments/calendar.ics", {"party": party, "kind": kind, "lang": page.lang}),
        parties=sorted({one for due in every for one in due.parties}, key=lambda one: page.sort_key(page.name(one))),
    )  # fmt: skip


def chosen(every: list[Due], party: str | None, kind: str | None) -> list[Due]:
    """What concerns a party, of a kind; either left open."""
    return [one for one in every if kind in (None, one.kind) and (party is None or party in one.parties)]


def title(page: Page, found: list[Due]) -> str:
    """What is late, else what comes next."""
    tranches = sum(1 for one in found if one.late and one.kind == "tranche")
    clocks, ngettext = sum(1 for one in found if one.late) - tranches, page.words.ngettext
    said = [ngettext("%(num)s obligation with a clock is late", "%(num)s obligations with a clock are late", clocks)]
    said += [ngettext("%(num)s tranche is overdue", "%(num)s tranches are overdue", tranches)]
    if clocks or tranches:
        return "; ".join(words for words, number in zip(said, (clocks, tranches), strict=True) if number)
    if not found:
        return page.words.gettext("Nothing falls due")
    first = found[0]
    return page.words.gettext("Next: %(what)s, on %(day)s", what=first.what, day=page.day(first.day))


@get("/commitments/calendar.ics", include_in_schema=False, sync_to_thread=True)
def feed(page: NamedDependency[Page]) -> Answer[bytes]:
    """The same as iCalendar."""
    party, kind = asked.code(page, "party"), asked.choice(page, "kind", KINDS)
    record = page.state.parties.record
    origin = record.origin if record else "foedus"
    start = page.state.at or page.clock_now
    events = [
        ics.Event(
            id=f"{one.id}@{origin}", stamped=one.recorded or start,
            summary=f"{', '.join(map(page.name, one.parties))}: {one.what}" if len(one.parties) == 1 else one.what,
            due=one.due, description=_described(page, one), url=f"{page.console.base_url}{one.href}",
            category=page.words.gettext("EXERCISE") if page.exercise else "",
        )
        for one in chosen(agenda(page), party, kind)
    ]  # fmt: skip
    name = page.words.gettext("Foedus: what falls due")
    if page.exercise:
        name = f"{page.words.gettext('EXERCISE')}: {name}"
    answer = Answer(
        ics.write(name, events, page.lang), media_type="text/calendar; charset=utf-8", cookies=language_cookie(page)
    )
    answer.headers["Content-Disposition"] = 'inline; filename="foedus.ics"'
    return answer


def _described(page: Page, one: Due) -> str:
    _ = page.words.gettext
    said = [_("EXERCISE")] if page.exercise else []
    if one.entry is not None:
        said.append(_("Entry %(n)s of the record.", n=page.number(one.entry)))
    if len(one.parties) > 1:
        said.append(", ".join(map(page.name, one.parties)))
    return "\n".join(said)


routes: list[ControllerRouterHandler] = [calendar, feed]
