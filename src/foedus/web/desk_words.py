"""What a desk says of itself on every page, and of the acts that were signed at it."""

from __future__ import annotations

from typing import Any

from foedus.acts import Statement
from foedus.web.acting import Standing
from foedus.web.marks import Mark
from foedus.web.page import Page
from foedus.words.failures import say_error
from foedus.words.sentences import say_act


def standing(page: Page, it: Standing) -> str:
    """How the desk stands to its server, in one or two sentences."""
    _ = page.words.gettext
    since = page.stamp(it.since) if it.since else ""
    if it.code == "followed":
        return _("Verified copy: every entry was recomputed on this machine. Followed until %(since)s.", since=since)
    if it.code == "apart":
        return _(
            "This machine's clock and the server's are %(minutes)s minutes apart: nothing can be signed here until the"
            " wrong one is set right.",
            minutes=page.number(round(abs(it.apart.total_seconds()) / 60)),
        )
    if it.code == "away":
        kept = _("What you sign is kept here and goes out when it is back.")
        if not it.since:
            return _("The server was not reached yet.") + " " + kept
        return _("The server is not reached; last heard %(since)s.", since=since) + " " + kept
    if it.code == "lied":
        return _(
            "What the server publishes does not hold: %(problem)s. This page shows what was verified before.",
            problem=_problem(page, it),
        )
    return _("The record is not followed any further: %(problem)s.", problem=_problem(page, it))


def _problem(page: Page, it: Standing) -> str:
    assert it.problem is not None, "a desk that follows no further knows why"
    return say_error(page.words, it.problem, page.clauses)


def on_the_way(page: Page, waiting: int) -> str:
    """How many acts signed here are not in the record yet."""
    return page.words.ngettext("%(num)s act on its way", "%(num)s acts on their way", waiting)


def asked(page: Page, count: int) -> str:
    """How many acts another seat of the party left for this one's signature."""
    return page.words.ngettext("%(num)s act asks for your signature", "%(num)s acts ask for your signature", count)


def stage(page: Page, it: Any) -> Mark:
    """Where an act of the outbox is: symbol and word. `it`: its foedus.desk.outbox.Standing."""
    _ = page.words.gettext
    return {
        "waiting": Mark("dot", "ink", _("Waiting to be handed in")),
        "promised": Mark("half", "blue", _("Handed in, not read back yet")),
        "recorded": Mark("tick", "green", _("In the record, as signed")),
        "refused": Mark("cross", "red", _("Refused")),
        "displaced": Mark("cross", "red", _("Another act under its id")),
    }[it.stage]


def answered(page: Page, it: Any) -> str:
    """What the server said of an act, in its own words; else why it said nothing. `it`: as of `stage`."""
    return it.said or (say_error(page.words, it.missed.as_error(), page.clauses) if it.missed else "")


def act_title(page: Page, statement: Statement) -> str:
    """What a statement says, in a sentence."""
    return say_act(page.words, page.clauses, statement.body, statement.seat.partition("/")[0], page.state)


def evidence(page: Page, it: Any) -> str:
    """What a piece of evidence shows. `it`: a foedus.desk.evidence.Evidence."""
    _ = page.words.gettext
    if it.kind == "fork":
        return _("two checkpoints of one record that contradict each other")
    because = say_error(page.words, it.reason.as_error(), page.clauses) if it.reason else it.because
    return _("an entry that does not hold, under a signed checkpoint: %(because)s", because=because)
