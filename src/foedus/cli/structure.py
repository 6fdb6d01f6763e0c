"""What `check COMPACT` answers about the text alone: who can block by which rule, what is soft, what lies beside it.

And what is otherwise than in another text: what holds and who can block, not which words changed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from foedus.cli.games import blocking_line
from foedus.cli.session import _, session

if TYPE_CHECKING:
    from foedus.compact.clauses import Clauses


def described(clauses: Clauses) -> dict[str, Any]:
    """The structure as data."""
    from foedus.check.blocking import blocking_sets
    from foedus.check.power import power
    from foedus.check.structure import coverage, opened_beside, ruled, soft
    from foedus.check.voting import blockers

    rules = []
    for one in ruled(clauses):
        game = one.game
        sets = blocking_sets(game)
        never = [name for name, own in zip(game.players, power(game).decisive, strict=True) if not own]
        rules.append(
            {
                "provision": one.provision,
                "rule": one.what,
                "roll": len(game.players),
                "smallest_blocking_sets_by_size": None if sets is None else {str(size): n for size, n in sets.items()},
                "block_alone": [game.players[player] for player in sorted(blockers(game))],
                "never_decisive": never,
            }
        )
    beside = {"coverage": coverage(clauses), "soft": list(soft(clauses)), "opened_beside": opened_beside(clauses)}
    return {"rules": rules, **beside}


def said(clauses: Clauses, answer: dict[str, Any]) -> list[str]:
    """The same in lines."""
    from foedus.compact.duration import Duration
    from foedus.words.names import Names
    from foedus.words.titles import INCIDENT_KINDS, title

    words, names = session.words, Names(session.words, clauses)
    lines = ["", _("Who can block, if everyone named takes part")]
    for rule in answer["rules"]:
        lines.append(f"{names.provision(rule['provision'])} ({rule['roll']})")
        lines.append(f"   {blocking_line(rule)}")
        if 0 < len(rule["block_alone"]) < rule["roll"]:
            lines.append(f"   {_('Alone: %(parties)s.', parties=names.parties(rule['block_alone']))}")
        if rule["never_decisive"]:
            lines.append(f"   {_('Never decisive: %(players)s.', players=names.parties(rule['never_decisive']))}")
    lines += ["", _("Deadlines that bind nobody: %(what)s.", what=", ".join(answer["soft"]) or _("none"))]
    for kind, times in answer["opened_beside"].items():
        hours = [
            f"{words.span(Duration.parse(within)) if within else _('no hours named')}: {number}"
            for within, number in sorted(times.items())
        ]
        what = title(words, INCIDENT_KINDS, kind)
        lines.append(
            _("Clauses beside it that one event opens (%(kind)s): %(clauses)s.", kind=what, clauses="; ".join(hours))
        )
    lines += [
        "",
        _("What instruments beside it cover: in full / in part / weaker, of %(count)s", count=len(clauses.agreements)),
    ]
    for provision, found in answer["coverage"].items():
        extents = [sum(one == extent for one in found.values()) for extent in ("covers", "in_part", "weaker")]
        lines.append(f"   {names.provision(provision)}: {' / '.join(map(str, extents))}")
    return lines


def differences(before: dict[str, Any], after: dict[str, Any]) -> list[dict[str, Any]]:
    """What is otherwise in the second answer about a whole compact: guarantees and rules, by what they are called."""
    found: list[dict[str, Any]] = []
    for table, name in (("guarantees", "id"), ("rules", "provision")):
        old = {(one[name], one.get("rule", "")): _compared(one) for one in before[table]}
        new = {(one[name], one.get("rule", "")): _compared(one) for one in after[table]}
        found += [
            {"what": table, "id": key[0], "was": old.get(key), "is": new.get(key)}
            for key in dict.fromkeys((*old, *new))
            if old.get(key) != new.get(key)
        ]
    return found


def _compared(one: dict[str, Any]) -> object:
    """What of a verdict or a rule a drafter compares."""
    return one["holds"] if "holds" in one else one["smallest_blocking_sets_by_size"]


def differing(found: list[dict[str, Any]]) -> list[str]:
    """The differences in lines."""
    if not found:
        return ["", _("Nothing is otherwise: the same guarantees hold, and the same blocking sets.")]
    each = [f"   {one['id']}: {_value(one['was'])} → {_value(one['is'])}" for one in found]
    return ["", _("What is otherwise"), *each]


def _value(value: object) -> str:
    if value is None:
        return _("not there, or not shown")
    if isinstance(value, bool):
        return _("holds") if value else _("broken")
    return blocking_line({"smallest_blocking_sets_by_size": value})
