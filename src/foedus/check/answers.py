"""What a check answers about guarantees, in the reader's words: verdicts with their limits, stories step by step.

Commands and pages show the same answer. It never says more than was shown: every answer carries what it rests on.
"""

from __future__ import annotations

from typing import Any, Final

from foedus import state as whole
from foedus.check.situation import roll, situation
from foedus.check.verdicts import Verdict
from foedus.compact import model
from foedus.compact.clauses import Clauses
from foedus.history import Place
from foedus.rules import permitting
from foedus.words import Words
from foedus.words.failures import say_error
from foedus.words.names import Names
from foedus.words.sentences import say_act, say_event
from foedus.words.titles import ACTS, title

# Where more than these take part, and it is everybody, it is said so.
_NAMED: Final = 8


def guarantee(words: Words, verdict: Verdict) -> dict[str, Any]:
    """The verdict as data; the story with hours as numbers, acts and events by name and in words."""
    asked = verdict.guarantee
    return {
        "id": asked.id,
        "title": words.of(asked.title),
        "holds": verdict.holds,
        "states": verdict.states,
        "steps": verdict.transitions,
        "all_explored": verdict.complete,
        "parties": list(verdict.parties),
        "given": list(asked.given),
        "acts": list(asked.acts),
        "asked_of": list(verdict.asked),
        "prevented_by": verdict.by,
        "problem": say_error(words, verdict.problem, verdict.clauses) if verdict.problem is not None else "",
        "story": story(words, verdict),
    }


def story(words: Words, verdict: Verdict) -> list[dict[str, Any]]:
    """The steps: hours since the beginning, who, under which provision, what was done and what became true."""
    if not verdict.story:
        return []
    clauses = verdict.clauses
    protected = clauses.compact.protected
    guarantors = tuple(party for party in verdict.parties if party != protected)
    state = situation(clauses.compact, guarantors, None, verdict.guarantee.begins).state
    told = []
    for step in verdict.story:
        for event in step.events:
            state = whole.evolve(state, event, Place(step.at, step.at, state.size))
        told.append(
            {
                "hours": (step.at - verdict.begins).total_seconds() / 3600,
                "party": step.party,
                "act": type(step.body).__name__ if step.body is not None else "",
                "provision": permitting(clauses, step.body, "") if step.body is not None else "",
                "said": say_act(words, clauses, step.body, step.party, state) if step.body is not None else "",
                "events": [type(event).__name__ for event in step.events],
                "became_true": [say_event(words, clauses, state, event) for event in step.events],
            }
        )
    return told


def heading(words: Words, clauses: Clauses, answer: dict[str, Any], number: int) -> str:
    """The verdict in one line, with its number."""
    values = {"number": number, "title": answer["title"]}
    if answer["holds"] is None:
        return words.gettext("%(number)s. NOT SHOWN: %(title)s.", **values)
    if answer["holds"]:
        return words.gettext("%(number)s. Holds: %(title)s.", **values)
    if answer["prevented_by"]:
        party = Names(words, clauses).party(answer["prevented_by"])
        return words.gettext("%(number)s. BROKEN: %(title)s. %(party)s can.", party=party, **values)
    return words.gettext("%(number)s. BROKEN: %(title)s.", **values)


def limits(words: Words, clauses: Clauses, answer: dict[str, Any]) -> list[str]:
    """What the verdict rests on, so that nobody takes it for more."""
    if answer["problem"]:
        return [str(answer["problem"])]
    _, names = words.gettext, Names(words, clauses)
    acts = "; ".join(title(words, ACTS, act) for act in answer["acts"])
    others = set(answer["parties"]) - {clauses.compact.protected}
    if len(others) > _NAMED and others == roll(clauses):
        party, count = names.party(clauses.compact.protected), len(others)
        lines = [
            _(
                "Parties: %(party)s and all %(count)s on the roll. Acts tried: %(acts)s.",
                party=party,
                count=count,
                acts=acts,
            )
        ]
    else:
        lines = [_("Parties: %(parties)s. Acts tried: %(acts)s.", parties=names.parties(answer["parties"]), acts=acts)]
    if answer["asked_of"]:
        lines.append(_("Asked of each alone: %(parties)s.", parties=names.parties(answer["asked_of"])))
        lines.append(
            _("Asked only whether the others can wait it out: nobody is hurried, and the one brings up nothing.")
        )
    counted = {"states": words.number(answer["states"]), "steps": words.number(answer["steps"])}
    if answer["all_explored"]:
        lines.append(_("States: %(states)s, steps: %(steps)s; all were followed.", **counted))
    elif answer["holds"] is None:
        lines.append(_("States: %(states)s, steps: %(steps)s; not all were followed, so nothing is proven.", **counted))
    else:
        lines.append(_("States: %(states)s, steps: %(steps)s; followed until this was found.", **counted))
    return lines


def everywhere(words: Words) -> str:
    """What no verdict of any text rests on."""
    left_out = words.gettext(
        "Left out everywhere: instruments beside the compact, new offices, a second procedure beside the first."
    )
    merged = words.gettext(
        "States count as one that differ only in what no rule read, in which of several parties alike said what, or in"
        " who said what where it comes to the same."
    )
    return f"{left_out} {merged}"


def counted_only(words: Words, clauses: Clauses) -> list[str]:
    """What a text says that no verdict rests on: it is counted under its rules and never played."""
    lines = []
    if clauses.every(model.Recusal):
        lines.append(
            words.gettext("Not played: that parties to a dispute do not vote. It is counted under the rules below.")
        )
    if clauses.every(model.Referral):
        lines.append(
            words.gettext(
                "Not played: what a body outside the text decides. Its votes are counted under the rules below."
            )
        )
    return lines


def clock(hours: float) -> str:
    """Hours and minutes since the beginning: `T+72:00`."""
    whole_hours, minutes = divmod(round(hours * 60), 60)
    return f"T+{whole_hours}:{minutes:02}"
