"""What a check answers about the text alone, as data and in phrases: who can block, what is open or soft, how long.

Commands and pages show the same; what each phrase rests on is computed in `structure` and `reading`.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from foedus.check import reading
from foedus.check.blocking import blocking_sets
from foedus.check.power import power
from foedus.check.structure import Ruled, ruled
from foedus.check.voting import blockers
from foedus.compact.clauses import Clauses
from foedus.compact.duration import Duration
from foedus.words import Words, mark
from foedus.words.titles import STEPS, title

READINGS = {
    "whole": mark("read so that a share is of all, also of those who have no vote"),
    "voting": mark("read so that a share is of those who have a vote"),
    "cast": mark("read so that whoever is not in favour has not voted"),
    "elsewhere": mark("a body outside the text"),
}
_MORE_STEPS = {"easing": mark("to agree on an easing"), "snapback": mark("from notice to return")}


def structure(words: Words, clauses: Clauses) -> dict[str, Any]:
    """The structure as data: exact fractions as text, times in seconds (None: may never end)."""
    return {
        "rules": [_rule(words, one) for one in ruled(clauses)],
        "coverage": reading.coverage(clauses),
        "soft": list(reading.soft(clauses)),
        "opened_beside": reading.opened_beside(clauses),
        "judgement": [
            {"provision": one.provision, "term": words.of(one.term), "by": list(one.by)}
            for one in reading.judgements(clauses)
        ],
        "unopened": list(reading.unopened(clauses)),
        "quorum_open": reading.quorum_open(clauses),
        "worst_times": {
            step: None if time is None else int(time.total_seconds())
            for step, time in reading.worst_times(clauses).items()
        },
    }


def _rule(words: Words, one: Ruled) -> dict[str, Any]:
    game = one.game
    sets, found = blocking_sets(game), power(game)
    every = sum(found.decisive)
    return {
        "provision": one.provision,
        "rule": one.what,
        "reading": one.reading,
        "roll": len(game.players),
        "smallest_blocking_sets_by_size": None if sets is None else {str(size): n for size, n in sets.items()},
        "block_alone": [game.players[player] for player in sorted(blockers(game))],
        "outside": list(one.outside),
        "only": None if one.only is None else words.of(one.only),
        "never_decisive": [name for name, own in zip(game.players, found.decisive, strict=True) if not own],
        "power_to_act": str(found.to_act),
        "banzhaf": {
            name: f"{own}/{every}" if every else "0"
            for name, own in zip(game.players, found.decisive, strict=True)
        },
        "shapley_shubik": {
            name: str(share) for name, share in zip(game.players, found.shapley_shubik, strict=True)
        },
    }  # fmt: skip


def value(share: str) -> float:
    """A fraction written as text, as a number."""
    return float(Fraction(share))


def percent(words: Words, share: str) -> str:
    """A fraction in per cent with two decimals, rounded to the nearest."""
    hundredths = round(Fraction(share) * 10_000)
    return words.gettext("%(number)s %%", number=words.number(f"{hundredths // 100}.{hundredths % 100:02}"))


def blocking_line(words: Words, answer: dict[str, Any]) -> str:
    """How many smallest blocking sets of which sizes, in a line."""
    sets = answer["smallest_blocking_sets_by_size"]
    if sets is None:
        return words.gettext("Smallest blocking sets: too many to be counted exactly.")
    if not sets:
        return words.gettext("Nobody can block.")
    sizes = [
        words.ngettext(
            "%(sets)s of %(num)s player", "%(sets)s of %(num)s players", int(size), sets=words.number(str(number))
        )
        for size, number in sets.items()
    ]
    return words.gettext("Smallest blocking sets: %(sizes)s.", sizes=", ".join(sizes))


def span(words: Words, seconds: int | None) -> str:
    """A time in words; words for one that may never end."""
    if seconds is None:
        return words.gettext("may never end")
    return words.span(Duration(0, seconds)) if seconds else words.gettext("at once")


def step_name(words: Words, step: str) -> str:
    """A step with a clock, an easing or a snapback."""
    return title(words, {**STEPS, **_MORE_STEPS}, step)
