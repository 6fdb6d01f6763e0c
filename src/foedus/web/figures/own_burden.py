"""Who carries which share by the record's own account: in all, of GDP, a head, of defence spending; with and without
its share in what a union gave.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from foedus.commitments.burden import Carried
from foedus.commitments.state import Bounds
from foedus.vintages import MEASURES
from foedus.web.accounted import PER, TOTAL, Accounted, ends
from foedus.web.charts import Bar, bars
from foedus.web.figures.making import Figure
from foedus.web.figures.own import ENDS, cells_of, figure, ranged
from foedus.web.frame import Table

MOST = 20  # parties that have a bar
ZERO = Decimal(0)


def burden(of: Accounted) -> Figure | None:
    """Every party's share by the denominator that was chosen; the table has all of them."""
    _ = of.page.words.gettext
    every = of.carried() if of.money else []
    every = [one for one in every if one.alone != Bounds() or one.share != Bounds()]
    if not every:
        return None
    shared = any(one.share != Bounds() for one in every)
    known = {one.party: of.share(one.party, one.together, of.per) for one in every}
    ranked = sorted(every, key=lambda one: _rank(known[one.party], one.party))
    drawn = [_bar(of, one) for one in ranked[:MOST] if known[one.party] is not None]
    union = of.page.words.items(of.page.name(one) for one in sorted(of.unions))
    first = known[ranked[0].party]
    if first is None:
        title = _("Nobody’s share is found: no figures of %(per)s", per=of.per_words(of.per))
    elif of.per == TOTAL:
        name, much = of.page.name(ranked[0].party), of.said(ranked[0].together)
        title = (_("%(party)s carries the most, %(much)s", party=name, much=much) if len(ranked) > 1
                 else _("%(party)s carries %(much)s", party=name, much=much))  # fmt: skip
    else:
        title = _("%(party)s: the most by %(per)s, %(share)s", party=of.page.name(ranked[0].party),
                  per=of.per_words(of.per), share=_said(of, first))  # fmt: skip
    series = [_("by itself"), _("its share in what %(union)s gave", union=union)] if shared else []
    table = _table(of, ranked, union, shared=shared)
    return figure(of, "shares", title, (_shows(of, union), _lacking(of, every)), table,
                  lambda frame, width: bars(frame, drawn, series, width, of.tick))  # fmt: skip


def _rank(share: Bounds | None, party: str) -> tuple[bool, Decimal, Decimal, str]:
    return (True, ZERO, ZERO, party) if share is None else (False, -share.low, -ends(share)[1], party)


def _bar(of: Accounted, one: Carried) -> Bar:
    """What is certain by itself and through its share; of a union what is left to it."""
    name, together = of.page.name(one.party), of.share(one.party, one.together, of.per)
    share = of.share(one.party, one.share, of.per) or Bounds()
    assert together is not None, "only those of whom a share is found have a bar"
    if share.low < 0:
        return ranged(name, [together], _said(of, together))
    alone = of.share(one.party, one.alone, of.per) or Bounds()
    return ranged(name, [alone, share], _said(of, together))


def _said(of: Accounted, share: Bounds | None, per: str = "") -> str:
    """A share as a page has it: three decimals of a percentage, money as elsewhere."""
    if share is None:
        return of.page.words.gettext("not found")
    measure = per or of.per
    places = {TOTAL: None, "population": 2}.get(measure, 3)
    if measure in (TOTAL, "population") or not any(ends(share)):
        return of.span(share, places)
    said = f"{of.span(Bounds(share.low, share.high), places)}\u00a0%"
    return of.page.words.gettext("%(amount)s or more", amount=said) if share.open else said


def _shows(of: Accounted, union: str) -> str:
    _ = of.page.words.gettext
    said = _("%(stage)s, by party, in %(unit)s; the line at a bar is what is not disclosed.",
             stage=of.owed.stage(of.stage),
             unit=of.unit_words if of.per == TOTAL else of.per_words(of.per))  # fmt: skip
    if of.stage == "allocated":
        said += " " + _("It stands with who pays: a refund or a share is a transfer between funders, and no new aid.")
    elif union:
        said += " " + _(
            "Shares in what %(union)s gave are taken over when something is set aside: they are at that stage.",
            union=union,
        )
    return said


def _lacking(of: Accounted, every: Sequence[Carried]) -> str:
    """Which denominators nobody has kept here, where the figures are from, and what no sum of money holds."""
    _, page = of.page.words.gettext, of.page
    said = []
    if missing := [one for one in MEASURES if of.denominators[one] is None]:
        said.append(_("Not found, as no table is kept here: %(per)s (%(command)s).",
                      per=page.words.items(of.per_words(one) for one in missing),
                      command=f"foedus import {'|'.join(missing)} FILE DIR"))  # fmt: skip
    for measure, known in of.denominators.items():
        words = of.per_words(measure)
        if known is None:
            continue
        licence = f", {known.licence}" if known.licence else ""
        said.append(_("%(per)s: %(file)s, kept on %(day)s%(licence)s.", per=words[:1].upper() + words[1:],
                      file=known.file, day=page.day(known.kept_on), licence=licence))  # fmt: skip
        if without := [page.name(one.party) for one in every if not known.figures.get(one.party)]:
            said.append(_("Not found of: %(parties)s.", parties=page.words.items(without)))
    return " ".join([*said, of.left_out]).strip()


def _table(
    of: Accounted, ranked: Sequence[Carried], union: str, *, shared: bool
) -> tuple[Table, Sequence[str], list[Sequence[str]]]:  # fmt: skip
    """Every denominator, without and with the share; low and high apart as data."""
    _, page = of.page.words.gettext, of.page
    forms = ("alone", "with_share") if shared else ("alone",)
    columns = [f"{per}_{form}_{end}" for per in PER for form in forms for end in ENDS]
    rows: list[Sequence[object]] = []
    cells: list[Sequence[str]] = []
    for one in ranked:
        sums = {"alone": one.alone, "with_share": one.together}
        rows.append((one.party, page.name(one.party), of.stage, *(
            cell for per in PER for form in forms
            for cell in cells_of(sums[form] if per == TOTAL else of.share(one.party, sums[form], per)))))  # fmt: skip
        cells.append((page.name(one.party), *(
            _said(of, of.share(one.party, sums[form], per), per) for per in PER for form in forms)))  # fmt: skip
    heads = [_("Party")]
    for per in PER:
        words = of.unit_words if per == TOTAL else of.per_words(per)
        heads.append(words[:1].upper() + words[1:])
        if shared:
            heads.append(_("%(per)s, with its share in what %(union)s gave", per=heads[-1], union=union))
    return Table(("party", "name", "stage", *columns), rows), heads, cells
