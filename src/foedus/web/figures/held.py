"""Two figures of property that is held: where it is, on a map, and how its money flowed, from the ledger alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from foedus.reparations.acts import Value
from foedus.reparations.state import FUND, Asset, Moving, shown
from foedus.web.charts import Drawing, Frame, Link, Node, Shade, land, sankey
from foedus.web.charts.land import outline
from foedus.web.figures.making import Figure
from foedus.web.frame import Table
from foedus.web.held import BILLION, Held, largest

# From how many billions, of whatever currency a figure is in, and the place of its fill. The last: not disclosed.
CLASSES = ((Decimal(100), 0), (Decimal(10), 1), (Decimal(0), 2))
HIDDEN = 4
MOST_BOXES, MOST_ROWS, OTHERS = 8, 200, "others"  # of one kind in a drawing; of a table within a page
WHERE = ("party", "name", "assets", "highest_of", "low", "high", "currency", "as_of", "discloser")
MOVEMENTS = ("number", "source", "to", "amount", "currency", "instrument", "at", "entry", "reference")
COLUMNS = {"asset": 0, "income": 1, "proceeds": 1, "fund": 2, "loan": 2, "award": 3, "payment": 4}


def where(held: Held) -> Figure:
    """Each party by the highest single figure of what lies in its jurisdiction; no two figures are added."""
    page, _ = held.page, held.page.words.gettext
    by_party: dict[str, list[Asset]] = {}
    for one in held.assets:
        by_party.setdefault(one.party, []).append(one)
    rows: list[tuple[object, ...]] = []
    cells: list[Sequence[str]] = []
    shades: dict[str, Shade] = {}
    for code, several in by_party.items():
        name, best, of = page.name(code), *_highest(several)
        said = held.much(best) if best else _("not disclosed") if _beyond(code) else ""
        fill = next(place for least, place in CLASSES if Decimal(best.high) / BILLION >= least) if best else HIDDEN
        count = page.words.ngettext("%(num)s asset", "%(num)s assets", len(several))
        shades[code] = Shade(name, fill, said, f"{name}: {said or _('not disclosed')} ({count})")
        ends = (of, best.low, best.high, best.currency, best.as_of, best.discloser) if best else (None,) * 6
        rows.append((code, name, len(several), *ends))
        cells.append(
            (name, page.number(len(several)), f"{of}: {held.much(best)}", page.day(best.as_of), best.discloser)
            if best
            else (name, page.number(len(several)), _("not disclosed"), "—", "—")
        )
    for figure in held.collection.figures:
        if figure.party and not figure.disclosed and figure.party not in shades:
            name = page.name(figure.party)
            said = _("not disclosed") if _beyond(figure.party) else ""
            shades[figure.party] = Shade(name, HIDDEN, said, f"{name}: {_('not disclosed')}")
            rows.append((figure.party, name, 0, *(None,) * 4, figure.as_of, page.say(figure.discloser)))
            cells.append((name, "0", _("not disclosed"), held.as_of(figure), page.say(figure.discloser)))
    shades |= {code: Shade(page.name(code)) for code in page.parties if code not in shades}
    parties = dict(sorted(shades.items(), key=lambda one: (one[1].fill is None, one[1].fill or 0)))
    title = page.words.ngettext(
        "Property is on record in the jurisdiction of %(num)s party",
        "Property is on record in the jurisdictions of %(num)s parties", len(by_party),
    )  # fmt: skip
    classes = _classes(held, has_hidden=any(one.fill == HIDDEN for one in shades.values()))
    return Figure(
        "where", title,
        _("Shade: the highest single figure by who holds it, in the currency in which it was said; nothing is added."),
        _("Boundaries imply no position; Crimea is shown as Ukraine, within its recognised borders."),
        Table(WHERE, rows), (_("Party"), _("On record"), _("Highest figure"), _("As of"), _("Discloser")), cells,
        lambda frame, width: land(frame, parties, classes, _("Beyond the map, and unions"), width), _source(held),
    )  # fmt: skip


def _highest(several: list[Asset]) -> tuple[Value | None, str]:
    """The figure that reaches highest among those of several assets, and the asset it is of."""
    best, of = None, ""
    for one in several:
        value = largest(one.figures)
        if value is not None and (best is None or Decimal(value.high) > Decimal(best.high)):
            best, of = value, one.id
    return best, of


def _beyond(code: str) -> bool:
    return code not in outline()["paths"]


def _classes(held: Held, *, has_hidden: bool) -> list[tuple[int | None, str]]:
    _ = held.page.words.gettext
    found: list[tuple[int | None, str]] = [
        (0, _("100 bn and more")), (1, _("10 to 100 bn")), (2, _("less than 10 bn")),
    ]  # fmt: skip
    if has_hidden:
        found.append((HIDDEN, _("by who holds it: not disclosed")))
    return [*found, (None, _("a party with nothing on record"))]


def _source(held: Held) -> str:
    page = held.page
    record = page.state.parties.record
    said = page.words.gettext(
        "The record %(origin)s as of %(day)s", origin=record.origin if record else "", day=page.day(page.at.date())
    )  # fmt: skip
    return f"{page.words.gettext('EXERCISE')}. {said}" if page.exercise else said


# --- the flow ---------------------------------------------------------------------------------------------------


def flows(held: Held) -> list[Figure]:
    """One figure for each currency in which money moved, in the order of names."""
    currencies = sorted({one.currency for _, one in held.moved})
    return [flow(held, one) for one in currencies]


def flow(held: Held, currency: str) -> Figure:
    """Where money came from and where it went, in one currency."""
    page, _ = held.page, held.page.words.gettext
    moved = [(number, one) for number, one in held.moved if one.currency == currency]
    fund = sum(one.amount for _number, one in moved if one.to == FUND)
    out = sum(one.amount for _number, one in moved if one.source == FUND)
    title = _("%(came)s came into the fund, %(went)s went out of it", came=held.cents(fund, currency),
              went=held.cents(out, currency))  # fmt: skip
    sums = bands([one for _number, one in moved])
    passed = _passed(sums)
    nodes = [
        Node(id_, COLUMNS[id_.partition("/")[0]], _label(held, id_), held.cents(passed[id_], currency), _fill(id_))
        for id_ in sorted(passed, key=_order)
    ]
    links = [
        Link(source, to, Decimal(amount) / 100, held.cents(amount, currency)) for (source, to), amount in sorted(
            sums.items(), key=lambda one: (_order(one[0][0]), _order(one[0][1])))
    ]  # fmt: skip
    heads = (_("Assets"), _("What they bring"), _("Fund and loans"), _("Awards"), _("Paid"))
    left = _("It knows what is on record, and proves nothing of what a bank holds.")
    if len(moved) > MOST_ROWS:
        left += " " + _("The table has the newest %(most)s movements; CSV has all.", most=page.number(MOST_ROWS))
    return Figure(
        f"flow-{currency}", title,
        _("In %(currency)s alone, exact to the cent; each band is as wide as its sum.", currency=currency), left,
        Table(MOVEMENTS, [_row(number, one) for number, one in moved]),
        (_("Number"), _("From"), _("To"), _("Amount"), _("By which act"), _("Entry")),
        [(page.number(number), held.account(one.source), held.account(one.to), held.cents(one.amount, currency),
          one.instrument, page.number(one.place.entry)) for number, one in moved[-MOST_ROWS:]],
        lambda frame, width: _drawn(frame, nodes, links, heads, width), _source(held),
    )  # fmt: skip


def bands(moved: Iterable[Moving]) -> dict[tuple[str, str], int]:
    """How much went from box to box, in cents. Of each kind the largest have boxes of their own, the others share one,
    so that nothing is left out.
    """
    sums: dict[tuple[str, str], int] = {}
    for one in moved:
        for pair in _pairs(one):
            sums[pair] = sums.get(pair, 0) + one.amount
    by_kind: dict[str, list[tuple[int, str]]] = {}
    for id_, amount in _passed(sums).items():
        by_kind.setdefault(id_.partition("/")[0], []).append((-amount, id_))
    shared = {
        id_: f"{kind}/{OTHERS}" for kind, several in by_kind.items() if len(several) > MOST_BOXES
        for _amount, id_ in sorted(several)[MOST_BOXES - 1 :]
    }  # fmt: skip
    found: dict[tuple[str, str], int] = {}
    for (source, to), amount in sums.items():
        pair = shared.get(source, source), shared.get(to, to)
        found[pair] = found.get(pair, 0) + amount
    return found


def _passed(sums: Mapping[tuple[str, str], int]) -> dict[str, int]:
    """What passed each box: what came in or went out, whichever is more."""
    came: dict[str, int] = {}
    went: dict[str, int] = {}
    for (source, to), amount in sums.items():
        went[source] = went.get(source, 0) + amount
        came[to] = came.get(to, 0) + amount
    return {id_: max(came.get(id_, 0), went.get(id_, 0)) for id_ in (went | came)}


def _drawn(frame: Frame, nodes: list[Node], links: list[Link], heads: Sequence[str], width: int) -> Drawing:
    return sankey(frame, nodes, links, heads, width)


def _pairs(one: Moving) -> list[tuple[str, str]]:
    """A movement as bands: what comes of an asset goes through a box that says whether it is income or proceeds."""
    kind, _slash, of = one.source.partition("/")
    if kind == "income":
        return [(f"asset/{of}", "income"), ("income", one.to)]
    if kind == "asset":
        return [(one.source, "proceeds"), ("proceeds", one.to)]
    return [(one.source, one.to)]


def _order(id_: str) -> tuple[int, int, int, str]:
    """Columns from left to right; in each the fund first, then by the number at the end."""
    kind, _slash, of = id_.partition("/")
    number = of.rpartition("-")[2]
    place = 10**9 if of == OTHERS else int(number) if number.isdecimal() else 0
    return COLUMNS[kind], list(COLUMNS).index(kind), place, of


def _fill(id_: str) -> int:
    return {"asset": 0, "income": 1, "proceeds": 1, "fund": 0, "loan": 3, "award": 1, "payment": 2}[
        id_.partition("/")[0]
    ]


def _label(held: Held, id_: str) -> str:
    _ = held.page.words.gettext
    kind, _slash, of = id_.partition("/")
    if of == OTHERS:
        return _("all others")
    if kind == "asset":
        found = held.asset(of)
        return f"{of} {held.holder(found)}" if found else of
    if kind in ("income", "proceeds"):
        return _("income") if kind == "income" else _("proceeds")
    return _("paid, %(id)s", id=of) if kind == "payment" else held.account(id_)


def movements(held: Held) -> Table:
    """Every movement, in every currency."""
    return Table(MOVEMENTS, [_row(number, one) for number, one in held.moved])


def _row(number: int, one: Moving) -> tuple[object, ...]:
    return (number, one.source, one.to, shown(one.amount), one.currency, one.instrument, one.place.at,
            one.place.entry, one.reference or None)  # fmt: skip
