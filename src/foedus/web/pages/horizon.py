"""The horizon: when each instrument lapses, what notice withdraws from it, which readings were adopted.

Dates that follow from signature and term are computed; dates that the record fixed for a party are the
record's. An instrument whose term nobody found has no date, and none is guessed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from litestar import Response as Answer
from litestar import get
from litestar.di import NamedDependency
from litestar.types import ControllerRouterHandler
from msgspec import Struct

from foedus.compact.model import Interim, Term
from foedus.history import current
from foedus.parties.state import Signatures
from foedus.web import asked
from foedus.web.frame import Table, render
from foedus.web.page import Page
from foedus.web.pages.agreements import lapses
from foedus.words.titles import STATUSES, title

COLUMNS = ("instrument", "name", "parties", "from", "lapses", "notice", "notice_ends", "status", "source")
WHICH = ("dated", "undated")
ENDED = frozenset({"withdrawn", "lapsed"})
WIDTH, LEFT, ROW, TOP = 980, 300, 22, 30


class Lapse(Struct, frozen=True):
    """One line: an instrument, or the part of its parties for whom it ends on the same day.

    `source`: `record` when the record fixed the day, `text` when it follows from the instrument's own term.
    """

    instrument: str
    name: str
    href: str
    parties: tuple[str, ...]
    since: date | None
    on: date | None
    notice: str
    notice_ends: date | None
    status: str
    source: str


@get("/compact/horizon", include_in_schema=False, sync_to_thread=True)
def horizon_page(page: NamedDependency[Page]) -> Answer[Any]:
    """Every instrument by the day it lapses, as a table and as a timeline."""
    which = asked.choice(page, "which", WHICH)
    every = sorted(
        [*of_the_compact(page), *of_agreements(page)],
        key=lambda one: (one.on or date.max, one.since or date.max, one.name),
    )
    chosen = [one for one in every if which is None or (which == "dated") == (one.on is not None)]
    dated = [one for one in every if one.on is not None]
    adopted = readings(page)
    return render(
        page, "compact/horizon.html", title=horizon_title(page, dated), active="compact",
        data={"instruments": len(every), "adopted": [(one.subject, one.text) for one in adopted]},
        tables={
            "horizon": Table(COLUMNS, [_cells(one) for one in chosen]),
            "adopted": Table(("provision", "text", "on", "by"), [_adopted(one) for one in adopted]),
        },
        lines=chosen, total=len(every), which=which, drawing=drawing(page, dated), adopted=adopted,
        undated=len(every) - len(dated), lapsing=lapsing(page),
    )  # fmt: skip


def horizon_title(page: Page, dated: Sequence[Lapse]) -> str:
    """The next thing that lapses."""
    _ = page.words.gettext
    today = page.now.date()
    coming = [one for one in dated if one.on and one.on >= today]
    if not coming:
        return _("No instrument has a day on which it lapses")
    first = coming[0]
    assert first.on is not None, "only dated lines are looked at"
    return _("Next to lapse: %(name)s, on %(day)s", name=first.name, day=page.day(first.on))


def of_the_compact(page: Page) -> list[Lapse]:
    """The compact itself, for the parties that the record knows: one line for each day of lapse."""
    term = page.clauses.one(Term)
    notice = page.words.span(term[1].notice) if term else page.words.gettext("not named")
    days: dict[tuple[date | None, date | None, str], list[tuple[str, date]]] = {}
    for party in page.parties:
        standing = page.see(page.state.parties.standings.get(f"{party} {page.compact.id}"))
        if standing is None:
            continue
        on, ends = current(standing.lapses_at), current(standing.notice_ends)
        status = current(standing.statuses) or ""
        key = (on.date() if on else None, ends.date() if ends else None, status)
        days.setdefault(key, []).append((party, standing.place.at.date()))
    return [
        Lapse(
            page.compact.id,
            page.say(page.compact.short_title),
            "/compact",
            tuple(party for party, _ in found),
            min(since for _, since in found),
            ends if ends and status not in ENDED else on,
            notice,
            ends,
            title(page.words, STATUSES, status),
            "record",
        )
        for (on, ends, status), found in days.items()
    ]


def of_agreements(page: Page) -> list[Lapse]:
    """Every other instrument, by its own term."""
    return [
        Lapse(
            one.id,
            page.say(one.title),
            f"/compact/agreements/{one.id}",
            tuple(status.party for status in one.parties),
            one.signed,
            lapses(one),
            page.words.span(one.notice) if one.notice else page.words.gettext("not found"),
            None,
            ", ".join(dict.fromkeys(title(page.words, STATUSES, status.status) for status in one.parties)),
            "text",
        )
        for one in page.compact.agreements
    ]


def readings(page: Page) -> list[Signatures]:
    """What parties adopted: readings and amendments, newest first."""
    seen = [
        one
        for key, signatures in page.state.parties.signatures.items()
        if key.startswith(("reading/", "amendment")) and (one := page.see(signatures)) and one.adopted
    ]
    return sorted(seen, key=lambda one: one.adopted.place.entry if one.adopted else 0, reverse=True)


def lapsing(page: Page) -> list[tuple[str, tuple[str, ...]]]:
    """Provisions that an accession of the protected state would end, by organisation."""
    found = [(clause.organisation, clause.lapse) for _, clause in page.clauses.every(Interim)]
    return [
        (page.words.of(name), lapse)
        for organisation, lapse in found
        if (name := page.clauses.name("organisations", organisation))
    ]


def _cells(one: Lapse) -> tuple[object, ...]:
    return (
        one.instrument, one.name, " ".join(one.parties), one.since, one.on, one.notice, one.notice_ends,
        one.status, one.source,
    )  # fmt: skip


def _adopted(one: Signatures) -> tuple[object, ...]:
    adopted = one.adopted
    assert adopted is not None, "only what was adopted is listed"
    return (one.subject.partition("/")[2], one.text, adopted.place.at, " ".join(adopted.value))


# --- the drawing --------------------------------------------------------------------------------------------


class Bar(Struct, frozen=True):
    """One line of the timeline, in the drawing's own units."""

    name: str
    x: int
    width: int
    y: int
    own: bool
    label: str


class Drawing(Struct, frozen=True):
    """The timeline: bars from signature to lapse, years along the top, a line for the day of the page."""

    bars: tuple[Bar, ...]
    years: tuple[tuple[int, int], ...]
    now: int
    height: int
    beyond: tuple[str, ...]


def short(page: Page, one: Lapse) -> str:
    """What stands beside a bar: the parties of a bilateral instrument, else its name and their number."""
    if len(one.parties) == 2 and one.source == "text":
        name = " – ".join(page.name(party) for party in one.parties)
    else:
        count = page.words.ngettext("%(num)s party", "%(num)s parties", len(one.parties))
        name = f"{one.name}, {count}"
    return name if len(name) <= 48 else name[:47].rstrip() + "…"


def drawing(page: Page, dated: Sequence[Lapse]) -> Drawing:
    """Instruments with a day of lapse, earliest first; what lasts beyond fifteen years is only named."""
    today = page.now.date()
    near = [one for one in dated if one.on and one.since and one.on.year <= today.year + 15]
    first = min([one.since for one in near if one.since] + [today])
    last = max([one.on for one in near if one.on] + [today])
    start, end = date(first.year, 1, 1), date(last.year + 1, 1, 1)

    def x(day: date) -> int:
        return LEFT + round((WIDTH - LEFT) * (day - start).days / (end - start).days)

    bars = []
    for number, one in enumerate(near):
        assert one.since is not None, "what is drawn has its first day"
        assert one.on is not None, "and its last"
        name = short(page, one)
        bars.append(
            Bar(
                name,
                x(one.since),
                max(2, x(one.on) - x(one.since)),
                TOP + number * ROW,
                one.source == "record",
                page.day(one.on),
            )
        )
    step = max(1, (end.year - start.year) // 10)
    years = tuple((year, x(date(year, 1, 1))) for year in range(start.year, end.year + 1, step))
    beyond = tuple(f"{one.name} ({page.day(one.on)})" for one in dated if one not in near and one.on)
    return Drawing(tuple(bars), years, x(today), TOP + len(bars) * ROW + 10, beyond)


routes: list[ControllerRouterHandler] = [horizon_page]
