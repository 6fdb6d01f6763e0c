"""A workbook in the shape of the tracker's country summary, and the empty one in which people enter commitments."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from foedus.commitments.sources.donors import donor_name
from foedus.commitments.sources.model import KINDS, STAGES, Stage, Vintage
from foedus.commitments.sources.plain_table import BASES, FIELDS, SHEET, STANDINGS
from foedus.commitments.sources.shares import Share, default_stage, shares
from foedus.commitments.sources.totals import totals

if TYPE_CHECKING:
    from collections.abc import Sequence

BILLION = Decimal(1_000_000_000)
TEMPLATE_ROWS = 2000  # below the header, for which cells are checked as they are filled in
_HEAD = (
    ("Country", ""),
    ("EU member", ""),
    ("Financial {stage}", "€ billion"),
    ("Humanitarian {stage}", "€ billion"),
    ("Military {stage}", "€ billion"),
    ("Total bilateral {stage}", "€ billion"),
    ("GDP (EUR)", "€ billion"),
    ("Total bilateral {stage}", "% GDP"),
    ("Share in total EU {stage}", "€ billion"),
    ("Share in total EU {stage}", "% GDP"),
    ("Total bilateral and EU assistance", "€ billion"),
    ("Total bilateral and EU assistance", "% GDP"),
)
_WORDS: dict[Stage, str] = {"committed": "commitments", "allocated": "allocations", "delivered": "deliveries"}


def to_summary(vintage: Vintage, stage: Stage | None = None) -> bytes:
    """The summary by country: donors in order of their names, a total that counts the union's organs once.

    Kinds other than the three of the tracker are in the total alone.
    """
    import xlsxwriter

    chosen = stage or default_stage(vintage)
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Country Summary")
        bold = book.add_format({"bold": True})
        sheet.write(0, 0, "Numbers by country", bold)
        for column, (head, unit) in enumerate(_HEAD):
            sheet.write(2, column, head.format(stage=_WORDS.get(chosen, chosen)), bold)
            sheet.write(3, column, unit)
        sheet.freeze_panes(4, 1)
        _fill(sheet, vintage, chosen)
    return out.getvalue()


def _fill(sheet: Any, vintage: Vintage, stage: Stage) -> None:
    sums = totals(vintage.rows, ("donor", "kind"))
    by_name = sorted(shares(vintage, stage), key=lambda one: donor_name(one.donor).casefold())
    for at, one in enumerate(by_name, 4):
        member = 1 if one.donor in vintage.members else 0
        kinds = [sums.eur(stage, one.donor, kind) for kind in ("financial", "humanitarian", "military")]
        _write(sheet, at, (donor_name(one.donor), member), kinds, one)
    whole = sum((one.eur for one in by_name), Decimal(0))
    at = len(by_name) + 4
    sheet.write(at, 0, "Total")
    sheet.write(at, 1, ".")
    for column, kind in enumerate(("financial", "humanitarian", "military"), 2):
        sheet.write(at, column, float(sum((sums.eur(stage, one.donor, kind) for one in by_name), Decimal(0)) / BILLION))
    sheet.write(at, 5, float(whole / BILLION))


def _write(sheet: Any, at: int, head: tuple[str, int], kinds: Sequence[Decimal], one: Share) -> None:
    """A row; a cell stays empty where there is no figure: zero would be one."""
    billions = [*kinds, one.eur, one.gdp]
    values: list[Decimal | None] = [None if value is None else value / BILLION for value in billions]
    share = None if one.eu_share is None else one.eu_share / BILLION
    of_gdp = None if one.eu_share is None or not one.gdp else one.eu_share / one.gdp * 100
    values += [one.pct, share, of_gdp, None if one.with_eu is None else one.with_eu / BILLION, one.pct_with_eu]
    for column, said in enumerate(head):
        sheet.write(at, column, said)
    for column, value in enumerate(values, len(head)):
        if value is not None:
            sheet.write(at, column, float(value))


def template() -> bytes:
    """An empty table whose cells are checked as they are filled in: kinds, stages, amounts that are not negative."""
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet(SHEET)
        bold, days = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
        for column, field in enumerate(FIELDS):
            sheet.write(0, column, field, bold)
            check = _CHECKS.get(field)
            if check:
                sheet.data_validation(1, column, TEMPLATE_ROWS, column, check)
        for column in (FIELDS.index("date"), FIELDS.index("until")):
            sheet.set_column(column, column, 12, days)
        sheet.freeze_panes(1, 1)
    return out.getvalue()


def _one_of(words: Sequence[str]) -> dict[str, object]:
    return {"validate": "list", "source": list(words), "error_title": "?", "error_message": ", ".join(words)[:255]}


_NOT_NEGATIVE: dict[str, object] = {"validate": "decimal", "criteria": ">=", "value": 0}
_CHECKS: dict[str, dict[str, object]] = {
    "kind": _one_of(KINDS),
    "stage": _one_of(STAGES),
    "basis": _one_of(BASES),
    "standing": _one_of(STANDINGS),
    "currency": {"validate": "length", "criteria": "==", "value": 3},
    "amount": _NOT_NEGATIVE,
    "eur": _NOT_NEGATIVE,
    "rate": _NOT_NEGATIVE,
}
