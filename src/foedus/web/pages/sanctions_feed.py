"""The package for others: rows with whether each is law, the signed head, and what came since any version.

Whoever follows it proves what it got (`foedus sanctions catch-up`); nothing here asks to be trusted.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from litestar import MediaType, get
from litestar import Response as Answer
from litestar.di import NamedDependency
from litestar.types import ControllerRouterHandler

from foedus import feed, feed_forms
from foedus.errors import Malformed
from foedus.web import asked
from foedus.web.frame import Table, render
from foedus.web.listed import Sanctions
from foedus.web.overviews import NEVER
from foedus.web.page import Page
from foedus.web.unanswered import NotHere

LINES = "application/x-ndjson"


def version(page: Page) -> feed.Version:
    """The package as the page shows it; of the present, made once until something is recorded or takes effect."""
    sanctions = Sanctions(page)
    until = min(sanctions.overview.until, feed.ahead(sanctions.state, page.at) or NEVER)
    return page.console.packages.of_feed(page.depositary.store, sanctions.state, page.at, until, past=page.past)


@get("/sanctions/feed", include_in_schema=False, sync_to_thread=True)
def feed_page(page: NamedDependency[Page]) -> Answer[Any]:
    """What the feed has, by whether it is law; as data and as CSV every row of it."""
    made = version(page)
    rows = [feed_forms.cells(row) for row in feed.read(made.rows)]
    law = Counter(row[feed_forms.COLUMNS.index("in_law")] for row in rows)
    data = {
        "at": made.at,
        "digest": made.digest,
        "rows": len(rows),
        "in_law": dict(law),
        "tables_not_held": made.missing,
    }
    title = page.words.ngettext(
        "%(num)s listing, of which %(law)s in law", "%(num)s listings, of which %(law)s in law", len(rows),
        law=page.number(law["yes"]),
    )  # fmt: skip
    return render(
        page, "sanctions/feed.html", title=title, active="sanctions", data=data,
        tables={"listings": Table(feed_forms.COLUMNS, rows)}, made=made, law=law, missing=list(made.missing),
        signed=_head(page, made) is not None,
    )  # fmt: skip


def _head(page: Page, made: feed.Version) -> bytes | None:
    """The signed note; None where no key is here, as at a desk, or for a past moment."""
    try:
        return None if page.past else feed.head(page.depositary, made, feed.NOTHING)
    except Malformed:
        return None


@get("/sanctions/feed/head", include_in_schema=False, sync_to_thread=True)
def head_file(page: NamedDependency[Page]) -> Answer[bytes]:
    """The newest version's signed note."""
    note = _head(page, version(page))
    if note is None:
        raise NotHere("no key of this record is here: ask the server that keeps it")
    return Answer(note, media_type=MediaType.TEXT)


@get("/sanctions/feed/listings.ftm.json", include_in_schema=False, sync_to_thread=True)
def rows_file(page: NamedDependency[Page]) -> Answer[bytes]:
    """Targets, then listings, as FollowTheMoney entities, one a line."""
    made, state = version(page), page.state.sanctions
    targets = b"".join(feed_forms.targets(page.depositary.store, state, feed.read(made.rows)))
    return Answer(targets + b"".join(made.rows.values()), media_type=LINES)


@get("/sanctions/feed/delta", include_in_schema=False, sync_to_thread=True)
def delta_file(page: NamedDependency[Page]) -> Answer[bytes]:
    """What came since the version of the moment `since`, whose rows have the digest `before`, in a record of `count`
    entries then; without these, from nothing.
    """
    if page.past:
        raise Malformed("a delta leads to the newest version: ask without `at` and `known`")
    made, since = version(page), page.moment("since")
    count = asked.number(page, "count", 0, 0, page.state.size)
    before = None
    if since is not None:
        before = feed.version(page.depositary.store, page.state.sanctions, min(since, made.at), count)
        if before.digest != page.query.get("before"):
            raise NotHere("the version of {at} is not what was asked for: begin anew", at=since.isoformat())
    try:
        return Answer(feed.write_delta(feed.delta(page.depositary, before, count, made)), media_type=LINES)
    except Malformed as problem:
        raise NotHere("{problem}", problem=problem) from None


routes: list[ControllerRouterHandler] = [feed_page, head_file, rows_file, delta_file]
