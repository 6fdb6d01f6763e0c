"""The part of the exercise about steps of national law: stated by fictional parties alone, and invented.

What the law of a state asks is for that state to say; nobody plays it here. One call back is made by a fictional party.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Protocol

from foedus.acts import Body
from foedus.depositary import Depositary
from foedus.parties import mandates
from foedus.parties.acts import NationalStep, StateMandate
from foedus.response.acts import RecordCallBack
from foedus.response.callbacks import words

DAY = timedelta(days=1)


class Story(Protocol):
    """What is needed of whoever plays the exercise."""

    depositary: Depositary
    fictional: list[str]
    protected: str
    at: Any

    def do(self, seat: str, body: Body, *also: str) -> None:
        """Perform one act now."""


def play(story: Story) -> None:
    """One party is late for one kind of measure, one in time while a delegation lasts, one needs no step at all."""
    late, delegated, free = story.fictional[:3]
    until = story.at + 75 * DAY
    story.do(f"{late}/foreign", StateMandate("military", (NationalStep("cabinet", 12), NationalStep("parliament", 96))))
    story.do(f"{late}/foreign", StateMandate("financial", (NationalStep("cabinet", 12), NationalStep("court", 48))))
    story.do(f"{delegated}/foreign", StateMandate("military", (NationalStep("parliament", 120, until),)))
    for kind in mandates.kinds(story.depositary.clauses):
        story.do(f"{free}/head", StateMandate(kind))


def call(story: Story, response: str) -> None:
    """A fictional party calls the ministry back, which reads the words of its request."""
    body = RecordCallBack(response, f"{story.protected}/foreign", "confirmed", words(story.depositary.state, response))
    story.do(f"{story.fictional[0]}/duty", body)
