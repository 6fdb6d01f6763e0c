"""Vintages of trackers that are kept here, what each did not take and why, and what changed between two of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from litestar import Response as Answer
from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.types import ControllerRouterHandler

from foedus.commitments.sources.difference import Difference, difference
from foedus.commitments.sources.doubts import findings
from foedus.commitments.sources.model import Note, Row
from foedus.commitments.sources.totals import totals
from foedus.vintages import Entry, chosen
from foedus.web import asked
from foedus.web.frame import Table, render
from foedus.web.page import Page
from foedus.web.tracked import Tracked
from foedus.web.unanswered import NotHere

VINTAGES = ("vintage", "at", "publisher", "release", "form", "data_until", "rows_digest", "files", "licence", "taken",
            "skipped", "doubts")  # fmt: skip
NOTES = ("sheet", "row", "column", "what")
MOVED = ("donor", "name", "kind", "stage", "before", "after", "by")
CHANGES = ("change", "id", "donor", "stage", "field", "before", "after")
MOST = 100


@get("/commitments/vintages", include_in_schema=False, sync_to_thread=True)
def vintage_list(page: NamedDependency[Page]) -> Answer[Any]:
    """Every vintage, newest data first."""
    tracked = Tracked(page)
    every = tracked.entries
    title = page.words.ngettext(
        "%(num)s vintage of a tracker is kept", "%(num)s vintages of trackers are kept", len(every)
    )
    return render(
        page, "commitments/vintages.html", title=title, active="commitments", data={"vintages": len(every)},
        tables={"vintages": Table(VINTAGES, [_cells(one) for one in every])}, tracked=tracked, every=every,
    )  # fmt: skip


def _cells(one: Entry) -> tuple[object, ...]:
    return (
        one.table, one.at, one.publisher, one.release, one.form, one.data_until, one.rows_digest,
        " ".join(f"{name}={digest}" for name, digest in one.files.items()),
        one.licence or None, one.taken, one.skipped, one.doubts,
    )  # fmt: skip


@get("/commitments/vintages/{digest:str}", include_in_schema=False, sync_to_thread=True)
def vintage_page(page: NamedDependency[Page], digest: FromPath[str]) -> Answer[Any]:
    """One vintage: what it is, what was not taken, and what contradicts itself in it."""
    tracked = Tracked(page)
    if not any(one.table.startswith(digest) for one in tracked.entries):
        raise NotHere("no vintage here has the digest {digest}", digest=digest[:64])
    entry = chosen(tracked.entries, digest)
    whole = tracked.of(entry)
    doubts = findings(whole)
    sums = totals(whole.rows)
    earlier = [one for one in tracked.entries if one.publisher == entry.publisher and one.table != entry.table]
    title = page.words.gettext(
        "%(release)s: %(taken)s rows taken, %(skipped)s not", release=tracked.release(entry),
        taken=page.number(entry.taken), skipped=page.number(entry.skipped),
    )  # fmt: skip
    return render(
        page, "commitments/vintage.html", title=title, active="commitments", data=entry,
        tables={
            "skipped": Table(NOTES, [_note(tracked, one) for one in whole.skipped]),
            "findings": Table(NOTES, [_note(tracked, one) for one in doubts]),
            "stages": Table(("stage", "eur", "rows", "not_found"), [
                (one.stage, one.eur, one.rows, one.not_found) for one in sums.lines]),
        },
        tracked=tracked, entry=entry, skipped=whole.skipped, findings=doubts, sums=sums.lines, others=earlier,
    )  # fmt: skip


def _note(tracked: Tracked, one: Note) -> tuple[object, ...]:
    return one.place.sheet, one.place.row, one.place.column, tracked.note(one)


@get("/commitments/difference", include_in_schema=False, sync_to_thread=True)
def difference_page(page: NamedDependency[Page]) -> Answer[Any]:
    """What changed from the vintage `old` to the vintage `new`: totals that moved, and rows."""
    tracked = Tracked(page)
    if not tracked.entries:
        raise NotHere("no vintage of a tracker is kept here")
    new = chosen(tracked.entries, asked.code(page, "new") or tracked.entries[0].table)
    old = chosen(tracked.entries, asked.code(page, "old") or _before(tracked, new).table)
    found = difference(tracked.of(old), tracked.of(new))
    _ = page.words.gettext
    title = _(
        "%(moved)s totals moved; rows: %(added)s added, %(gone)s gone, %(changed)s changed",
        moved=page.number(len(found.moved)), added=page.number(len(found.added)),
        gone=page.number(len(found.gone)), changed=page.number(len(found.changed)),
    )  # fmt: skip
    largest = sorted(found.moved, key=lambda one: (-abs(one.by), one.donor, one.kind, one.stage))
    return render(
        page, "commitments/difference.html", title=title, active="commitments",
        data={"old": old, "new": new},
        tables={
            "moved": Table(MOVED, [
                (one.donor, tracked.donor(one.donor), one.kind, one.stage, one.before, one.after, one.by)
                for one in largest]),
            "changes": Table(CHANGES, list(_changes(found))),
        },
        tracked=tracked, old=old, new=new, found=found, moved=largest[:MOST], most=MOST,
    )  # fmt: skip


def _before(tracked: Tracked, new: Entry) -> Entry:
    """The same publisher's vintage before this one; itself where there is none."""
    after = tracked.entries[tracked.entries.index(new) + 1 :]
    return next((one for one in after if one.publisher == new.publisher), new)


def _changes(found: Difference) -> Iterator[tuple[object, ...]]:
    """Every row that changed, field by field, as plain values."""
    for change, rows in (("added", found.added), ("gone", found.gone)):
        for row in rows:
            yield (
                change,
                row.id,
                row.donor,
                row.stage,
                "eur",
                *((row.eur, None) if change == "gone" else (None, row.eur)),
            )
    for one in found.changed:
        for field in one.fields:
            before, after = (_plain(row, field) for row in (one.before, one.after))
            yield "changed", one.after.id, one.after.donor, one.after.stage, field, before, after


def _plain(row: Row, field: str) -> str:
    value = getattr(row, field)
    return "" if value is None else str(value)


routes: list[ControllerRouterHandler] = [vintage_list, vintage_page, difference_page]
