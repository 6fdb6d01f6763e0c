"""Demo keys of an exercise: one secret from which every seat's key is derived. Never used for a live record."""

from __future__ import annotations

import hmac
import os
import secrets
from pathlib import Path

from foedus.errors import Malformed, Refused
from foedus.record.keys import public_of
from foedus.state import State

FILE = "exercise-secret"


class ExerciseKeys:
    """The keys of all seats of one exercise, held by the server because everything in it is invented."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    @classmethod
    def create(cls, folder: Path) -> ExerciseKeys:
        """A fresh secret in `folder`, readable by its owner only. Raises Malformed when there is one already."""
        secret = secrets.token_bytes(32)
        try:
            file = os.open(folder / FILE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            raise Malformed(
                "{path} exists: an exercise was built here; choose another folder", path=folder / FILE
            ) from None
        with os.fdopen(file, "w") as out:
            out.write(secret.hex() + "\n")
        return cls(secret)

    @classmethod
    def open(cls, folder: Path, state: State) -> ExerciseKeys | None:
        """The secret of the exercise in `folder`, None where there is none. Raises Refused for a live record."""
        path = folder / FILE
        if not path.exists():
            return None
        if state.parties.record is not None and not state.parties.record.exercise:
            raise Refused("record/exercise", "a live record holds no demo keys: remove {file}", file=str(path))
        try:
            return cls(bytes.fromhex(path.read_text().strip()))
        except ValueError:
            raise Malformed("{path}: 64 hexadecimal digits expected", path=path) from None

    def seed_of(self, seat: str) -> bytes:
        """The private key of a seat, or of `depositary`."""
        return hmac.digest(self._secret, f"foedus exercise seat {seat}".encode(), "sha256")

    def public_of(self, seat: str) -> str:
        """The public key of a seat, hex."""
        return public_of(self.seed_of(seat)).hex()
