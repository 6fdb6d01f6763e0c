"""What `check COMPACT` answers about the text alone: who can block, what is open or soft, how long it takes."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from foedus.cli.games import blocking_line, percent
from foedus.cli.session import _, session

if TYPE_CHECKING:
    from foedus.compact.clauses import Clauses

_MOST_SHOWN = 6


def described(clauses: Clauses) -> dict[str, Any]:
    """The structure as data: exact fractions as text, times in seconds (None: may never end)."""
    from foedus.check.structured import structure

    return structure(session.words, clauses)


def said(clauses: Clauses, answer: dict[str, Any]) -> list[str]:
    """The same in lines."""
    from foedus.words.names import Names

    names = Names(session.words, clauses)
    lines = ["", _("Who can block, if everyone named takes part")]
    for rule in answer["rules"]:
        lines += _rule_lines(names, rule)
    if answer["quorum_open"]:
        lines.append(
            _("How many must come to a meeting is left open: read strictly each alone prevents it, else nobody does.")
        )
    return [*lines, *_times(answer), *_judgement(names, answer), *_beside(clauses, names, answer)]


def _rule_lines(names: Any, rule: dict[str, Any]) -> list[str]:
    from foedus.check.structured import READINGS, value

    how = f"; {_(READINGS[rule['reading']])}" if rule["reading"] else ""
    lines = [f"{names.provision(rule['provision'])} ({rule['roll']}{how})"]
    if rule["only"]:
        lines.append(f"   {_('Only %(cases)s.', cases=rule['only'])}")
    lines.append(f"   {blocking_line(rule)}")
    if 0 < len(rule["block_alone"]) < rule["roll"]:
        lines.append(f"   {_('Alone: %(parties)s.', parties=names.parties(rule['block_alone']))}")
        outside = [party for party in rule["block_alone"] if party in rule["outside"]]
        if outside:
            lines.append(f"   {_('Of these no party to the text: %(parties)s.', parties=names.parties(outside))}")
    if rule["never_decisive"]:
        lines.append(f"   {_('Never decisive: %(players)s.', players=names.parties(rule['never_decisive']))}")
    by_power = sorted(rule["banzhaf"].items(), key=lambda pair: (-value(pair[1]), pair[0]))
    alike = [(share, [name for name, _share in group]) for share, group in groupby(by_power, key=lambda one: one[1])]
    if len(alike) > 1:
        shown = "; ".join(f"{percent(share)}: {_some(names, who)}" for share, who in alike[:_MOST_SHOWN])
        lines.append(f"   {_('Power (Banzhaf), each: %(shares)s.', shares=shown)}")
    lines.append(f"   {_('Power to act: %(share)s.', share=percent(rule['power_to_act']))}")
    return lines


def _some(names: Any, who: list[str]) -> str:
    shown = names.parties(who[:_MOST_SHOWN])
    return f"{shown} (+{len(who) - _MOST_SHOWN})" if len(who) > _MOST_SHOWN else str(shown)


def span(seconds: int | None) -> str:
    """A time in words; words for one that may never end."""
    from foedus.check.structured import span as said_span

    return said_span(session.words, seconds)


def _times(answer: dict[str, Any]) -> list[str]:
    each = [f"{step_name(step)}: {span(time)}" for step, time in answer["worst_times"].items()]
    soft = ", ".join(answer["soft"]) or _("none")
    lines = ["", _("Longest times: %(times)s.", times="; ".join(each) or _("none is named"))]
    return [*lines, _("Deadlines that bind nobody: %(what)s.", what=soft)]


def step_name(step: str) -> str:
    """A step with a clock, an easing or a snapback."""
    from foedus.check.structured import step_name as named

    return named(session.words, step)


def _judgement(names: Any, answer: dict[str, Any]) -> list[str]:
    if not answer["judgement"]:
        return []
    lines = ["", _("Left to judgement")]
    bodies = {one.id: session.words.of(one.name) for one in names.clauses.compact.bodies}
    for one in answer["judgement"]:
        whose = ", ".join(bodies.get(who) or names.group(who) for who in one["by"])
        lines.append(f"   {one['provision']}: “{one['term']}” – {whose}")
    return lines


def _beside(clauses: Clauses, names: Any, answer: dict[str, Any]) -> list[str]:
    """What other instruments open and cover, and which kinds of incident nothing opens."""
    from foedus.compact.duration import Duration
    from foedus.words.titles import INCIDENT_KINDS, title

    words = session.words
    lines = []
    if answer["unopened"]:
        kinds = ", ".join(title(words, INCIDENT_KINDS, kind) for kind in answer["unopened"])
        lines.append(_("Kinds of incident on which the text opens nothing: %(kinds)s.", kinds=kinds))
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
