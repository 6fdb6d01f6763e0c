"""Who lists whom: targets by issuers, those with most gaps first, and the evidence of one cell and what closes it.

A union's listing is one act, shown for its members as through it. A gap is a target that somebody lists and this issuer
has neither in law nor owed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from litestar import Response as Answer
from litestar import get
from litestar.di import NamedDependency
from litestar.types import ControllerRouterHandler
from markupsafe import Markup, escape
from msgspec import Struct

from foedus.sanctions.matrix import Cell, Listed, applies_in
from foedus.web import asked, duties
from foedus.web.frame import Table, render, wanted
from foedus.web.listed import COLUMNS, Sanctions
from foedus.web.marks import Mark, draw
from foedus.web.overviews import columns
from foedus.web.package import Held
from foedus.web.page import Page
from foedus.words.titles import RESTRICTIONS

PAGE = 25
SHOWS = ("gaps", "back", "owed")
SUMMARY = ("target", "name", "gaps", "states")


class Row(Struct, frozen=True):
    """A target: what it is called, at how many issuers it is a gap, and in how many states it is law."""

    target: str
    name: str
    gaps: int
    states: int
    cells: tuple[Cell, ...]
    shown: tuple[Markup, ...]


class Evidence(Struct, frozen=True):
    """One cell: what is there, what others have, what was searched, and what closes a gap."""

    cell: Cell
    name: str
    mark: Mark
    others: tuple[Listed, ...]
    searched: tuple[tuple[str, Any, bool], ...]
    offer: duties.Offer | None
    next: str | None


@get("/sanctions/matrix", include_in_schema=False, sync_to_thread=True)
def matrix(page: NamedDependency[Page]) -> Answer[Any]:
    """`show`, `issuer`, `restriction`, `q` choose; `columns=parties` adds who lists nothing; `cell`: its evidence."""
    sanctions = Sanctions(page, asked.choice(page, "restriction", tuple(RESTRICTIONS)))
    issuers = _columns(sanctions)
    masks = columns(page.clauses, sanctions.overview.bits, issuers)
    chosen = _chosen(sanctions, masks)
    offset = asked.number(page, "offset", 0, 0, max(0, len(chosen) - 1) // PAGE * PAGE)
    html = wanted(page) == "html"
    screen = chosen[offset : offset + PAGE]
    rows = _rows(sanctions, screen, issuers, masks, html=html)
    every, counted = sanctions.overview.listing, sanctions.kept.counted(sanctions.overview, masks)
    escaping, by_issuer = counted.escaping, counted.by_issuer
    evidence = _evidence(sanctions, rows, issuers) if html else None
    return render(
        page, "sanctions/matrix.html", title=_title(page, len(every), escaping), active="sanctions",
        data={
            "targets": len(every), "shown": len(chosen), "with_gaps": escaping, "issuers": issuers,
            "gaps_by_issuer": by_issuer, "tables_not_held": sanctions.missing,
        },
        tables={} if not chosen else _tables(sanctions, chosen, issuers, masks, html=html),
        sanctions=sanctions, issuers=issuers, rows=rows, total=len(every), count=len(chosen), offset=offset, size=PAGE,
        chips=_chips(sanctions, len(every), escaping), show=page.query.get("show"), evidence=evidence,
        by_issuer=by_issuer,
        unions={one for one in issuers if not sanctions.heads(one)}, all_gaps=sum(by_issuer.values()),
        legend=_legend(page), restrictions=list(RESTRICTIONS),
        most=max(by_issuer, key=lambda one: by_issuer[one], default=None),
    )  # fmt: skip


def _columns(sanctions: Sanctions) -> list[str]:
    """Who lists, unions first; with `columns=parties` every party that is one."""
    page = sanctions.page
    if asked.choice(page, "columns", ("issuers", "parties")) != "parties":
        return sanctions.issuers
    others = {one for one in page.state.parties.tiers if one not in sanctions.issuers}
    return [*sanctions.issuers, *sorted(others, key=lambda one: page.sort_key(page.name(one)))]


def _chosen(sanctions: Sanctions, masks: dict[str, int]) -> list[str]:
    """The targets asked for, those with most gaps first."""
    page, overview = sanctions.page, sanctions.overview
    show = asked.choice(page, "show", SHOWS)
    issuer = asked.code(page, "issuer")
    words = (page.query.get("q") or "").casefold().split()
    counted = sanctions.kept.counted(overview, masks).by_mask
    named = sanctions.names
    found = []
    for target, mask in overview.listing.items():
        gap = counted[mask]
        if show == "gaps" and not gap:
            continue
        if (show == "back" and target not in overview.back) or (show == "owed" and target not in overview.owed):
            continue
        if issuer is not None and mask & masks.get(issuer, 0):
            continue
        if words and not all(word in f"{target} {named[target][0]}".casefold() for word in words):
            continue
        found.append((-gap, named[target][1], target))
    return [target for _, _, target in sorted(found)]


def _rows(
    sanctions: Sanctions, targets: Sequence[str], issuers: list[str], masks: dict[str, int], *, html: bool
) -> list[Row]:
    page = sanctions.page
    address = page.here(cell=None, format=None)
    link = f"{address}{'&' if '?' in address else '?'}cell="
    chosen, counted = asked.code(page, "cell"), sanctions.kept.counted(sanctions.overview, masks).by_mask
    found = []
    made = sanctions.cells(targets, issuers)
    for target, row in zip(targets, made, strict=True):
        name = sanctions.name(target)
        in_law = {one.listing.issuer for cell in row for one in _all(cell) if one.standing.in_law == "yes"}
        shown = tuple(_shown(sanctions, cell, name, link, chosen) for cell in row) if html else ()
        gaps = counted[sanctions.overview.listing[target]]
        found.append(Row(target, name, gaps, len(applies_in(page.clauses, in_law)), row, shown))
    return found


def _all(cell: Cell) -> Iterator[Listed]:
    yield from cell.own
    for _, one in cell.through:
        yield one


def mark_of(sanctions: Sanctions, cell: Cell) -> Mark:
    """What a cell shows: what is law there, else what stands, else what is left, else a gap."""
    _ = sanctions.page.words.gettext
    order = {"yes": 0, "owed": 1, "no": 2}
    own = sorted(cell.own, key=lambda one: (order[one.standing.in_law], -one.standing.place.entry))
    if own and own[0].standing.in_law != "no":
        return sanctions.mark(own[0].standing)
    for union, one in cell.through:
        if one.standing.in_law != "no":
            shape = sanctions.mark(one.standing)
            return Mark(shape.shape, shape.colour, _("through %(union)s", union=sanctions.page.name(union)))
    return sanctions.mark(own[0].standing) if own else Mark("square-dashed", "red", _("Gap"))


def _shown(sanctions: Sanctions, cell: Cell, name: str, link: str, chosen: str | None) -> Markup:
    """A cell of the table: symbol and word, and a link to its evidence. Made by hand: a page has a thousand."""
    mark, id_ = mark_of(sanctions, cell), f"{cell.issuer}/{cell.target}"
    label = escape(f"{name}, {sanctions.page.name(cell.issuer)}: {mark.word}")
    return Markup(  # noqa: S704  # ids are of letters and digits, what else is shown is escaped
        f'<td class="cell{" gap" if cell.gap else ""}{" chosen" if id_ == chosen else ""}">'
        f'<a href="{escape(link)}{id_}#evidence" aria-label="{label}">{draw(mark.shape, mark.colour)}'
        f"<span>{escape(mark.word)}</span></a></td>"
    )


def _title(page: Page, total: int, with_gaps: int) -> str:
    """The finding."""
    _ = page.words.gettext
    if not total:
        return _("Nothing is listed yet")
    if not with_gaps:
        return _("Every target is listed by every issuer")
    return page.words.ngettext(
        "%(num)s of %(total)s targets escapes at least one issuer",
        "%(num)s of %(total)s targets escape at least one issuer", with_gaps, total=page.number(total),
    )  # fmt: skip


def _chips(sanctions: Sanctions, every: int, escaping: int) -> list[tuple[str | None, str, int | None]]:
    _ = sanctions.page.words.gettext
    return [
        (None, _("Most gaps first"), every),
        ("gaps", _("With a gap"), escaping),
        ("back", _("Would snap back"), len(sanctions.overview.back)),
        ("owed", _("Act of law owed"), len(sanctions.overview.owed)),
    ]


def _legend(page: Page) -> list[tuple[Mark, str]]:
    _ = page.words.gettext
    return [
        (Mark("square", "listed", _("Listed")), _("in law")),
        (Mark("square-dot", "amber", _("Reinstated")), _("act of law owed")),
        (Mark("square-bars", "amber", _("Suspended, lifted")), _("not in law")),
        (Mark("square-half", "amber", _("Eased")), _("not wholly in law")),
        (Mark("square-plus", "ink", _("Proposed")), _("not in law")),
        (Mark("square-cross", "ink", _("Annulled by court, delisted, expired")), _("not in law")),
        (Mark("square-dashed", "red", _("Gap")), _("not listed here")),
    ]


def _tables(
    sanctions: Sanctions, chosen: list[str], issuers: list[str], masks: dict[str, int], *, html: bool
) -> dict[str, Table]:
    """Every target chosen, and every listing of them; only for data, a page shows a screenful."""
    made = [] if html else _rows(sanctions, chosen, issuers, masks, html=False)
    words = [
        (one.target, one.name, one.gaps, one.states, *(_word(cell) for cell in one.cells)) for one in made
    ]  # fmt: skip
    listings = [
        sanctions.row(listed, one.name, through)
        for one in made
        for cell in one.cells
        for through, listed in (*((None, own) for own in cell.own), *cell.through)
    ]
    return {"matrix": Table((*SUMMARY, *issuers), words), "listings": Table(COLUMNS, listings)}


def _word(cell: Cell) -> str:
    """A cell as one word of the rules: `adopted yes`, `gap`; through a union as `EUE: adopted yes`."""
    said = [f"{one.standing.status} {one.standing.in_law}" for one in cell.own]
    said += [f"{union}: {one.standing.status} {one.standing.in_law}" for union, one in cell.through]
    return "; ".join(said) or "gap"


# --- the evidence of one cell -------------------------------------------------------------------------------


def _evidence(sanctions: Sanctions, rows: list[Row], issuers: list[str]) -> Evidence | None:
    """Of the cell asked for, else of the first gap on the screen."""
    page = sanctions.page
    code = asked.code(page, "cell")
    on_screen = [cell for row in rows for cell in row.cells]
    found = next((cell for cell in on_screen if code == f"{cell.issuer}/{cell.target}"), None)
    if found is None and code is not None:
        issuer, _, target = code.partition("/")
        if target in sanctions.overview.listing and issuer in page.parties:
            found = next(sanctions.cells([target], [issuer]))[0]
    gaps = [cell for cell in on_screen if cell.gap]
    found = found or (gaps[0] if gaps else None)
    if found is None:
        return None
    row = next(sanctions.cells([found.target], issuers))
    others = [one for cell in row if cell.issuer != found.issuer for one in cell.own]
    others.sort(key=lambda one: (one.standing.in_law != "yes", page.sort_key(page.name(one.listing.issuer))))
    after = gaps[gaps.index(found) + 1 :] if found in gaps else gaps
    following = f"{after[0].issuer}/{after[0].target}" if after else None
    return Evidence(
        found, sanctions.name(found.target), mark_of(sanctions, found), tuple(others), _searched(sanctions, found),
        _closing(page, found, others), following,
    )  # fmt: skip


def _searched(sanctions: Sanctions, cell: Cell) -> tuple[tuple[str, Any, bool], ...]:
    """The lists that the issuer published, as deposited, and whether the target is on them."""
    entity = sanctions.entity(cell.target)
    keys = entity.listings if entity is not None else ()
    return tuple(
        (name, one.newest, any(_on(one, key, name) for key in keys))
        for name, one in sanctions.held.items()
        if one.newest.publisher == cell.issuer
    )


def _on(held: Held, key: str, name: str) -> bool:
    """Whether an entry, `list:id`, is on the newest version of this list."""
    of, _, id_ = key.partition(":")
    return of == name and id_ in held.entries and held.entries[id_][0] is held.newest


def _closing(page: Page, cell: Cell, others: list[Listed]) -> duties.Offer | None:
    """The act by which the reader's seat may propose to the issuer what most others have."""
    counts = Counter(one.listing.restriction for one in others if one.standing.in_law == "yes")
    if not cell.gap or not counts or page.seat is None or page.past:
        return None
    restriction = counts.most_common(1)[0][0]
    about = f"{cell.issuer}/{restriction}/{cell.target}"
    own = cell.issuer == page.seat.party
    acts = ("AdoptListing",) if own else ("ProposeListing",)
    return next((one for one in duties.offers(page, about) if one.act in acts), None)


routes: list[ControllerRouterHandler] = [matrix]
