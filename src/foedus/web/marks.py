"""Symbols with their words: what a party did, how a clock stands. Colour only with meaning, never alone."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from foedus.response.state import Position

Gettext = Callable[..., str]


class Mark(Struct, frozen=True):
    """A symbol (templates/macros.html draws it), its colour and the word that is always written beside it."""

    shape: str
    colour: str
    word: str


def standing(code: str, _: Gettext) -> Mark:
    """How a party stands towards the meeting."""
    return {
        "none": Mark("empty", "ink", _("No entry yet")),
        "silent": Mark("empty", "red", _("Silent")),
        "acknowledged": Mark("dot", "ink", _("Acknowledged, no delegation named")),
        "named": Mark("half", "blue", _("Delegation named, not yet present")),
        "present": Mark("tick", "green", _("Present")),
        "absent": Mark("cross", "red", _("Acknowledged, absent")),
        "named-absent": Mark("cross", "red", _("Delegation named, absent")),
    }[code]


def stance(position: Position | None, over: bool, _: Gettext) -> Mark:
    """Where a party stands on a measure; `over`: the time to decide has passed."""
    if position is None:
        return Mark("empty", "red", _("Silent")) if over else Mark("empty", "ink", _("No entry yet"))
    if position.stance == "joins" or position.confirmed:
        return Mark("tick", "green", _("Joined"))
    if position.stance == "joins_ad_referendum":
        if position.lapsed:
            return Mark("cross", "red", _("Not confirmed in time"))
        return Mark("half", "blue", _("Joined, capital to confirm"))
    if position.stance == "declines":
        return Mark("cross", "red", _("Declined"))
    return Mark("bar", "grey", _("Abstained"))


def clause(met: bool, lapsed: bool, running: bool, _: Gettext) -> Mark:
    """How the clock of another instrument's clause stands."""
    if met:
        return Mark("tick", "green", _("Met"))
    if lapsed:
        return Mark("cross", "red", _("Lapsed"))
    return Mark("clock", "ink", _("Running")) if running else Mark("bar", "grey", _("No hours named"))


def owed(performed: bool, lapsed: bool, _: Gettext) -> Mark:
    """Whether a party reported that it did what it owes."""
    if performed:
        return Mark("tick", "green", _("Reported done"))
    return Mark("triangle", "red", _("Late")) if lapsed else Mark("dot", "ink", _("Owed"))


def vote(choice: str | None, over: bool, _: Gettext) -> Mark:
    """A vote cast, or none."""
    if choice is None:
        return Mark("empty", "red", _("Silent")) if over else Mark("empty", "ink", _("No entry yet"))
    return {
        "yes": Mark("tick", "green", _("In favour")),
        "no": Mark("cross", "red", _("Against")),
        "abstain": Mark("bar", "grey", _("Abstained")),
    }[choice]
