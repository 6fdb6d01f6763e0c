"""Screening: a name looked up, a file of customers, and what people decide of what was found.

Whatever the answer, the page says what was searched, at which date, and what lies beyond it: that nothing was found is
worth no more than that.
"""

from __future__ import annotations

import csv
from typing import Any

from litestar import MediaType, Request, get, post
from litestar import Response as Answer
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from litestar.types import ControllerRouterHandler
from markupsafe import Markup
from msgspec import Struct
from msgspec.structs import replace

from foedus import reviews, threshold_guide
from foedus.country_names import known_code
from foedus.customers import HEADING
from foedus.errors import Malformed
from foedus.reviews import Pair
from foedus.screened import COLUMNS, customers, known_date
from foedus.screening import THRESHOLD, Match, Record
from foedus.screening.record import KINDS, typed
from foedus.searched import Searched
from foedus.web import asked
from foedus.web.access import reader_of
from foedus.web.batches import Batch, Batches
from foedus.web.frame import Table, render
from foedus.web.listed import LAW
from foedus.web.marks import Mark
from foedus.web.page import Page
from foedus.web.unanswered import NotHere, Unanswered
from foedus.words.failures import say_because, say_error
from foedus.words.matches import say_law, say_reason

MOST_FILE_BYTES = 50_000_000
SHOWN = 20
SHOWN_FROM, ONE_WORD_FROM = 0.7, 0.5  # least scores
BAD_SHOWN = 50  # rows of a file that could not be screened
NOT_KNOWN = Mark("empty", "grey", "")
STANDINGS = ("open", "changed", "undecided", "hit", "no_hit", "gone")
_MATCHED = ("rank", "target_id", "name", "score", "match", "list", "as_of", "reasons", "in_law")
_REVIEWED = ("customer_id", "customer", "target_id", "target", "score", "standing", "reason", "reviewer", "at")


class Found(Struct, frozen=True):
    """A match as the page shows it."""

    match: Match
    as_of: str
    reasons: tuple[tuple[float, str], ...]
    standing: str
    law: Mark


def searched_of(page: Page) -> Searched:
    """The lists of this console, with what is new being read."""
    searched: Searched = page.request.app.state.searched
    searched.begin()
    return searched


def party_of(page: Page) -> str:
    """Whose customers are looked at: nobody sees another party's."""
    return reader_of(page.request).party or ""


# --- a name -----------------------------------------------------------------------------------------------------


@get("/screening", include_in_schema=False, sync_to_thread=True)
def look_up(page: NamedDependency[Page]) -> Answer[Any]:
    """The search box, and what was found under it."""
    _, searched = page.words.gettext, searched_of(page)
    query = _query(page)
    standings = searched.standings()
    asked_for = bool(query.names)
    found: list[Found] = []
    problem = None
    if asked_for and standings:
        try:
            found = [
                _found(page, searched, query, one)
                for one in searched.search(query, SHOWN, THRESHOLD, shown_from(query))
            ]
        except Malformed as why:
            problem = say_error(page.words, why)
    certificate = searched.certificate(shown_from(query), THRESHOLD)
    title = _("Screening") if not asked_for else _("Screening: %(name)s", name=query.names[0][:80])
    rows = [
        (rank, one.match.id, one.match.caption, one.match.score, one.match.match, one.match.lists[0], one.as_of,
         "; ".join(words for _points, words in one.reasons), one.match.in_law)
        for rank, one in enumerate(found, 1)
    ]  # fmt: skip
    return render(
        page, "screening/search.html", title=title, active="screening",
        data={"query": query, "certificate": certificate}, tables={"matches": Table(_MATCHED, rows)},
        unread=[one.list for one in standings if one.held is None],
        query=query, asked_for=asked_for, found=found, problem=problem, certificate=certificate, standings=standings,
        kinds=kinds(page), fails=[(one, say_error(page.words, one.failed)) for one in standings if one.failed],
        born=page.query.get("born", ""), country=page.query.get("country", ""), threshold=THRESHOLD,
    )  # fmt: skip


def kinds(page: Page) -> tuple[tuple[str, str], ...]:
    """Kinds of subjects in words."""
    _ = page.words.gettext
    return (
        ("", _("Any kind")), ("person", _("Person")), ("organisation", _("Organisation")), ("vessel", _("Vessel")),
        ("aircraft", _("Aircraft")),
    )  # fmt: skip


def shown_from(query: Record) -> float:
    """The least score that is shown: lower where one word was typed, for a family name alone is never more alike."""
    return SHOWN_FROM if any(len(name.split()) > 1 for name in query.names) else ONE_WORD_FROM


def _query(page: Page) -> Record:
    """What was asked for, as a customer. Raises Malformed."""
    kind = asked.choice(page, "kind", KINDS[1:]) or ""
    name, born = page.query.get("name", "").strip(), page.query.get("born", "").strip()
    country = page.query.get("country", "").strip()
    record = Record(
        "", (name,) if name else (), kind, dates=(known_date(born),) if born else (),
        countries=(known_code(country),) if country else (), identifiers=typed(name),
    )  # fmt: skip
    return reviews.customer_of(record)


def _found(page: Page, searched: Searched, query: Record, one: Match) -> Found:
    held, _ = searched.target(one.id)
    reasons = tuple((reason.points, say_reason(page.words, reason)) for reason in one.reasons)
    known = reviews.pair(page.depositary.store, _pair(page, query, one).key, party_of(page))
    standing = reviews.standing(known, searched.record) if known else ""
    mark = replace(LAW.get(one.in_law or "", NOT_KNOWN), word=say_law(page.words, one.in_law))
    return Found(one, held.used.as_of, reasons, standing, mark)


def _pair(page: Page, customer: Record, one: Match) -> Pair:
    return Pair(party_of(page), customer, one.id, one.caption, one.score, page.clock_now)


@get("/screening/guide", include_in_schema=False, sync_to_thread=True)
def guide(page: NamedDependency[Page]) -> Answer[Any]:
    """What each threshold finds, and what it calls in vain."""
    _ = page.words.gettext
    said = {"title": _("Precision and recall by threshold"), "recall": _("recall"), "precision": _("precision"),
            "default": _("default"), "threshold": _("threshold")}  # fmt: skip
    levels = threshold_guide.levels()
    rows = [(one.threshold, one.recall, one.precision, one.alerts_per_1000) for one in levels]
    return render(
        page, "screening/guide.html", title=_("Where to draw the line"), active="screening",
        data={"threshold": THRESHOLD}, tables={"levels": Table(threshold_guide.COLUMNS, rows)},
        levels=levels, threshold=THRESHOLD, picture=Markup(threshold_guide.svg(THRESHOLD, said, page.decimal)),  # noqa: S704 - our own, escaped there
    )  # fmt: skip


# --- what people decide -----------------------------------------------------------------------------------------


@get("/screening/review", include_in_schema=False, sync_to_thread=True)
def queue(page: NamedDependency[Page]) -> Answer[Any]:
    """Pairs to be decided, then those that are: open ones first."""
    searched = searched_of(page)
    wanted = asked.choice(page, "standing", STANDINGS)
    every = [
        (one, reviews.standing(one, searched.record)) for one in reviews.pairs(page.depositary.store, party_of(page))
    ]
    shown = sorted((row for row in every if wanted in (None, row[1])), key=lambda row: STANDINGS.index(row[1]))
    cells = [
        (one.customer.id, one.customer.caption, one.target, one.caption, one.score, how,
         *((last.reason, last.reviewer, last.at) if (last := next(reversed(one.decisions), None)) else ("", "", None)))
        for one, how in shown
    ]  # fmt: skip
    counts = {name: sum(how == name for _one, how in every) for name in STANDINGS}
    chips = [(None, page.words.gettext("All"), len(every))]
    chips += [(name, said(page, name), counts[name]) for name in STANDINGS if counts[name]]  # type: ignore[misc]  # None first
    left = counts["open"] + counts["changed"] + counts["undecided"]
    title = page.words.ngettext("%(num)s pair to decide", "%(num)s pairs to decide", left)
    return render(
        page, "screening/queue.html", title=title, active="screening", data={"to_decide": left},
        tables={"pairs": Table(_REVIEWED, cells)}, rows=shown[:200], total=len(every), chips=chips, chosen=wanted,
        said=lambda name: said(page, name), verdicts=[(name, said(page, name)) for name in reviews.VERDICTS],
        may=_reviewer(page) is not None,
    )  # fmt: skip


def said(page: Page, standing: str) -> str:
    """How a pair stands, in words."""
    _ = page.words.gettext
    return {
        "open": _("Not looked at"), "changed": _("Changed since it was decided"), "undecided": _("Undecided"),
        "hit": _("Hit"), "no_hit": _("No hit"), "gone": _("No longer listed"),
    }[standing]  # fmt: skip


def _reviewer(page: Page) -> str | None:
    """Who decides: a read token's name, a seat, or whoever sits at this machine; None for an exercise's onlooker."""
    reader = reader_of(page.request)
    if page.seat is not None:
        return page.seat.id
    if reader.anybody:
        return None
    return f"{reader.party}: {reader.token}" if reader.token else page.words.gettext("on this machine")


@post("/screening/decide", include_in_schema=False)
async def decide(page: NamedDependency[Page], request: Request[Any, Any, Any]) -> Redirect:
    """Put a pair into the queue, or decide it."""
    form = {name: value for name, value in (await request.form()).multi_items() if isinstance(value, str)}
    searched, store, party = searched_of(page), page.depositary.store, party_of(page)
    who = _reviewer(page)
    if who is None:
        raise Unanswered("an onlooker decides nothing: choose a seat first", status=403)
    if "pair" in form:
        one = reviews.pair(store, form["pair"], party)
        if one is None:
            raise NotHere("there is no such pair in the review of your party")
        try:
            target = searched.record(one.target)
        except KeyError:
            raise NotHere("there is no entity {name!r} in the lists that are searched", name=one.target[:80]) from None
        reviews.decide(store, one, target, (form.get("verdict", ""), form.get("reason", "")), who, page.clock_now)
    else:
        page.query |= form
        query = _query(page)
        for match in searched.search(query, SHOWN, THRESHOLD, shown_from(query)):
            if match.id == form.get("target"):
                reviews.found(store, _pair(page, query, match))
    return Redirect(page.link("/screening/review"), status_code=303)


# --- a file of customers ----------------------------------------------------------------------------------------


def _batches(page: Page) -> Batches:
    batches: Batches = page.request.app.state.batches
    return batches


@get("/screening/batch", include_in_schema=False, sync_to_thread=True)
def batch_list(page: NamedDependency[Page]) -> Answer[Any]:
    """Where a file is sent, and those that were."""
    batches = _batches(page).every(party_of(page))
    rows = [(one.id, one.name, one.rows, one.total, one.done is not None) for one in batches]
    return render(
        page, "screening/batches.html", title=page.words.gettext("Screen a file of customers"), active="screening",
        data={"columns": COLUMNS}, tables={"batches": Table(("id", "file", "rows", "of", "done"), rows)},
        batches=batches, columns=COLUMNS, standings=searched_of(page).standings(),
    )  # fmt: skip


@post("/screening/send", include_in_schema=False, request_max_body_size=MOST_FILE_BYTES)
async def send_batch(page: NamedDependency[Page], request: Request[Any, Any, Any]) -> Redirect:
    """Take a file and begin."""
    sent = (await request.form()).get("file")
    name = getattr(sent, "filename", "") or ""
    if not name.lower().endswith((".csv", ".parquet")):
        raise Malformed("{path}: a file .csv or .parquet was expected", path=name[:80] or "-")
    searched, party = searched_of(page), party_of(page)
    if not searched.standings() or not searched.ready:
        raise Unanswered("not every list has been read: wait, or see what failed on the page of the lists", status=503)
    batch = _batches(page).begin(searched, party, name[:80], await sent.read(), lambda one: _to_review(page, one))  # type: ignore[union-attr]  # it has a file's name
    return Redirect(page.link(f"/screening/batch/{batch.id}"), status_code=303)


def _to_review(page: Page, batch: Batch) -> None:
    """Every hit of the file into the queue."""
    searched: Searched = page.request.app.state.searched
    with batch.out.open(encoding="utf-8", newline="") as text:
        hits = [dict(zip(HEADING, row, strict=True)) for row in list(csv.reader(text))[1:]]
    wanted = {hit["query_id"] for hit in hits}
    known = {row.record.id: row.record for row in customers(batch.file) if row.record and row.record.id in wanted}
    for hit in hits:
        caption = searched.record(hit["target_id"]).caption
        one = Pair(batch.party, known[hit["query_id"]], hit["target_id"], caption, float(hit["score"]), page.clock_now)
        reviews.found(page.depositary.store, one)


@get("/screening/batch/{id_:str}", include_in_schema=False, sync_to_thread=True)
def batch_page(page: NamedDependency[Page], id_: FromPath[str]) -> Answer[Any]:
    """How far a file is, and what came of it."""
    one = _batch(page, id_)
    failed = say_error(page.words, one.failed) if one.failed else None
    return render(
        page, "screening/batch.html", title=page.words.gettext("Screening of %(file)s", file=one.name),
        active="screening", data={"rows": one.rows, "of": one.total, "done": one.done, "failed": failed},
        batch=one, failed=failed, share=one.rows * 1000 // max(one.total, 1),
        bad=[say_because(page.words, row) for row in (one.done.bad[:BAD_SHOWN] if one.done else ())],
    )  # fmt: skip


@get("/screening/batch/{id_:str}/hits", include_in_schema=False, sync_to_thread=True)
def hits(page: NamedDependency[Page], id_: FromPath[str]) -> Answer[Any]:
    """The hits as CSV."""
    one = _batch(page, id_)
    if one.done is None:
        raise NotHere("the file is not screened to its end: its hits are not there yet")
    headers = {"content-disposition": f'attachment; filename="hits-{one.id}.csv"'}
    return Answer(one.out.read_bytes(), media_type=MediaType.TEXT, headers=headers)


def _batch(page: Page, id_: str) -> Batch:
    one = _batches(page).of(party_of(page), id_)
    if one is None:
        raise NotHere("there is no such file of your party: the newest ones are kept while the console runs")
    return one


routes: list[ControllerRouterHandler] = [
    look_up, guide, queue, decide, batch_list, send_batch, batch_page, hits,
]  # fmt: skip
