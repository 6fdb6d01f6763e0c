"""Responses: the list, and one response with its clocks, who has come, measures, other clauses and timeline."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from litestar import Response as Answer
from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath

from foedus.response.rules import REPORT
from foedus.response.state import Response
from foedus.web import besides, board, called, duties, entries, marks, running, tabled, transcribed
from foedus.web.frame import Table, render
from foedus.web.kept import kept
from foedus.web.page import Page
from foedus.web.unanswered import NotHere

TIMELINE = 12
POSITIONS = 6


@get("/response", include_in_schema=False, sync_to_thread=False)
@kept
def responses(page: NamedDependency[Page]) -> Answer[Any]:
    """All responses, those that run first."""
    shown = page.query.get("show")
    rows = running.running(page, 200)[0] if shown == "running" else running.newest(page, 200)
    lines = [(r, board.incident_of(page, r)) for r in rows]
    table = Table(
        ("response", "incident", "mode", "what", "where_it_stands", "opened", "roll", "present", "running"),
        [(r.id, r.incident, r.mode, board.what(page, i), board.headline(page, r), r.place.at, len(r.roll),
          len(r.present), r.closed is None) for r, i in lines],
    )  # fmt: skip
    live = sum(1 for r in rows if r.closed is None)
    _ = page.words.gettext
    heading = (
        page.words.ngettext("%(num)s response runs", "%(num)s responses run", live) if live else _("No response runs")
    )
    return render(
        page, "responses.html", title=heading, active="response", data={"running": live}, tables={"responses": table},
        lines=lines, board=board, shown=shown, total=len(page.state.response.responses), live=live,
        waiting=waiting(page), offers=duties.offers(page, REPORT),
    )  # fmt: skip


def waiting(page: Page) -> list[Any]:
    """The newest incidents on which no response rests."""
    found = (page.see(page.state.response.incidents[id_]) for id_ in duties.unanswered(page))
    return [incident for incident in found if incident is not None]


def found(page: Page, id_: str) -> Response:
    """The response as seen at the page's moment. Raises NotHere."""
    response = page.see(page.state.response.responses.get(id_))
    if response is None:
        raise NotHere("there is no response {response}", response=id_[:40])
    return response


@get("/response/{id_:str}", include_in_schema=False, sync_to_thread=False)
@kept
def response(page: NamedDependency[Page], id_: FromPath[str]) -> Answer[Any]:
    """One response."""
    it = found(page, id_)
    incident = board.incident_of(page, it)
    standings = board.standings(page, it)
    tabled_ = tabled.measures(page, it)
    entered = transcribed.transcripts(page, it)
    clauses, owed_, ballots_ = besides.clauses(page, it), besides.owed(page, it), besides.ballots(page, it)
    due = [] if it.closed and not it.owed else [o for o in duties.urgent(page, [it]) if _of(o.href, it)]
    lines, total = timeline(page, it)
    heading = f"{board.what(page, incident)}: {board.headline(page, it, must=True)}"
    chosen = page.query.get("who")
    return render(
        page,
        "response.html",
        title=heading,
        active="response",
        data={
            "response": it.id,
            "incident": it.incident,
            "mode": it.mode,
            "opened": it.place.at,
            "clocks": board.cards(page, it),
            "need": _need(page, it),
        },
        tables=_tables(standings, tabled_, clauses, owed_, ballots_, lines)
        | {"transcripts": _entered(entered), "calls": called.table(it)},
        it=it,
        incident=incident,
        board=board,
        cards=board.cards(page, it),
        need=board.need(page, it),
        standings=standings,
        groups=board.groups(page, [row for row in standings if _chosen(row, chosen)]),
        chosen=chosen,
        tiers=_tiers(page, standings),
        measures=tabled_,
        clauses=clauses,
        owed=owed_,
        ballots=ballots_,
        transcripts=entered,
        calls=called.calls(page, it),
        read_back=called.read_back(page, it),
        duty=due[0] if due else None,
        also=due[1:],
        elsewhere=[] if due or it.closed else duties.elsewhere(page, [it]),
        may=_may(page, it),
        timeline=lines,
        timeline_total=total,
        positions_most=POSITIONS,
    )


def _of(href: str, it: Response) -> bool:
    return (
        f"response={it.id.replace('/', '%2F')}" in href
        or f"{it.id}%2F" in href
        or "/act/check/" in href
        or "transcript=" in href
    )


def _may(page: Page, it: Response) -> list[duties.Offer]:
    """What else the seat may do in this response."""
    return [o for o in duties.offers(page, it.id) if not o.asked] if it.closed is None else []


def _chosen(row: board.Standing, chosen: str | None) -> bool:
    return chosen is None or chosen in (row.tier, row.code)


def _tiers(page: Page, rows: Sequence[board.Standing]) -> list[tuple[str | None, str, int]]:
    """The filters of the board: everybody, each tier, those who said nothing."""
    _ = page.words.gettext
    chips: list[tuple[str | None, str, int]] = [(None, _("All"), len(rows))]
    chips += [
        (tier, board.names(page).group(tier), sum(1 for row in rows if row.tier == tier))
        for tier in dict.fromkeys(row.tier for row in rows)
    ]
    for code in ("silent", "none", "present"):
        count = sum(1 for row in rows if row.code == code)
        if count:
            chips.append((code, marks.standing(code, _).word, count))
    return chips


def _need(page: Page, it: Response) -> dict[str, Any]:
    need = board.need(page, it)
    return {"holds": need.holds, "have": need.have, "of": need.of, "needed": need.needed, "more": need.more}


def timeline(page: Page, it: Response) -> tuple[list[entries.Row], int]:
    """The newest entries of this response, newest last, and how many there are; all of them with `?timeline=all`."""
    ordered = sorted(entries.numbers_in((it.entries, board.incident_of(page, it))))
    shown = ordered if page.query.get("timeline") == "all" else ordered[-TIMELINE:]
    return list(entries.rows(page, shown)), len(ordered)


def _entered(rows: Sequence[transcribed.TranscriptRow]) -> Table:
    return Table(
        ("transcript", "seat", "said", "means", "said_at", "by", "entered_at", "state", "until", "ended_at", "entry"),
        [
            (r.id, r.seat, r.said, r.means, r.said_at, r.by, r.entered_at, r.mark.word, r.until, r.ended_at, r.entry)
            for r in rows
        ],
    )


def _tables(
    standings: Sequence[board.Standing],
    measures: Sequence[tabled.MeasureBoard],
    clauses: Sequence[besides.ClauseRow],
    owed_: Sequence[besides.OwedRow],
    ballots_: Sequence[besides.BallotRow],
    lines: Sequence[entries.Row],
) -> dict[str, Table]:
    return {
        "who": Table(
            ("party", "name", "tier", "standing", "at", "remote", "entry"),
            [(r.party, r.name, r.tier, r.code, r.at, r.remote, r.entry) for r in standings],
        ),
        "measures": Table(
            (
                "measure",
                "title",
                "kind",
                "provision",
                "text",
                "joined",
                "to_confirm",
                "declined",
                "abstained",
                "no_entry",
            ),
            [
                (m.id, m.title, m.kind, m.provision, m.text, m.joined, m.to_confirm, m.declined, m.abstained, m.unsaid)
                for m in measures
            ],
        ),
        "positions": Table(
            ("measure", "party", "name", "position", "contribution", "from", "caveats", "confirm_by", "entry"),
            [
                (m.id, p.party, p.name, p.mark.word, p.contribution, p.starts_on, p.caveats, p.confirm_by, p.entry)
                for m in measures
                for p in m.positions
            ],
        ),
        "clauses": Table(
            ("agreement", "title", "asks", "parties", "state", "due", "hard", "binding"),
            [(c.id, c.title, c.asks, c.parties, c.mark.word, c.due, c.hard, c.binding) for c in clauses],
        ),
        "owed": Table(
            ("measure", "title", "provision", "due", "done", "missing"),
            [
                (o.measure, o.title, o.provision, o.due, "; ".join(n for n, _ in o.done), "; ".join(o.missing))
                for o in owed_
            ],
        ),
        "ballots": Table(
            ("ballot", "about", "provision", "by", "closes", "yes", "no", "abstained", "no_entry", "outcome"),
            [
                (b.id, b.about, b.provision, b.by, b.closes, b.yes, b.no, b.abstained, b.unsaid, b.outcome)
                for b in ballots_
            ],
        ),
        "timeline": Table(
            ("entry", "at", "party", "seat", "act", "said"),
            [(r.number, r.at, r.party, r.seat, r.act, r.said) for r in lines],
        ),
    }


routes = [responses, response]
