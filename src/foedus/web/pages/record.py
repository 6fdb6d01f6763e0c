"""The record: every entry, what it says, what proves it, and how to check it without this server."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from litestar import Response as Answer
from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.types import ControllerRouterHandler
from msgspec import Struct

from foedus.acts import ACT_NAMES
from foedus.record.keys import encode_base64
from foedus.record.note import format_vkey, parse_note
from foedus.web import asked, entries, witnesses
from foedus.web.entries import Row
from foedus.web.frame import Table, render
from foedus.web.index import index_of
from foedus.web.page import Page
from foedus.web.pages import record_entry
from foedus.web.reading import (
    checkpoint,
    keys_file,
    log_key,
    proof_of,
    recorded,
    several,
    with_entry,
)
from foedus.web.unanswered import NotHere
from foedus.words.titles import ACTS, title

ON_A_PAGE = 50
KEPT_CHECKPOINTS = 20
WITNESSES = ("seat", "outside", "size", "at")
COLUMNS = ("entry", "received_at", "party", "seat", "act", "said")


class Part(Struct, frozen=True):
    """One page of the list: its rows newest first, and the pages before and after it."""

    rows: Sequence[Row]
    total: int
    page: int
    pages: int


@get("/record", include_in_schema=False, sync_to_thread=True)
def entry_list(page: NamedDependency[Page]) -> Answer[Any]:
    """Entries, newest first: `act`, `party`, `from`, `to` choose, `page` turns."""
    size = entries.known_size(page)
    act, party = asked.choice(page, "act", ACT_NAMES), asked.code(page, "party")
    start = asked.number(page, "from", 0)
    end = min(size, asked.number(page, "to", size) + 1)
    index = index_of(page.depositary)
    acts, parties = index.counts(size)
    found = part(page, index.numbers(min(start, end), end, act, party), asked.number(page, "page", 1, 1))
    _ = page.words.gettext
    names = [(id_, name_of(page, id_), count) for id_, count in parties.items()]
    kinds = [(kind, title(page.words, ACTS, kind), count) for kind, count in acts.items()]
    return render(
        page, "record/list.html", title=list_title(page, size), active="record",
        data={"total": found.total, "page": found.page, "pages": found.pages},
        tables={"entries": Table(COLUMNS, [cells(row) for row in found.rows])},
        found=found, size=size, act=act, party=party, start=start if "from" in page.query else None,
        end=end - 1 if "to" in page.query else None,
        acts=sorted(kinds, key=lambda kind: page.sort_key(kind[1])),
        parties=sorted(names, key=lambda name: page.sort_key(name[1])),
        stated=stated(page), settled=witnesses.standing(page),
        filtered=bool(act or party or "from" in page.query or "to" in page.query),
    )  # fmt: skip


def list_title(page: Page, size: int) -> str:
    """How much the record holds."""
    return page.words.ngettext("The record holds %(num)s entry", "The record holds %(num)s entries", size)


def part(page: Page, numbers: Sequence[int], chosen: int) -> Part:
    """The rows of one page of the list. Raises 404 beyond the last."""
    total = len(numbers)
    pages = max(1, -(-total // ON_A_PAGE))
    if chosen > pages:
        raise NotHere("the list has {pages} pages; page {chosen} was asked for", pages=pages, chosen=chosen)
    high = total - (chosen - 1) * ON_A_PAGE
    here = numbers[max(0, high - ON_A_PAGE) : high]
    if isinstance(here, range):
        found = list(several(page, here.start, here.stop)) if here else []
    else:
        found = [recorded(page, number) for number in here]
    return Part([entries.row(page, item.number, item.data) for item in reversed(found)], total, chosen, pages)


def cells(found: Row) -> tuple[object, ...]:
    """A row as plain values."""
    return (found.number, found.at, found.party, found.seat, found.act, found.said)


def name_of(page: Page, id_: str) -> str:
    """A party's name, or the depositary's."""
    return page.words.gettext("Depositary") if id_ == entries.DEPOSITARY else page.name(id_)


def stated(page: Page) -> record_entry.Stated | None:
    """The newest checkpoint; None while nothing is signed."""
    try:
        note, found = checkpoint(page)
    except NotHere:
        return None
    signers = tuple(one.name for one in parse_note(note).signatures)
    key = format_vkey(log_key(page))
    return record_entry.Stated(found.origin, found.size, encode_base64(found.root), note.decode(), key, signers)


@get("/record/checkpoint", include_in_schema=False, sync_to_thread=True)
def checkpoint_page(page: NamedDependency[Page]) -> Answer[Any]:
    """The newest checkpoint line by line, the key that signs it, and those before it."""
    newest = stated(page)
    if newest is None:
        raise NotHere("this record has no signed checkpoint yet")
    earlier = [size for size, _ in page.depositary.store.checkpoints(KEPT_CHECKPOINTS + 1)]
    earlier = [size for size in earlier if size != newest.size]
    settled = witnesses.standing(page)
    rows = [(one.seat, one.outside, one.size, one.at) for one in settled.rows] if settled else []
    covers = page.words.ngettext(
        "A signed checkpoint covers %(num)s entry", "A signed checkpoint covers %(num)s entries", newest.size
    )
    return render(
        page, "record/checkpoint.html", title=covers, active="record", data=newest,
        tables={"earlier": Table(("size",), [(size,) for size in earlier]), "witnesses": Table(WITNESSES, rows)},
        stated=newest, earlier=earlier, uncovered=page.state.size - newest.size, settled=settled,
    )  # fmt: skip


@get("/record/keys.txt", include_in_schema=False, sync_to_thread=True)
def keys_txt(page: NamedDependency[Page]) -> Answer[bytes]:
    """The key that signs checkpoints, as a file."""
    return download(keys_file(page), "keys.txt", "text/plain")


@get("/record/{number:int}", include_in_schema=False, sync_to_thread=True)
def entry_page(page: NamedDependency[Page], number: FromPath[int]) -> Answer[Any]:
    """One entry: the check, the words signed, what followed, its place, and how to verify it."""
    found = recorded(page, number)
    if page.past and number >= entries.known_size(page):
        raise NotHere("entry {number} was not recorded at the moment asked for", number=number)
    return record_entry.show(page, found, stated(page))


@get("/record/{number:int}/{name:str}", include_in_schema=False, sync_to_thread=True)
def entry_file(page: NamedDependency[Page], number: FromPath[int], name: FromPath[str]) -> Answer[bytes]:
    """`entry-N.tlog-proof`, or `entry-N.json`: the entry's exact bytes."""
    found = recorded(page, number)
    if name == f"entry-{number}.json":
        return download(found.data, name, "application/json")
    if name == f"entry-{number}.tlog-proof":
        return download(with_entry(proof_of(page, number), found.data), name, "text/plain")
    raise NotHere("entry {number} has no file {name!r}", number=number, name=name[:60])


def download(data: bytes, name: str, kind: str) -> Answer[bytes]:
    """A file to keep, not to open in place."""
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Answer(data, media_type=kind, headers=headers)


routes: list[ControllerRouterHandler] = [
    entry_list, checkpoint_page, keys_txt, entry_page, entry_file,
]  # fmt: skip
