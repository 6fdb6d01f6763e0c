"""`check A --against B`: what is otherwise in A than in B.

What holds, who can block, how much a vote weighs, how long it takes, what is covered: not which words changed, but of
which provisions.
"""

from __future__ import annotations

from typing import Any

from foedus.check.differences import NEVER
from foedus.cli.games import blocking_line, percent
from foedus.cli.session import _, session
from foedus.cli.structure import span, step_name
from foedus.words.titles import INCIDENT_KINDS, title


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
        return _("coverage of %(provision)s, in full / in part / weaker", provision=one["id"])
    if one["what"] == "unopened":
        return _("opens nothing: %(kind)s", kind=title(session.words, INCIDENT_KINDS, one["id"]))
    if one["what"] == "quorum":
        return _("how many must come is left open")
    if one["what"] == "soft":
        return _("deadline that binds nobody: %(what)s", what=one["id"])
    if one["what"] == "worst_times":
        return _("longest time, %(step)s", step=step_name(one["id"]))
    return str(one["id"])


def _said(what: str, value: Any) -> str:
    if value is None:
        return _("not there")
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
        return span(None if value == NEVER else value)
    if what == "coverage":
        extents = [sum(one == extent for one in value.values()) for extent in ("covers", "in_part", "weaker")]
        return " / ".join(map(str, extents))
    return ", ".join(value) if isinstance(value, list) else _("yes")


def _share(text: str) -> float:
    number, _slash, of = text.partition("/")
    return int(number) / int(of or 1)
