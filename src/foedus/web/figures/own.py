"""Sums of the record's own account as figures: at each stage, by party, by year. Every bar is what is certain, its
whisker what is not disclosed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from foedus.commitments.state import Bounds
from foedus.web.accounted import Accounted, Key, ends, whole
from foedus.web.charts import Bar, Drawing, Frame, bars
from foedus.web.charts.drawing import FILLS
from foedus.web.figures.making import UNDATED, Figure
from foedus.web.frame import Table

MOST, MOST_STAGES = 15, 6  # parties that have a bar of their own
# The fill of each stage, as in the bar of a tranche: the further it has come, the darker.
STAGE_FILLS = {"intended": 5, "committed": 5, "scheduled": 4, "allocated": 2, "delivered": 1, "received": 3,
               "verified": 0}  # fmt: skip
ENDS = ("low", "high", "open")
Drawn = Callable[[Frame, int], Drawing]


def figure(
    of: Accounted, name: str, title: str, said: tuple[str, str],
    table: tuple[Table, Sequence[str], Sequence[Sequence[str]]], draw: Drawn,
) -> Figure:  # fmt: skip
    """A figure of this account."""
    return Figure(f"own-{name}", title, *said, table[0], tuple(table[1]), table[2], draw, of.source)


def bar(of: Accounted, label: str, parts: Sequence[Bounds], *, fill: int | None = None) -> Bar:
    """What is certain of each part, with a whisker over what is not."""
    total = whole(parts)
    return ranged(label, [of.scaled(one) for one in parts], of.much(total), fill=fill)


def ranged(label: str, parts: Sequence[Bounds], said: str, *, fill: int | None = None) -> Bar:
    """A bar as long as what is certain, and its whisker; the sums as they are drawn. Where one was taken over by others
    the bar is not divided.
    """
    low, high = ends(whole(parts))
    is_open = any(one.open for one in parts)
    lows = tuple(ends(one)[0] for one in parts)
    lows = lows if all(one >= 0 for one in lows) and sum(lows) == low else (max(Decimal(0), low),)
    if low == high and not is_open:
        return Bar(label, lows, said, fill=fill)
    return Bar(label, lows, said, low=max(Decimal(0), low), high=max(Decimal(0), high), open=is_open, fill=fill)


def cells_of(amount: Bounds | None) -> tuple[object, object, object]:
    """A sum as a table has it."""
    return (None, None, None) if amount is None else (*ends(amount), amount.open)


def kinds_of(of: Accounted, sums: dict[Key, Bounds], place: int) -> tuple[list[str], list[str]]:
    """The kinds that stand at a place of the keys, the largest first, with their words: as many as there are fills."""
    by_kind: dict[str, Decimal] = {}
    for key, amount in sums.items():
        by_kind[key[place]] = by_kind.get(key[place], Decimal(0)) + amount.low
    found = sorted(by_kind, key=lambda one: (-by_kind[one], one))
    if len(found) > len(FILLS):
        found = [*found[: len(FILLS) - 1], ""]
    return found, [of.owed.kind(one) if one else of.page.words.gettext("other kinds") for one in found]


def parted(sums: dict[Key, Bounds], kinds: Sequence[str], place: int) -> list[Bounds]:
    """Sums by kind; those of kinds without a fill of their own are in the last."""
    found = dict.fromkeys(kinds, Bounds())
    for key, amount in sums.items():
        kind = key[place] if key[place] in found else ""
        found[kind] = found[kind].plus(amount)
    return list(found.values())


def measured(of: Accounted) -> str:
    """What is shown, as the line under a title begins."""
    _ = of.page.words.gettext
    return _("%(stage)s, %(unit)s; the line at a bar is what is not disclosed.", stage=of.owed.stage(of.stage),
             unit=of.unit_words)  # fmt: skip


def by_stage(of: Accounted) -> Figure | None:
    """What is committed, set aside, delivered and verified: of all, and of the parties that committed most."""
    _, sums = of.page.words.gettext, of.sums("party", "stage")
    stages = [one for one in of.stages if any(key[1] == one for key in sums)]
    if not stages:
        return None
    most: dict[str, Decimal] = {}
    for (party, _stage), amount in sums.items():
        most[party] = max(most.get(party, Decimal(0)), ends(amount)[1])
    ranked = sorted(most, key=lambda one: (-most[one], one))
    every = {one: whole(amount for key, amount in sums.items() if key[1] == one) for one in stages}

    def group(label: str, found: dict[str, Bounds]) -> list[Bar]:
        several = [bar(of, stage_small(of, one), [found[one]], fill=STAGE_FILLS[one]) for one in stages if one in found]
        return [Bar(label, heading=True), *several]

    one_party = len(ranked) == 1
    drawn = group(of.page.name(ranked[0]) if one_party else _("All parties"), every)
    for party in () if one_party else ranked[:MOST_STAGES]:
        drawn += group(of.page.name(party), {one: sums[party, one] for one in stages if (party, one) in sums})
    listed = [(party, of.page.name(party), stage, sums[party, stage]) for party in ranked for stage in stages
              if (party, stage) in sums]  # fmt: skip
    table = Table(("party", "name", "stage", "unit", *ENDS), [
        (party, name, stage, unit_code(of), *cells_of(amount)) for party, name, stage, amount in listed])  # fmt: skip
    cells = [(_("All parties"), *(of.much(every[one]) for one in stages))]
    cells += [(of.page.name(party), *(of.much(sums.get((party, one))) for one in stages)) for party in ranked]
    first, last = "committed" if "committed" in stages else stages[0], stages[-1]
    title = _("%(stage)s: %(much)s", stage=of.owed.stage(first), much=of.said(every[first]))  # fmt: skip
    if last != first:
        title += f"; {stage_small(of, last)}: {of.much(every[last])}"
    shows = _(
        "%(unit)s at each stage; stages are never added together. The line at a bar is what is not disclosed.",
        unit=of.unit_words[:1].upper() + of.unit_words[1:],
    )
    heads = (_("Party"), *(of.owed.stage(one) for one in stages))
    return figure(of, "stages", title, (shows, of.left_out), (table, heads, cells),
                  lambda frame, width: bars(frame, drawn, (), width, of.tick))  # fmt: skip


def stage_small(of: Accounted, stage: str) -> str:
    """A stage within a sentence."""
    said = of.owed.stage(stage)
    return said[:1].lower() + said[1:]


def unit_code(of: Accounted) -> str:
    """The unit of the page as a table has it."""
    return "EUR" if of.money else of.unit


def by_party(of: Accounted) -> Figure | None:
    """Who owes or gave most, by kind."""
    _, sums = of.page.words.gettext, of.sums("party", "kind", stage=of.stage)
    if not sums:
        return None
    kinds, words = kinds_of(of, sums, 1)
    totals = {party: whole(amount for key, amount in sums.items() if key[0] == party) for party, _kind in sums}
    ranked = sorted(totals, key=lambda one: (-totals[one].low, -ends(totals[one])[1], one))
    parts = {one: parted({key: amount for key, amount in sums.items() if key[0] == one}, kinds, 1) for one in ranked}
    drawn = [bar(of, of.page.name(one), parts[one]) for one in ranked[:MOST]]
    if rest := ranked[MOST:]:
        label = of.page.words.ngettext("%(num)s other party", "%(num)s other parties", len(rest))
        drawn.append(bar(of, label, [whole(column) for column in zip(*(parts[one] for one in rest), strict=True)]))
    table = Table(("party", "name", "stage", "unit", *(kind or "others" for kind in kinds), *ENDS), [
        (one, of.page.name(one), of.stage, unit_code(of), *(ends(part)[0] for part in parts[one]),
         *cells_of(totals[one])) for one in ranked])  # fmt: skip
    cells = [(of.page.name(one), *map(of.much, parts[one]), of.much(totals[one])) for one in ranked]
    title = leading(of, ranked[0], totals[ranked[0]], several=len(ranked) > 1)
    return figure(of, "parties", title, (measured(of), of.left_out), (table, (_("Party"), *words, _("Total")), cells),
                  lambda frame, width: bars(frame, drawn, words, width, of.tick))  # fmt: skip


def leading(of: Accounted, party: str, amount: Bounds, *, several: bool) -> str:
    """Whose sum is the largest; of one party alone how much it is."""
    _ = of.page.words.gettext
    if not several:
        return _("%(name)s: %(much)s", name=of.page.name(party), much=of.said(amount))
    return _("%(party)s: the most, %(much)s", party=of.page.name(party), much=of.said(amount))


def by_year(of: Accounted) -> Figure | None:
    """Each year by kind, and what has no date."""
    _, sums = of.page.words.gettext, of.sums("year", "kind", stage=of.stage)
    if not sums:
        return None
    kinds, words = kinds_of(of, sums, 1)
    years = sorted({key[0] for key in sums})
    parts = {year: parted({key: amount for key, amount in sums.items() if key[0] == year}, kinds, 1) for year in years}
    totals = {year: whole(parts[year]) for year in years}
    drawn = [bar(of, of.year_words(one), parts[one]) for one in years]
    best = max((one for one in years if one != UNDATED), key=lambda one: totals[one].low, default=UNDATED)
    table = Table(("year", "stage", "unit", *(kind or "others" for kind in kinds), *ENDS), [
        (one, of.stage, unit_code(of), *(ends(part)[0] for part in parts[one]), *cells_of(totals[one])) for one in years
    ])  # fmt: skip
    cells = [(of.year_words(one), *map(of.much, parts[one]), of.much(totals[one])) for one in years]
    title = _("%(year)s: the most in one year, %(much)s", year=of.year_words(best),
              much=of.said(totals[best]))  # fmt: skip
    return figure(of, "years", title, (measured(of), of.left_out), (table, (_("Year"), *words, _("Total")), cells),
                  lambda frame, width: bars(frame, drawn, words, width, of.tick))  # fmt: skip
