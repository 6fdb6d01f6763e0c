"""How many of what, with a whisker where numbers are not disclosed."""

from __future__ import annotations

from foedus.commitments.sources.totals import units
from foedus.web.charts import Bar, bars
from foedus.web.figures.making import Figure, Maker
from foedus.web.frame import Table

MOST_ITEMS = 12


def items(make: Maker) -> Figure | None:
    """How many of what, with a whisker where numbers are not disclosed."""
    _, tracked, words = make._, make.tracked, make.page.words
    every = [one for one in units(make.rows) if one.item]
    if not every:
        return None
    hidden = [one for one in every if one.undisclosed]
    stages = list(dict.fromkeys(one.stage for one in every))
    drawn: list[Bar] = []
    for stage in stages:
        ranked = sorted((one for one in every if one.stage == stage), key=lambda one: (-one.at_least, one.item))
        drawn.append(Bar(tracked.stage_words(stage, start=True), heading=True))
        drawn += [
            Bar(
                one.item,
                (one.stated,),
                words.number(one.stated)
                if not one.undisclosed
                else _("%(low)s or more", low=words.number(one.at_least)),
                low=one.at_least if one.undisclosed else None,
                high=one.at_most,
                open=one.at_most is None,
                fill=stages.index(stage),
            )
            for one in ranked
            if one.at_least <= 5_000
        ][:MOST_ITEMS]
    title = (
        words.ngettext(
            "Of %(num)s item the number is not fully disclosed",
            "Of %(num)s items the number is not fully disclosed",
            len(hidden),
        )
        if hidden
        else words.ngettext("%(num)s kind of item is counted", "%(num)s kinds of items are counted", len(every))
    )
    table = Table(
        ("item", "stage", "stated", "at_least", "at_most", "undisclosed_rows"),
        [(one.item, one.stage, one.stated, one.at_least, one.at_most, one.undisclosed) for one in every],
    )
    cells = [
        (
            one.item,
            tracked.stage_words(one.stage),
            words.number(one.stated),
            words.number(one.at_least),
            "—" if one.at_most is None else words.number(one.at_most),
            words.number(one.undisclosed),
        )
        for one in every
    ]
    heads = (_("Item"), _("Stage"), _("Stated"), _("At least"), _("At most"), _("Rows not disclosed"))
    shows = _("Pieces; the line runs from what is certain to what may be, with an arrow where nobody says how many.")
    left = _(
        "The %(most)s largest of each stage, without what comes in many thousands; the table has all.",
        most=words.number(MOST_ITEMS),
    )
    return make(
        "items",
        title,
        (shows, left),
        (table, heads, cells),
        lambda frame, width: bars(frame, drawn, (), width, make.say),
    )
