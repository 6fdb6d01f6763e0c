"""`check A --against B` in lines: what is otherwise in A than in B."""

from __future__ import annotations

from typing import Any

from foedus.check.differences import about, side
from foedus.cli.session import _, session


def differing(found: list[dict[str, Any]], changed: list[str]) -> list[str]:
    """The differences in lines, by what they are about."""
    if not found:
        return ["", _("Nothing is otherwise: the same guarantees hold, and the same blocking sets.")]
    words = session.words
    lines = ["", _("What is otherwise")]
    for one in found:
        was, now = side(words, one["what"], one["was"]), side(words, one["what"], one["is"])
        lines.append(f"   {about(words, one)}: {was} → {now}")
    if changed:
        lines.append(_("Provisions that differ: %(provisions)s.", provisions=", ".join(changed)))
    return lines
