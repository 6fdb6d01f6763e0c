"""What in a source contradicts itself: its own totals against its rows, its files against each other.

Nothing is corrected. Each finding says what was found, what the rows give, and where.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from foedus.commitments.sources.donors import donor_name
from foedus.commitments.sources.model import Figure, Note, Place, Stage, Vintage
from foedus.commitments.sources.totals import Totals, totals
from foedus.compact.findings import Phrase

EURO = Decimal(1)
SHARE = Decimal("0.0001")  # percentage points
NEAR = Decimal("0.000001")  # of a published total, which is printed in billions to six places or more
_KIND = ("financial", "humanitarian", "military")


def findings(vintage: Vintage) -> tuple[Note, ...]:
    """Every contradiction found, each once, in the order of these functions; of a release without any, none."""
    sums = totals(vintage.rows, ("donor", "kind"))
    found = [
        *vintage.doubts,
        *_own_total(vintage),
        *_by_donor(vintage, sums),
        *_more_than_committed(sums, vintage),
        *_files(vintage, sums),
        *_percentages(vintage),
        *_after(vintage),
        *_unconverted(vintage),
    ]
    return tuple({(one.place, str(one.what)): one for one in found}.values())


def _billions(value: Decimal) -> str:
    return f"{value / 1_000_000_000:.3f}"


def _own_total(vintage: Vintage) -> Iterator[Note]:
    """A total that adds the shares of the members to a row for the union that gave them out counts them twice."""
    total, with_eu = vintage.figure("total"), vintage.figure("total_with_eu")
    union = vintage.figure("total", "EUE")
    if total is None or with_eu is None or union is None:
        return
    shares = with_eu.value - total.value
    others = sum(
        (row.eur or Decimal(0) for row in vintage.rows if row.donor in ("EPF", "EIB") and row.stage == "committed"),
        Decimal(0),
    )
    if abs(shares - union.value - others) < shares * NEAR * 10:
        yield Note(
            with_eu.place,
            Phrase(
                "the total of {found} bn EUR counts {twice} bn EUR of {whom} twice: as a donor and as the members’"
                " share; once it is {once}",
                found=_billions(with_eu.value),
                twice=_billions(union.value),
                whom=donor_name("EUE"),
                once=_billions(with_eu.value - union.value),
            ),
        )


def _by_donor(vintage: Vintage, sums: Totals) -> Iterator[Note]:
    """The summary by country against the sums of the rows."""
    stage: Stage = (
        "committed"
        if any(row.stage == "committed" and row.kind != "unspecified" for row in vintage.rows)
        else "allocated"
    )
    for figure in vintage.figures:
        if not figure.donor or figure.name not in (*_KIND, "total"):
            continue
        key = (figure.donor,) if figure.name == "total" else (figure.donor, figure.name)
        given = sums.eur(stage, *key)
        if abs(given - figure.value) > max(EURO, abs(figure.value) * NEAR):
            yield Note(
                figure.place,
                Phrase(
                    "{figure} of {whom} is printed as {found} bn EUR; the rows give {given}",
                    figure=figure.name,
                    whom=donor_name(figure.donor),
                    found=_billions(figure.value),
                    given=_billions(given),
                ),
            )


def _more_than_committed(sums: Totals, vintage: Vintage) -> Iterator[Note]:
    """Allocated above committed: a flag, which may have its reason, such as an extension not yet announced."""
    for code in sorted({line.key[0] for line in sums.lines}):
        committed, allocated = sums.eur("committed", code), sums.eur("allocated", code)
        if allocated > committed > 0:
            place = next(row.place for row in vintage.rows if row.donor == code and row.stage == "allocated")
            yield Note(
                Place(place.sheet),
                Phrase(
                    "{whom}: {allocated} bn EUR allocated, {committed} committed: {more} more than was promised",
                    whom=donor_name(code),
                    allocated=_billions(allocated),
                    committed=_billions(committed),
                    more=_billions(allocated - committed),
                ),
            )


def _files(vintage: Vintage, sums: Totals) -> Iterator[Note]:
    """Totals over all donors that other files of the same release print."""
    if vintage.form != "kiel-web":
        return
    for figure in vintage.figures:
        if figure.donor or figure.name not in (*_KIND, "total"):
            continue
        given = sum(
            (line.eur for line in sums.lines if line.stage == "allocated" and figure.name in ("total", line.key[1])),
            Decimal(0),
        )
        if abs(given - figure.value) > max(EURO, abs(figure.value) * NEAR):
            yield Note(
                figure.place,
                Phrase(
                    "{figure} adds up to {found} bn EUR here, to {given} in the rows by donor",
                    figure=figure.name,
                    found=_billions(figure.value),
                    given=_billions(given),
                ),
            )


def _percentages(vintage: Vintage) -> Iterator[Note]:
    """The same percentage printed twice, and different."""
    printed: dict[tuple[str, str], list[Figure]] = defaultdict(list)
    for figure in vintage.figures:
        if figure.name.startswith("pct_") and figure.donor:
            printed[figure.name, figure.donor].append(figure)
    for (_name, code), several in sorted(printed.items()):
        first, *others = several
        for other in others:
            if abs(first.value - other.value) > SHARE:
                yield Note(
                    first.place,
                    Phrase(
                        "{whom}: {one} % of GDP here, {other} % in {file}",
                        whom=donor_name(code),
                        one=f"{first.value:.4f}",
                        other=f"{other.value:.4f}",
                        file=other.place.sheet,
                    ),
                )


def _after(vintage: Vintage) -> Iterator[Note]:
    """What is said to have happened after the day up to which the source has data; a schedule may lie there."""
    for row in vintage.rows:
        until = vintage.data_until
        if until and row.last and row.last > until and row.stage not in ("pledged", "scheduled"):
            yield Note(
                row.place,
                Phrase(
                    "dated {found}, after the day up to which the release has data, {until}",
                    found=row.last.isoformat(),
                    until=until.isoformat(),
                ),
            )


def _unconverted(vintage: Vintage) -> Iterator[Note]:
    """Of a source that converts, the amounts that it left out of its own sums."""
    if not any(row.eur is not None and row.money and row.money.currency != "EUR" for row in vintage.rows):
        return
    for row in vintage.rows:
        if row.money is not None and row.eur is None and row.standing == "counted":
            yield Note(
                row.place,
                Phrase(
                    "{amount} {currency} without euros: the sums leave it out",
                    amount=str(row.money.amount),
                    currency=row.money.currency,
                ),
            )
