"""What clauses say of those who have no vote, and of bodies outside the text: in a sentence each, and nothing more."""

from __future__ import annotations

from foedus.compact import model
from foedus.web.page import Page
from foedus.words.titles import INCIDENT_KINDS, title


def recusal(page: Page, clause: model.Recusal) -> str:
    """Parties directly interested have no vote."""
    return page.words.ngettext(
        "%(num)s party directly interested has no vote.",
        "%(num)s parties directly interested have no vote.",
        clause.parties,
    )


def referral(page: Page, clause: model.Referral) -> str:
    """What is left to a body outside the text."""
    body = next(one for one in page.clauses.compact.bodies if one.id == clause.to)
    said = page.words.gettext(
        "On %(kinds)s the parties turn to a body outside this text: %(body)s.",
        kinds=page.words.items(title(page.words, INCIDENT_KINDS, kind) for kind in clause.on),
        body=page.words.of(body.name),
    )
    if clause.only is None:
        return said
    return said + " " + page.words.gettext("Only %(cases)s.", cases=page.words.of(clause.only))
