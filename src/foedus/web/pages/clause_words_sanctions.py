"""The clauses on sanctions in words: conditions, easing, snapback, regimes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from foedus.compact import model
from foedus.web.board import names
from foedus.web.page import Page
from foedus.words import mark
from foedus.words.titles import RESTRICTIONS, title

Rule = Callable[[Page, model.Rule, str], str]
ROLL = mark("of the parties")  # nobody is invited: the roll of a rule is all of them
RETURNING = {
    "relief": mark("relief that was agreed"),
    "deviation": mark("relief that an issuer gave without the others"),
}


def condition(page: Page, clause: model.Condition, rule: Rule) -> str:
    """By whom a condition is attested, and for how long that counts."""
    said = page.words.gettext(
        "One of the conditions that must all be met before sanctions may be eased. It is met while attested by: "
        "%(rule)s. An attestation counts for %(time)s.",
        rule=rule(page, clause.rule, ROLL),
        time=page.words.span(clause.stale_after),
    )
    if clause.account is None:
        return said
    beside = page.words.gettext(
        "Beside each word on it stands what was awarded to claimants and paid; it decides nothing."
    )
    return f"{said} {beside}"


def easing(page: Page, clause: model.Easing, rule: Rule) -> str:
    """Whose consent an easing needs."""
    return page.words.gettext(
        "Once every condition is met, an easing is agreed by: %(rule)s, within %(time)s of being proposed.",
        rule=rule(page, clause.rule, ROLL),
        time=page.words.span(clause.closes_within),
    )


def snapback(page: Page, clause: model.Snapback, rule: Rule) -> str:
    """When what was eased comes back, what may stop it, and what follows."""
    _, span = page.words.gettext, page.words.span
    if clause.after is not None:
        said = [_("What was eased comes back by itself %(time)s after a notice.", time=span(clause.after))]
        if clause.whole_days:
            said.append(_("It comes true at the end of the last day, in UTC."))
    else:
        said = [_("When aggression is renewed, what was eased comes back by itself; nobody votes.")]
    what = page.words.items(title(page.words, RETURNING, one) for one in clause.returning)
    said.append(_("Brought back: %(what)s.", what=what))
    if clause.stopped_by is None:
        said.append(_("Nothing stops it."))
    else:
        said.append(_("Relief goes on only by: %(rule)s.", rule=rule(page, clause.stopped_by, ROLL)))
    if clause.enact_within is not None:
        said.append(_("Each issuer enacts it by its own law within %(time)s.", time=span(clause.enact_within)))
    if clause.wind_down is not None:
        said.append(_("What was begun under relief may be wound down for %(time)s.", time=span(clause.wind_down)))
    if clause.sunset is not None:
        said.append(_("This clause ends on %(day)s.", day=page.words.date(clause.sunset)))
    return " ".join(said)


def regime(page: Page, clause: model.Regime, rule: Rule) -> str:
    """Who lists under a regime, until when it lasts, who may refuse its renewal, and what is planned for a lapse."""
    _ = page.words.gettext
    kinds = page.words.items(title(page.words, RESTRICTIONS, one) for one in clause.restrictions)
    said = [_("Listings by: %(who)s. Restrictions: %(kinds)s.", who=names(page).group(clause.issuer), kinds=kinds)]
    if not clause.renewed_on:
        said.append(_("It has no fixed end and needs no renewal."))
    else:
        days = page.words.items(_day(page, day) for day in clause.renewed_on)
        said.append(_("It lapses at the end of these days unless renewed: %(days)s.", days=days))
    if clause.rule is not None:
        said.append(_("A renewal needs: %(rule)s.", rule=rule(page, clause.rule, ROLL)))
    if clause.plan is not None:
        said.append(page.words.of(clause.plan))
    return " ".join(said)


def _day(page: Page, day: str) -> str:
    """A day of every year, without the year."""
    return page.words.day_of_year(date(2027, int(day[:2]), int(day[3:])))
