"""Events of commitments. Only data.

There are no acts here yet: obligations follow from what parties decided elsewhere.
"""

from __future__ import annotations

from datetime import datetime

from foedus.parties.acts import Event


class ObligationsIncurred(Event, frozen=True):
    """These parties owe a measure: they joined it, or agreed to it beforehand (`due_at`: its clock).

    The obligation of each is `subject/PARTY`. What each brings stands in its position and is not said again:
    one entry must have room for all of them, however many joined.
    """

    subject: str
    response: str
    measure: str
    parties: tuple[str, ...]
    due_at: datetime | None = None


class ObligationsReleased(Event, frozen=True):
    """The obligations of these parties ended because the report they rested on was withdrawn."""

    subject: str
    parties: tuple[str, ...]


class ObligationPerformed(Event, frozen=True):
    """The party reported that it did what it owed; whether it was received is for others to say."""

    obligation: str


CommitmentEvent = ObligationsIncurred | ObligationsReleased | ObligationPerformed
