"""What `check --games` answers about one game: as data, and in lines for a reader."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import msgspec

from foedus.cli.session import _, session
from foedus.cli.session import described as in_words

if TYPE_CHECKING:
    from foedus.check.games import GameRead
    from foedus.errors import Malformed

_SHOWN_SETS = 5
_ENCODABLE = 1 << 63  # above, JSON still has the number, but its writer needs it as text


def described(read: GameRead) -> dict[str, Any]:
    """The game in exact numbers. Raises Malformed for one too large to be counted."""
    from foedus.check.blocking import blocking_sets, examples
    from foedus.check.power import power
    from foedus.words.failures import finding_in

    game = read.game
    found = power(game)
    sets = blocking_sets(game)
    swings = dict(zip(game.players, found.decisive, strict=True))
    every = sum(found.decisive)
    least = min(sets) if sets else None
    answer: dict[str, Any] = {
        "game": read.name,
        "source": read.source,
        "players": len(game.players),
        "total_coalitions": _exact(2 ** len(game.players)),
        "winning_coalitions": _exact(sum(found.winning)),
        "power_to_act": str(found.to_act),
        "swings": {name: _exact(own) for name, own in swings.items()},
        "banzhaf_normalised": {name: f"{own}/{every}" if every else "0" for name, own in swings.items()},
        "shapley_shubik": {name: str(share) for name, share in zip(game.players, found.shapley_shubik, strict=True)},
        "smallest_blocking_sets_by_size": None if sets is None else {str(size): _exact(n) for size, n in sets.items()},
        "smallest_blocking_sets": [] if least is None else [list(one) for one in examples(game, least)],
        "never_decisive": [name for name, own in swings.items() if not own],
        "findings": [finding_in(session.words, one) for one in read.findings],
    }
    answer["differs_from_expected"] = _differences(answer, read.expected)
    answer["expected_and_not_compared"] = sorted(set(read.expected) - set(answer))
    return answer


def refused(read: GameRead, problem: Malformed) -> dict[str, Any]:
    """A game that cannot be counted exactly, with why; nothing of it is estimated."""
    from foedus.words.failures import finding_in

    return {
        "game": read.name,
        "source": read.source,
        "players": len(read.game.players),
        "refused": in_words(session.words, problem),
        "findings": [finding_in(session.words, one) for one in read.findings],
    }


def _exact(number: int) -> int | msgspec.Raw:
    return number if number < _ENCODABLE else msgspec.Raw(str(number).encode())


def _number(number: int | msgspec.Raw) -> str:
    return session.words.number(int(bytes(number)) if isinstance(number, msgspec.Raw) else number)


def _differences(answer: dict[str, Any], expected: dict[str, Any]) -> list[str]:
    """Keys of the file's own `expected` that came out otherwise; fractions are compared with its decimals."""
    return [key for key, value in expected.items() if key in answer and not _same(answer[key], value)]


def _same(own: Any, value: Any) -> bool:
    if isinstance(value, dict) and isinstance(own, dict):
        return set(own) == set(value) and all(_same(own[key], value[key]) for key in value)
    if isinstance(value, Fraction) and isinstance(own, str):
        return abs(Fraction(own) - value) < Fraction(1, 10**12)
    if isinstance(value, str) and isinstance(own, str):
        return Fraction(own) == Fraction(value)
    return bool((int(bytes(own)) if isinstance(own, msgspec.Raw) else own) == value)


def _heading(answer: dict[str, Any]) -> list[str]:
    game, players = answer["game"] or "—", answer["players"]
    return ["", session.words.ngettext("%(game)s: %(num)s player", "%(game)s: %(num)s players", players, game=game)]


def said_refused(answer: dict[str, Any]) -> list[str]:
    """Why a game was not counted, as lines."""
    return [*_heading(answer), _("Not counted: %(why)s.", why=answer["refused"]["message"])]


def said(answer: dict[str, Any]) -> list[str]:
    """The same as lines."""
    lines = [
        *_heading(answer),
        _(
            "Winning coalitions: %(winning)s of %(all)s; power to act %(share)s.",
            winning=_number(answer["winning_coalitions"]), all=_number(answer["total_coalitions"]),
            share=percent(answer["power_to_act"]),
        ),
        blocking_line(answer),
    ]  # fmt: skip
    if answer["smallest_blocking_sets"]:
        shown = answer["smallest_blocking_sets"][:_SHOWN_SETS]
        lines.append(_("Of the smallest: %(sets)s.", sets="; ".join(", ".join(one) for one in shown)))
    lines.append(_("Never decisive: %(players)s.", players=", ".join(answer["never_decisive"]) or _("nobody")))
    lines += _table(answer)
    if answer["differs_from_expected"]:
        lines.append(_("Otherwise than the file expects: %(what)s.", what=", ".join(answer["differs_from_expected"])))
    if answer["expected_and_not_compared"]:
        what = ", ".join(answer["expected_and_not_compared"])
        lines.append(_("Expected by the file and not compared, for nothing here has that name: %(what)s.", what=what))
    return lines


def blocking_line(answer: dict[str, Any]) -> str:
    """How many smallest blocking sets of which sizes, in a line."""
    from foedus.check.structured import blocking_line as line

    sets = answer["smallest_blocking_sets_by_size"]
    plain = sets and {size: int(bytes(n)) if isinstance(n, msgspec.Raw) else n for size, n in sets.items()}
    return line(session.words, {"smallest_blocking_sets_by_size": plain})


def _table(answer: dict[str, Any]) -> list[str]:
    """Players with their swings and both indices, in columns."""
    rows = [(_("Player"), _("Swings"), _("Banzhaf"), _("Shapley-Shubik"))]
    for name, swings in answer["swings"].items():
        banzhaf, shapley = answer["banzhaf_normalised"][name], answer["shapley_shubik"][name]
        rows.append((name, _number(swings), _both(banzhaf), _both(shapley)))
    widths = [max(len(row[at]) for row in rows) for at in range(4)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def _both(share: str) -> str:
    """A fraction as it is, and in hundredths; one too long for a line only so."""
    return f"{share} ({percent(share)})" if len(share) <= 24 else percent(share)


def percent(share: str) -> str:
    """A fraction in per cent with two decimals, rounded to the nearest."""
    from foedus.check.structured import percent as in_percent

    return in_percent(session.words, share)
