"""What clauses of claims and of a distribution say, in a sentence or two, and nothing more than the data."""

from __future__ import annotations

from foedus.compact import model
from foedus.web.board import names
from foedus.web.page import Page
from foedus.words.titles import title
from foedus.words.titles_claims import MEASURES


def claims(page: Page, clause: model.Claims) -> str:
    """Which claims may come in, and who keeps and judges them."""
    _ = page.words.gettext
    said = _(
        "Claims for %(measures)s may come in from %(day)s on, in %(places)s, by acts of %(whose)s, in %(count)s "
        "categories; %(register)s keeps them, %(commission)s assesses and awards.",
        measures=page.words.items(title(page.words, MEASURES, one) for one in clause.measures),
        day=page.words.date(clause.since),
        places=page.words.items(map(names(page).place, clause.places)),
        whose=page.words.items(map(names(page).party, clause.by)),
        count=page.number(len(clause.categories)),
        register=page.words.of(clause.register.name),
        commission=page.words.of(clause.commission.name),
    )
    unseen = [one.id for one in clause.categories if not one.confirmed]
    if not unseen:
        return said
    return said + " " + _("Codes not confirmed by a source: %(codes)s.", codes=", ".join(unseen))


def standing(page: Page, one: model.Standing) -> str:
    """How far a body outside the text has come."""
    return page.words.gettext(
        "Signed by %(signed)s as of %(day)s; in force after %(needed)s ratifications and %(also)s.",
        signed=page.number(one.signed_by),
        day=page.words.date(one.as_of),
        needed=page.number(one.ratifications),
        also=page.words.of(one.also),
    )


def distribution(page: Page, clause: model.Distribution) -> str:
    """Who decides, what is kept in reserve, and each step in order."""
    _ = page.words.gettext
    said = _(
        "The fund is shared out in %(currency)s as %(body)s decides.", currency=clause.currency,
        body=page.words.of(clause.decided_by.name),
    )  # fmt: skip
    if clause.reserve:
        said += " " + _("In reserve: %(share)s.", share=str(clause.reserve))
    steps = [step(page, clause, number) for number in range(1, len(clause.steps) + 1)]
    return " ".join([said, *steps])


def step(page: Page, clause: model.Distribution, number: int) -> str:
    """One step of the rule: whose, how much each, and of how much of the money."""
    _, one = page.words.gettext, clause.steps[number - 1]
    codes = ", ".join(one.categories)
    if one.fixed is not None:
        said = _("%(number)s. %(codes)s: %(sum)s for each claim.", number=number, codes=codes,
                 sum=page.words.money(one.fixed, clause.currency))  # fmt: skip
    elif one.cap is not None:
        said = _("%(number)s. %(codes)s: the award, up to %(sum)s for each claim.", number=number, codes=codes,
                 sum=page.words.money(one.cap, clause.currency))  # fmt: skip
    else:
        said = _("%(number)s. %(codes)s: the award.", number=number, codes=codes)
    return said if one.at_most is None else said + " " + _("At most %(share)s of the money.", share=str(one.at_most))
