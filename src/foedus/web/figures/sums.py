"""Sums of a vintage: by donor, by stage, by year."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from foedus.commitments.sources.model import Stage
from foedus.commitments.sources.totals import Totals
from foedus.web.charts import Bar, bars
from foedus.web.figures.making import UNDATED, Figure, Maker, in_billions, not_found
from foedus.web.frame import Table
from foedus.web.tracked import BILLION, ZERO

MOST = 15  # donors that have a bar of their own
MOST_STAGES = 6


def by_donor(make: Maker) -> Figure | None:
    """Who gave most, by kind."""
    _, tracked = make._, make.tracked
    sums = make.totals("donor", "kind")
    at = [line for line in sums.lines if line.stage == make.stage]
    whole = sums.eur(make.stage)
    ranked = sorted({line.key[0] for line in at}, key=lambda one: (-sums.eur(make.stage, one), one))
    if not ranked or not whole:
        return None
    kinds, words = make.kinds(sums, 1)
    lines = {one: [line for line in at if line.key[0] == one] for one in ranked}
    parts = {one: make.parts(lines[one], kinds, 1) for one in ranked}
    drawn = [
        Bar(tracked.donor(one), in_billions(parts[one]), tracked.billions(sum(parts[one], ZERO)))
        for one in ranked[:MOST]
    ]
    rest = ranked[MOST:]
    if rest:
        others = [sum(column, ZERO) for column in zip(*(parts[one] for one in rest), strict=True)]
        label = make.page.words.ngettext("%(num)s other donor", "%(num)s other donors", len(rest))
        drawn.append(Bar(label, in_billions(others), tracked.billions(sum(others, ZERO))))
    first = ranked[0]
    title = _(
        "%(donor)s: the most, %(eur)s bn EUR, %(share)s of all",
        donor=tracked.donor(first),
        eur=tracked.billions(sum(parts[first], ZERO)),
        share=make.share(sum(parts[first], ZERO), whole),
    )
    table = Table(
        ("donor", "name", "stage", *(kind or "others" for kind in kinds), "total"),
        [(one, tracked.donor(one), make.stage, *parts[one], sum(parts[one], ZERO)) for one in ranked],
    )
    cells = [
        (tracked.donor(one), *map(tracked.billions, parts[one]), tracked.billions(sum(parts[one], ZERO)))
        for one in ranked
    ]
    return make(
        "donors",
        title,
        (make.measure(), not_found(make, at)),
        (table, (_("Donor"), *words, _("Total")), cells),
        lambda frame, width: bars(frame, drawn, words, width, make.say),
    )


def by_stage(make: Maker) -> Figure | None:
    """What was committed, allocated and delivered: of all, and of the donors that committed most."""
    _, tracked = make._, make.tracked
    sums = make.totals("donor")
    stages = [one for one in tracked.stages if sums.eur(one)]
    if not stages:
        return None
    ranked = sorted({line.key[0] for line in sums.lines}, key=lambda one: (-max(sums.eur(s, one) for s in stages), one))

    stated = {(line.key[0], line.stage) for line in sums.lines} | {("", one) for one in stages}

    def eur(stage: Stage, code: str) -> Decimal | None:
        return sums.eur(stage, *([code] if code else [])) if (code, stage) in stated else None

    def said(stage: Stage, code: str) -> str:
        found = eur(stage, code)
        return _("not found") if found is None else tracked.billions(found)

    def group(label: str, code: str) -> list[Bar]:
        parts = [((eur(one, code) or ZERO) / BILLION,) for one in stages]
        return [
            Bar(label, heading=True),
            *(
                Bar(tracked.stage_words(one), part, said(one, code), fill=place)
                for place, (one, part) in enumerate(zip(stages, parts, strict=True))
            ),
        ]

    many = len(ranked) > 1
    drawn = group(_("All donors"), "") if many else group(tracked.donor(ranked[0]), ranked[0])
    heads = (_("Donor"), *(tracked.stage_words(one, start=True) for one in stages))
    listed = (
        [("", _("All donors")), *((one, tracked.donor(one)) for one in ranked)]
        if many
        else [(ranked[0], tracked.donor(ranked[0]))]
    )
    table = Table(
        ("donor", "name", *stages), [(code, name, *(eur(one, code) for one in stages)) for code, name in listed]
    )
    cells = [(name, *(said(one, code) for one in stages)) for code, name in listed]
    if many:
        for one in ranked[:MOST_STAGES]:
            drawn += group(tracked.donor(one), one)
    return make(
        "stages",
        _stages_title(make, sums, stages),
        (
            _(
                "Billions of euros at each stage. Stages are never added together:"
                " what is delivered was committed before."
            ),
            not_found(make, sums.lines),
        ),
        (table, heads, cells),
        lambda frame, width: bars(frame, drawn, (), width, make.say),
    )


def _stages_title(make: Maker, sums: Totals, stages: Sequence[Stage]) -> str:
    tracked = make.tracked
    first, last = stages[0], stages[-1]
    if first == last:
        return make._(
            "%(stage)s: %(eur)s bn EUR; the source has no other stage",
            stage=tracked.stage_words(first, start=True),
            eur=tracked.billions(sums.eur(first)),
        )
    return make._(
        "%(last)s: %(share)s of what is %(first)s",
        last=tracked.stage_words(last, start=True),
        first=tracked.stage_words(first),
        share=make.share(sums.eur(last), sums.eur(first)),
    )


def by_year(make: Maker) -> Figure | None:
    """Each year by kind, and what has no date."""
    _, tracked = make._, make.tracked
    sums = make.totals("year", "kind")
    at = [line for line in sums.lines if line.stage == make.stage]
    years = sorted({line.key[0] for line in at})
    if not years:
        return None
    kinds, words = make.kinds(sums, 1)
    parts = {year: make.parts([line for line in at if line.key[0] == year], kinds, 1) for year in years}
    eur = {year: sum(parts[year], ZERO) for year in years}
    best = max((year for year in years if year != UNDATED), key=lambda one: eur[one], default=UNDATED)
    drawn = [Bar(tracked.year_words(one), in_billions(parts[one]), tracked.billions(eur[one])) for one in years]
    table = Table(
        ("year", "stage", *(kind or "others" for kind in kinds), "total"),
        [(one, make.stage, *parts[one], eur[one]) for one in years],
    )
    cells = [(tracked.year_words(one), *map(tracked.billions, parts[one]), tracked.billions(eur[one])) for one in years]
    title = _(
        "%(year)s: the most in one year, %(eur)s bn EUR", year=tracked.year_words(best), eur=tracked.billions(eur[best])
    )
    return make(
        "years",
        title,
        (make.measure(), not_found(make, at)),
        (table, (_("Year"), *words, _("Total")), cells),
        lambda frame, width: bars(frame, drawn, words, width, make.say),
    )
