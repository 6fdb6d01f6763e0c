"""To whom an attachment may be shown: one rule for pages, answers, exports and whoever follows.

An entry is for every reader of its record. It names an attachment by digest, size, kind and marking; what the
attachment holds is for the parties that its marking names. Nothing here knows who asks: that is for whoever calls.
"""

from __future__ import annotations

from msgspec import Struct

from foedus.acts import Attachment, Statement


class Held(Struct, frozen=True):
    """An attachment as the first act that named it did: its marking governs, whatever later acts say."""

    attachment: Attachment
    entry: int
    party: str

    def open_to(self, party: str | None) -> bool:
        """Whether a reader of this party may see it; None: somebody of whom no party is known."""
        released = self.attachment.marking.release_to
        return not released or (party is not None and party in (self.party, *released))


def name_attachments(known: dict[str, Held], number: int, statement: Statement) -> None:
    """Add to `known`, by digest, what the act of entry `number` is the first to name."""
    party = statement.seat.partition("/")[0]
    for attachment in statement.attachments:
        known.setdefault(attachment.digest, Held(attachment, number, party))
