"""Where the parties of the record's own account lie, each shaded by its sum: not its worth to anyone."""

from __future__ import annotations

from decimal import Decimal

from foedus.commitments.state import Bounds
from foedus.web.accounted import Accounted, ends
from foedus.web.charts import Shade, land
from foedus.web.charts.land import beyond
from foedus.web.figures.making import Figure
from foedus.web.figures.mapped import no_position
from foedus.web.figures.own import ENDS, cells_of, figure, unit_code
from foedus.web.frame import Table

MONEY_CLASSES = (Decimal(10_000), Decimal(1_000), Decimal(100))  # millions of euros: from how many a fill is darker
FRACTIONS = (Decimal("0.5"), Decimal("0.1"), Decimal("0.01"))  # of things: of the largest sum
FILLS, LEAST, HIDDEN = (0, 1, 2), 4, 3


def mapped(of: Accounted) -> Figure | None:
    """Parties by what is certain of their sums at the chosen stage; who discloses nothing is marked as that."""
    _, page = of.page.words.gettext, of.page
    given = {key[0]: amount for key, amount in of.sums("party", stage=of.stage).items()}
    sums = {code: of.scaled(amount) for code, amount in given.items()}
    ranked = sorted(sums, key=lambda one: (-sums[one].low, -ends(sums[one])[1], one))
    if not ranked:
        return None
    most = sums[ranked[0]].low
    least = MONEY_CLASSES if of.money else tuple(most * part for part in FRACTIONS)
    far = set(beyond(sums))
    shades: dict[str, Shade] = {}
    for code in ranked:
        fill, said = _fill(sums[code], least), of.span(sums[code])
        full = _("%(name)s: %(much)s", name=page.name(code), much=of.said(given[code]))
        shades[code] = Shade(page.name(code), fill, said if fill in (0, 1) or code in far else "", full)
    shades |= {code: Shade(page.name(code)) for code in page.parties if code not in shades}
    hidden = any(one.fill == HIDDEN for one in shades.values())
    table = Table(("party", "name", "stage", "unit", *ENDS), [
        (code, page.name(code), of.stage, unit_code(of), *cells_of(given[code])) for code in ranked])  # fmt: skip
    cells = [(page.name(code), of.span(sums[code])) for code in ranked]
    title = page.words.ngettext(
        "%(stage)s by %(num)s party; %(party)s the most, %(much)s",
        "%(stage)s by %(num)s parties; %(party)s the most, %(much)s", len(ranked),
        stage=of.owed.stage(of.stage), party=page.name(ranked[0]), much=of.said(given[ranked[0]]),
    )  # fmt: skip
    shows = _("%(stage)s, %(unit)s, shaded by what is certain.", stage=of.owed.stage(of.stage), unit=of.unit_words)
    unit = of.unit_words
    return figure(
        of, "map", title, (f"{shows} {no_position(page)}", of.left_out),
        (table, (_("Party"), unit[:1].upper() + unit[1:]), cells),
        lambda frame, width: land(frame, shades, _classes(of, least, hidden=hidden), _("Beyond the map"), width),
    )  # fmt: skip


def _fill(amount: Bounds, least: tuple[Decimal, ...]) -> int | None:
    low, high = ends(amount)
    if low > 0:
        return next((fill for fill, limit in zip(FILLS, least, strict=True) if low >= limit), LEAST)
    return HIDDEN if high > 0 or amount.open else None


def _classes(of: Accounted, least: tuple[Decimal, ...], *, hidden: bool) -> list[tuple[int | None, str]]:
    _ = of.page.words.gettext
    said = [of.fixed(one) for one in least]
    shaded: list[tuple[int | None, str]] = [
        (FILLS[0], _("%(low)s %(unit)s and more", low=said[0], unit=of.unit_words)),
        (FILLS[1], _("%(low)s to %(high)s", low=said[1], high=said[0])),
        (FILLS[2], _("%(low)s to %(high)s", low=said[2], high=said[1])),
        (LEAST, _("less")),
    ]
    return [
        *(shaded if least[0] else []),
        *([(HIDDEN, _("nothing certain: a range, or not disclosed"))] if hidden else []),
        (None, _("a party with nothing in this unit")),
    ]
