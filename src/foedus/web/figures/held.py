"""Two figures of property that is held: where it is, on a map, and how its money flowed, from the ledger alone."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from foedus.reparations.state import FUND, Moving
from foedus.web.charts import Drawing, Frame, Link, Node, Shade, land, sankey
from foedus.web.charts.land import outline
from foedus.web.figures.making import Figure
from foedus.web.frame import Table
from foedus.web.held import BILLION, Held, largest

# From how many billions, of whatever currency a figure is in, and the place of its fill. The last: not disclosed.
CLASSES = ((Decimal(100), 0), (Decimal(10), 1), (Decimal(0), 2))
HIDDEN = 4
WHERE = ("party", "name", "asset", "low", "high", "currency", "as_of", "discloser")
MOVEMENTS = ("number", "source", "to", "amount", "currency", "instrument", "at", "entry")
COLUMNS = {"asset": 0, "income": 1, "proceeds": 1, "fund": 2, "loan": 2, "award": 3, "payment": 4}


def where(held: Held) -> Figure:
    """Each party by the highest single figure of what lies in its jurisdiction; no two figures are added."""
    page, _ = held.page, held.page.words.gettext
    by_party: dict[str, list[tuple[str, object]]] = {}
    rows: list[tuple[object, ...]] = []
    cells: list[Sequence[str]] = []
    shades: dict[str, Shade] = {}
    for one in held.assets:
        value = largest(one.figures)
        by_party.setdefault(one.party, []).append((one.id, value))
        ends = (value.low, value.high, value.currency, value.as_of, value.discloser) if value else (None,) * 5
        rows.append((one.party, page.name(one.party), one.id, *ends))
        cells.append((
            page.name(one.party), f"{one.id}, {one.holder}", held.much(value) if value else _("not disclosed"),
            page.day(value.as_of) if value else "—", value.discloser if value else "—",
        ))  # fmt: skip
    for code, several in by_party.items():
        values = [value for one in held.assets if one.party == code and (value := largest(one.figures))]
        best = max(values, key=lambda one: Decimal(one.high), default=None)
        name = page.name(code)
        said = held.much(best) if best else _("not disclosed") if _beyond(code) else ""
        fill = next(place for least, place in CLASSES if Decimal(best.high) / BILLION >= least) if best else HIDDEN
        more = page.words.ngettext("%(num)s asset", "%(num)s assets", len(several))
        shades[code] = Shade(name, fill, said, f"{name}: {said or _('not disclosed')} ({more})")
    for figure in held.collection.figures:
        if figure.party and not figure.disclosed and figure.party not in shades:
            name = page.name(figure.party)
            shades[figure.party] = Shade(name, HIDDEN, _("not disclosed") if _beyond(figure.party) else "",
                                         f"{name}: {_('not disclosed')}")  # fmt: skip
            rows.append((figure.party, name, None, None, None, None, figure.as_of, held.page.say(figure.discloser)))
            cells.append((name, "—", _("not disclosed"), held.as_of(figure), page.say(figure.discloser)))
    known = len(by_party)
    shades |= {code: Shade(page.name(code)) for code in page.parties if code not in shades}
    parties = dict(sorted(shades.items(), key=lambda one: (one[1].fill is None, one[1].fill or 0)))
    title = page.words.ngettext(
        "Property is on record in the jurisdiction of %(num)s party",
        "Property is on record in the jurisdictions of %(num)s parties", known,
    )  # fmt: skip
    classes = _classes(held, has_hidden=any(one.fill == HIDDEN for one in shades.values()))
    return Figure(
        "where", title,
        _("Shade: the highest single figure by who holds it, in the currency in which it was said; nothing is added."),
        _("Boundaries imply no position; Crimea is shown as Ukraine, within its recognised borders."),
        Table(WHERE, rows), (_("Party"), _("Asset"), _("Value"), _("As of"), _("Discloser")), cells,
        lambda frame, width: land(frame, parties, classes, _("Beyond the map, and unions"), width), _source(held),
    )  # fmt: skip


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
    sums: dict[tuple[str, str], int] = {}
    for _number, one in moved:
        for pair in _pairs(one):
            sums[pair] = sums.get(pair, 0) + one.amount
    passed: dict[str, int] = {}
    for id_ in {id_ for pair in sums for id_ in pair}:
        came = sum(amount for (_from, to), amount in sums.items() if to == id_)
        passed[id_] = max(came, sum(amount for (source, _to), amount in sums.items() if source == id_))
    nodes = [
        Node(id_, COLUMNS[id_.partition("/")[0]], _label(held, id_), held.cents(passed[id_], currency), _fill(id_))
        for id_ in sorted(passed, key=_order)
    ]
    links = [
        Link(source, to, Decimal(amount) / 100, held.cents(amount, currency)) for (source, to), amount in sorted(
            sums.items(), key=lambda one: (_order(one[0][0]), _order(one[0][1])))
    ]  # fmt: skip
    heads = (_("Assets"), _("What they bring"), _("Fund and loans"), _("Awards"), _("Paid"))
    return Figure(
        f"flow-{currency}", title,
        _("In %(currency)s alone, exact to the cent; each band is as wide as its sum.", currency=currency),
        _("It knows what is on record, and proves nothing of what a bank holds."),
        Table(MOVEMENTS, [_row(number, one) for number, one in moved]),
        (_("Number"), _("From"), _("To"), _("Amount"), _("By which act"), _("Entry")),
        [(page.number(number), held.account(one.source), held.account(one.to), held.cents(one.amount, currency),
          one.instrument, page.number(one.place.entry)) for number, one in moved],
        lambda frame, width: _drawn(frame, nodes, links, heads, width), _source(held),
    )  # fmt: skip


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
    return COLUMNS[kind], list(COLUMNS).index(kind), int(number) if number.isdecimal() else 0, of


def _fill(id_: str) -> int:
    return {"asset": 0, "income": 1, "proceeds": 1, "fund": 0, "loan": 3, "award": 1, "payment": 2}[
        id_.partition("/")[0]
    ]


def _label(held: Held, id_: str) -> str:
    _ = held.page.words.gettext
    kind, _slash, of = id_.partition("/")
    if kind == "asset":
        found = held.asset(of)
        return f"{of} {found.holder}" if found else of
    if kind in ("income", "proceeds"):
        return _("income") if kind == "income" else _("proceeds")
    return _("paid, %(id)s", id=of) if kind == "payment" else held.account(id_)


def movements(held: Held) -> Table:
    """Every movement, in every currency."""
    return Table(MOVEMENTS, [_row(number, one) for number, one in held.moved])


def _row(number: int, one: Moving) -> tuple[object, ...]:
    return (number, one.source, one.to, Decimal(one.amount) / 100, one.currency, one.instrument, one.place.at,
            one.place.entry)  # fmt: skip
