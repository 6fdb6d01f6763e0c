"""Symbols with their words: what a party did, how a clock stands. Colour only with meaning, never alone."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from markupsafe import Markup
from msgspec import Struct

from foedus.response.state import Position

Gettext = Callable[..., str]
_RING = '<circle cx="8" cy="8" r="7" class="line"/>'
_SQUARE = '<rect x="2" y="2" width="12" height="12" class="line"/>'
_SHAPES = {
    "tick": '<circle cx="8" cy="8" r="8" class="fill"/><path d="M4.4 8.3l2.5 2.5 4.8-5.2" class="cut"/>',
    "half": _RING + '<path d="M8 1a7 7 0 0 0 0 14z" class="fill"/>',
    "dot": _RING + '<circle cx="8" cy="8" r="3.2" class="fill"/>',
    "empty": _RING,
    "cross": _RING + '<path d="M5.4 5.4l5.2 5.2m0-5.2l-5.2 5.2" class="line"/>',
    "bar": _RING + '<path d="M4.6 8h6.8" class="line"/>',
    "triangle": '<path d="M8 1l7.6 14H.4z" class="fill"/><path d="M8 5.6v4.6m0 1.4v1.7" class="cut"/>',
    "clock": _RING + '<path d="M8 4v4.2l2.8 1.8" class="line"/>',
    "square": '<rect x="2" y="2" width="12" height="12" class="fill"/>',
    "square-dashed": '<rect x="2" y="2" width="12" height="12" class="line dashed"/>',
    "square-plus": _SQUARE + '<path d="M8 5v6M5 8h6" class="line"/>',
    "square-bars": _SQUARE + '<path d="M6 5v6m4-6v6" class="line"/>',
    "square-cross": _SQUARE + '<path d="M5 5l6 6m0-6l-6 6" class="line"/>',
    "square-dot": _SQUARE + '<rect x="5.5" y="5.5" width="5" height="5" class="fill"/>',
    "square-half": _SQUARE + '<path d="M2 14V2h12z" class="fill"/>',
}


@lru_cache(maxsize=256)
def draw(shape: str, colour: str = "ink") -> Markup:
    """The symbol as inline SVG, hidden from screen readers: the word beside it is what is read."""
    return Markup(  # noqa: S704 - made of the table above and of colour names of our own
        f'<svg class="sym c-{colour}" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">'
        f"{_SHAPES[shape]}</svg>"
    )


class Mark(Struct, frozen=True):
    """A symbol, its colour and the word that is always written beside it."""

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
    """Where a party stands on a measure; `over`: the time to decide has passed. Who was silent, the decision says."""
    if position is None:
        return Mark("empty", "ink", _("No entry") if over else _("No entry yet"))
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
