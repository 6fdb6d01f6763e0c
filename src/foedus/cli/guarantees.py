"""What `check COMPACT` answers about guarantees: verdicts with their limits, and the story of a broken one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from foedus.cli.session import _, session

if TYPE_CHECKING:
    from foedus.check.verdicts import Verdict
    from foedus.compact.clauses import Clauses


def described(verdict: Verdict) -> dict[str, Any]:
    """The verdict as data; the story with hours as numbers, acts and events by name and in words."""
    words, guarantee = session.words, verdict.guarantee
    return {
        "id": guarantee.id,
        "title": words.of(guarantee.title),
        "holds": verdict.holds,
        "states": verdict.states,
        "steps": verdict.transitions,
        "all_explored": verdict.complete,
        "parties": list(verdict.parties),
        "given": list(guarantee.given),
        "acts": list(guarantee.acts),
        "asked_of": list(verdict.asked),
        "prevented_by": verdict.by,
        "story": story(verdict),
    }


def story(verdict: Verdict) -> list[dict[str, Any]]:
    """The steps: hours since the beginning, who, under which provision, what was done and what became true."""
    from foedus import state as whole
    from foedus.check.situation import situation
    from foedus.history import Place
    from foedus.rules import permitting
    from foedus.words.sentences import say_act, say_event

    if not verdict.story:
        return []
    words, clauses = session.words, verdict.clauses
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


def said(verdict: Verdict, number: int, in_full: bool, source: str) -> list[str]:
    """The verdict in lines; the story when it is asked for, or when it shows that a guarantee is broken.

    `source`: the text as it was named, for the command by which the story can be played as an exercise.
    """
    answer = described(verdict)
    line = _verdict(answer, number)
    told = answer["story"] if in_full or verdict.holds is False else []
    play = [_("To play it as an exercise: %(command)s", command=_command(verdict, number, source))] if told else []
    return [line, *(f"   {one}" for one in (*_limits(answer), *_steps(told), *play))]


def _command(verdict: Verdict, number: int, source: str) -> str:
    guarantors = len(verdict.parties) - 1
    return f"foedus check {source} --guarantors {guarantors} --story {number} --play story-{number}"


def _verdict(answer: dict[str, Any], number: int) -> str:
    values = {"number": number, "title": answer["title"]}
    if answer["holds"] is None:
        return _("%(number)s. NOT SHOWN: %(title)s.", **values)
    if answer["holds"]:
        return _("%(number)s. Holds: %(title)s.", **values)
    if answer["prevented_by"]:
        return _("%(number)s. BROKEN: %(title)s. %(party)s can.", party=_party(answer["prevented_by"]), **values)
    return _("%(number)s. BROKEN: %(title)s.", **values)


def _party(code: str) -> str:
    from foedus.words.names import Names

    assert session.clauses is not None, "a verdict is about a compact"
    return Names(session.words, session.clauses).party(code)


def _limits(answer: dict[str, Any]) -> list[str]:
    """What the verdict rests on, so that nobody takes it for more."""
    from foedus.words.titles import ACTS, title

    words = session.words
    acts = "; ".join(title(words, ACTS, act) for act in answer["acts"])
    lines = [
        _("Parties: %(parties)s. Acts tried: %(acts)s.", parties=", ".join(map(_party, answer["parties"])), acts=acts)
    ]
    if answer["asked_of"]:
        lines.append(_("Asked of each alone: %(parties)s.", parties=", ".join(map(_party, answer["asked_of"]))))
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


def _steps(told: list[dict[str, Any]]) -> list[str]:
    lines = []
    for number, step in enumerate(told, 1):
        hours, minutes = divmod(round(step["hours"] * 60), 60)
        what = step["said"] or _("Time passes.")
        article = f" [{step['provision']}]" if step["provision"] else ""
        lines.append(f"{number:>3}. T+{hours}:{minutes:02}  {what}{article}")
        lines += [f"{'':13}{one}" for one in step["became_true"]]
    return lines


def counted_only(clauses: Clauses) -> list[str]:
    """What a text says that no verdict rests on: it is counted under its rules and never played."""
    from foedus.compact import model

    lines = []
    if clauses.every(model.Recusal):
        lines.append(_("Not played: that parties to a dispute do not vote. It is counted under the rules below."))
    if clauses.every(model.Referral):
        lines.append(
            _("Not played: what a body outside the text decides. Its votes are counted under the rules below.")
        )
    return lines
