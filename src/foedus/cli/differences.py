"""`check A --against B`: what is otherwise in A than in B.

What holds, who can block, how much a vote weighs, how long it takes, what is covered: not which words changed, but of
which provisions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from foedus.cli.games import blocking_line, percent
from foedus.cli.session import _, session
from foedus.cli.structure import span, step_name

if TYPE_CHECKING:
    from foedus.compact.clauses import Clauses


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
    return dict(answer["worst_times"])


def _coverage(answer: dict[str, Any]) -> dict[str, Any]:
    return dict(answer["coverage"])


def _judgement(answer: dict[str, Any]) -> dict[str, Any]:
    return {f"{one['provision']}: {one['term']}": one["by"] for one in answer["judgement"]}


def _soft(answer: dict[str, Any]) -> dict[str, Any]:
    return dict.fromkeys(answer["soft"], True)


_TABLES = {
    "guarantees": _guarantees,
    "blockers": _blockers,
    "power": _power,
    "worst_times": _times,
    "coverage": _coverage,
    "judgement": _judgement,
    "soft": _soft,
}


def differing(found: list[dict[str, Any]], changed: list[str]) -> list[str]:
    """The differences in lines, by what they are about."""
    if not found:
        return ["", _("Nothing is otherwise: the same guarantees hold, and the same blocking sets.")]
    lines = ["", _("What is otherwise")]
    lines += [f"   {_about(one)}: {_said(one['what'], one['was'])} → {_said(one['what'], one['is'])}" for one in found]
    if changed:
        lines.append(_("Provisions that differ: %(provisions)s.", provisions=", ".join(changed)))
    return lines


def _about(one: dict[str, Any]) -> str:
    if one["what"] == "power":
        return _("power under %(rule)s", rule=one["id"])
    if one["what"] == "coverage":
        return _("coverage of %(provision)s", provision=one["id"])
    if one["what"] == "worst_times":
        return _("longest time, %(step)s", step=step_name(one["id"]))
    return str(one["id"])


def _said(what: str, value: Any) -> str:
    if value is None:
        return span(None) if what == "worst_times" else _("not there")
    if what == "guarantees":
        if value["holds"] is None:
            return _("not shown")
        by = f" ({value['prevented_by']})" if value["prevented_by"] else ""
        return (_("holds") if value["holds"] else _("broken")) + by
    if what == "blockers":
        alone = ", ".join(value["block_alone"][:8]) or _("nobody alone")
        return f"{blocking_line(value)} {alone}"
    if what == "power":
        most = max(value["shapley_shubik"].items(), key=lambda pair: _share(pair[1]), default=("–", "0"))
        return f"{percent(value['power_to_act'])}, {most[0]} {percent(most[1])}"
    if what == "worst_times":
        return span(value)
    if what == "coverage":
        return session.words.number(len(value))
    return ", ".join(value) if isinstance(value, list) else _("yes")


def _share(text: str) -> float:
    number, _slash, of = text.partition("/")
    return int(number) / int(of or 1)
