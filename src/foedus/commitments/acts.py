"""Events of commitments. Only data.

There are no acts here yet: obligations follow from what parties decided elsewhere.
"""

from __future__ import annotations

from datetime import date, datetime

from foedus.parties.acts import Event
from foedus.response.acts import Contribution


class ObligationIncurred(Event, frozen=True):
    """A party owes a measure: because it joined (`text`: the version), or agreed beforehand (`due_at`: its
    clock).
    """

    obligation: str
    party: str
    response: str
    measure: str
    contributions: tuple[Contribution, ...] = ()
    starts_on: date | None = None
    due_at: datetime | None = None


class ObligationReleased(Event, frozen=True):
    """The obligation ended because the report it rested on was withdrawn."""

    obligation: str


class ObligationPerformed(Event, frozen=True):
    """The party reported that it did what it owed; whether it was received is for others to say."""

    obligation: str


CommitmentEvent = ObligationIncurred | ObligationReleased | ObligationPerformed
