"""Where a vintage's donors lie, each party shaded by how much it gave. A sum of money, not of its worth to anyone."""

from __future__ import annotations

from decimal import Decimal

from foedus.commitments.sources.donors import INSTITUTIONS
from foedus.web.charts import Shade, land
from foedus.web.figures.making import Figure, Maker, not_found
from foedus.web.frame import Table
from foedus.web.page import Page
from foedus.web.tracked import BILLION, ZERO

# From how many billions of euros, and the place of its fill: darker is more, and the least is hatched.
CLASSES = ((Decimal(10), 0), (Decimal(1), 1), (Decimal("0.1"), 2), (ZERO, 4))


def mapped(make: Maker) -> Figure | None:
    """Parties by how much they gave, in four classes; donors that are no parties stand in the table alone."""
    _, tracked, page = make._, make.tracked, make.page
    sums = make.totals("donor")
    eur = {line.key[0]: line.eur for line in sums.lines if line.stage == make.stage}
    ranked = sorted(eur, key=lambda one: (-eur[one], one))
    if not ranked:
        return None
    named = {one: _shade(make, one, eur[one]) for one in ranked if one in page.parties or one in INSTITUTIONS}
    given = sum(shade.fill is not None and one in page.parties for one, shade in named.items())
    parties = {**named, **{one: Shade(page.name(one)) for one in page.parties if one not in named}}
    without = [one for one in ranked if one not in named]
    title = page.words.ngettext(
        "%(num)s party gave something; %(donor)s the most, %(eur)s bn EUR",
        "%(num)s parties gave something; %(donor)s the most, %(eur)s bn EUR", given,
        donor=tracked.donor(ranked[0]), eur=tracked.billions(eur[ranked[0]]),
    )  # fmt: skip
    left = [not_found(make, sums.lines)] if not_found(make, sums.lines) else []
    if without:
        several = page.words.ngettext(
            "Not shaded: %(num)s donor that is no party.", "Not shaded: %(num)s donors that are no parties.",
            len(without),
        )  # fmt: skip
        left.append(several)
    classes = _classes(make)
    table = Table(
        ("donor", "name", "party", "stage", "eur"),
        [(one, tracked.donor(one), one in page.parties, make.stage, eur[one]) for one in ranked],
    )
    cells = [
        (tracked.donor(one), _("yes") if one in page.parties else _("no"), tracked.billions(eur[one])) for one in ranked
    ]
    return make(
        "map", title, (f"{make.measure()} {no_position(page)}", " ".join(left)),
        (table, (_("Donor"), _("Party"), _("bn EUR")), cells),
        lambda frame, width: land(frame, parties, classes, _("Beyond the map, and institutions"), width),
    )  # fmt: skip


def no_position(page: Page) -> str:
    """What a reader must know of every boundary here."""
    return page.words.gettext(
        "Boundaries imply no position; Crimea is shown as Ukraine, within its recognised borders."
    )


def _shade(make: Maker, code: str, eur: Decimal) -> Shade:
    name, said = make.tracked.donor(code), make.tracked.billions(eur, 1)
    fill = next(place for least, place in CLASSES if eur / BILLION >= least) if eur > 0 else None
    full = make._("%(name)s: %(eur)s bn EUR", name=name, eur=make.tracked.billions(eur))
    return Shade(name, fill, said if fill in (0, 1) or code not in _drawn() else "", full)


def _drawn() -> frozenset[str]:
    from foedus.web.charts.land import outline

    return frozenset(outline()["paths"])


def _classes(make: Maker) -> list[tuple[int | None, str]]:
    _ = make._
    (most, one), (more, two), (some, three), (_least, four) = CLASSES
    said = [make.tracked.fixed(value, places) for value, places in ((most, 0), (more, 0), (some, 1))]
    return [
        (one, _("%(low)s bn EUR and more", low=said[0])),
        (two, _("%(low)s to %(high)s", low=said[1], high=said[0])),
        (three, _("%(low)s to %(high)s", low=said[2], high=said[1])),
        (four, _("less")),
        (None, _("a party of which it says nothing")),
    ]
