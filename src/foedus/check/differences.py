"""What is otherwise in one text than in another: guarantees, blockers, power, times, coverage; not which words changed.

It compares two whole answers about two texts, and says of which provisions the text differs.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from foedus.check.structured import blocking_line, percent, span, step_name, value
from foedus.compact.clauses import Clauses
from foedus.words import Words
from foedus.words.titles import INCIDENT_KINDS, title

_MOST_NAMED = 8
EXTENTS = ("covers", "in_part", "weaker")
NEVER = "never"  # a time without an end; None is a step that a text does not have


def differences(before: dict[str, Any], after: dict[str, Any]) -> list[dict[str, Any]]:
    """What is otherwise in the second answer about a whole compact; `was` and `is` None for what is not there."""
    found: list[dict[str, Any]] = []
    for what, table in _TABLES.items():
        old, new = table(before), table(after)
        found += [
            {"what": what, "id": key, "was": old.get(key), "is": new.get(key)}
            for key in dict.fromkeys((*old, *new))
            if key not in old or key not in new or old[key] != new[key]
        ]
    return found


def provisions_changed(before: Clauses, after: Clauses) -> list[str]:
    """Provisions whose text or clauses differ, or that only one of the texts has."""
    old = {one.id: before.text_digest(one.id) for one in before.provisions}
    new = {one.id: after.text_digest(one.id) for one in after.provisions}
    return [one for one in dict.fromkeys((*old, *new)) if old.get(one) != new.get(one)]


def _guarantees(answer: dict[str, Any]) -> dict[str, Any]:
    return {one["id"]: {"holds": one["holds"], "prevented_by": one["prevented_by"]} for one in answer["guarantees"]}


def _by_rule(answer: dict[str, Any], *fields: str) -> dict[str, Any]:
    """Of each rule these fields, by its provision, operator and reading."""
    found: dict[str, Any] = {}
    for one in answer["rules"]:
        key = " ".join(filter(None, (one["provision"], one["rule"], one["reading"])))
        while key in found:
            key += "'"
        found[key] = {field: one[field] for field in fields}
    return found


def _blockers(answer: dict[str, Any]) -> dict[str, Any]:
    return _by_rule(answer, "smallest_blocking_sets_by_size", "block_alone", "outside")


def _power(answer: dict[str, Any]) -> dict[str, Any]:
    return _by_rule(answer, "power_to_act", "banzhaf", "shapley_shubik")


def _times(answer: dict[str, Any]) -> dict[str, Any]:
    return {step: NEVER if time is None else time for step, time in answer["worst_times"].items()}


def _coverage(answer: dict[str, Any]) -> dict[str, Any]:
    return dict(answer["coverage"])


def _judgement(answer: dict[str, Any]) -> dict[str, Any]:
    return {f"{one['provision']}: {one['term']}": one["by"] for one in answer["judgement"]}


def _soft(answer: dict[str, Any]) -> dict[str, Any]:
    return dict.fromkeys(answer["soft"], True)


def _quorum(answer: dict[str, Any]) -> dict[str, Any]:
    return {"quorum": "open"} if answer["quorum_open"] else {}


def _unopened(answer: dict[str, Any]) -> dict[str, Any]:
    return dict.fromkeys(answer["unopened"], True)


_TABLES = {
    "guarantees": _guarantees,
    "blockers": _blockers,
    "power": _power,
    "worst_times": _times,
    "coverage": _coverage,
    "judgement": _judgement,
    "soft": _soft,
    "quorum": _quorum,
    "unopened": _unopened,
}


def about(words: Words, one: dict[str, Any]) -> str:
    """What a difference is about, in words."""
    _, what, id_ = words.gettext, one["what"], one["id"]
    if what == "blockers":
        return _("who blocks under %(rule)s", rule=id_)
    if what == "power":
        return _("power under %(rule)s", rule=id_)
    if what == "coverage":
        return _("coverage of %(provision)s, in full / in part / weaker", provision=id_)
    if what == "worst_times":
        return _("longest time, %(step)s", step=step_name(words, id_))
    if what == "unopened":
        return _("opens nothing: %(kind)s", kind=title(words, INCIDENT_KINDS, id_))
    if what == "quorum":
        return _("how many must come is left open")
    if what == "soft":
        return _("deadline that binds nobody: %(what)s", what=id_)
    return str(id_)


def side(words: Words, what: str, found: Any, named: Callable[[str], str] = str) -> str:
    """What one of the two texts has there, in words; a word for nothing. `named`: how a party is called."""
    _ = words.gettext
    if found is None:
        return _("not there")
    if what == "guarantees":
        if found["holds"] is None:
            return _("not shown")
        by = f" ({named(found['prevented_by'])})" if found["prevented_by"] else ""
        return (_("holds") if found["holds"] else _("broken")) + by
    if what == "blockers":
        alone, more = found["block_alone"], len(found["block_alone"]) - _MOST_NAMED
        who = ", ".join(map(named, alone[:_MOST_NAMED])) + (f" (+{more})" if more > 0 else "")
        alone_line = _("Alone: %(parties)s.", parties=who) if alone else _("Nobody alone.")
        return f"{blocking_line(words, found)} {alone_line}"
    if what == "power":
        most = max(found["shapley_shubik"].items(), key=lambda pair: value(pair[1]), default=("–", "0"))
        return _(
            "to act %(share)s; most of one: %(party)s, %(most)s",
            share=percent(words, found["power_to_act"]), party=named(most[0]), most=percent(words, most[1]),
        )  # fmt: skip
    if what == "worst_times":
        return span(words, None if found == NEVER else found)
    if what == "coverage":
        return " / ".join(str(sum(one == extent for one in found.values())) for extent in EXTENTS)
    return ", ".join(found) if isinstance(found, list) else _("yes")
