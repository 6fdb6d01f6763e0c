"""What `check COMPACT` says about guarantees: verdicts with their limits, and the story of a broken one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from foedus.cli.session import _, session

if TYPE_CHECKING:
    from foedus.check.verdicts import Verdict


def described(verdict: Verdict) -> dict[str, Any]:
    """The verdict as data."""
    from foedus.check import answers

    return answers.guarantee(session.words, verdict)


def said(verdict: Verdict, number: int, in_full: bool, source: str) -> list[str]:
    """The verdict in lines; the story when it is asked for, or when it shows that a guarantee is broken.

    `source`: the text as it was named, for the command by which the story can be played as an exercise.
    """
    from foedus.check import answers

    answer, words = described(verdict), session.words
    told = answer["story"] if in_full or verdict.holds is False else []
    play = [_("To play it as an exercise: %(command)s", command=command(verdict, number, source))] if told else []
    below = (*answers.limits(words, verdict.clauses, answer), *_steps(told), *play)
    return [answers.heading(words, verdict.clauses, answer, number), *(f"   {one}" for one in below)]


def command(verdict: Verdict, number: int, source: str) -> str:
    """The command that plays the story of a guarantee."""
    guarantors = len(verdict.parties) - 1
    return f"foedus check {source} --guarantors {guarantors} --story {number} --play story-{number}"


def _steps(told: list[dict[str, Any]]) -> list[str]:
    from foedus.check.answers import clock

    lines = []
    for number, step in enumerate(told, 1):
        what = step["said"] or _("Time passes.")
        article = f" [{step['provision']}]" if step["provision"] else ""
        lines.append(f"{number:>3}. {clock(step['hours'])}  {what}{article}")
        lines += [f"{'':13}{one}" for one in step["became_true"]]
    return lines
