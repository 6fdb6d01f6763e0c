"""What this server finds when it checks one entry: signatures, authority, place in the tree, checkpoint.

Done anew for each page that shows it, by the functions that verify uses. It is this server's word; the page
says how to do without it.
"""

from __future__ import annotations

from msgspec import Struct

from foedus.documents.signatures import Signed, signatures
from foedus.errors import FoedusError, Malformed
from foedus.record.checkpoint import Checkpoint
from foedus.record.proof import Proof
from foedus.web.page import Page
from foedus.web.reading import Recorded, check_entry, proof_of
from foedus.web.unanswered import NotHere
from foedus.words.failures import say_because, say_error


class Checked(Struct, frozen=True):
    """The result. `problem`: what did not fit. `pending`: why its place cannot be proved yet."""

    signatures: tuple[Signed, ...]
    proof: Proof | None
    checkpoint: Checkpoint | None
    problem: str | None = None
    pending: str | None = None

    @property
    def signed(self) -> bool:
        """Whether every signature fits and had authority."""
        return bool(self.signatures) and all(one.fits and one.in_force for one in self.signatures)

    @property
    def whole(self) -> bool:
        """Whether nothing was found wrong."""
        return self.signed and self.problem is None


def check(page: Page, found: Recorded) -> Checked:
    """Check one entry now."""
    signed = signatures(page.state, found.entry.act, found.number)
    try:
        proof = proof_of(page, found.number)
    except (Malformed, NotHere) as problem:
        return Checked(signed, None, None, pending=say_because(page.words, problem))
    try:
        return Checked(signed, proof, check_entry(page, found, proof))
    except FoedusError as problem:
        return Checked(signed, None, None, problem=say_error(page.words, problem, page.clauses))
