"""The digest by which a compact is signed and named in every act: one text, one digest, in whatever files."""

from __future__ import annotations

from hashlib import sha256

from foedus.compact.model import Compact, canonical


def digest(compact: Compact) -> str:
    """SHA-256 of the canonical bytes, lower-case hex."""
    return sha256(canonical(compact)).hexdigest()
